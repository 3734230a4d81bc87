"""What every measurement stands on: the API server, the client, the audit log, the sizes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bench.api import Api
from bench.processes import USER
from joch.local.control_plane import Access
from tests.audit_log import AuditLog, Request


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    reactions: int = 10
    moved: int = 2000
    outages: int = 3
    raw_switches: int = 500
    edits: int = 200
    conversations: int = 10_000
    routes: int = 500
    idle_seconds: float = 60.0


QUICK = Sizes(
    reactions=3,
    moved=300,
    outages=1,
    raw_switches=150,
    edits=30,
    conversations=1000,
    routes=50,
    idle_seconds=20.0,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A running control plane and how to ask it."""

    access: Access
    api: Api
    audit: AuditLog
    sizes: Sizes

    def follower(self) -> "Follower":
        """What the operator asks from now on."""
        return Follower(self.audit)


class Follower:
    """The operator's requests since it was made, as the API server answered them."""

    def __init__(self, audit: AuditLog) -> None:
        self._audit = audit
        self._position = audit.position()
        self.seen: list[Request] = []

    def read(self) -> list[Request]:
        """All requests until now; the Lease's are left out."""
        found, self._position = self._audit.read(self._position)
        self.seen += (r for r in found if r.user == USER and r.resource != "leases")
        return self.seen

    def writes(self) -> list[Request]:
        """Those until now that change something, refused ones too."""
        return [request for request in self.read() if request.is_write]

    async def until(
        self, what: str, is_one: Callable[[Request], bool], count: int, within: float
    ) -> list[Request]:
        """Wait for so many requests of a sort; in the order of their answers.

        Raises:
            TimeoutError: there were fewer in time.
        """
        found: list[Request] = []
        checked = 0
        try:
            async with asyncio.timeout(within):
                while len(found) < count:
                    seen = self.read()
                    found += (request for request in seen[checked:] if is_one(request))
                    checked = len(seen)
                    if len(found) < count:
                        await asyncio.sleep(0.02)
        except TimeoutError:
            raise TimeoutError(f"{what}: {len(found)} of {count} within {within:.0f} s") from None
        return found


async def told(audit: AuditLog, since: int, namespace: str, count: int, within: float) -> None:
    """Wait for so many events to be posted in a namespace.

    They are counted in the raw log: to parse all of it while switches are measured would take CPU
    from them.

    Raises:
        TimeoutError: there were fewer in time.
    """
    where = f'"resource":"events","namespace":"{namespace}"'.encode()
    found, rest = 0, b""
    try:
        async with asyncio.timeout(within):
            with audit.path.open("rb") as log:
                log.seek(since)
                while found < count:
                    *lines, rest = (rest + log.read()).split(b"\n")
                    found += sum(where in line and b'"code":201' in line for line in lines)
                    await asyncio.sleep(0.1)
    except TimeoutError:
        raise TimeoutError(f"{found} of {count} events within {within:.0f} s") from None


def succeeded(verb: str, resource: str, namespace: str) -> Callable[[Request], bool]:
    """Whether a request is a successful one of a sort."""

    def is_one(request: Request) -> bool:
        return (request.verb, request.resource, request.namespace) == (
            verb,
            resource,
            namespace,
        ) and request.status < 300

    return is_one
