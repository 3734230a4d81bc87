"""A queue of keys: each key once, never by two workers at a time, retried later when it failed."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from enum import Enum

from joch.observe.api_server import ApiError, Conflict, NotFound, Refused

FIRST_RETRY = 0.2
LONGEST_RETRY = 300.0
MOST_DOUBLINGS = 11
"""0.2 s doubled so often is past the longest; 2.0 to the power of 1,024 failures is no float."""

log = logging.getLogger(__name__)


class _State(Enum):
    QUEUED = 1
    ACTIVE = 2
    DIRTY = 3


class KeyedQueue:
    """Keys to reconcile. A key added while it is worked on is worked on once more afterwards."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._ready: asyncio.Queue[str] = asyncio.Queue()
        self._states: dict[str, _State] = {}
        self._failures: dict[str, int] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def __len__(self) -> int:
        return self._ready.qsize()

    @property
    def idle(self) -> bool:
        """Nothing queued and nothing worked on."""
        return not self._states

    def add(self, key: str) -> None:
        """Reconcile this key as soon as a worker is free."""
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()
        state = self._states.get(key)
        if state is None:
            self._states[key] = _State.QUEUED
            self._ready.put_nowait(key)
        elif state is _State.ACTIVE:
            self._states[key] = _State.DIRTY

    def add_after(self, key: str, delay: float) -> None:
        """Reconcile this key in `delay` seconds, unless it is due sooner."""
        if self._states.get(key) in (_State.QUEUED, _State.DIRTY):
            return
        loop = asyncio.get_running_loop()
        timer = self._timers.get(key)
        if timer is not None:
            if timer.when() <= loop.time() + delay:
                return
            timer.cancel()
        self._timers[key] = loop.call_later(delay, self.add, key)

    async def take(self) -> str:
        """The next key; `done` must follow."""
        key = await self._ready.get()
        self._states[key] = _State.ACTIVE
        return key

    def done(self, key: str) -> None:
        """The key was worked on; if it was added meanwhile it is queued again."""
        if self._states.pop(key) is _State.DIRTY:
            self.add(key)

    def forget(self, key: str) -> None:
        """The key succeeded: its next failure is its first."""
        self._failures.pop(key, None)

    def failing(self, key: str) -> bool:
        """Whether the last attempt at this key failed."""
        return key in self._failures

    def backoff(self, key: str) -> float:
        """Seconds until the next attempt: doubled per failure in a row, capped, ±20 % jitter."""
        failures = self._failures.get(key, 0)
        self._failures[key] = failures + 1
        doubled = FIRST_RETRY * 2.0 ** min(failures, MOST_DOUBLINGS)
        return min(doubled, LONGEST_RETRY) * random.uniform(0.8, 1.2)

    def close(self) -> None:
        """Cancel everything that was to come later."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()


async def work(queue: KeyedQueue, reconcile: Callable[[str], Awaitable[None]]) -> None:
    """Reconcile keys for ever; one key's failure delays that key alone.

    A refusal is told as a warning: it names the right, quota or size that a person must grant or
    change. It is tried again as well, ever more rarely: what was refused may be allowed later
    (rights, quotas), and no key is given up. A conflict only means that the object was read too
    early: its next version is on the way and adds the key by itself. So does a deletion, and
    neither is worth a line in the log unless it fails twice in a row.
    """
    while True:
        key = await queue.take()
        try:
            await reconcile(key)
            queue.forget(key)
        except ApiError as error:
            level = _level(error, first=not queue.failing(key))
            delay = max(queue.backoff(key), error.retry_after or 0.0)
            log.log(
                level,
                "%s %s: %s; again in %.1f s",
                queue.name,
                key,
                error,
                delay,
            )
            queue.add_after(key, delay)
        except Exception:
            delay = queue.backoff(key)
            log.exception("%s %s: unexpected; again in %.1f s", queue.name, key, delay)
            queue.add_after(key, delay)
        finally:
            queue.done(key)


def _level(error: ApiError, *, first: bool) -> int:
    if isinstance(error, Refused):
        return logging.WARNING
    passing = error.retryable or (first and isinstance(error, Conflict | NotFound))
    return logging.DEBUG if passing else logging.INFO
