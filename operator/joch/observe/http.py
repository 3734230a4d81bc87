"""The one reader of vendors' HTTP answers: bounded in time and size, and it follows nowhere."""

import asyncio
import importlib.metadata
import os
import socket
import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from pydantic import SecretStr

from joch.providers.base import Answer, Auth, Fault, Request
from joch.providers.credential import slip_in

MAX_PORT = 65535
MAX_BODY = 8 * 1024 * 1024
"""The longest body that is read, in bytes. For most types a probe is a whole model list."""


HttpClient = httpx.AsyncClient
"""The type of the client, for those who only pass it on."""


class ProbeFailure(Exception):
    """There is no answer to judge; `fault` says of which sort, the text says it to people."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault

    @property
    def retryable(self) -> bool:
        """Whether asking again may help; a credential that cannot be sent stays as it is."""
        return self.fault is not Fault.MALFORMED_CREDENTIAL


def new_client() -> httpx.AsyncClient:
    """A client for `ask`, to be shared by all probes and closed by its owner.

    It keeps no cookies: a session that one credential opened must not serve another. It reads no
    proxy, certificate or netrc settings but those of its process (`trust_env`).
    """
    return httpx.AsyncClient(
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        limits=httpx.Limits(max_connections=100, max_keepalive_connections=20),
        headers={
            "user-agent": f"joch/{importlib.metadata.version('joch')}",
            "accept": "application/json",
            # A compressed body could unpack to any size before its length is known.
            "accept-encoding": "identity",
        },
    )


async def ask(
    client: httpx.AsyncClient, request: Request, secret: SecretStr | None, seconds: float
) -> Answer:
    """Send a request with its credential and read the answer, all within `seconds`.

    Raises:
        ProbeFailure: no answer came, or none that can be read, or the credential cannot be sent.
    """
    headers = {**request.headers, **credential_headers(request.auth, secret)}
    _check_port(request)
    try:
        async with asyncio.timeout(seconds):
            return await _exchange(client, request, headers)
    except (TimeoutError, httpx.TimeoutException):
        raise ProbeFailure(
            Fault.TIMEOUT, f"{_host(request)} did not answer in full within {seconds:g} s"
        ) from None
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise ProbeFailure(
            Fault.UNREACHABLE, f"{_host(request)} cannot be reached: {_cause(error)}"
        ) from None


def _check_port(request: Request) -> None:
    """Refuse a port that does not exist: the connection would fail with an error of Python's."""
    try:
        port = httpx.URL(request.url).port
    except httpx.InvalidURL as error:
        raise ProbeFailure(Fault.UNREACHABLE, f"spec.baseUrl is not a URL: {error}") from None
    if port is not None and port > MAX_PORT:
        raise ProbeFailure(
            Fault.UNREACHABLE, f"{_host(request)} cannot be reached: there is no port {port}"
        )


async def _exchange(client: httpx.AsyncClient, request: Request, headers: dict[str, str]) -> Answer:
    async with client.stream(
        request.method, request.url, headers=headers, timeout=None, follow_redirects=False
    ) as response:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise _unreadable(request, "is compressed although that was not asked for")
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MAX_BODY:
                raise _unreadable(request, f"is longer than {MAX_BODY // 1024 // 1024} MiB")
        return Answer(response.status_code, dict(response.headers), bytes(body))


def credential_headers(auth: Auth, secret: SecretStr | None) -> dict[str, str]:
    """The headers that carry the credential.

    Raises:
        ProbeFailure: the credential holds what no header can carry, or what is surely a slip.
    """
    if secret is None or auth is Auth.NONE:
        return {}
    plain = secret.get_secret_value()
    slip = slip_in(plain)
    if slip:
        raise ProbeFailure(Fault.MALFORMED_CREDENTIAL, f"the credential {slip}")
    return {"x-api-key": plain} if auth is Auth.X_API_KEY else {"authorization": f"Bearer {plain}"}


def _unreadable(request: Request, what: str) -> ProbeFailure:
    return ProbeFailure(Fault.UNEXPECTED_ANSWER, f"the answer of {_host(request)} {what}")


def _host(request: Request) -> str:
    """Scheme, host and port of a request: all that a sentence needs to know of its URL."""
    try:
        url = httpx.URL(request.url)
    except httpx.InvalidURL:
        return "the host in spec.baseUrl"
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _cause(error: Exception) -> str:
    """The system's words for what went wrong: httpx's own are often empty or say little."""
    seen: BaseException | None = error
    words = str(error)
    while seen is not None:
        if isinstance(seen, socket.gaierror):
            return "its name cannot be resolved"
        if isinstance(seen, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted: {seen.verify_message}"
        if isinstance(seen, OSError) and seen.errno and not isinstance(seen, ssl.SSLError):
            words = os.strerror(seen.errno)
        seen = seen.__cause__ or seen.__context__
    return words or type(error).__name__
