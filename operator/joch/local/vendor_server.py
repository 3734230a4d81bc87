"""One vendor, played by a real language model behind that vendor's own API.

    python -m joch.local.vendor_server --wire openai --model NAME --port N --key-file F --log F

Every request is written to the log before it is answered, one JSON object a line: `at` (seconds
since 1970), `method`, `path` and `body` (None where there is none). Headers are never written, so
no credential is. The process is the whole vendor: killing it leaves nothing.
"""

import argparse
import json
import os
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
from aiohttp import web

from joch.local.language_model import LanguageModel
from joch.local.vendor_wires import WIRES, Asked, Json, Reply, Wire

_ANSWER_SECONDS = 300.0
_LONGEST_BODY = 8 * 1024 * 1024


@dataclass(frozen=True)
class Front:
    """The vendor's API in front of the language model.

    Attributes:
        wire: whose API it is.
        models: the ids that it lists and takes.
        key: the one credential that it takes.
        log: descriptor of the file of requests, opened for appending.
        upstream: client of the language model's own server.
    """

    wire: Wire
    models: Sequence[str]
    key: str
    log: int
    upstream: httpx.AsyncClient

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Write the request down, then refuse it, answer it, or ask the model."""
        raw = await request.read()
        asked = Asked(
            method=request.method,
            path=request.path,
            query=dict(request.query),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=_json_object(raw),
        )
        self._write_down(asked)
        reply = self._reply(asked)
        if reply is None:
            return await self._ask_model(request, raw)
        return web.json_response(reply.body, status=reply.status)

    def _reply(self, asked: Asked) -> Reply | None:
        """What the vendor says by itself; None for a turn that goes to the model."""
        refusal = self.wire.refuse_caller(asked, self.key)
        if refusal is not None:
            return refusal
        if asked.method == "POST" and asked.path in self.wire.turn_paths:
            return self.wire.refuse_turn(asked, self.models)
        if asked.method == "GET" and asked.path == "/v1/models":
            return self.wire.listing(asked, self.models)
        if asked.method == "GET" and asked.path.startswith("/v1/models/"):
            return self.wire.model(asked.path.removeprefix("/v1/models/"), self.models)
        return self.wire.unknown_path(asked)

    async def _ask_model(self, request: web.Request, raw: bytes) -> web.StreamResponse:
        """Pass the turn to the model and its answer back, piece by piece as it comes."""
        content = {"content-type": "application/json"}
        async with self.upstream.stream(
            "POST", request.path, content=raw, headers=content
        ) as answer:
            response = web.StreamResponse(
                status=answer.status_code,
                headers={"content-type": answer.headers["content-type"]},
            )
            await response.prepare(request)
            async for piece in answer.aiter_bytes():
                await response.write(piece)
            await response.write_eof()
            return response

    def _write_down(self, asked: Asked) -> None:
        line = {
            "at": time.time(),
            "method": asked.method,
            "path": asked.path,
            "body": asked.body,
        }
        # One write of one line: a kill leaves the file whole.
        os.write(self.log, json.dumps(line).encode() + b"\n")


def _json_object(raw: bytes) -> Json | None:
    try:
        document = json.loads(raw)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def main() -> None:
    """Load the model, then serve on the socket that was handed over."""
    arguments = _arguments()
    model = LanguageModel(arguments.model[0])
    front = Front(
        wire=WIRES[arguments.wire],
        models=tuple(arguments.model),
        key=arguments.key_file.read_text().strip(),
        log=os.open(arguments.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600),
        upstream=httpx.AsyncClient(
            base_url=model.base_url, timeout=_ANSWER_SECONDS, trust_env=False
        ),
    )
    application = web.Application(client_max_size=_LONGEST_BODY)
    application.router.add_route("*", "/{path:.*}", front.answer)
    web.run_app(application, sock=_listening(arguments), access_log=None, print=None)


def _listening(arguments: argparse.Namespace) -> socket.socket:
    if arguments.socket is not None:
        return socket.socket(fileno=arguments.socket)
    return socket.create_server(("127.0.0.1", arguments.port))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="joch.local.vendor_server")
    parser.add_argument("--wire", choices=sorted(WIRES), required=True)
    parser.add_argument("--model", action="append", required=True, help="May be repeated.")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--port", type=int, help="Listen there, on 127.0.0.1.")
    where.add_argument("--socket", type=int, help="A descriptor that listens already.")
    parser.add_argument("--key-file", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
