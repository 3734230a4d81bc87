"""Leader election by a coordination.k8s.io/v1 Lease, with the timings of client-go (15, 10, 2 s).

The official asyncio client's LeaseLock cannot be used (measured: its create always fails, and it
keeps leading while the API hangs). Only a PUT with the resourceVersion read makes a leader, and the
deadline runs on this process's monotonic clock, so that a paused process stops before its rival
starts.
"""

import asyncio
import logging
import random
import time
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_json

from joch.observe.api_server import ApiError, ApiServer, Conflict, Json, NotFound
from joch.observe.paths import LEASES

DURATION = 15.0
RENEW_DEADLINE = 10.0
RETRY = 2.0
REQUEST_TIMEOUT = 5.0

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """The Lease could not be renewed in time, or another process holds it."""


class Lease:
    """One Lease that this process wants to hold."""

    def __init__(self, server: ApiServer, namespace: str, name: str, identity: str) -> None:
        self._server = server
        self._namespace = namespace
        self._name = name
        self._identity = identity
        self._held_until = 0.0
        self._seen: tuple[str, float] = ("", 0.0)

    def held(self) -> bool:
        """Whether this process may write now."""
        return time.monotonic() < self._held_until

    async def acquire(self) -> None:
        """Wait until this process holds the Lease."""
        while True:
            if await self._attempt():
                return
            await asyncio.sleep(RETRY * random.uniform(0.8, 1.2))

    async def keep(self) -> None:
        """Renew for as long as that works.

        Raises:
            LeaseLost: this process is not the leader any more.
        """
        while True:
            await asyncio.sleep(RETRY)
            await self._attempt()
            if not self.held():
                raise LeaseLost(f"Lease {self._namespace}/{self._name} was lost")

    async def release(self) -> None:
        """Give the Lease up, so that another replica need not wait for it to run out."""
        if not self.held():
            return
        self._held_until = 0.0
        try:
            found = await self._server.get(LEASES.one(self._namespace, self._name))
            if found["spec"].get("holderIdentity") == self._identity:
                found["spec"].update(holderIdentity="", leaseDurationSeconds=1)
                await self._server.replace(LEASES.one(self._namespace, self._name), to_json(found))
        except ApiError as error:
            log.warning("Lease %s/%s was not released: %s", self._namespace, self._name, error)

    async def _attempt(self) -> bool:
        started = time.monotonic()
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT):
                won = await self._take()
        except (TimeoutError, ApiError) as error:
            log.warning(
                "Lease %s/%s: %s", self._namespace, self._name, str(error) or "no answer in time"
            )
            return self.held()
        self._held_until = started + RENEW_DEADLINE if won else 0.0
        return won

    async def _take(self) -> bool:
        path = LEASES.one(self._namespace, self._name)
        try:
            found = await self._server.get(path)
        except NotFound:
            return await self._create()
        if not self._is_free(found["spec"]):
            return False
        found["spec"] = self._spec(found["spec"])
        try:
            await self._server.replace(path, to_json(found))
        except Conflict:
            return False
        return True

    async def _create(self) -> bool:
        metadata = {"name": self._name, "namespace": self._namespace}
        body = {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": metadata,
            "spec": self._spec({}),
        }
        try:
            await self._server.create(LEASES.inside(self._namespace), to_json(body))
        except Conflict:
            return False
        return True

    def _is_free(self, spec: Json) -> bool:
        """Free when ours, given up, or unchanged for its whole duration on our own clock."""
        holder = spec.get("holderIdentity") or ""
        if holder in ("", self._identity):
            return True
        mark = f"{holder} {spec.get('renewTime')}"
        if mark != self._seen[0]:
            if not self._seen[0].startswith(f"{holder} "):
                log.info("Lease %s/%s is held by %s", self._namespace, self._name, holder)
            self._seen = (mark, time.monotonic())
        return time.monotonic() - self._seen[1] > float(spec.get("leaseDurationSeconds") or 0)

    def _spec(self, old: Json) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        ours = old.get("holderIdentity") == self._identity
        return {
            "holderIdentity": self._identity,
            "leaseDurationSeconds": int(DURATION),
            "acquireTime": old.get("acquireTime", now) if ours else now,
            "renewTime": now,
            "leaseTransitions": int(old.get("leaseTransitions") or 0) + (0 if ours else 1),
        }
