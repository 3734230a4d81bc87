"""Reads the API server's audit log: who asked for what."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_LONGEST_LINE = 256 * 1024
_WRITES = frozenset({"create", "update", "patch", "delete", "deletecollection"})


@dataclass(frozen=True)
class Request:
    """One request that the API server has answered.

    `resource` is the plural, with its subresource: "conversations", "conversations/status".
    `received` and `answered` are seconds since 1970 on the API server's clock.
    """

    user: str
    verb: str
    resource: str
    namespace: str
    name: str
    status: int
    user_agent: str
    received: float
    answered: float

    @property
    def is_write(self) -> bool:
        return self.verb in _WRITES


@dataclass(frozen=True)
class AuditLog:
    """The log of a control plane that was started with `Options(audit=True)`.

    An event is in the file before its request is answered (mode blocking), so nothing has to be
    waited for.
    """

    path: Path

    def position(self) -> int:
        """Where the log ends now: what to give to `requests` to have what came after.

        A line that is being written ends after that.
        """
        with self.path.open("rb") as log:
            start = max(0, log.seek(0, os.SEEK_END) - _LONGEST_LINE)
            log.seek(start)
            return start + log.read().rfind(b"\n") + 1

    def requests(
        self, since: int = 0, *, user: str | None = None, namespace: str | None = None
    ) -> list[Request]:
        """The requests since a position, in the order of their answers."""
        read, _ = self.read(since)
        return [
            request
            for request in read
            if user in (None, request.user) and namespace in (None, request.namespace)
        ]

    def read(self, since: int) -> tuple[list[Request], int]:
        """The requests since a position, and the position to go on from."""
        with self.path.open("rb") as log:
            log.seek(since)
            lines = [line for line in log if line.endswith(b"\n")]
        return [_request(json.loads(line)) for line in lines], since + sum(map(len, lines))

    def writes(
        self, since: int = 0, *, user: str | None = None, namespace: str | None = None
    ) -> list[Request]:
        """Those of the requests that change something."""
        return [r for r in self.requests(since, user=user, namespace=namespace) if r.is_write]


def _request(event: dict[str, object]) -> Request:
    reference = _mapping(event.get("objectRef"))
    resource = str(reference.get("resource", ""))
    if "subresource" in reference:
        resource += f"/{reference['subresource']}"
    code = _mapping(event.get("responseStatus")).get("code", 0)
    return Request(
        user=str(_mapping(event["user"])["username"]),
        verb=str(event["verb"]),
        resource=resource,
        namespace=str(reference.get("namespace", "")),
        name=str(reference.get("name", "")),
        status=code if isinstance(code, int) else 0,
        user_agent=str(event.get("userAgent", "")),
        received=_seconds(event["requestReceivedTimestamp"]),
        answered=_seconds(event["stageTimestamp"]),
    )


def _seconds(timestamp: object) -> float:
    return datetime.fromisoformat(str(timestamp)).timestamp()


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
