"""Runs the operator: connect, lead, list, watch, reconcile, until told to stop or overtaken.

Everything is read by one LIST a kind before any key is worked on, so nothing is judged against a
cache that is only half full.
"""

import asyncio
import gc
import logging
import signal
import socket
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from joch.api.base import Resource
from joch.api.conversation import Conversation
from joch.api.kinds import KINDS
from joch.api.llmgateway import LLMGateway
from joch.api.llmprovider import LLMProvider
from joch.api.model import Model
from joch.api.modelroute import ModelRoute
from joch.api.statecheckpoint import StateCheckpoint
from joch.apply.lease import Lease
from joch.apply.writer import Writer
from joch.handlers import conversation, housekeeping, llmgateway, llmprovider, model, modelroute
from joch.handlers.health import HealthServer
from joch.handlers.informer import deliver, list_all, scopes
from joch.handlers.metrics import Metrics
from joch.handlers.operator import STORAGE_BUDGET, Operator, utc_now
from joch.handlers.queue import KeyedQueue, work
from joch.handlers.reflector import Reflector
from joch.handlers.watching import Watcher
from joch.observe.api_server import ApiServer
from joch.observe.cache import Cache
from joch.observe.gateway_watch import GatewayWatch
from joch.observe.http import HttpClient, new_client
from joch.observe.provider_watch import ProviderWatch

log = logging.getLogger(__name__)

Reconcile = Callable[[Operator, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Work:
    """How a kind is worked on: by what, and by how many at a time."""

    kind: type[Resource]
    reconcile: Reconcile
    workers: int = 1


WORK: tuple[Work, ...] = (
    # A first listing makes hundreds of Models; another provider's death must not wait for it.
    Work(LLMProvider, llmprovider.reconcile, workers=4),
    Work(Model, model.reconcile, workers=2),
    Work(ModelRoute, modelroute.reconcile),
    Work(LLMGateway, llmgateway.reconcile),
    # Four connections reach the API server's ceiling; more only make edits wait (measured).
    Work(Conversation, conversation.reconcile, workers=4),
)
"""A queue for each kind, so that a mass switch never delays an edit of a route."""


REFLECTED: tuple[type[Resource], ...] = (Conversation, StateCheckpoint)
"""The kinds that come in tens of thousands: kopf takes twenty times as long an event (ADR 9)."""

WATCHED = tuple(kind for kind in KINDS if kind not in REFLECTED)
"""The kinds that kopf watches."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line says."""

    kubeconfig: str | None = None
    context: str | None = None
    namespaces: tuple[str, ...] = ()
    lease_namespace: str = "default"
    lease_name: str = "joch-operator"
    health_port: int | None = None
    storage_budget: int = STORAGE_BUDGET


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT.

    Raises:
        ConnectionConfigError: there is no usable kubeconfig.
        LeaseLost: another replica took over; the process should end and start again.
    """
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    identity = f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}"
    metrics = Metrics.make()
    server = await ApiServer.connect(settings.kubeconfig, settings.context)
    watching = await ApiServer.connect(settings.kubeconfig, settings.context, connections=0)
    lease = Lease(server, settings.lease_namespace, settings.lease_name, identity)
    health = HealthServer(metrics.registry, lease.held, settings.health_port)
    try:
        async with new_client() as asking:
            health.start()
            log.info("waiting for Lease %s/%s", settings.lease_namespace, settings.lease_name)
            if await _until(stop, lease.acquire()):
                metrics.leading.set(1)
                log.info("leading, by Lease %s/%s", settings.lease_namespace, settings.lease_name)
                operator = _operator(settings, server, asking, lease, metrics, identity)
                await _until(stop, lease.keep(), _lead(settings, operator, watching, health))
    finally:
        await lease.release()
        health.stop()
        await watching.close()
        await server.close()


def _operator(
    settings: Settings,
    server: ApiServer,
    asking: HttpClient,
    lease: Lease,
    metrics: Metrics,
    identity: str,
) -> Operator:
    writer = Writer(server, lease.held)
    metrics.writes.set_function(lambda: writer.writes)
    queues = {each.kind: KeyedQueue(each.kind.definition.plural) for each in WORK}
    return Operator(
        server=server,
        cache=Cache(),
        writer=writer,
        queues=queues,
        watch=ProviderWatch(server, asking, queues[LLMProvider].add, metrics.probed, utc_now),
        gateways=GatewayWatch(asking, queues[LLMGateway].add),
        instance=identity,
        metrics=metrics,
        storage_budget=settings.storage_budget,
    )


async def _lead(
    settings: Settings, operator: Operator, watching: ApiServer, health: HealthServer
) -> None:
    """Everything that only the leader does. `watching` has room for connections that stay open."""
    reflected = scopes(REFLECTED, settings.namespaces)
    watched = scopes(WATCHED, settings.namespaces)
    versions = await list_all(operator, (*watched, *reflected))
    watcher = Watcher(
        WATCHED,
        lambda kind, event: deliver(operator, kind, event),
        settings.kubeconfig,
        settings.context,
        settings.namespaces,
    )
    tasks = [_working(operator, each) for each in WORK for _ in range(each.workers)]
    tasks += [Reflector(operator, watching, each, versions[each]).run() for each in reflected]
    tasks += [housekeeping.repeat(operator, watched), _turn(health)]
    watcher.start()
    _settle_memory()
    health.ready = True
    try:
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(task)
    finally:
        health.ready = False
        operator.watch.stop()
        operator.gateways.stop()
        for queue in operator.queues.values():
            queue.close()
        await watcher.stop()


def _settle_memory() -> None:
    """Take what is there for good out of the garbage collector's rounds, and make those rarer.

    Measured at 6 % of a mass switch's CPU: each round went through all modules and the cache.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def _turn(health: HealthServer) -> None:
    while True:
        health.turned()
        await asyncio.sleep(1.0)


def _working(operator: Operator, each: Work) -> Coroutine[Any, Any, None]:
    plural = each.kind.definition.plural
    duration = operator.metrics.reconciles.labels(kind=plural)
    failures = operator.metrics.failures.labels(kind=plural)

    async def reconcile(key: str) -> None:
        with duration.time(), failures.count_exceptions():
            await each.reconcile(operator, key)

    return work(operator.queues[each.kind], reconcile)


async def _until(stop: asyncio.Event, *works: Coroutine[Any, Any, None]) -> bool:
    """Run works until one ends or fails, or `stop` is set; False when it was `stop`."""
    tasks = [asyncio.ensure_future(each) for each in works]
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({*tasks, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        running = [task for task in (*tasks, stopping) if not task.done()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    for task in tasks:
        if task.done() and not task.cancelled():
            task.result()
    return not stop.is_set()
