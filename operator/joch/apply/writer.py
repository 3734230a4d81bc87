"""The one writer: every create, status patch, replace and delete goes through it.

It compares before it writes, refuses what is too large before sending, and writes only while this
process holds the Lease.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import to_json

from joch.api.base import Resource, Status
from joch.observe.api_server import ApiServer, Json, Refused, Unavailable
from joch.observe.paths import Collection, collection

MAX_BODY = 256 * 1024
"""Bytes of an object that Joch makes; beyond, etcd and every watcher pay (rule 13)."""


class NotLeading(Unavailable):
    """This process does not hold the Lease any more; another one does the work."""


class Writer:
    """Writes to the API server while `may_write` says so."""

    def __init__(self, server: ApiServer, may_write: Callable[[], bool]) -> None:
        self._server = server
        self._may_write = may_write
        self.writes = 0

    async def patch_status(self, before: Resource, after: Status) -> Json | None:
        """Make an object's status be `after`; None when it is already, and nothing is sent.

        The merge patch carries the resourceVersion that `before` was read at, so a status is never
        written over what was not seen.

        Raises:
            Conflict: the object changed since; read and judge again.
            NotFound: the object is gone.
        """
        status = merge_patch(_status(before), after.to_wire())
        if not status:
            return None
        metadata = before.metadata
        if not metadata.resource_version:
            raise ValueError(f"{before.key} has no resourceVersion: its status cannot be written")
        path = collection(type(before)).status(metadata.namespace, metadata.name)
        patch = {"metadata": {"resourceVersion": metadata.resource_version}, "status": status}
        return await self._server.merge_patch(path, self._checked(patch))

    async def create(
        self, where: Collection, body: Mapping[str, Any], limit: int = MAX_BODY
    ) -> Json:
        """POST an object.

        Raises:
            Conflict: the name is taken.
            Refused: the object is larger than `limit` bytes, or the server refuses it.
        """
        path = where.inside(body["metadata"]["namespace"])
        return await self._server.create(path, self._checked(body, limit))

    async def replace(
        self, where: Collection, body: Mapping[str, Any], limit: int = MAX_BODY
    ) -> Json:
        """PUT an object over the version that its `metadata.resourceVersion` names.

        Raises:
            Conflict: it changed since; read again.
        """
        metadata = body["metadata"]
        path = where.one(metadata["namespace"], metadata["name"])
        return await self._server.replace(path, self._checked(body, limit))

    async def delete(self, where: Collection, namespace: str, name: str, uid: str) -> None:
        """DELETE exactly this object; gone already is fine."""
        self._fence()
        await self._server.delete(where.one(namespace, name), uid)

    def _checked(self, body: Mapping[str, Any], limit: int = MAX_BODY) -> bytes:
        """The JSON of a body that may be written."""
        data = to_json(body)
        size = stored_size(data)
        if size > limit:
            name = body.get("metadata", {}).get("name", "object")
            raise Refused(f"{name} has {size} bytes, more than the {limit} that Joch writes")
        self._fence()
        return data

    def _fence(self) -> None:
        if not self._may_write():
            raise NotLeading("this replica does not hold the Lease")
        self.writes += 1


def stored_size(data: bytes) -> int:
    """Bytes of a JSON text as the API server stores it: its own escapes `<`, `>` and `&`."""
    return len(data) + 5 * (data.count(b"<") + data.count(b">") + data.count(b"&"))


def _status(resource: Resource) -> Json:
    dumped = resource.model_dump(mode="json", by_alias=True, exclude_none=True, include={"status"})
    status: Json = dumped["status"]
    return status


def merge_patch(before: Json, after: Json) -> Json:
    """The merge patch (RFC 7386) between two statuses as `to_wire` gives them: without nulls.

    It is empty when they are equal.
    """
    patch: Json = {name: None for name in before if name not in after}
    for name, new in after.items():
        old = before.get(name)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            patch[name] = merge_patch(old, new)
        else:
            patch[name] = new
    return patch
