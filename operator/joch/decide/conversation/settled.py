"""The status of a Conversation that stays where it is: bound, or waiting, and for what."""

from collections.abc import Sequence
from dataclasses import replace

from joch.api.conditions import Condition
from joch.api.conversation import (
    Binding,
    Conversation,
    ConversationCondition,
    ConversationReason,
    ResolvedBy,
    TranscriptStatus,
)
from joch.api.modelroute import ModelRoute
from joch.decide.clock import elapsed
from joch.decide.conditions import Verdict, ready, settle, stalled, waiting
from joch.decide.conversation.decision import ConversationInput, Move, Settle, TranscriptProblem
from joch.decide.names import gateway_model
from joch.decide.route.candidates import CandidateFacts

TRANSCRIPT_RECHECK = 30.0
"""Seconds until a source that is not watched is read again, at the least."""

LONGEST_RECHECK = 600.0

NAME_RECHECK = 10.0
"""Seconds until a name that somebody else's object has is tried again: few ever wait for one."""


def bind(
    facts: ConversationInput,
    target: CandidateFacts,
    resolved_by: ResolvedBy,
    route: ModelRoute | None,
) -> Settle:
    """Bound to the target for the first time, or still, with what may have changed around it."""
    old = facts.conversation.status.binding
    backend = str(target.backend) if old is None else old.backend
    known = served_name(target, facts.home)
    binding = Binding(
        backend=backend,
        gateway_model=known or (backend if old is None else old.gateway_model),
        resolved_by=resolved_by,
        route=route.metadata.name if route is not None else None,
        checkpoint=None if old is None else old.checkpoint,
        since=facts.now if old is None else old.since,
    )
    message = f"bound to {backend}: ask the gateway for {binding.gateway_model}"
    settled = stay(facts, ready(ConversationReason.BOUND, message))
    return replace(settled, status=settled.status.model_copy(update={"binding": binding}))


def stay(facts: ConversationInput, verdicts: tuple[Verdict, ...]) -> Settle:
    """The status with these verdicts and nothing held; the binding stays what it is.

    A transcript that could not be read is read again after a while: its source is not watched.
    """
    conversation = facts.conversation
    status, generation = conversation.status, conversation.metadata.generation
    conditions = settle(status.conditions, (*verdicts, *_readability(facts)), generation, facts.now)
    settled = status.model_copy(
        update={
            "observed_generation": generation,
            "conditions": (*conditions, *_kept_readability(facts)),
            "transcript": transcript_known(facts),
            "held_switch": None,
        }
    )
    unread = isinstance(facts.transcript, TranscriptProblem)
    return Settle(settled, recheck=_until_reread(conditions, facts.now) if unread else None)


def _until_reread(conditions: Sequence[Condition], now: str) -> float:
    """As long as it has been unreadable already, within limits: many that stay so cost little."""
    kind = ConversationCondition.TRANSCRIPT_READABLE
    since = next((c.last_transition_time for c in conditions if c.type == kind), now)
    return min(max(TRANSCRIPT_RECHECK, elapsed(since, now)), LONGEST_RECHECK)


def soonest(settled: Settle, seconds: float) -> Settle:
    """The same, looked at again after `seconds` at the latest."""
    due = seconds if settled.recheck is None else min(seconds, settled.recheck)
    return replace(settled, recheck=due)


def unreadable(facts: ConversationInput, wish: Move, problem: TranscriptProblem) -> Settle:
    """The switch waits for a transcript that can be read; it is read again after a while."""
    message = f"{wish.message} The switch to {wish.target.backend} waits: {problem.message}"
    verdicts = serving_or_waiting(facts.conversation, wish, problem.reason, message)
    return stay(replace(facts, transcript=problem), verdicts)


def name_taken(facts: ConversationInput, wish: Move, problem: str) -> Settle:
    """The switch waits until somebody else's object has left the name."""
    message = f"{wish.message} The switch to {wish.target.backend} waits: {problem}"
    settled = stay(facts, stalled(ConversationReason.NAME_TAKEN, message))
    return soonest(settled, NAME_RECHECK)


def serving_or_waiting(
    conversation: Conversation, wish: Move, reason: ConversationReason, message: str
) -> tuple[Verdict, ...]:
    """Ready while the backend that should be left still serves, else waiting for the reason."""
    binding = conversation.status.binding
    if binding is not None and wish.serves:
        return ready(ConversationReason.BOUND, f"bound to {binding.backend}. {message}")
    return waiting(reason, message)


def readable(read: TranscriptStatus) -> Verdict:
    """The condition of a transcript that was read."""
    return Verdict(
        ConversationCondition.TRANSCRIPT_READABLE,
        "True",
        ConversationReason.TRANSCRIPT_READ,
        f"{read.messages} messages, about {read.tokens} tokens",
    )


def transcript_known(facts: ConversationInput) -> TranscriptStatus | None:
    """The transcript as it was read now or last; None where the spec names none."""
    if isinstance(facts.transcript, TranscriptStatus):
        return facts.transcript
    conversation = facts.conversation
    return None if conversation.spec.transcript is None else conversation.status.transcript


def served_name(target: CandidateFacts | None, home: str) -> str | None:
    """The model to ask the gateway for; None where the target's Model is not known."""
    if target is None or target.model is None:
        return None
    return gateway_model(target.model, home)


def _readability(facts: ConversationInput) -> tuple[Verdict, ...]:
    kind = ConversationCondition.TRANSCRIPT_READABLE
    match facts.transcript:
        case TranscriptProblem(reason, message):
            return (Verdict(kind, "False", reason, message),)
        case TranscriptStatus() as read:
            return (readable(read),)
        case None:
            return ()


def _kept_readability(facts: ConversationInput) -> Sequence[Condition]:
    """What was said of the transcript when it was last read, while the spec still names one."""
    if facts.transcript is not None or facts.conversation.spec.transcript is None:
        return ()
    kind = ConversationCondition.TRANSCRIPT_READABLE
    return tuple(c for c in facts.conversation.status.conditions if c.type == kind)
