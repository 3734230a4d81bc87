"""What every reconciler works with: the cache, the one writer, the queues, the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import SecretStr

from joch.api.base import Resource
from joch.api.llmprovider import SyncStatus
from joch.apply.writer import Writer
from joch.decide.clock import render
from joch.handlers.metrics import Metrics
from joch.handlers.queue import KeyedQueue
from joch.observe.api_server import ApiServer, Json
from joch.observe.cache import Cache
from joch.observe.gateway_watch import GatewayWatch
from joch.observe.listing import Listing
from joch.observe.provider_watch import ProviderWatch

STORAGE_BUDGET = 512 * 1024 * 1024
"""Bytes of handoffs in etcd, past which switches are held (kubernetes-api.md, rule 2)."""


def utc_now() -> str:
    """The time, RFC 3339 in UTC."""
    return render(datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Written:
    """What this process last wrote for a gateway, or found right: nothing is read again for it.

    Attributes:
        uid: of the gateway.
        generation: of the gateway.
        config_hash: of the configuration in its ConfigMap.
        config_map: resourceVersion of the ConfigMap; over it a new configuration is written.
        fingerprints: of the credentials in its Secret, by environment name.
        master_key: asks LiteLLM what it serves.
    """

    uid: str
    generation: int
    config_hash: str
    config_map: str
    fingerprints: Mapping[str, str]
    master_key: SecretStr


@dataclass(frozen=True, slots=True)
class Operator:
    """One running operator. `instance` names this replica in events."""

    server: ApiServer
    cache: Cache
    writer: Writer
    queues: Mapping[type[Resource], KeyedQueue]
    watch: ProviderWatch
    gateways: GatewayWatch
    instance: str
    metrics: Metrics
    storage_budget: int = STORAGE_BUDGET
    told: dict[str, int] = field(default_factory=dict)
    """The ordinal of the last switch that this process posted an event for, by Conversation uid."""
    applied: dict[str, tuple[Listing, SyncStatus]] = field(default_factory=dict)
    """The last listing of each provider whose Models were written."""
    missed: dict[str, str] = field(default_factory=dict)
    """Since when each Conversation that has records and is gone has been missed."""
    swept: set[str] = field(default_factory=set)
    """Conversations with records that expired: their workers delete them."""
    written: dict[str, Written] = field(default_factory=dict)
    """What each gateway's ConfigMap and Secret hold."""

    def now(self) -> str:
        """The time, RFC 3339 in UTC."""
        return utc_now()

    def enqueue(self, kind: type[Resource], key: str, delay: float = 0.0) -> None:
        """Reconcile an object of a kind by its key, now or later."""
        queue = self.queues[kind]
        if delay > 0:
            queue.add_after(key, delay)
        else:
            queue.add(key)

    def learn(self, kind: type[Resource], raw: Json | None) -> None:
        """Take what the server answered to a write, so that its watch event is no news."""
        if raw is not None:
            self.cache.store(kind).put(raw)
