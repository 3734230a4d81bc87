"""What a gateway serves is asked again and again, whatever a single question comes to."""

import asyncio

from pydantic import SecretStr

from joch.api.llmgateway import LLMGateway
from joch.decide.gateway.served import GatewayFailure
from joch.observe.gateway_watch import GatewayWatch
from joch.observe.http import new_client

HASH = "sha256:planned"


def gateway(url: str) -> LLMGateway:
    metadata = {"name": "proxy", "namespace": "rig", "uid": "u-1", "generation": 1}
    return LLMGateway.model_validate({"metadata": metadata, "spec": {"adminUrl": url}})


async def test_a_master_key_that_no_header_carries_is_a_failure_that_is_told() -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    proxy, key = gateway("http://127.0.0.1:9"), SecretStr("sk-schlüssel")
    async with new_client() as client:
        watch = GatewayWatch(client, told.put_nowait)
        assert watch.track(proxy, HASH, key) is None
        async with asyncio.timeout(30):
            assert await told.get() == "rig/proxy"
        seen = watch.track(proxy, HASH, key)
        watch.stop()

    assert isinstance(seen, GatewayFailure)
    assert "schlüssel" not in seen.message


async def test_a_new_master_key_is_asked_with_at_once() -> None:
    asked: asyncio.Queue[bytes] = asyncio.Queue()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.put_nowait(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    proxy = gateway(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    async with server, new_client() as client, asyncio.timeout(30):
        watch = GatewayWatch(client, lambda key: None)
        watch.track(proxy, HASH, SecretStr("sk-old"))
        first = await asked.get()
        watch.track(proxy, HASH, SecretStr("sk-new"))
        second = await asked.get()
        watch.stop()

    assert b"Bearer sk-old" in first
    assert b"Bearer sk-new" in second
