"""The vendors of the demo: real processes with a real language model behind two vendors' APIs."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from joch.local.errors import StartError
from joch.local.vendors import Vendor, VendorSpec, running_vendor

OPENAI_KEY = "sk-demo-openai"
ANTHROPIC_KEY = "sk-ant-demo"
VERSION = {"anthropic-version": "2023-06-01"}


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendor]:
    spec = VendorSpec("acme", "openai", ("acme-large", "acme-small"))
    with running_vendor(spec, tmp_path_factory.mktemp("acme"), SecretStr(OPENAI_KEY)) as vendor:
        yield vendor


@pytest.fixture(scope="module")
def globex(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendor]:
    spec = VendorSpec("globex", "anthropic", ("globex-pro", "globex-mini", "globex-nano"))
    folder = tmp_path_factory.mktemp("globex")
    with running_vendor(spec, folder, SecretStr(ANTHROPIC_KEY)) as vendor:
        yield vendor


def ask(vendor: Vendor, path: str, body: object = None, raw: bytes | None = None) -> httpx.Response:
    """GET, or POST where there is something to send, with the vendor's own credential."""
    headers = {"authorization": f"Bearer {OPENAI_KEY}"}
    if vendor.spec.wire == "anthropic":
        headers = {"x-api-key": ANTHROPIC_KEY, **VERSION}
    content = json.dumps(body).encode() if body else raw
    method = "POST" if content else "GET"
    return httpx.request(method, vendor.url + path, headers=headers, content=content, timeout=60)


def turn(model: str, **more: object) -> dict[str, object]:
    messages = [{"role": "user", "content": "What is the capital of France?"}]
    return {"model": model, "messages": messages, "max_tokens": 12, "temperature": 0, **more}


def test_the_openai_vendor_answers_a_turn_from_a_real_model(acme: Vendor) -> None:
    answer = ask(acme, "/v1/chat/completions", turn("acme-large"))

    assert answer.status_code == 200
    body = answer.json()
    assert body["choices"][0]["message"]["content"]
    assert body["model"] == "acme-large"
    assert body["usage"]["completion_tokens"] > 0


def test_the_anthropic_vendor_answers_a_turn_from_a_real_model(globex: Vendor) -> None:
    answer = ask(globex, "/v1/messages", turn("globex-pro"))

    assert answer.status_code == 200
    body = answer.json()
    assert body["type"] == "message"
    assert body["content"][0]["text"]
    assert body["usage"]["output_tokens"] > 0


@pytest.mark.parametrize("vendor_name", ["acme", "globex"])
def test_a_stream_comes_through_in_the_vendors_own_events(
    vendor_name: str, request: pytest.FixtureRequest
) -> None:
    vendor = request.getfixturevalue(vendor_name)
    if vendor.spec.wire == "openai":
        answer = ask(vendor, "/v1/chat/completions", turn("acme-large", stream=True))
        end = "data: [DONE]"
    else:
        answer = ask(vendor, "/v1/messages", turn("globex-pro", stream=True))
        end = "event: message_stop"

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert end in answer.text


def test_each_vendor_speaks_its_own_format_only(acme: Vendor, globex: Vendor) -> None:
    messages = ask(acme, "/v1/messages", turn("acme-large"))
    chat = ask(globex, "/v1/chat/completions", turn("globex-pro"))

    assert messages.status_code == 404
    assert messages.json()["error"]["message"] == "Invalid URL (POST /v1/messages)"
    assert chat.status_code == 404
    assert chat.json() == {
        "type": "error",
        "error": {"type": "not_found_error", "message": "Not found"},
    }


def test_the_openai_vendor_lists_its_models_as_openai_does(acme: Vendor) -> None:
    listing = ask(acme, "/v1/models").json()

    assert listing["object"] == "list"
    assert [row["id"] for row in listing["data"]] == ["acme-large", "acme-small"]
    assert {row["object"] for row in listing["data"]} == {"model"}
    assert ask(acme, "/v1/models/acme-small").json()["id"] == "acme-small"


def test_the_anthropic_vendor_lists_its_models_in_pages(globex: Vendor) -> None:
    first = ask(globex, "/v1/models?limit=2").json()
    second = ask(globex, f"/v1/models?limit=2&after_id={first['last_id']}").json()

    assert [row["id"] for row in first["data"]] == ["globex-pro", "globex-mini"]
    assert first["has_more"]
    assert [row["id"] for row in second["data"]] == ["globex-nano"]
    assert not second["has_more"]


def test_a_wrong_key_is_refused_in_openais_words_and_not_repeated(acme: Vendor) -> None:
    wrong = {"authorization": "Bearer sk-other"}
    answer = httpx.get(f"{acme.url}/v1/models", headers=wrong)

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "invalid_api_key"
    assert "sk-other" not in answer.text


def test_a_wrong_key_or_a_missing_version_is_refused_in_anthropics_words(globex: Vendor) -> None:
    url = f"{globex.url}/v1/models"
    wrong_key = httpx.get(url, headers={"x-api-key": "sk-other", **VERSION})
    no_version = httpx.get(url, headers={"x-api-key": ANTHROPIC_KEY})

    assert wrong_key.status_code == 401
    assert wrong_key.json()["error"]["type"] == "authentication_error"
    assert no_version.status_code == 400
    assert "anthropic-version" in no_version.json()["error"]["message"]


def test_a_turn_that_lacks_what_its_vendor_requires_is_refused(
    acme: Vendor, globex: Vendor
) -> None:
    no_limit = turn("globex-pro")
    del no_limit["max_tokens"]
    without_limit = ask(globex, "/v1/messages", no_limit)
    without_messages = ask(acme, "/v1/chat/completions", {"model": "acme-large"})
    not_json = ask(acme, "/v1/chat/completions", raw=b"{")
    unknown_model = ask(acme, "/v1/chat/completions", turn("acme-huge"))

    assert without_limit.json()["error"]["message"] == "max_tokens: Field required"
    assert without_messages.json()["error"]["param"] == "messages"
    assert not_json.status_code == 400
    assert unknown_model.status_code == 404
    assert unknown_model.json()["error"]["code"] == "model_not_found"


def test_every_request_is_written_down_without_a_credential(acme: Vendor) -> None:
    body = turn("acme-large", user="written-down")
    ask(acme, "/v1/chat/completions", body)
    ask(acme, "/v1/models")

    assert acme.turns()[-1] == body
    assert (acme.requests()[-1].method, acme.requests()[-1].path) == ("GET", "/v1/models")
    assert acme.requests()[-2].at <= acme.requests()[-1].at
    assert OPENAI_KEY not in (acme.folder / "requests.jsonl").read_text()


def test_a_killed_vendor_refuses_connections_and_comes_back_at_its_port(tmp_path: Path) -> None:
    spec = VendorSpec("initech", "openai", ("initech-1",))
    with running_vendor(spec, tmp_path, SecretStr(OPENAI_KEY)) as vendor:
        ask(vendor, "/v1/chat/completions", turn("initech-1"))
        vendor.kill()

        assert vendor.process.returncode == -signal.SIGKILL
        assert not vendor.listening
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{vendor.url}/v1/models")

        with running_vendor(vendor.spec, tmp_path, SecretStr(OPENAI_KEY)) as again:
            assert again.url == vendor.url
            assert ask(again, "/v1/models").status_code == 200
            assert len(again.turns()) == 1

    assert not again.alive


def test_a_vendor_whose_port_is_taken_says_so(acme: Vendor, tmp_path: Path) -> None:
    spec = VendorSpec("initech", "openai", ("initech-1",), port=acme.spec.port)
    with (
        pytest.raises(StartError, match=rf"vendor initech: port {acme.spec.port} .* can't be had"),
        running_vendor(spec, tmp_path, SecretStr(OPENAI_KEY)),
    ):
        pass
