"""Which of a person's StateCheckpoints may act: old ones never do.

A request acts only while its `fromBackend` is the binding and it is younger than that binding, and
never under a name that has acted already: applying an old one again, or rebuilding a cluster from
Git, moves nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from joch.api.conversation import Conversation
from joch.api.statecheckpoint import (
    CheckpointReason,
    Compatibility,
    Mode,
    Outcome,
    StateCheckpoint,
    StateCheckpointStatus,
)
from joch.decide.clock import after
from joch.decide.conditions import Verdict, ready, settle, stalled, waiting
from joch.decide.history.records import RecordFacts, committed_chain


@dataclass(frozen=True, slots=True)
class Requests:
    """The statuses of requests that are decided, and the oldest of those that may act."""

    decided: tuple[tuple[StateCheckpoint, StateCheckpointStatus], ...]
    acting: StateCheckpoint | None


def sort_requests(
    conversation: Conversation | None,
    requests: Sequence[StateCheckpoint],
    records: Sequence[RecordFacts],
    now: str,
) -> Requests:
    """Decide what needs no transcript: requests that led to a switch, or are too old."""
    binding = None if conversation is None else conversation.status.binding
    committed = committed_chain(records, None if binding is None else binding.checkpoint)
    led_to = {record.request: record for record in committed if record.request is not None}
    decided = []
    acting: StateCheckpoint | None = None
    for request in requests:
        if request.status.outcome is not None:
            continue
        status = _decided(conversation, request, led_to.get(request.metadata.name), now)
        if status is not None:
            decided.append((request, status))
        elif acting is None:
            acting = request
    return Requests(tuple(decided), acting)


def _decided(
    conversation: Conversation | None,
    request: StateCheckpoint,
    record: RecordFacts | None,
    now: str,
) -> StateCheckpointStatus | None:
    if conversation is None:
        name = f"{request.metadata.namespace}/{request.spec.conversation_ref.name}"
        message = f"Conversation {name} does not exist: create it, or change spec.conversationRef."
        return verdict_status(
            request, stalled(CheckpointReason.CONVERSATION_NOT_FOUND, message), now
        )
    if record is not None and not after(request.metadata.creation_timestamp, record.created):
        return switched(request, record.name, None, now)
    binding = conversation.status.binding
    if binding is None:
        message = f"Conversation {conversation.key} is not bound yet."
        return verdict_status(request, waiting(CheckpointReason.NOT_BOUND, message), now)
    if record is not None:
        message = (
            f"StateCheckpoint {record.name} records what came of an earlier one of this name: "
            "nothing was moved. Give a new one another name."
        )
    elif binding.backend != request.spec.from_backend:
        message = (
            f"Conversation {conversation.key} is bound to {binding.backend}, not to "
            f"spec.fromBackend {request.spec.from_backend}: nothing was moved."
        )
    elif not after(request.metadata.creation_timestamp, binding.since):
        message = (
            f"Conversation {conversation.key} was bound at {binding.since}, after this request "
            "was made: nothing was moved. Make a new StateCheckpoint to move it."
        )
    else:
        return None
    verdicts = stalled(CheckpointReason.SUPERSEDED, message)
    return verdict_status(request, verdicts, now, Outcome.SUPERSEDED)


def switched(
    request: StateCheckpoint, record: str, compatibility: Compatibility | None, now: str
) -> StateCheckpointStatus:
    """The status of a request whose switch was committed."""
    message = f"the conversation moved to {request.spec.to_backend}: {record} records it"
    status = verdict_status(
        request, ready(CheckpointReason.SWITCHED, message), now, Outcome.SWITCHED, compatibility
    )
    return status.model_copy(update={"checkpoint": record})


def verdict_status(
    request: StateCheckpoint,
    verdicts: tuple[Verdict, ...],
    now: str,
    outcome: Outcome | None = None,
    compatibility: Compatibility | None = None,
) -> StateCheckpointStatus:
    """A request's status with these verdicts; without an outcome it stays open."""
    generation = request.metadata.generation
    return request.status.model_copy(
        update={
            "observed_generation": generation,
            "conditions": settle(request.status.conditions, verdicts, generation, now),
            "outcome": outcome,
            "compatibility": compatibility or request.status.compatibility,
        }
    )


def answered(
    request: StateCheckpoint, compatibility: Compatibility, now: str, why: str = ""
) -> StateCheckpointStatus:
    """The status of a request that moved nothing: a dry run's report, or held, and `why`."""
    if request.spec.mode is Mode.DRY_RUN:
        verdicts = ready(CheckpointReason.REPORTED, f"{compatibility.verdict}: nothing was moved")
        return verdict_status(request, verdicts, now, Outcome.REPORTED, compatibility)
    verdicts = stalled(CheckpointReason.HELD, f"nothing was moved: {why}")
    return verdict_status(request, verdicts, now, Outcome.HELD, compatibility)


def unread(request: StateCheckpoint, problem: str, now: str) -> StateCheckpointStatus:
    """The status of a request that stays open until the transcript can be read."""
    verdicts = waiting(CheckpointReason.TRANSCRIPT_UNREADABLE, f"nothing was moved yet: {problem}")
    return verdict_status(request, verdicts, now)
