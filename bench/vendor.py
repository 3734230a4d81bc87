"""Vendors that answer the operator's probes, can die, and remember when they did not answer."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from joch.local.vendor_wires import WIRES, Asked


class Vendor:
    """One vendor's list of models behind its own API, in this process.

    A dead one drops every connection without an answer, as a load balancer does whose backends are
    gone; unlike a closed port this leaves it the time of each probe that failed.
    """

    def __init__(self, wire: str, model: str, key: str) -> None:
        self.wire = wire
        self.model = model
        self.key = key
        self.base_url = ""
        self.dropped: list[float] = []
        self._dead = False
        self._dropped_one = asyncio.Condition()

    def die(self) -> None:
        """Answer no more; `dropped` begins anew."""
        self.dropped = []
        self._dead = True

    def revive(self) -> None:
        """Answer again."""
        self._dead = False

    async def has_dropped(self, probes: int) -> float:
        """Wait until so many probes had no answer since `die`; the time of the last of them."""
        async with self._dropped_one:
            await self._dropped_one.wait_for(lambda: len(self.dropped) >= probes)
        return self.dropped[probes - 1]

    async def answer(self, request: web.Request) -> web.Response:
        """The list of models, a refusal, or nothing at all."""
        if self._dead:
            await self._drop(request)
            return web.Response()
        wire = WIRES[self.wire]
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.method, request.path, dict(request.query), headers)
        reply = wire.refuse_caller(asked, self.key) or wire.listing(asked, (self.model,))
        return web.json_response(reply.body, status=reply.status)

    async def _drop(self, request: web.Request) -> None:
        if request.transport is not None:
            request.transport.abort()
        async with self._dropped_one:
            self.dropped.append(time.time())
            self._dropped_one.notify_all()


@asynccontextmanager
async def serving(*vendors: Vendor) -> AsyncIterator[None]:
    """Have the vendors listen on ports of their own while the block runs."""
    runners = []
    try:
        for vendor in vendors:
            application = web.Application()
            application.router.add_route("*", "/{path:.*}", vendor.answer)
            runner = web.AppRunner(application, access_log=None)
            runners.append(runner)
            await runner.setup()
            listening = socket.create_server(("127.0.0.1", 0))
            await web.SockSite(runner, listening).start()
            root = f"http://127.0.0.1:{listening.getsockname()[1]}"
            vendor.base_url = f"{root}/v1" if vendor.wire == "openai" else root
        yield
    finally:
        for runner in runners:
            await runner.cleanup()
