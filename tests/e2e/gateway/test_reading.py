"""Reading what a gateway serves from something that is no LiteLLM."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from pydantic import SecretStr

from joch.decide.gateway.served import GatewayFailure, Served
from joch.observe.gateway import read_served
from tests.e2e.gateway.served_objects import gateway_object

KEY = SecretStr("sk-master-key")


@asynccontextmanager
async def answering(text: bytes | None) -> AsyncIterator[str]:
    """A server that says this to everybody, or nothing; its URL."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if text is None:
            await reader.read()
        else:
            writer.write(text)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    async with server:
        yield f"http://{host}:{port}"


def http(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


async def read(**spec: str) -> Served | GatewayFailure | None:
    async with httpx.AsyncClient() as client:
        return await read_served(client, gateway_object(**spec), KEY, 0.5)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "no answer within 0.5 s"),
        (b"", "it cannot be reached (RemoteProtocolError)"),
        (http("200 OK", b"<html>sign in</html>"), "its answer is not of LiteLLM's shape"),
        (http("200 OK", b'{"error": "no"}'), "its answer is not of LiteLLM's shape"),
        (http("401 Unauthorized", b"sk-master-key"), "it answers 401 Unauthorized"),
        (http("500 Internal Server Error", b""), "it answers 500 Internal Server Error"),
        (http("302 Found", b""), "it answers 302 Found"),
    ],
)
async def test_what_is_no_list_of_models_is_a_failure_in_a_sentence(
    text: bytes | None, sentence: str
) -> None:
    async with answering(text) as url:
        served = await read(adminUrl=url)

    assert served == GatewayFailure(
        f"LiteLLM at spec.adminUrl does not say what it serves: {sentence}"
    )


async def test_nobody_is_asked_without_an_admin_url() -> None:
    assert await read() is None


async def test_a_supervisor_that_gives_no_status_does_not_hide_what_litellm_says() -> None:
    listing = b'{"data": [{"model_info": {"id": "a", "joch_config_hash": "sha256:live"}}]}'
    async with answering(http("200 OK", listing)) as url, answering(b"") as silent:
        served = await read(adminUrl=url, supervisorUrl=silent)

    assert isinstance(served, Served)
    assert served.hashes == {"a": "sha256:live"}
    assert served.supervisor is not None
    assert served.supervisor.message.startswith("spec.supervisorUrl gives no status")
