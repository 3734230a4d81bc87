"""What a Conversation needs: a first binding, its lost history back, a move, or nothing.

A Move is only a wish: whether the transcript can go there is judged by `joch.decide.switch`, which
needs the transcript itself.
"""

from collections.abc import Sequence

from joch.api.conversation import (
    Binding,
    Conversation,
    ConversationCondition,
    ConversationReason,
    ResolvedBy,
    SwitchReason,
)
from joch.api.modelroute import (
    Switching,
)
from joch.decide.conditions import stalled, waiting
from joch.decide.conversation.asked import decide_request
from joch.decide.conversation.decision import (
    ConversationInput,
    Decision,
    Move,
    Rebuild,
    Settle,
)
from joch.decide.conversation.resolution import Pinned, Routed, Unresolved
from joch.decide.conversation.routed import decide_routed
from joch.decide.conversation.settled import bind, served_name, stay
from joch.decide.conversation.standing import against, demands, no_route, same_backend, serves
from joch.decide.history.records import RecordFacts, surviving_chain, switches
from joch.decide.route.candidates import CandidateFacts
from joch.decide.route.checks import Scope, judge


def needs_transcript(conversation: Conversation, records: Sequence[RecordFacts]) -> bool:
    """Whether the transcript is read before the Conversation is judged.

    Its size matters when a backend is chosen for the first time, and its readability is told when
    the spec was edited and for as long as it could not be read. A Conversation whose history comes
    from its records needs neither.
    """
    if conversation.spec.transcript is None:
        return False
    status = conversation.status
    if status.binding is None:
        return not records
    kind = ConversationCondition.TRANSCRIPT_READABLE
    unread = any(c.type == kind and c.status == "False" for c in status.conditions)
    return unread or status.observed_generation != conversation.metadata.generation


def decide_conversation(facts: ConversationInput) -> Decision:
    """Judge one Conversation: first its lost history, then a person's request, then its levels."""
    binding = facts.conversation.status.binding
    chain = surviving_chain(facts.records) if binding is None else ()
    if chain:
        return _rebuild(facts, chain)
    if facts.request is not None:
        return decide_request(facts, facts.request)
    match facts.resolution:
        case Unresolved(reason, message):
            if facts.bound is not None and binding is not None:
                return _pinned(facts, facts.bound, binding.resolved_by)
            return stay(facts, stalled(reason, message))
        case Pinned(resolved_by=ResolvedBy.SYSTEM_DEFAULT) if facts.bound is not None:
            # Another default Model is for new conversations: existing ones stay where they are.
            return _pinned(facts, facts.bound, ResolvedBy.SYSTEM_DEFAULT)
        case Pinned(resolved_by=resolved_by):
            return _pinned(facts, facts.candidates[0], resolved_by)
        case Routed(route_name=name, resolved_by=resolved_by):
            if facts.route is None:
                reason, message = no_route(facts.conversation, name)
                return stay(facts, stalled(reason, message))
            return decide_routed(facts, facts.route, resolved_by)


def _rebuild(facts: ConversationInput, chain: Sequence[RecordFacts]) -> Rebuild:
    last, resolution = chain[-1], facts.resolution
    match resolution:
        case Unresolved():
            resolved_by = ResolvedBy.SESSION
        case Pinned() | Routed():
            resolved_by = resolution.resolved_by
    target = next((c for c in facts.candidates if str(c.backend) == last.to_backend), None)
    binding = Binding(
        backend=last.to_backend,
        gateway_model=served_name(target, facts.home) or last.to_backend,
        resolved_by=resolved_by,
        route=facts.route.metadata.name if facts.route is not None else None,
        checkpoint=last.name,
        since=last.created,
    )
    status = facts.conversation.status.model_copy(
        update={
            "binding": binding,
            "switch_count": last.ordinal,
            "switches": switches(chain),
        }
    )
    return Rebuild(status)


def _pinned(
    facts: ConversationInput, target: CandidateFacts, resolved_by: ResolvedBy
) -> Move | Settle:
    """Bound to the one backend that may serve, or on the way to it, or waiting for it."""
    asked, bound = demands(facts), facts.bound
    if bound is None or same_backend(bound, target, facts):
        scope = Scope.NEW if bound is None else Scope.EXISTING
        verdict = judge(target, asked, scope)
        if serves(verdict, scope):
            return bind(facts, target, resolved_by, None)
        message = f"{_held_by(facts)} and waits for {against(verdict)}"
        return stay(facts, waiting(ConversationReason.PINNED_UNAVAILABLE, message))
    verdict = judge(target, asked, Scope.NEW)
    if not verdict.eligible:
        message = (
            f"{_held_by(facts)} and stays at {bound.backend} until it can go to {against(verdict)}"
        )
        return stay(facts, waiting(ConversationReason.PINNED_UNAVAILABLE, message))
    return Move(
        target=target,
        reason=SwitchReason.SESSION_EDITED,
        message=f"spec.model pins the conversation to {target.backend}.",
        switching=Switching(),
        route=None,
        resolved_by=resolved_by,
        serves=serves(judge(bound, asked, Scope.EXISTING), Scope.EXISTING),
    )


def _held_by(facts: ConversationInput) -> str:
    """The conversation and the field that leaves it one backend only, as a sentence begins."""
    conversation = facts.conversation
    name = f"Conversation {conversation.key}"
    if conversation.spec.model is not None:
        return f"{name} is pinned by spec.model"
    if isinstance(facts.resolution, Pinned):
        return f"{name} has the default Model of its namespace"
    return f"{name} keeps the backend that it was bound to"
