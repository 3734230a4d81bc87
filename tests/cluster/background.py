"""An event loop in a thread of its own: servers answer in it while a test waits for kubectl."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")

PATIENCE = 30.0
"""Seconds that anything done in the loop may take."""


class Background:
    """Runs coroutines, and keeps servers open, in a loop of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="servers", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run to the end, and give its result to the test."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def open(self, server: AbstractAsyncContextManager[Result]) -> "Opened[Result]":
        """Enter a context in the loop; `close` leaves it."""
        stack = AsyncExitStack()
        return Opened(self, stack, self.run(stack.enter_async_context(server)))

    def stop(self) -> None:
        """End the loop and its thread."""
        self.run(_cancel_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Opened(Generic[Result]):
    """A context that was entered in the loop, and what it gave."""

    def __init__(self, background: Background, stack: AsyncExitStack, value: Result) -> None:
        self._background = background
        self._stack = stack
        self.value = value

    def close(self) -> None:
        """Leave it. Doing it twice is fine."""
        self._background.run(self._stack.aclose())


async def _cancel_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
