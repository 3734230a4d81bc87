"""StateCheckpoints, of which there are tens of thousands: records are kept as their facts."""

from collections.abc import Iterator

from joch.api.statecheckpoint import StateCheckpoint
from joch.decide.history.records import RecordFacts
from joch.observe.cache.groups import Groups
from joch.observe.cache.store import Raw, Store

Kept = RecordFacts | StateCheckpoint
"""A record's facts, or a request."""


class CheckpointStore(Store[Kept]):
    """All StateCheckpoints: records as facts, requests whole; both by conversation."""

    def __init__(self) -> None:
        super().__init__()
        self._records = Groups()
        self._requests = Groups()
        self.stored_bytes = 0
        """Bytes of the handoffs of all records."""

    def conversation_of(self, key: str) -> str | None:
        """The key of the Conversation that a checkpoint names."""
        kept = self._kept.get(key)
        return None if kept is None else _conversation(kept)

    def records(self, conversation: str) -> tuple[RecordFacts, ...]:
        """All records that name this conversation, lowest ordinal first."""
        kept = (self._kept[key] for key in self._records.keys(conversation))
        found = [each for each in kept if isinstance(each, RecordFacts)]
        return tuple(sorted(found, key=lambda record: (record.ordinal, record.name)))

    def all_records(self) -> Iterator[RecordFacts]:
        """Every record."""
        return (kept for kept in self._kept.values() if isinstance(kept, RecordFacts))

    def requests(self, conversation: str) -> tuple[StateCheckpoint, ...]:
        """All requests that name this conversation, oldest first."""
        kept = (self._kept[key] for key in self._requests.keys(conversation))
        found = [each for each in kept if isinstance(each, StateCheckpoint)]
        return tuple(
            sorted(found, key=lambda item: (item.metadata.creation_timestamp, item.metadata.name))
        )

    def _is_news(self, key: str, raw: Raw) -> bool:
        """A record never changes, so a later version of it is no news either."""
        is_known = self.versions.uid(key) == raw["metadata"]["uid"]
        return not (is_known and _is_record(raw)) and super()._is_news(key, raw)

    def _read(self, raw: Raw) -> Kept:
        checkpoint = StateCheckpoint.model_validate(raw)
        return RecordFacts.of(checkpoint) if _is_record(raw) else checkpoint

    def _index(self, key: str, kept: Kept) -> None:
        self._groups(kept).add(_conversation(kept), key)
        self.stored_bytes += _handoff_bytes(kept)

    def _unindex(self, key: str, kept: Kept) -> None:
        self._groups(kept).discard(_conversation(kept), key)
        self.stored_bytes -= _handoff_bytes(kept)

    def _groups(self, kept: Kept) -> Groups:
        return self._records if isinstance(kept, RecordFacts) else self._requests


def _is_record(raw: Raw) -> bool:
    return "record" in raw["spec"]


def _conversation(kept: Kept) -> str:
    if isinstance(kept, RecordFacts):
        return f"{kept.namespace}/{kept.conversation}"
    return f"{kept.metadata.namespace}/{kept.spec.conversation_ref.name}"


def _handoff_bytes(kept: Kept) -> int:
    return kept.handoff_bytes if isinstance(kept, RecordFacts) else 0
