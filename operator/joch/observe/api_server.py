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
import json
import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp
from kubernetes.aio.client.api_client import ApiClient
from kubernetes.aio.client.configuration import Configuration
from kubernetes.aio.config import kube_config
from kubernetes.aio.config.config_exception import ConfigException
from kubernetes.aio.config.incluster_config import load_incluster_config

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
REQUEST_TIMEOUT = 30.0
CONNECTIONS = 16
PAGE_SIZE = 500

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


class ConnectionConfigError(Exception):
    """There is no usable kubeconfig and no service account; the sentence says what to set."""


class ApiServer:
    """Requests to the API server, JSON in and out. Close it when done."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client
        self._configuration: Configuration = client.configuration
        # The API server takes the field manager of our writes from it: `joch`.
        self._agent = f"joch/{importlib.metadata.version('joch')}"

    @classmethod
    async def connect(cls, kubeconfig: str | None = None, context: str | None = None) -> Self:
        """Load credentials: the given kubeconfig, the pod's service account, else $KUBECONFIG.

        Raises:
            ConnectionConfigError: none of them is usable.
        """
        return cls(ApiClient(configuration=await load_configuration(kubeconfig, context)))

    async def close(self) -> None:
        """Close all connections."""
        await self._client.rest_client.close()

    @property
    def configuration(self) -> Configuration:
        """Host and credentials, for the watches."""
        return self._configuration

    async def get(self, path: str) -> Json:
        """One object."""
        return await self._request("GET", path)

    async def create(self, path: str, body: Mapping[str, Any]) -> Json:
        """POST an object; Conflict when the name exists."""
        return await self._request("POST", path, body)

    async def replace(self, path: str, body: Mapping[str, Any]) -> Json:
        """PUT an object; the body carries `metadata.resourceVersion`."""
        return await self._request("PUT", path, body)

    async def merge_patch(self, path: str, body: Mapping[str, Any]) -> Json:
        """PATCH as a JSON merge patch (RFC 7386)."""
        return await self._request("PATCH", path, body, MERGE_PATCH)

    async def delete(self, path: str, uid: str) -> None:
        """DELETE exactly the object with this uid; gone already is fine.

        Raises:
            Conflict: another object has taken the name.
        """
        try:
            await self._request("DELETE", path, {"preconditions": {"uid": uid}})
        except NotFound:
            return

    async def list(self, path: str) -> AsyncIterator[Json]:
        """Every object of a collection, in pages.

        Raises:
            Gone: the listing took so long that its snapshot was compacted; start again.
        """
        query: dict[str, str | int] = {"limit": PAGE_SIZE}
        while True:
            page = await self._request("GET", f"{path}?{urlencode(query)}")
            for item in page.get("items", ()):
                yield item
            token = page.get("metadata", {}).get("continue")
            if not token:
                return
            query["continue"] = token

    async def _request(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        content_type: str = JSON,
    ) -> Json:
        headers = {"Content-Type": content_type, "Accept": JSON, "User-Agent": self._agent}
        auth = (await self._configuration.auth_settings()).get("BearerToken")
        if auth is not None:
            headers[str(auth["key"])] = str(auth["value"])
        try:
            answer = await self._client.rest_client.request(
                method,
                self._configuration.host + path,
                headers=headers,
                body=body,
                _request_timeout=aiohttp.ClientTimeout(total=REQUEST_TIMEOUT),
            )
            data = await answer.read()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            detail = str(error) or type(error).__name__
            raise Unavailable(f"{method} {path.partition('?')[0]}: {detail}") from error
        if 200 <= answer.status <= 299:
            return _object(method, path, answer.status, data)
        raise _error(method, path, answer.status, data, answer.headers.get("Retry-After"))


def _object(method: str, path: str, status: int, data: bytes) -> Json:
    """The answer; a page that stands before the API server, with a 200, is nobody's object."""
    try:
        result: Json = json.loads(data) if data else {}
    except ValueError:
        sentence = f"{method} {path.partition('?')[0]}: {status} with what is not JSON"
        raise Unavailable(sentence) from None
    return result


def _error(method: str, path: str, status: int, data: bytes, retry_after: str | None) -> ApiError:
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
        return str(json.loads(data)["message"])
    except (ValueError, KeyError, TypeError):
        return data[:200].decode("utf-8", "replace")


async def load_configuration(kubeconfig: str | None, context: str | None) -> Configuration:
    """Host and credentials by the usual order of a Kubernetes client.

    Raises:
        ConnectionConfigError: no kubeconfig and no service account is usable.
    """
    configuration = Configuration()
    # Proxy variables cost half the requests a second when aiohttp looks them up (measured).
    configuration.client_session_kwargs = {"trust_env": False}
    configuration.connection_pool_maxsize = CONNECTIONS
    if kubeconfig is None:
        try:
            load_incluster_config(client_configuration=configuration)
        except ConfigException:
            pass
        else:
            return configuration
    files = kubeconfig or kube_config.KUBE_CONFIG_DEFAULT_LOCATION
    if not _any_exists(files):
        raise _unusable(files, "there is no such file")
    try:
        await kube_config.load_kube_config(
            config_file=kubeconfig, context=context, client_configuration=configuration
        )
    except (ConfigException, OSError) as error:
        raise _unusable(files, str(error)) from error
    except Exception as error:
        # What the client's loader trips over in a file that is no kubeconfig.
        raise _unusable(files, f"it is no kubeconfig ({type(error).__name__}: {error})") from error
    return configuration


def _any_exists(files: str) -> bool:
    return any(Path(name).expanduser().is_file() for name in files.split(os.pathsep))


def _unusable(files: str, why: str) -> ConnectionConfigError:
    line = " ".join(why.split()).rstrip(".")
    return ConnectionConfigError(
        f"kubeconfig {files} cannot be used: {line}. Name another by --kubeconfig or KUBECONFIG."
    )
