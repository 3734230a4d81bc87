"""A way to the API server on which things happen just before or just after a certain write.

A plain reverse proxy between the operator and the API server. It forwards everything with the
operator's certificate and streams the watches through. What a test plans for a write (an edit by a
user, a `kill -9`) happens when that write passes.
"""

import asyncio
import base64
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from aiohttp import web

OF_THE_CONNECTION = frozenset({"connection", "content-length", "host", "transfer-encoding"})


class Moment(Enum):
    """When something happens: instead of the write, before it, or after it.

    A write that something happened instead of is answered by 502; one that something happened after
    was carried out, and the connection breaks before the answer.
    """

    INSTEAD = auto()
    BEFORE = auto()
    AFTER = auto()


class Write(Enum):
    """The writes of a switch, by method and path, in their order."""

    RECORD = r"POST .*/statecheckpoints"
    HANDOFF = r"POST .*/secrets"
    COMMIT = r"PATCH .*/conversations/[^/]+/status"
    EVENT = r"POST .*/events"
    ANSWER = r"PATCH .*/statecheckpoints/[^/]+/status"


@dataclass(frozen=True)
class Plan:
    moment: Moment
    write: Write
    act: Callable[[], object]


@dataclass
class Interruption:
    """The proxy; `kubeconfig` leads the operator through it."""

    session: aiohttp.ClientSession
    kubeconfig: Path
    plans: list[Plan] = field(default_factory=list)
    refuses_watches: bool = False
    forgets_versions: bool = False
    """Every watch asks for the changes after the first version of all, which none can tell."""
    watching: list[web.Request] = field(default_factory=list)

    async def cut_watches(self) -> None:
        """Break off all watches, and refuse new ones until `refuses_watches` is False again."""
        self.refuses_watches = True
        for request in tuple(self.watching):
            _broken_off(request)

    def at(self, moment: Moment, write: Write, act: Callable[[], object]) -> None:
        """Act once, at the next such write that nothing else is planned for."""
        self.plans.append(Plan(moment, write, act))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        line = f"{request.method} {request.path}"
        if "watch" in request.query:
            return await self._watch(request)
        plan = next((p for p in self.plans if re.fullmatch(p.write.value, line)), None)
        if plan is None:
            return await self._forward(request)
        self.plans.remove(plan)
        if plan.moment is not Moment.AFTER:
            await asyncio.to_thread(plan.act)
        if plan.moment is Moment.INSTEAD:
            return web.Response(status=502)
        return await self._forward(request, plan)

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        if self.refuses_watches:
            return web.Response(status=503)
        self.watching.append(request)
        try:
            return await self._forward(request)
        finally:
            self.watching.remove(request)

    async def _forward(self, request: web.Request, plan: Plan | None = None) -> web.StreamResponse:
        body = await request.read() or None
        headers = _kept(request.headers)
        url = request.rel_url
        if self.forgets_versions and "watch" in url.query:
            url = url.update_query(resourceVersion="1")
        async with self.session.request(request.method, url, data=body, headers=headers) as got:
            if plan is not None and plan.moment is Moment.AFTER:
                await got.read()
                await asyncio.to_thread(plan.act)
                return _broken_off(request)
            answer = web.StreamResponse(status=got.status, headers=_kept(got.headers))
            try:
                await answer.prepare(request)
                async for piece in got.content.iter_any():
                    await answer.write(piece)
            except (ConnectionError, aiohttp.ClientError):
                return answer
        return answer


@asynccontextmanager
async def interrupted(kubeconfig: Path, folder: Path) -> AsyncIterator[Interruption]:
    """Open a proxy for whoever this kubeconfig is."""
    config = _read(kubeconfig)
    cluster = config["clusters"][0]["cluster"]
    connector = aiohttp.TCPConnector(ssl=_trust(config, cluster, folder), limit=0)
    async with aiohttp.ClientSession(
        cluster["server"],
        connector=connector,
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None),
    ) as session:
        proxy = Interruption(session, folder / "kubeconfig-interrupted")
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", proxy.handle)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            port = runner.addresses[0][1]
            proxy.kubeconfig.write_text(yaml.safe_dump(_through(port)))
            yield proxy
        finally:
            await runner.cleanup()


def _broken_off(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _read(kubeconfig: Path) -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load(kubeconfig.read_bytes())
    return config


def _kept(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in OF_THE_CONNECTION}


def _trust(config: dict[str, Any], cluster: dict[str, str], folder: Path) -> ssl.SSLContext:
    authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
    user = config["users"][0]["user"]
    pair = folder / "operator.pem"
    parts = ("client-certificate-data", "client-key-data")
    pair.write_bytes(b"".join(base64.b64decode(user[part]) for part in parts))
    trust = ssl.create_default_context(cadata=authority)
    trust.load_cert_chain(pair)
    return trust


def _through(port: int) -> dict[str, object]:
    context = {"cluster": "proxy", "user": "operator"}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "proxy", "cluster": {"server": f"http://127.0.0.1:{port}"}}],
        "users": [{"name": "operator", "user": {}}],
        "contexts": [{"name": "proxy", "context": context}],
        "current-context": "proxy",
    }
