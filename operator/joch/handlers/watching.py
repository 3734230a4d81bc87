"""kopf's part: it watches our kinds and hands every event over; it writes nothing.

It runs in a thread and loop of its own, because `kopf.operator()` cancels every task of its loop
when it ends, and it ends on a 404, a 403 or an ERROR event (kopf.md). It is then started again.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import kopf

from joch.api.base import GROUP, VERSION, Resource
from joch.observe.kubeconfig import load_configuration

FIRST_RESTART = 1.0
LONGEST_RESTART = 60.0

log = logging.getLogger(__name__)

RawEvent = dict[str, Any]
Deliver = Callable[[type[Resource], RawEvent], None]


class NoDiffBase(kopf.DiffBaseStorage):
    """Keeps no base to compare with: kopf would copy every object on every event for it."""

    def build(self, **_: Any) -> Any:
        """Nothing to compare."""
        return {}

    def fetch(self, **_: Any) -> Any:
        """Nothing was stored."""
        return {}

    def store(self, **_: Any) -> None:
        """Store nothing: no annotation on anybody's object."""


class Watcher:
    """kopf in its thread. `deliver` is called in the loop that called `start`."""

    def __init__(
        self,
        kinds: Sequence[type[Resource]],
        deliver: Deliver,
        kubeconfig: str | None,
        context: str | None,
        namespaces: Sequence[str],
    ) -> None:
        self._kinds = kinds
        self._deliver = deliver
        self._kubeconfig = kubeconfig
        self._context = context
        self._namespaces = namespaces
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kopf", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.restarts = 0

    def start(self) -> None:
        """Begin to watch."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """End the watches and wait until the thread has ended."""
        self._stop.set()
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        for pause in _pauses():
            try:
                asyncio.run(self._watch())
            except Exception as error:  # noqa: BLE001 (whatever ends kopf, it is started again)
                log.error("the watches ended: %s: %s", type(error).__name__, error)
            if self._stop.wait(0):
                return
            self.restarts += 1
            log.warning("the watches are started again in %.0f s", pause)
            if self._stop.wait(pause):
                return

    async def _watch(self) -> None:
        registry = kopf.OperatorRegistry()
        kopf.on.login(registry=registry)(self._login)
        for kind in self._kinds:
            plural = kind.definition.plural
            kopf.on.event(GROUP, VERSION, plural, id=plural, registry=registry)(self._handler(kind))
        await kopf.operator(
            registry=registry,
            settings=settings(),
            stop_flag=self._stop,
            clusterwide=not self._namespaces,
            namespaces=list(self._namespaces),
            standalone=True,
        )

    def _handler(self, kind: type[Resource]) -> Callable[..., Awaitable[None]]:
        loop = self._loop
        if loop is None:
            raise RuntimeError("start() was not called")

        # kopf calls plain functions in a pool of threads: two more switches of thread an event.
        async def on_event(event: RawEvent, **_: Any) -> None:
            loop.call_soon_threadsafe(self._deliver, kind, event)

        return on_event

    async def _login(self, **_: Any) -> kopf.ConnectionInfo:
        configuration = await load_configuration(self._kubeconfig, self._context)
        bearer = (await configuration.auth_settings()).get("BearerToken")
        header = str(bearer["value"]) if bearer else ""
        kind, _blank, secret = header.partition(" ")
        return kopf.ConnectionInfo(
            server=configuration.host,
            ca_path=configuration.ssl_ca_cert,
            insecure=not configuration.verify_ssl,
            certificate_path=configuration.cert_file,
            private_key_path=configuration.key_file,
            scheme=kind or None,
            token=secret or None,
        )


def settings() -> kopf.OperatorSettings:
    """kopf's settings, each measured or read in its source (kopf.md, "Settings")."""
    result = kopf.OperatorSettings()
    result.persistence.finalizer = "joch.dev/unused"
    result.persistence.diffbase_storage = NoDiffBase()
    result.peering.standalone = True
    result.scanning.disabled = True
    result.posting.enabled = False
    result.watching.chunk_size = 500
    result.watching.server_timeout = 600
    result.watching.client_timeout = 660
    result.watching.inactivity_timeout = 70
    result.watching.connect_timeout = 10
    result.watching.reconnect_backoff = 1.0
    result.queueing.idle_timeout = 0.2
    result.queueing.exit_timeout = 2
    result.networking.request_timeout = 60
    result.networking.error_backoffs = Backoffs()
    result.process.ultimate_exiting_timeout = None
    return result


class Backoffs:
    """Pauses without an end: 1, 2, 4 … 60 s. An end would end kopf on a lasting 5xx."""

    def __iter__(self) -> Iterator[float]:
        return _pauses()


def _pauses() -> Iterator[float]:
    pause = FIRST_RESTART
    while True:
        yield pause
        pause = min(pause * 2, LONGEST_RESTART)
