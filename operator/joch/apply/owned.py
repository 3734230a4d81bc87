"""Objects that Joch makes: their mark, their owners, and what a taken name means."""

import base64
from collections.abc import Mapping
from typing import Any

from joch.api.base import API_VERSION, Resource
from joch.api.statecheckpoint import StateCheckpointSpec
from joch.apply.writer import Writer
from joch.decide.names import MARK
from joch.observe.api_server import ApiServer, Conflict, Json
from joch.observe.paths import Collection


class NameTaken(Exception):
    """An object of this name exists and is not the one that Joch wants to make."""

    retryable = False


async def create_once(
    server: ApiServer,
    writer: Writer,
    where: Collection,
    body: Mapping[str, Any],
    same: Mapping[str, Any],
    limit: int,
) -> Json:
    """POST an object, or find the one that an earlier attempt made.

    `same` is what must be equal in the one found, nested as in the object (rule 5 of
    kubernetes-api.md): the mark, uids, digests, `immutable`.

    Raises:
        NameTaken: the one found differs.
    """
    try:
        return await writer.create(where, body, limit)
    except Conflict:
        metadata = body["metadata"]
        found = await server.get(where.one(metadata["namespace"], metadata["name"]))
        if not contains(found, same):
            taken = f"{body['kind']} {metadata['namespace']}/{metadata['name']}"
            raise NameTaken(f"{taken} exists and is not Joch's: delete it.") from None
        return found


def contains(found: Any, same: Any) -> bool:
    """Whether everything in `same` is found, mappings compared key by key."""
    if isinstance(same, Mapping):
        return isinstance(found, Mapping) and all(
            contains(found.get(name), value) for name, value in same.items()
        )
    return bool(found == same)


def record_body(namespace: str, name: str, spec: StateCheckpointSpec) -> dict[str, Any]:
    """A StateCheckpoint that records a switch. No owner: it must outlive its Conversation."""
    return {
        "apiVersion": API_VERSION,
        "kind": "StateCheckpoint",
        "metadata": {"namespace": namespace, "name": name, "labels": dict(MARK)},
        "spec": spec.to_wire(),
    }


def handoff_body(namespace: str, name: str, record_uid: str, data: bytes) -> dict[str, Any]:
    """The immutable Secret of a handoff, owned by its record and deleted with it."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "joch.dev/handoff",
        "metadata": {
            "namespace": namespace,
            "name": name,
            "labels": dict(MARK),
            "ownerReferences": [
                {
                    "apiVersion": API_VERSION,
                    "kind": "StateCheckpoint",
                    "name": name,
                    "uid": record_uid,
                    "controller": True,
                    "blockOwnerDeletion": False,
                }
            ],
        },
        "immutable": True,
        "data": {"request.json.gz": base64.b64encode(data).decode()},
    }


def owner(resource: Resource) -> dict[str, Any]:
    """The owner reference to one of our objects, as its controller."""
    return {
        "apiVersion": API_VERSION,
        "kind": resource.definition.kind,
        "name": resource.metadata.name,
        "uid": resource.metadata.uid,
        "controller": True,
        "blockOwnerDeletion": False,
    }
