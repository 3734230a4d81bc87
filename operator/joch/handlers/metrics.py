"""The operator's Prometheus metrics: what ticks lives here and never in a status."""

from dataclasses import dataclass
from typing import Self

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics of one operator, in a registry of its own."""

    registry: CollectorRegistry
    switches: Counter
    reconciles: Histogram
    failures: Counter
    leading: Gauge

    @classmethod
    def make(cls) -> Self:
        """Fresh metrics, all at zero."""
        registry = CollectorRegistry()
        return cls(
            registry=registry,
            switches=Counter(
                "joch_switches",
                "Conversations moved to another backend.",
                ["reason"],
                registry=registry,
            ),
            reconciles=Histogram(
                "joch_reconcile_seconds",
                "Time to reconcile one object.",
                ["kind"],
                registry=registry,
            ),
            failures=Counter(
                "joch_reconcile_failures",
                "Reconciles that are tried again.",
                ["kind"],
                registry=registry,
            ),
            leading=Gauge(
                "joch_leading", "1 while this replica holds the Lease.", registry=registry
            ),
        )
