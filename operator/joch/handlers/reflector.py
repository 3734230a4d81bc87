"""Keeps up with a collection: watches it from where it was listed, lists again where it must.

For the kinds that come in tens of thousands; kopf watches the others (ADR 9).
"""

import asyncio
import logging
import random

from joch.handlers.informer import Scope, compare, deliver
from joch.handlers.operator import Operator
from joch.observe.api_server import ApiError, ApiServer, Gone, Json

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0

log = logging.getLogger(__name__)


class Reflector:
    """Hands over everything that happens in a scope after the version it was listed at.

    After a 410 the scope is listed again and compared, so deletions that were missed are found.
    `server` has room for a connection that stays open.
    """

    def __init__(self, operator: Operator, server: ApiServer, scope: Scope, version: str) -> None:
        self._operator = operator
        self._server = server
        self._scope = scope
        self._version = version
        self._failures = 0

    async def run(self) -> None:
        """Watch for ever. The API server ends each watch after some minutes."""
        while True:
            try:
                await self._watch()
            except Gone:
                # Counted as a failure: a server that remembers nothing is not listed in a loop.
                self._failures += 1
                self._version = ""
            except ApiError as error:
                self._failures += 1
                level = logging.INFO if error.retryable else logging.WARNING
                log.log(level, "the watch ended, and is begun again: %s", error)
            await asyncio.sleep(self._pause())

    async def _watch(self) -> None:
        if not self._version:
            self._version = await compare(self._operator, self._scope)
        async for event in self._server.watch(self._scope.path, self._version):
            self._take(event)
            self._version = event["object"]["metadata"]["resourceVersion"]
            self._failures = 0

    def _take(self, event: Json) -> None:
        if event["type"] == "BOOKMARK":
            return
        try:
            deliver(self._operator, self._scope.kind, event)
        except Exception:
            # One object that nobody can read must not end the watch of all others.
            log.exception("%s: an event was not taken", self._scope.path)

    def _pause(self) -> float:
        """Seconds until the next attempt: short after a good watch, so that none spins."""
        longest = min(FIRST_PAUSE * 2.0 ** min(self._failures, 10), LONGEST_PAUSE)
        return random.uniform(0.5, 1.0) * longest
