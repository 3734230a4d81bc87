"""The one connection to the Kubernetes API server, and what its refusals mean.

ApiError                 retryable?
├── NotFound             no    the object (or its kind) is not there
│   └── KindMissing      no    its kind is not there: no CRD is installed
├── Conflict             no    409: read and judge again, never send the same again
├── Gone                 no    410: list again from the start
├── Refused              no    4xx, and the 500 "request is too large": the request is wrong
└── Unavailable          yes   429, 5xx, timeout, broken connection
"""

import importlib.metadata
import random
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp
from kubernetes.aio.client.configuration import Configuration
from kubernetes.aio.client.rest import RESTClientObject
from pydantic_core import from_json, to_json

from joch.observe.kubeconfig import load_configuration

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
REQUEST_TIMEOUT = aiohttp.ClientTimeout(total=30.0)
CONNECTIONS = 16
PAGE_SIZE = 500

WATCH_SECONDS = 300
"""How long the API server is asked to keep a watch open, give or take a tenth."""

WATCH_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10.0, sock_read=90.0)
"""A bookmark comes about once a minute, so a longer silence is a dead connection."""

Json = dict[str, Any]


class ApiError(Exception):
    """The API server's refusal or silence, with its own sentence."""

    retryable = False

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotFound(ApiError):
    """404."""


class KindMissing(NotFound):
    """A kind is not known to the API server: its CRD is not installed."""


class Conflict(ApiError):
    """409: the object changed since it was read, or the name exists already."""


class Gone(ApiError):
    """410: the resource version or continue token is too old."""


class Refused(ApiError):
    """The request is wrong and stays wrong: 400, 401, 403, 413, 415, 422, or too large."""


class Unavailable(ApiError):
    """429, 5xx, a timeout or a broken connection: the same request may succeed later."""

    retryable = True


@dataclass(frozen=True, slots=True)
class Page:
    """Some objects of a collection; all pages of a listing are of the same resourceVersion."""

    items: tuple[Json, ...]
    version: str


class ApiServer:
    """Requests to the API server, JSON in and out. Close it when done.

    What is written is given as its JSON text (`to_json`): whoever has measured it has it already.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._connections = _Connections(configuration)
        self._configuration = configuration
        # The API server takes the field manager of our writes from it: `joch`.
        self._agent = f"joch/{importlib.metadata.version('joch')}"

    @classmethod
    async def connect(
        cls,
        kubeconfig: str | None = None,
        context: str | None = None,
        connections: int = CONNECTIONS,
    ) -> Self:
        """Load credentials: the given kubeconfig, the pod's service account, else $KUBECONFIG.

        `connections` may be open at a time; further requests wait. 0: no limit.

        Raises:
            ConnectionConfigError: none of them is usable.
        """
        configuration = await load_configuration(kubeconfig, context)
        configuration.connection_pool_maxsize = connections
        return cls(configuration)

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.close()

    @property
    def configuration(self) -> Configuration:
        """Host and credentials, for the watches."""
        return self._configuration

    async def get(self, path: str) -> Json:
        """One object."""
        return await self._request("GET", path)

    async def create(self, path: str, body: bytes) -> Json:
        """POST an object; Conflict when the name exists."""
        return await self._request("POST", path, body)

    async def replace(self, path: str, body: bytes) -> Json:
        """PUT an object; the body carries `metadata.resourceVersion`."""
        return await self._request("PUT", path, body)

    async def merge_patch(self, path: str, body: bytes) -> Json:
        """PATCH as a JSON merge patch (RFC 7386)."""
        return await self._request("PATCH", path, body, MERGE_PATCH)

    async def delete(self, path: str, uid: str) -> None:
        """DELETE exactly the object with this uid; gone already is fine.

        Raises:
            Conflict: another object has taken the name.
        """
        try:
            await self._request("DELETE", path, to_json({"preconditions": {"uid": uid}}))
        except NotFound:
            return

    async def list(self, path: str) -> AsyncIterator[Page]:
        """A whole collection.

        Raises:
            Gone: the listing took so long that its snapshot was compacted; start again.
        """
        query: dict[str, str | int] = {"limit": PAGE_SIZE}
        while True:
            page = await self._request("GET", f"{path}?{urlencode(query)}")
            metadata = page.get("metadata", {})
            yield Page(tuple(page.get("items", ())), metadata.get("resourceVersion", ""))
            token = metadata.get("continue")
            if not token:
                return
            query["continue"] = token

    async def watch(self, path: str, version: str) -> AsyncIterator[Json]:
        """What happens to a collection after a resourceVersion, until the server ends the watch.

        Events are as they are sent: `type` ADDED, MODIFIED, DELETED or BOOKMARK, and `object`.

        Raises:
            Gone: the version is too old; list again.
            Unavailable: the connection broke, or nothing came for longer than bookmarks take.
        """
        query = {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": version,
            "timeoutSeconds": int(WATCH_SECONDS * random.uniform(0.9, 1.1)),
        }
        with _breakable("WATCH", path):
            answer = await self._send("GET", f"{path}?{urlencode(query)}", limits=WATCH_TIMEOUT)
            try:
                if answer.status != 200:
                    raise _error("WATCH", path, answer, await answer.read())
                async for line in answer.content:
                    event = _object("WATCH", path, answer.status, line)
                    if event.get("type") == "ERROR":
                        status = event["object"]
                        code, told = status.get("code", 500), to_json(status)
                        raise _of_status("WATCH", path, code, told)
                    yield event
            finally:
                answer.close()

    async def _request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        content_type: str = JSON,
    ) -> Json:
        with _breakable(method, path):
            answer = await self._send(method, path, body, content_type)
            data = await answer.read()
        if 200 <= answer.status <= 299:
            return _object(method, path, answer.status, data)
        raise _error(method, path, answer, data)

    async def _send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        content_type: str = JSON,
        limits: aiohttp.ClientTimeout = REQUEST_TIMEOUT,
    ) -> aiohttp.ClientResponse:
        headers = {"Content-Type": content_type, "Accept": JSON, "User-Agent": self._agent}
        auth = (await self._configuration.auth_settings()).get("BearerToken")
        if auth is not None:
            headers[str(auth["key"])] = str(auth["value"])
        url = self._configuration.host + path
        return await self._connections.send(method, url, headers, body, limits)


class _Connections(RESTClientObject):
    """The official client's connections. Its own `request` writes JSON at a third of the speed."""

    async def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        data: bytes | None,
        limits: aiohttp.ClientTimeout,
    ) -> aiohttp.ClientResponse:
        """One request; its answer is not read yet."""
        if self.pool_manager is None:
            self.pool_manager = self._create_pool_manager()
        session: aiohttp.ClientSession = self.pool_manager
        return await session.request(
            method,
            url,
            headers=headers,
            data=data,
            timeout=limits,
            server_hostname=self.configuration.tls_server_name,
            proxy=self.proxy,
            proxy_headers=self.proxy_headers,
        )


@contextmanager
def _breakable(method: str, path: str) -> Iterator[None]:
    """What may happen to a connection, as an error that a retry helps."""
    try:
        yield
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        detail = str(error) or type(error).__name__
        raise Unavailable(f"{method} {path.partition('?')[0]}: {detail}") from error


def _object(method: str, path: str, status: int, data: bytes) -> Json:
    """The answer; a page that stands before the API server, with a 200, is nobody's object."""
    try:
        result: Json = from_json(data) if data else {}
    except ValueError:
        sentence = f"{method} {path.partition('?')[0]}: {status} with what is not JSON"
        raise Unavailable(sentence) from None
    return result


def _error(method: str, path: str, answer: aiohttp.ClientResponse, data: bytes) -> ApiError:
    return _of_status(method, path, answer.status, data, answer.headers.get("Retry-After"))


def _of_status(
    method: str, path: str, status: int, data: bytes, retry_after: str | None = None
) -> ApiError:
    sentence = f"{method} {path.partition('?')[0]}: {status} {_status_message(data)}"
    wait = float(retry_after) if retry_after and retry_after.isdigit() else None
    if status == 404:
        return NotFound(sentence)
    if status == 409:
        return Conflict(sentence)
    if status == 410:
        return Gone(sentence)
    # An oversized object is a 500 that no retry helps (measured).
    if status == 429 or (status >= 500 and "too large" not in sentence):
        return Unavailable(sentence, wait)
    return Refused(sentence)


def _status_message(data: bytes) -> str:
    try:
        return str(from_json(data)["message"])
    except (ValueError, KeyError, TypeError):
        return data[:200].decode("utf-8", "replace")
