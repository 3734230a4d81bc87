"""A vendor may say the key back in any form: it must reach no message, repr, log or exception."""

import base64
import logging
import traceback
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from joch.observe.http import ProbeFailure, ask, new_client
from joch.providers.base import Auth, Request
from tests.vendors.asking import listed, probed
from tests.vendors.server import Call, Manner, Reply, Vendor, as_html, as_json, serving

KEY = "sk-canary+7f3a/9c=Qz81LmXw"


def _forms() -> list[str]:
    basic = base64.b64encode(f"user:{KEY}".encode()).decode()
    return [
        KEY,
        KEY.upper(),
        quote(KEY, safe=""),
        base64.b64encode(KEY.encode()).decode(),
        base64.urlsafe_b64encode(KEY.encode()).decode().rstrip("="),
        basic,
        KEY.encode().hex(),
        f"{KEY[:9]}****{KEY[-4:]}",
        f"{KEY[:9]}...",
        f"...{KEY[-9:]}",
    ]


def _clear(text: str) -> bool:
    """Whether no stretch of eight characters of the key, in any form, is in the text."""
    basic = base64.b64encode(f"user:{KEY}".encode()).decode()
    bodies = [KEY, quote(KEY, safe=""), base64.b64encode(KEY.encode()).decode(), basic[8:-4]]
    bodies += [base64.urlsafe_b64encode(KEY.encode()).decode(), KEY.encode().hex()]
    lower = text.lower()
    return not any(
        body[at : at + 8].lower() in lower for body in bodies for at in range(len(body) - 7)
    )


def _echoes(form: str) -> list[Vendor]:
    said = f"Incorrect API key provided: {form}. Get a new one."

    def openai(call: Call) -> Reply:
        return as_json({"error": {"message": said, "code": "invalid_api_key"}}, 401)

    def plain(call: Call) -> Reply:
        return as_json({"detail": said}, 400)

    def inside(call: Call) -> Reply:
        return as_json({"error": {"message": said, "code": 403}})

    def redirect(call: Call) -> Reply:
        return Reply(302, b"", {"location": f"http://127.0.0.1/{quote(form, safe='')}"})

    def page(call: Call) -> Reply:
        return as_html(f"<p>{said}</p>")

    def long(call: Call) -> Reply:
        return as_json({"error": {"message": "word " * 57 + said}}, 500)

    return [openai, plain, inside, redirect, page, long]


@pytest.mark.parametrize("form", _forms())
async def test_no_form_of_the_key_that_a_vendor_echoes_reaches_a_message_or_a_log(
    form: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for vendor in _echoes(form):
        async with serving(vendor) as server:
            said = [
                await probed("openai", server.url, KEY),
                await listed("openai", server.url, KEY),
            ]
        assert server.calls[0].headers["authorization"] == f"Bearer {KEY}"
        assert _clear(repr(said)), said
    assert _clear(caplog.text)


@pytest.mark.parametrize("manner", [Manner.HANG, Manner.CUT])
async def test_the_key_is_in_no_exception_nor_its_traceback(manner: Manner) -> None:
    def vendor(call: Call) -> Reply:
        return Reply(200, b"half of it", manner=manner)

    async with serving(vendor) as server, new_client() as client:
        request = Request(f"{server.url}/v1/models", Auth.X_API_KEY)
        with pytest.raises(ProbeFailure) as caught:
            await ask(client, request, SecretStr(KEY), 0.3)
    assert _clear("".join(traceback.format_exception(caught.value)))
    assert caught.value.retryable


async def test_an_answer_that_echoes_the_key_hides_it_in_its_repr() -> None:
    def vendor(call: Call) -> Reply:
        return as_json({"key": KEY}, x_echo=KEY)

    async with serving(vendor) as server, new_client() as client:
        answer = await ask(client, Request(server.url, Auth.BEARER), SecretStr(KEY), 10)
    assert KEY.encode() in answer.body
    assert _clear(repr(answer))


async def test_a_malformed_key_is_described_without_a_word_of_it() -> None:
    judgement = await probed("openai", "http://127.0.0.1:9/v1", f"{KEY}\n")
    assert _clear(repr(judgement))
    assert "ends with a line break" in judgement.message
