"""What the records of a conversation's switches tell: its history, and which of them are waste.

A record is committed when it is reachable from `status.binding.checkpoint` through
`record.previous`; any other is an orphan of a crash or of a decision that was overtaken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from joch.api.conversation import Conversation, Switch
from joch.api.statecheckpoint import StateCheckpoint
from joch.decide.clock import parse

KEPT_SWITCHES = 10


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """A committed or orphaned record, as far as decisions need it. Times are RFC 3339 text."""

    namespace: str
    name: str
    uid: str
    created: str
    conversation: str
    conversation_uid: str
    ordinal: int
    previous: str | None
    from_backend: str
    to_backend: str
    reason: str
    request: str | None
    handoff_secret: str
    handoff_bytes: int

    @classmethod
    def of(cls, checkpoint: StateCheckpoint) -> Self:
        """The facts of a record.

        Raises:
            ValueError: the checkpoint is a request, not a record.
        """
        record = checkpoint.spec.record
        if record is None:
            raise ValueError(f"StateCheckpoint {checkpoint.key} is a request, not a record")
        return cls(
            namespace=checkpoint.metadata.namespace,
            name=checkpoint.metadata.name,
            uid=checkpoint.metadata.uid,
            created=checkpoint.metadata.creation_timestamp,
            conversation=checkpoint.spec.conversation_ref.name,
            conversation_uid=record.conversation_uid,
            ordinal=record.ordinal,
            previous=record.previous,
            from_backend=checkpoint.spec.from_backend,
            to_backend=checkpoint.spec.to_backend,
            reason=(checkpoint.spec.reason or "").partition(":")[0],
            request=record.request,
            handoff_secret=record.handoff_secret.name,
            handoff_bytes=record.handoff_secret.bytes,
        )


def committed_chain(
    records: Iterable[RecordFacts], checkpoint: str | None
) -> tuple[RecordFacts, ...]:
    """The records reachable from a checkpoint's name, oldest first; a gap ends the chain."""
    by_name = {record.name: record for record in records}
    chain: list[RecordFacts] = []
    name = checkpoint
    while name is not None and name in by_name:
        record = by_name.pop(name)
        chain.append(record)
        name = record.previous
    return tuple(reversed(chain))


def surviving_chain(records: Sequence[RecordFacts]) -> tuple[RecordFacts, ...]:
    """The history of a conversation that lost its status, oldest first.

    The record of the highest ordinal is its end. Several share it where attempts were overtaken: a
    later one is only begun after the status was read again without the one before, so the youngest
    is the one that can have been committed. Where two of one second lead to different backends
    nobody knows, and the chain ends at the last ordinal that is certain.
    """
    for ordinal in sorted({record.ordinal for record in records}, reverse=True):
        attempts = [record for record in records if record.ordinal == ordinal]
        named = {record.previous for record in records if record.ordinal == ordinal + 1}
        last = _committed([each for each in attempts if each.name in named] or attempts)
        if last is not None:
            return committed_chain(records, last.name)
    return ()


def _committed(attempts: Sequence[RecordFacts]) -> RecordFacts | None:
    """Of several attempts at one switch the one that was committed; None: nobody knows."""
    newest = max(attempts, key=lambda record: (parse(record.created), record.name))
    tied = [each for each in attempts if parse(each.created) == parse(newest.created)]
    return newest if len({each.to_backend for each in tied}) == 1 else None


def switches(chain: Sequence[RecordFacts]) -> tuple[Switch, ...]:
    """The last ten switches as a Conversation's status shows them."""
    return tuple(
        Switch(
            ordinal=record.ordinal,
            from_backend=record.from_backend,
            to_backend=record.to_backend,
            checkpoint=record.name,
            reason=record.reason,
            at=record.created,
        )
        for record in chain[-KEPT_SWITCHES:]
    )


def belongs_to(record: RecordFacts, conversation: Conversation) -> bool:
    """Whether the record speaks of the conversation of this name, this one or one before it."""
    return (
        record.namespace == conversation.metadata.namespace
        and record.conversation == conversation.metadata.name
    )
