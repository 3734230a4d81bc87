"""What a probe says of each vendor: well, refusing, overloaded; and of what is no vendor at all."""

import socket
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from joch.providers.base import Fault
from tests.vendors.anthropic import Anthropic
from tests.vendors.asking import probed
from tests.vendors.ollama import Ollama
from tests.vendors.openai import OpenAI
from tests.vendors.server import Call, Manner, Reply, Vendor, as_html, as_json, serving

OPENAI_LIST = {"object": "list", "data": [{"id": "m", "object": "model"}]}


def always(reply: Reply) -> Vendor:
    def vendor(call: Call) -> Reply:
        return reply

    return vendor


@pytest.mark.parametrize(
    ("type_name", "vendor", "key"),
    [
        ("openai", OpenAI(key="sk-right"), "sk-right"),
        ("openai_completions", OpenAI(key="sk-right"), "sk-right"),
        ("openai_completions", OpenAI(key=None), None),
        ("anthropic", Anthropic(key="sk-ant-right"), "sk-ant-right"),
        ("ollama", Ollama(), None),
        ("ollama", Ollama(), "any key at all".replace(" ", "-")),
        ("ollama", Ollama(models=()), None),
    ],
)
async def test_a_well_vendor_takes_the_credential_and_costs_nothing(
    type_name: str, vendor: Vendor, key: str | None
) -> None:
    async with serving(vendor) as server:
        judgement = await probed(type_name, server.url, key)
    assert judgement.fault is None, judgement
    assert [call.method for call in server.calls] == ["GET"]


@pytest.mark.parametrize(
    ("failing", "fault", "words", "wait"),
    [
        ("invalid_api_key", Fault.REJECTED, "spec.credentials.secretRef", None),
        ("missing_scope", Fault.FORBIDDEN, "Missing scopes: api.model.read", None),
        ("unsupported_country", Fault.FORBIDDEN, "not supported", None),
        ("insufficient_quota", Fault.QUOTA_EXHAUSTED, "retrying does not help", 1.0),
        ("project_spend_limit_exceeded", Fault.QUOTA_EXHAUSTED, "spend limit", None),
        ("rate_limit_exceeded", Fault.RATE_LIMITED, "limits the rate", 1.5),
        ("slow_down", Fault.RATE_LIMITED, "slow down", 2.5),
        ("server_is_overloaded", Fault.SERVER_ERROR, "overloaded", 30.0),
        ("server_error", Fault.SERVER_ERROR, "500", None),
        (
            "not_found",
            Fault.UNEXPECTED_ANSWER,
            "is spec.baseUrl right? It usually ends in /v1",
            None,
        ),
    ],
)
async def test_every_error_of_openai_is_told_apart(
    failing: str, fault: Fault, words: str, wait: float | None
) -> None:
    async with serving(OpenAI(failing=failing)) as server:
        judgement = await probed("openai", server.url, "sk-right")
    assert (judgement.fault, judgement.retry_after) == (fault, wait)
    assert words in judgement.message


@pytest.mark.parametrize(
    ("failing", "fault", "wait"),
    [
        ("authentication_error", Fault.REJECTED, None),
        ("permission_error", Fault.FORBIDDEN, None),
        ("billing_error", Fault.QUOTA_EXHAUSTED, None),
        ("enforced_spend_limit_reached", Fault.QUOTA_EXHAUSTED, None),
        ("ramp_limit_exceeded", Fault.RATE_LIMITED, 7.0),
        ("rate_limit_error", Fault.RATE_LIMITED, 12.0),
        ("overloaded_error", Fault.SERVER_ERROR, None),
        ("api_error", Fault.SERVER_ERROR, None),
        ("not_found_error", Fault.UNEXPECTED_ANSWER, None),
    ],
)
async def test_every_error_of_anthropic_is_told_apart(
    failing: str, fault: Fault, wait: float | None
) -> None:
    async with serving(Anthropic(failing=failing)) as server:
        judgement = await probed("anthropic", server.url, "sk-ant-right")
    assert (judgement.fault, judgement.retry_after) == (fault, wait)


async def test_an_error_of_ollama_is_quoted() -> None:
    async with serving(Ollama(failing=True)) as server:
        judgement = await probed("ollama", server.url)
    assert judgement.fault is Fault.SERVER_ERROR
    assert "llama runner process has terminated" in judgement.message


@pytest.mark.parametrize(
    ("type_name", "vendor"),
    [("openai", OpenAI()), ("openai_completions", OpenAI()), ("anthropic", Anthropic())],
)
async def test_a_wrong_key_is_rejected_by_the_real_rules_of_the_vendor(
    type_name: str, vendor: Vendor
) -> None:
    async with serving(vendor) as server:
        judgement = await probed(type_name, server.url, "sk-other")
    assert judgement.fault is Fault.REJECTED


@pytest.mark.parametrize("type_name", ["openai", "openai_completions", "anthropic", "ollama"])
@pytest.mark.parametrize("status", [200, 404])
async def test_a_web_page_is_no_api_and_the_sentence_says_where_to_look(
    type_name: str, status: int
) -> None:
    async with serving(always(as_html("<!doctype html><h1>Welcome</h1>", status))) as server:
        judgement = await probed(type_name, server.url)
    assert judgement.fault is Fault.UNEXPECTED_ANSWER
    assert judgement.message.startswith(f"answered HTML ({status}), not the ")
    assert "is spec.baseUrl right? It " in judgement.message


async def test_the_sentence_about_a_web_page_reads_as_a_whole() -> None:
    async with serving(always(as_html("<html></html>"))) as server:
        judgement = await probed("openai_completions", server.url)
    assert judgement.message == (
        "answered HTML (200), not the OpenAI API: is spec.baseUrl right? It usually ends in /v1"
    )


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b'{"detail":"Not Found"}'), (404, b"404 page not found"), (405, b""), (501, b"{}")],
)
async def test_a_compatible_server_without_a_model_list_is_reachable(
    status: int, body: bytes
) -> None:
    async with serving(always(Reply(status, body))) as server:
        judgement = await probed("openai_completions", server.url, "sk-right")
    assert judgement.fault is Fault.NOT_FOUND
    assert "the credential is used unchecked" in judgement.message


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"error": {"code": 401, "message": "No auth"}}, Fault.REJECTED),
        ({"error": {"code": "402", "message": "Insufficient credits"}}, Fault.QUOTA_EXHAUSTED),
        ({"error": {"code": 502, "message": "upstream"}}, Fault.SERVER_ERROR),
        ({"error": {"type": "overloaded_error", "message": "later"}}, Fault.SERVER_ERROR),
        ({"error": {"code": "rate_limit_exceeded", "message": "later"}}, Fault.RATE_LIMITED),
        ({"error": "something odd"}, Fault.UNEXPECTED_ANSWER),
        ({"message": "Service is being moved"}, Fault.UNEXPECTED_ANSWER),
    ],
)
async def test_an_error_inside_a_200_is_an_error(body: dict[str, object], fault: Fault) -> None:
    async with serving(always(as_json(body))) as server:
        judgement = await probed("openai_completions", server.url)
    assert judgement.fault is fault


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"OK", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", "it has no data array"),
        (b"null", "it has no data array"),
        (b'"models"', "it has no data array"),
        (b'{"models": [{"name": "m"}]}', "it has no data array"),
        (b'{"data": {"m": {}}}', "it has no data array"),
        (b'{"data": [{"id": "m"}, {"name": "n"}]}', "row 1 has no id"),
        (b'{"data": [{"id": 7}]}', "row 0 has no id"),
        (b'{"data": ["m"]}', "row 0 has no id"),
    ],
)
async def test_a_200_that_is_no_model_list_is_said_to_be_none(body: bytes, words: str) -> None:
    async with serving(always(Reply(200, body))) as server:
        judgement = await probed("openai", server.url, "sk-right")
    assert judgement.fault is Fault.UNEXPECTED_ANSWER
    assert words in judgement.message


async def test_a_redirect_is_not_followed_and_takes_no_credential_along() -> None:
    async with serving(OpenAI()) as elsewhere:
        there = {"location": f"{elsewhere.url}/v1/models?key=sk-right"}
        async with serving(always(Reply(307, b"", there))) as server:
            judgement = await probed("openai", server.url, "sk-right")
    assert elsewhere.calls == []
    assert judgement.fault is Fault.UNEXPECTED_ANSWER
    assert f"a redirect (307) to {elsewhere.url}, which is not followed" in judgement.message


async def test_a_server_that_never_answers_is_given_up_in_time() -> None:
    async with serving(always(Reply(manner=Manner.HANG))) as server:
        judgement = await probed("openai", server.url, "sk-right", seconds=0.3)
    assert judgement.fault is Fault.TIMEOUT
    assert judgement.message == f"{server.url} did not answer in full within 0.3 s"


async def test_the_time_limit_is_for_the_whole_answer_and_not_for_each_byte() -> None:
    async with serving(always(Reply(manner=Manner.DRIP))) as server:
        judgement = await probed("openai", server.url, "sk-right", seconds=0.3)
    assert judgement.fault is Fault.TIMEOUT


async def test_an_answer_that_breaks_off_is_no_answer() -> None:
    reply = replace(as_json(OPENAI_LIST), manner=Manner.CUT)
    async with serving(always(reply)) as server:
        judgement = await probed("openai", server.url, "sk-right")
    assert judgement.fault is Fault.UNREACHABLE


async def test_an_answer_without_an_end_is_read_up_to_the_limit_and_no_further() -> None:
    async with serving(always(Reply(200, b" " * (9 * 1024 * 1024)))) as server:
        judgement = await probed("openai", server.url, "sk-right")
    assert judgement.fault is Fault.UNEXPECTED_ANSWER
    assert judgement.message == f"the answer of {server.url} is longer than 8 MiB"


async def test_a_compressed_answer_is_not_unpacked() -> None:
    reply = Reply(200, b"\x1f\x8b", {"content-encoding": "gzip"})
    async with serving(always(reply)) as server:
        judgement = await probed("openai", server.url, "sk-right")
    assert judgement.fault is Fault.UNEXPECTED_ANSWER
    assert server.calls[0].headers["accept-encoding"] == "identity"


async def test_a_server_that_speaks_something_else_is_unreachable() -> None:
    async with serving(always(Reply(headers={"bad header\x00": "x"}))) as server:
        judgement = await probed("openai", server.url, "sk-right")
    assert judgement.fault is Fault.UNREACHABLE


async def test_a_refused_connection_is_told_in_the_systems_own_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        judgement = await probed("openai_completions", url)
    assert judgement.fault is Fault.UNREACHABLE
    assert judgement.message == f"{url} cannot be reached: Connection refused"


@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        ("http://no-such-host.invalid/v1", "its name cannot be resolved"),
        ("http://127.0.0.1:99999/v1", "cannot be reached"),
        ("https://[::::::]/v1", "is not a URL"),
    ],
)
async def test_an_address_that_leads_nowhere_is_a_sentence_and_no_traceback(
    base_url: str, words: str
) -> None:
    judgement = await probed("openai_completions", base_url)
    assert judgement.fault is Fault.UNREACHABLE
    assert words in judgement.message


async def test_a_certificate_that_nobody_vouches_for_gets_no_credential(tmp_path: Path) -> None:
    async with serving(OpenAI(), tls=self_signed(tmp_path / "server.pem")) as server:
        judgement = await probed("openai", server.url, "sk-right")
    assert server.calls == []
    assert judgement.fault is Fault.UNREACHABLE
    assert judgement.message == (
        f"{server.url} cannot be reached: its certificate is not trusted: self-signed certificate"
    )


def self_signed(file: Path) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), serial_number=1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private = key.private_bytes(pem, pkcs8, serialization.NoEncryption())
    file.write_bytes(private + certificate.public_bytes(pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


@pytest.mark.parametrize("key", ["sk-right\n", "sk right", '"sk-right"', "sk-rïght", "sk\x00", ""])
async def test_a_credential_that_no_header_can_carry_is_not_sent(key: str) -> None:
    async with serving(OpenAI()) as server:
        judgement = await probed("openai", server.url, key)
    assert server.calls == []
    assert judgement.fault is Fault.MALFORMED_CREDENTIAL
    assert judgement.message.startswith("the credential ")


async def test_a_session_that_one_credential_opened_serves_no_other() -> None:
    from pydantic import SecretStr

    from joch.observe.http import new_client
    from joch.observe.probes import probe
    from joch.providers.registry import provider_type

    def vendor(call: Call) -> Reply:
        known = "session=open" in call.headers.get("cookie", "")
        reply = as_json(OPENAI_LIST) if known else OpenAI()(call)
        return replace(reply, headers={**reply.headers, "set-cookie": "session=open; Path=/"})

    async with serving(vendor) as server, new_client() as client:
        openai = provider_type("openai")
        first = await probe(client, openai, server.url, SecretStr("sk-right"), 10)
        second = await probe(client, openai, server.url, SecretStr("sk-wrong"), 10)
    assert first.fault is None
    assert second.fault is Fault.REJECTED


@pytest.mark.parametrize(
    ("type_name", "header"), [("openai", "authorization"), ("anthropic", "x-api-key")]
)
async def test_without_a_credential_no_credential_header_is_sent(
    type_name: str, header: str
) -> None:
    async with serving(OpenAI(key=None)) as server:
        await probed(type_name, server.url)
    assert header not in server.calls[0].headers
