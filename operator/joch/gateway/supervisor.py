"""The supervisor: keeps LiteLLM serving the given configuration without dropping a request.

It owns the listening socket. Each configuration gets a process of its own (a generation), which is
proven on a private socket before it shares the listening one; only then the one before takes no
more connections and finishes its answers. A configuration that is not proven changes nothing.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from pathlib import Path

from joch.gateway.choice import (
    CRASHED_WAIT,
    REJECTED_WAIT,
    Failure,
    Situation,
    choose,
    next_failure,
)
from joch.gateway.folders import Given, read_given
from joch.gateway.generation import Generation, Place, RejectedError, bring_up
from joch.gateway.launch import Launch, NotYet, judge
from joch.gateway.report import SupervisorStatus, status_of

_LOOK = 0.5
_STEADY = 60.0
"""Seconds after which a generation that ends does so for the first time again."""

log = logging.getLogger("joch.gateway")


class Supervisor:
    """Keeps one generation serving; `run` until cancelled, then `drain`."""

    def __init__(self, config_dir: Path, keys_dir: Path, place: Place) -> None:
        self._read: Callable[[], Given] = lambda: read_given(config_dir, keys_dir)
        self._place = place
        self._given: Given | None = None
        self._asked: Launch | NotYet = NotYet("the configuration has not been read yet")
        self._current: Generation | None = None
        self._current_since = 0.0
        self._last_good: Launch | None = None
        self._failures: dict[str, Failure] = {}
        self._draining: set[asyncio.Task[None]] = set()
        self._number = 0

    def status(self) -> SupervisorStatus:
        """What `/status` says."""
        return status_of(self._situation())

    @property
    def serving(self) -> bool:
        """Whether a generation answers on the shared socket."""
        return self._current is not None

    async def run(self) -> None:
        """Look at the files and at the running process, again and again, and act."""
        while True:
            await self._look()
            self._notice_end()
            launch = choose(self._situation(), time.monotonic())
            if launch is not None:
                await self._replace(launch)
            await self._pause()

    async def drain(self) -> None:
        """Take no new connection, finish what is in flight, and leave no process."""
        self._place.listener.close()
        self._retire_current()
        await asyncio.gather(*self._draining)

    def _situation(self) -> Situation:
        running = self._current.launch if self._current else None
        return Situation(self._asked, running, self._last_good, self._failures, len(self._draining))

    async def _look(self) -> None:
        """Read the files; a moment in which they can't be read is no news."""
        try:
            given = self._read()
        except (OSError, UnicodeDecodeError) as error:
            log.warning("the given files can't be read now: %s", type(error).__name__)
            return
        if given == self._given:
            return
        self._given = given
        self._asked = await asyncio.to_thread(judge, given)
        log.info("%s", _described(self._asked))

    def _notice_end(self) -> None:
        """Whether the generation that served has ended by itself."""
        current = self._current
        if current is None or not current.ended.done():
            return
        if time.monotonic() - self._current_since > _STEADY:
            self._failures.pop(current.launch.digest, None)
        self._fail(current.launch, current.why_ended(), CRASHED_WAIT)
        self._current = None

    async def _replace(self, launch: Launch) -> None:
        self._number += 1
        try:
            generation = await bring_up(launch, self._number, self._place)
        except RejectedError as error:
            self._fail(launch, str(error), REJECTED_WAIT)
            return
        self._retire_current()
        self._current, self._current_since = generation, time.monotonic()
        self._last_good = launch
        self._failures = {d: f for d, f in self._failures.items() if d == launch.digest}
        log.info("generation %d serves %s", generation.number, launch.config_hash)

    def _fail(self, launch: Launch, message: str, first_wait: float) -> None:
        jitter = random.uniform(0.75, 1.25)
        before = self._failures.get(launch.digest)
        self._failures[launch.digest] = next_failure(
            before, message, time.monotonic(), first_wait, jitter
        )
        log.error("%s", message)

    def _retire_current(self) -> None:
        if self._current is None:
            return
        task = asyncio.create_task(self._current.drain(self._place.drain_timeout))
        self._draining.add(task)
        task.add_done_callback(self._draining.discard)
        self._current = None

    async def _pause(self) -> None:
        """Until it is time to look again, or the running process ends."""
        ended = (self._current.ended,) if self._current else ()
        pause = asyncio.create_task(asyncio.sleep(_LOOK))
        await asyncio.wait((pause, *ended), return_when=asyncio.FIRST_COMPLETED)
        pause.cancel()


def _described(asked: Launch | NotYet) -> str:
    if isinstance(asked, NotYet):
        return asked.message
    return f"asked to serve {asked.config_hash}: {len(asked.models)} deployments"
