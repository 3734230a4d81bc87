"""Pairing while reading: calls and results have ids here only where somebody wrote them."""

from collections import deque

from joch.wire.errors import WireError

UNNAMED = "noid_"
"""How the ids begin that calls without one get; they are left out where this format is written."""


class Pairing:
    """Calls without a result so far; every result must answer one of them."""

    def __init__(self) -> None:
        self._count = 0
        self._open: dict[str, int] = {}
        self._by_name: dict[str, deque[str]] = {}

    def call(self, identity: str | None, name: str) -> str:
        """Take a call; its own id, or one from its place in the conversation."""
        identity = identity or f"{UNNAMED}{self._count}"
        self._count += 1
        self._open[identity] = self._open.get(identity, 0) + 1
        self._by_name.setdefault(name, deque()).append(identity)
        return identity

    def result(self, index: int, field: str, identity: str | None, name: str | None) -> str:
        """The id of the call that a result answers: the one it names, else the oldest of its name.

        Raises:
            WireError: nobody asked.
        """
        found = identity if identity and self._open.get(identity) else self._oldest(name)
        if found is None:
            sentence = (
                f"nobody asked for {name or identity!r}: no earlier model content has an "
                "unanswered call of it; remove the result or restore the call before it"
            )
            raise WireError(index, field, sentence)
        self._open[found] -= 1
        return found

    def _oldest(self, name: str | None) -> str | None:
        waiting = self._by_name.get(name or "")
        while waiting:
            found = waiting.popleft()
            if self._open.get(found):
                return found
        return None
