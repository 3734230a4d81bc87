"""Keys of objects, found by the groups that the objects belong to."""

from collections.abc import Set as AbstractSet


class Groups:
    """Keys by group. A group without keys is none."""

    def __init__(self) -> None:
        self._keys: dict[str, set[str]] = {}

    def add(self, group: str, key: str) -> None:
        """Put a key into a group."""
        self._keys.setdefault(group, set()).add(key)

    def discard(self, group: str, key: str) -> None:
        """Take a key out of a group that it is in."""
        keys = self._keys[group]
        keys.discard(key)
        if not keys:
            del self._keys[group]

    def keys(self, group: str) -> AbstractSet[str]:
        """The keys of a group, in no order; they change with it."""
        return self._keys.get(group, frozenset())
