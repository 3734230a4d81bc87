"""A vendor on this machine that answers in its own wire format and records what it is asked.

LiteLLM in front of it is real; only the vendor's cloud is played.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

ANSWER = "pong"


@dataclass(frozen=True)
class Asked:
    """One request: its path, header names in lower case, its JSON body."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Vendor:
    """What a vendor was asked, and how it answers from now on.

    `status` other than 200 makes it refuse; while `pause` is set a stream stops after its first
    chunk.
    """

    url: str
    asked: list[Asked] = field(default_factory=list)
    status: int = 200
    pause: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def refusing(self, status: int) -> Iterator[None]:
        """Refuse every request while the block runs."""
        self.status = status
        try:
            yield
        finally:
            self.status = 200


def _chat(model: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": ANSWER},
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


def _messages(model: str) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": ANSWER}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }


def _ollama(model: str) -> dict[str, Any]:
    return {
        "model": model,
        "created_at": "2026-11-21T12:00:00Z",
        "message": {"role": "assistant", "content": ANSWER},
        "done": True,
        "done_reason": "stop",
        "prompt_eval_count": 1,
        "eval_count": 1,
    }


def _chunk(model: str, text: str, finish: str | None = None) -> bytes:
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}],
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    vendor: ClassVar[Vendor]

    bodies: ClassVar = {
        "/chat/completions": _chat,
        "/messages": _messages,
        "/api/chat": _ollama,
    }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the record tells."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.vendor.asked.append(Asked(self.path, headers, body))
        model = body.get("model", "")
        answer = next((a for end, a in self.bodies.items() if self.path.endswith(end)), None)
        if self.vendor.status != 200 or answer is None:
            self._answer(self.vendor.status if answer else 404, {"error": {"message": "refused"}})
        elif body.get("stream"):
            self._stream(model)
        else:
            self._answer(200, answer(model))

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, model: str) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(_chunk(model, "pi"))
        self.wfile.flush()
        if self.vendor.pause.is_set():
            self.vendor.go_on.wait()
        self.wfile.write(_chunk(model, "ng") + _chunk(model, "", "stop") + b"data: [DONE]\n\n")


@contextmanager
def serve_vendor() -> Iterator[Vendor]:
    """A vendor on a port of its own, until the block ends."""

    class Handler(_Handler):
        """The handler of this vendor alone."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    vendor = Handler.vendor = Vendor(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield vendor
    finally:
        vendor.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
