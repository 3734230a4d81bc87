"""What answers in the place of the API server and is none."""

import asyncio
from pathlib import Path

import pytest
import yaml

from joch.observe.api_server import ApiServer, Unavailable


def kubeconfig(folder: Path, server: str) -> str:
    path = folder / "kubeconfig"
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "x",
        "contexts": [{"name": "x", "context": {"cluster": "x", "user": "x"}}],
        "clusters": [{"name": "x", "cluster": {"server": server}}],
        "users": [{"name": "x", "user": {}}],
    }
    path.write_text(yaml.safe_dump(document))
    return str(path)


async def test_an_answer_that_is_no_json_is_an_api_server_to_ask_later(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n<html></html>")
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    host, port = listening.sockets[0].getsockname()
    async with listening:
        server = await ApiServer.connect(kubeconfig(tmp_path, f"http://{host}:{port}"))
        try:
            with pytest.raises(Unavailable, match="GET /version: 200 with what is not JSON"):
                await server.get("/version")
        finally:
            await server.close()
