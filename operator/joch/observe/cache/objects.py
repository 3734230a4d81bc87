"""Kinds of which there are few: their objects are kept parsed."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from joch.api.base import Resource
from joch.observe.cache.groups import Groups
from joch.observe.cache.store import Raw, Store

R = TypeVar("R", bound=Resource)


class ObjectStore(Store[R]):
    """All objects of a kind, parsed, and found by the groups that they belong to."""

    def __init__(self, kind: type[R], groups_of: Callable[[R], Iterable[str]]) -> None:
        super().__init__()
        self._kind = kind
        self._groups_of = groups_of
        self._groups = Groups()

    def get(self, key: str) -> R | None:
        """One object by `namespace/name`."""
        return self._kept.get(key)

    def grouped(self, group: str) -> tuple[R, ...]:
        """The objects of a group, in order of their names."""
        return tuple(self._kept[key] for key in sorted(self._groups.keys(group)))

    def __iter__(self) -> Iterator[R]:
        return iter(self._kept.values())

    def _read(self, raw: Raw) -> R:
        return self._kind.model_validate(raw)

    def _index(self, key: str, kept: R) -> None:
        for group in self._groups_of(kept):
            self._groups.add(group, key)

    def _unindex(self, key: str, kept: R) -> None:
        for group in self._groups_of(kept):
            self._groups.discard(group, key)
