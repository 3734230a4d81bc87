"""Whether an API server is ready, asked of itself."""

import contextlib
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from joch.local.errors import StartError

_READY_WITHIN = 60.0
_BETWEEN_CHECKS = 0.05


def wait_until_ready(
    server: str, certificate_authority: Path, check: Callable[[], None] = lambda: None
) -> None:
    """Return when `/readyz` says ok; `check` may raise to end the waiting.

    Raises:
        StartError: the time is up.
    """
    deadline = time.monotonic() + _READY_WITHIN
    with _client(server, certificate_authority) as client:
        while not _is_ready(client):
            check()
            if time.monotonic() > deadline:
                raise StartError(
                    f"{server} was not ready within {_READY_WITHIN:.0f} s: 'joch local status' "
                    "names the folder with the server's log."
                )
            time.sleep(_BETWEEN_CHECKS)


def is_ready(server: str, certificate_authority: Path) -> bool:
    """Whether the API server answers `/readyz` with 200 now."""
    with _client(server, certificate_authority) as client:
        return _is_ready(client)


def _is_ready(client: httpx.Client) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return client.get("/readyz").status_code == httpx.codes.OK
    return False


def _client(server: str, certificate_authority: Path) -> httpx.Client:
    """`/readyz` is open to everybody; only the server has to prove who it is."""
    trust = ssl.create_default_context(cafile=certificate_authority)
    return httpx.Client(base_url=server, verify=trust, trust_env=False, timeout=2.0)
