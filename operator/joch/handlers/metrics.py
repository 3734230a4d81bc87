"""The operator's Prometheus metrics: what ticks lives here and never in a status.

The label `provider` is an LLMProvider's `namespace/name`: as many values as there are objects.
"""

from dataclasses import dataclass
from typing import Self

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from joch.providers.base import Fault, Judgement


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics of one operator, in a registry of its own."""

    registry: CollectorRegistry
    switches: Counter
    reconciles: Histogram
    failures: Counter
    leading: Gauge
    writes: Gauge
    probes: Histogram
    last_probe: Gauge

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
            writes=Gauge(
                "joch_writes", "Writes sent to the API server by this process.", registry=registry
            ),
            probes=Histogram(
                "joch_probe_seconds",
                "Time until a provider answered a probe; fault is None where all was well.",
                ["provider", "fault"],
                registry=registry,
            ),
            last_probe=Gauge(
                "joch_last_probe_timestamp_seconds",
                "When a provider was last probed.",
                ["provider"],
                registry=registry,
            ),
            leading=Gauge(
                "joch_leading", "1 while this replica holds the Lease.", registry=registry
            ),
        )

    def probed(self, provider: str, duration: float, judgement: Judgement) -> None:
        """A probe of a provider ended after `duration` seconds."""
        fault = judgement.fault.value if judgement.fault is not None else "None"
        self.probes.labels(provider=provider, fault=fault).observe(duration)
        self.last_probe.labels(provider=provider).set_to_current_time()

    def forget(self, provider: str) -> None:
        """The provider is gone: so are its series."""
        for fault in ("None", *(fault.value for fault in Fault)):
            self.probes.remove_by_labels({"provider": provider, "fault": fault})
        self.last_probe.remove_by_labels({"provider": provider})
