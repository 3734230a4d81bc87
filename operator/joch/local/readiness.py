"""Whether an API server is ready, asked of itself."""

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
        while (problem := _problem(client)) is not None:
            check()
            if time.monotonic() > deadline:
                raise StartError(
                    f"{server} was not ready within {_READY_WITHIN:.0f} s: {problem}. "
                    "The machine may be too busy: try again."
                )
            time.sleep(_BETWEEN_CHECKS)


def is_ready(server: str, certificate_authority: Path) -> bool:
    """Whether the API server answers `/readyz` with 200 now."""
    with _client(server, certificate_authority) as client:
        return _problem(client) is None


def _problem(client: httpx.Client) -> str | None:
    """Why the API server is not ready, or None if it is."""
    try:
        answer = client.get("/readyz")
    except httpx.TransportError as error:
        return str(error) or type(error).__name__
    if answer.status_code == httpx.codes.OK:
        return None
    return f"/readyz answers {answer.status_code} {answer.text[:300]}"


def _client(server: str, certificate_authority: Path) -> httpx.Client:
    """`/readyz` is open to everybody; only the server has to prove who it is."""
    trust = ssl.create_default_context(cafile=certificate_authority)
    return httpx.Client(base_url=server, verify=trust, trust_env=False, timeout=2.0)
