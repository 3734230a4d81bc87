"""Events (events.k8s.io/v1): what `kubectl describe` and `kubectl get events` show.

Posted after the durable fact is in a status: the name is deterministic, so a second post is a 409
and that counts as success.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joch.api.base import API_VERSION, Resource
from joch.apply.writer import Writer
from joch.decide.clock import parse, render
from joch.observe.api_server import ApiError, Conflict
from joch.observe.paths import EVENTS

CONTROLLER = "joch.dev/operator"
MAX_NOTE = 1000
"""Bytes; the API server takes 1,024."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """An event to be: `name` must be the same for the same happening, `at` is RFC 3339 text."""

    regarding: Resource
    name: str
    type: str
    reason: str
    action: str
    note: str
    at: str
    annotations: Mapping[str, str] = field(default_factory=dict)


async def post(writer: Writer, notice: Notice, instance: str) -> None:
    """Post an event; a refusal is logged and never undoes what the event tells.

    Raises:
        Unavailable: it may be posted later.
    """
    try:
        await writer.create(EVENTS, event(notice, instance))
    except Conflict:
        return
    except ApiError as error:
        if error.retryable:
            raise
        log.warning(
            "event %s about %s was not posted: %s", notice.reason, notice.regarding.key, error
        )


def event(notice: Notice, instance: str) -> dict[str, Any]:
    """The events.k8s.io/v1 object of a notice."""
    metadata = notice.regarding.metadata
    return {
        "apiVersion": "events.k8s.io/v1",
        "kind": "Event",
        "metadata": {
            "name": notice.name,
            "namespace": metadata.namespace,
            "annotations": dict(notice.annotations),
        },
        "eventTime": render(parse(notice.at)),
        "reportingController": CONTROLLER,
        "reportingInstance": instance,
        "action": notice.action,
        "reason": notice.reason,
        "type": notice.type,
        "note": cut_bytes(notice.note, MAX_NOTE),
        "regarding": {
            "apiVersion": API_VERSION,
            "kind": notice.regarding.definition.kind,
            "name": metadata.name,
            "namespace": metadata.namespace,
            "uid": metadata.uid,
            "resourceVersion": metadata.resource_version,
        },
    }


def cut_bytes(text: str, limit: int) -> str:
    """The text in at most `limit` bytes of UTF-8, cut between characters."""
    data = text.encode()
    if len(data) <= limit:
        return text
    return data[: limit - 3].decode(errors="ignore") + "…"
