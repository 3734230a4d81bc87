"""Which object of each name is known, in which version: what is older or gone is no news.

Listings, watches and the answers to our own writes arrive in no order. resourceVersions are ordered
(since Kubernetes 1.35), across the objects that had a name one after the other too, and a uid that
is gone never comes back.
"""

from collections.abc import Mapping
from typing import Any

REMEMBERED_UIDS = 10_000


class Versions:
    """The uid and resourceVersion known by key, and the uids that went last."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, str]] = {}
        self._gone: dict[str, None] = {}

    def is_news(self, key: str, metadata: Mapping[str, Any]) -> bool:
        """Whether an object's metadata is newer than what is known, and not of one that is gone."""
        if metadata["uid"] in self._gone:
            return False
        known = self._known.get(key)
        return known is None or not _is_older(metadata["resourceVersion"], known[1])

    def take(self, key: str, metadata: Mapping[str, Any]) -> None:
        """Know this version; another object that had the name is gone."""
        known = self._known.get(key)
        if known is not None and known[0] != metadata["uid"]:
            self._bury(known[0])
        self._known[key] = (metadata["uid"], metadata["resourceVersion"])

    def drop(self, key: str, uid: str) -> bool:
        """Forget an object; False when it is unknown or its name was taken by another."""
        known = self._known.get(key)
        if known is None or known[0] != uid:
            return False
        del self._known[key]
        self._bury(uid)
        return True

    def uid(self, key: str) -> str | None:
        """The uid known by a key."""
        known = self._known.get(key)
        return None if known is None else known[0]

    def uids(self) -> dict[str, str]:
        """The uid of every object, by key."""
        return {key: uid for key, (uid, _) in self._known.items()}

    def _bury(self, uid: str) -> None:
        self._gone[uid] = None
        if len(self._gone) > REMEMBERED_UIDS:
            del self._gone[next(iter(self._gone))]


def _is_older(version: str, known: str) -> bool:
    """Whether a resourceVersion is not newer than a known one."""
    return version == known or (
        version.isdigit() and known.isdigit() and int(version) <= int(known)
    )
