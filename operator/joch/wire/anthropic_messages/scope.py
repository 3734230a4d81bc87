"""What rendering carries along: the target, the changes so far, the cache breakpoints so far."""

from collections.abc import Mapping

from joch.transcript.values import JsonObject
from joch.wire.anthropic_messages.shapes import Check
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

BREAKPOINTS = 4
"""More blocks with `cache_control` than these are refused in one request."""


class Scope:
    """One rendering's target and what it has to declare."""

    def __init__(self, profile: Profile, changes: Changes) -> None:
        self.profile = profile
        self.changes = changes
        self._marked: list[tuple[str, JsonObject]] = []

    def carry(
        self, block: JsonObject, extra: JsonObject | None, known: Mapping[str, Check], where: str
    ) -> None:
        """Add the vendor's fields that the block publishes; declare the others lost."""
        if not extra:
            return
        left = []
        for key, value in extra.items():
            check = known.get(key)
            if check is not None and check(value):
                block[key] = value
            else:
                left.append(key)
        self.mark(block, where)
        self.without(left, where)

    def without(self, keys: list[str], where: str) -> None:
        """Declare that fields are not carried."""
        if keys:
            fields = ", ".join(sorted(keys))
            self.changes.lost("vendor-fields", where, f"Fields {fields} are not in the format")

    def mark(self, block: JsonObject, where: str) -> None:
        """Note a block that ends a cached prefix."""
        if "cache_control" in block:
            self._marked.append((where, block))

    def limit_breakpoints(self, allowed: int) -> None:
        """Leave the last breakpoints only, which cover the longest prefixes; declare the rest."""
        for where, block in self._marked[: max(0, len(self._marked) - allowed)]:
            del block["cache_control"]
            sentence = f"The format takes {BREAKPOINTS} cache breakpoints"
            self.changes.lost("cache-control", where, sentence)
