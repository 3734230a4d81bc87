"""Two vendors, a route over both, and what it takes to let one die and come back."""

from dataclasses import dataclass

from bench.api import JOCH, Api, eventually
from bench.objects import PROBE, make_namespace, make_provider, make_route
from bench.stage import Follower, Stage, succeeded
from bench.vendor import Vendor
from joch.api.duration import seconds

ROUTE = "route"
RECOVERY = 30.0
"""Seconds within which a vendor that answers again must count as healthy."""


@dataclass(frozen=True, slots=True)
class Outages:
    """Vendors that take turns at dying; conversations of the route go to and fro."""

    stage: Stage
    namespace: str
    north: Vendor
    south: Vendor

    @classmethod
    async def lay_out(
        cls, stage: Stage, namespace: str, vendors: tuple[Vendor, Vendor]
    ) -> "Outages":
        """Make the providers `north` and `south` and the route, north first."""
        found = cls(stage, namespace, *vendors)
        await make_namespace(stage.api, namespace)
        for name, vendor in zip(("north", "south"), vendors, strict=True):
            await make_provider(stage.api, namespace, name, vendor, PROBE)
        await make_route(stage.api, namespace, ROUTE, "north:large", "south:large")
        return found

    def parts(self, turn: int) -> tuple[Vendor, str, str]:
        """The vendor that dies at a turn, its name, and the backend that takes over."""
        if turn % 2 == 0:
            return self.north, "north", "south:large"
        return self.south, "south", "north:large"

    async def strike(self, turn: int) -> float:
        """Let a vendor die; the time of the probe whose failure makes it unavailable."""
        vendor, _, _ = self.parts(turn)
        vendor.die()
        return await vendor.has_dropped(PROBE.failure_threshold)

    async def recover(self, turn: int) -> None:
        """Let it answer again and wait until the operator says that it is healthy."""
        vendor, name, _ = self.parts(turn)
        vendor.revive()
        await healthy(self.stage.api, self.namespace, name)

    async def bound(self, follower: Follower, count: int) -> None:
        """Wait until so many conversations were bound for the first time."""
        is_one = succeeded("patch", "conversations/status", self.namespace)
        await follower.until("conversations bound", is_one, count, 60 + count / 20)


def detection() -> float:
    """Seconds that the probes themselves may take to find a vendor dead, without jitter."""
    return PROBE.failure_threshold * seconds(PROBE.interval) + seconds(PROBE.timeout)


async def healthy(api: Api, namespace: str, provider: str) -> None:
    """Wait until a provider's status says Healthy."""

    async def is_healthy() -> bool:
        found = await api.get(f"{JOCH}/namespaces/{namespace}/llmproviders/{provider}")
        return bool(found["status"].get("health", {}).get("state") == "Healthy")

    await eventually(f"{provider} healthy", is_healthy, RECOVERY)
