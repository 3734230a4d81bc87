"""What every store of the cache does: keep one form of each object, and never go back in time."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from joch.observe.cache.versions import Versions

K = TypeVar("K")
"""What is kept of an object."""

Raw = Mapping[str, Any]


def object_key(raw: Raw) -> str:
    """`namespace/name`."""
    metadata = raw["metadata"]
    return f"{metadata['namespace']}/{metadata['name']}"


class Store(ABC, Generic[K]):
    """The objects of a kind by key.

    What is kept of them, and how they are found, is the subclass's: `_read`, `_index`, `_unindex`.
    """

    def __init__(self) -> None:
        self.versions = Versions()
        self._kept: dict[str, K] = {}

    def put(self, raw: Raw) -> bool:
        """Take an object; False when it is known already, or is not news any more.

        Raises:
            ValueError: the object is not of this kind's shape; what was known of it stays.
        """
        key = sys.intern(object_key(raw))
        if not self._is_news(key, raw):
            return False
        self._keep(key, raw, self._read(raw))
        return True

    def drop(self, key: str, uid: str) -> bool:
        """Forget an object; False when it is unknown or its name was taken by another."""
        if not self.versions.drop(key, uid):
            return False
        self._forget(key)
        return True

    def uids(self) -> dict[str, str]:
        """The uid of every object, by key."""
        return self.versions.uids()

    def uid(self, key: str) -> str | None:
        """The uid of one object."""
        return self.versions.uid(key)

    def __len__(self) -> int:
        return len(self._kept)

    def _is_news(self, key: str, raw: Raw) -> bool:
        return self.versions.is_news(key, raw["metadata"])

    def _keep(self, key: str, raw: Raw, kept: K) -> None:
        self._forget(key)
        self.versions.take(key, raw["metadata"])
        self._kept[key] = kept
        self._index(key, kept)

    def _forget(self, key: str) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._unindex(key, kept)

    @abstractmethod
    def _read(self, raw: Raw) -> K:
        """What is kept of an object; all that can be wrong with it is found here."""

    @abstractmethod
    def _index(self, key: str, kept: K) -> None:
        """Make an object found."""

    @abstractmethod
    def _unindex(self, key: str, kept: K) -> None:
        """Take back what `_index` did."""
