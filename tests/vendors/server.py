"""A local HTTP/1.1 server that plays a vendor: real sockets, real bytes, and real misbehaviour.

It is written on asyncio streams and not on an HTTP library, because what it must be able to do
(stop in the middle, drip, lie about its length) is what such libraries prevent.
"""

import asyncio
import http.client
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Manner(Enum):
    """How a reply is sent."""

    WHOLE = auto()
    HANG = auto()
    """Not at all; the connection stays open."""
    DRIP = auto()
    """One byte every 20 ms and never to the end."""
    CUT = auto()
    """Half of the body, then the connection is closed."""


@dataclass(frozen=True)
class Call:
    """A request as it arrived; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    def parameter(self, name: str) -> str | None:
        return parse_qs(urlsplit(self.target).query).get(name, [None])[0]


@dataclass(frozen=True)
class Reply:
    """What to send."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: Manner = Manner.WHOLE


def as_json(body: Any, status: int = 200, **headers: str) -> Reply:
    """A reply of JSON; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = {"content-type": "application/json"}
    return Reply(status, json.dumps(body).encode(), {**kind, **named})


def as_html(body: str, status: int = 200) -> Reply:
    return Reply(status, body.encode(), {"content-type": "text/html; charset=utf-8"})


Vendor = Callable[[Call], Reply]


@dataclass
class Server:
    """A running server: its address, and the calls that it has received."""

    port: int
    calls: list[Call]
    arrived: asyncio.Condition
    scheme: str

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def called_again(self, times: int) -> None:
        """Return when that many more calls have arrived.

        Raises:
            TimeoutError: they did not within a minute.
        """
        wanted = len(self.calls) + times
        async with asyncio.timeout(60), self.arrived:
            await self.arrived.wait_for(lambda: len(self.calls) >= wanted)


@asynccontextmanager
async def serving(
    vendor: Vendor, port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """Play a vendor on the loopback interface, on a free port or on that of an earlier one."""
    calls: list[Call] = []
    arrived = asyncio.Condition()
    open_now: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    # Not a coroutine: one that is cancelled before its first step never closes its connection.
    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not server.is_serving():
            writer.close()
            return
        task = asyncio.create_task(answer(reader, writer))
        open_now[task] = writer
        task.add_done_callback(lambda done: open_now.pop(done).close())

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            call = await _read(reader)
            calls.append(call)
            async with arrived:
                arrived.notify_all()
            await _send(writer, vendor(call))
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass

    server = await asyncio.start_server(connected, "127.0.0.1", port, ssl=tls)
    try:
        own_port = server.sockets[0].getsockname()[1]
        yield Server(own_port, calls, arrived, "https" if tls else "http")
    finally:
        server.close()
        for task, writer in tuple(open_now.items()):
            task.cancel()
            writer.close()
        await server.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Call:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ", 2)
    pairs = (line.split(":", 1) for line in head[1:] if line)
    return Call(method, target, {name.lower(): value.strip() for name, value in pairs})


async def _send(writer: asyncio.StreamWriter, reply: Reply) -> None:
    if reply.manner is Manner.HANG:
        await asyncio.Event().wait()
    writer.write(_head(reply))
    if reply.manner is Manner.DRIP:
        await _drip(writer)
    half = len(reply.body) // 2 if reply.manner is Manner.CUT else len(reply.body)
    writer.write(reply.body[:half])
    await writer.drain()


async def _drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


def _head(reply: Reply) -> bytes:
    length = 1_000_000 if reply.manner is Manner.DRIP else len(reply.body)
    headers = {"content-length": str(length), "connection": "close", **reply.headers}
    lines = [f"HTTP/1.1 {reply.status} {http.client.responses.get(reply.status, 'Error')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
