"""The barest client of the API server that Python has: aiohttp, JSON, nothing else.

What it reaches is the ceiling that the operator is compared with.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp

from joch.local.control_plane import Access

Json = dict[str, Any]

JOCH = "/apis/joch.dev/v1alpha1"
T = TypeVar("T")

MERGE_PATCH = "application/merge-patch+json"
CONNECTIONS = 16


class Api:
    """Requests as the administrator; any answer but 2xx is an error."""

    def __init__(self, session: aiohttp.ClientSession, server: str) -> None:
        self._session = session
        self._server = server

    async def get(self, path: str) -> Json:
        return await self._ask("GET", path)

    async def post(self, path: str, body: Json) -> Json:
        return await self._ask("POST", path, body)

    async def put(self, path: str, body: Json) -> Json:
        return await self._ask("PUT", path, body)

    async def patch(self, path: str, body: Json) -> Json:
        return await self._ask("PATCH", path, body, MERGE_PATCH)

    async def delete(self, path: str) -> Json:
        return await self._ask("DELETE", path)

    async def list(self, path: str) -> list[Json]:
        """A whole collection, in pages of 500 as the operator reads it."""
        found: list[Json] = []
        token = ""
        while True:
            page = await self.get(f"{path}?limit=500&continue={token}")
            found += page["items"]
            token = page["metadata"].get("continue", "")
            if not token:
                return found

    async def watch(self, path: str, version: str) -> AsyncIterator[Json]:
        """The changes of a collection after a resourceVersion."""
        url = f"{self._server}{path}?watch=1&resourceVersion={version}"
        async with self._session.get(url, timeout=aiohttp.ClientTimeout(total=None)) as answer:
            async for line in answer.content:
                yield json.loads(line)["object"]

    async def drain_watch(self, path: str) -> None:
        """Read the bytes of a collection's changes from now on, and drop them."""
        version = (await self.get(f"{path}?limit=1"))["metadata"]["resourceVersion"]
        url = f"{self._server}{path}?watch=1&resourceVersion={version}"
        async with self._session.get(url, timeout=aiohttp.ClientTimeout(total=None)) as answer:
            async for _ in answer.content.iter_any():
                pass

    async def _ask(
        self, method: str, path: str, body: Json | None = None, kind: str = "application/json"
    ) -> Json:
        data = None if body is None else json.dumps(body)
        headers = {"Content-Type": kind}
        url = self._server + path
        async with self._session.request(method, url, data=data, headers=headers) as answer:
            text = await answer.read()
            if not answer.ok:
                raise RuntimeError(f"{method} {path}: {answer.status} {text.decode()[:500]}")
        found: Json = json.loads(text)
        return found


@asynccontextmanager
async def connected(access: Access) -> AsyncIterator[Api]:
    """A client for as long as the block runs."""
    trust = ssl.create_default_context(cafile=access.certificate_authority)
    trust.load_cert_chain(access.client_certificate)
    connector = aiohttp.TCPConnector(ssl=trust, limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield Api(session, access.server)


async def by_workers(
    items: Iterable[T], do: Callable[[T], Awaitable[object]], workers: int = 8
) -> None:
    """Do something to every item, several at a time."""
    rest = iter(items)

    async def work() -> None:
        for item in rest:
            await do(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(work())


async def eventually(
    what: str, condition: Callable[[], Awaitable[bool]], within: float, pause: float = 0.1
) -> None:
    """Wait until a condition holds.

    Raises:
        TimeoutError: it does not in time; `what` says what was waited for.
    """
    try:
        async with asyncio.timeout(within):
            while not await condition():  # noqa: ASYNC110 - another process will make it hold
                await asyncio.sleep(pause)
    except TimeoutError:
        raise TimeoutError(f"{what}: not within {within:.0f} s") from None
