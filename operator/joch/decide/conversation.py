"""What a Conversation needs: a first binding, its lost history back, a move, or nothing.

A Move is only a wish: whether the transcript can go there is judged by `joch.decide.switch`, which
needs the transcript itself.
"""

from collections.abc import Sequence

from joch.api.backend import Backend
from joch.api.conversation import (
    Binding,
    Conversation,
    ConversationCondition,
    ConversationReason,
    ResolvedBy,
    SwitchReason,
)
from joch.api.duration import seconds
from joch.api.modelroute import (
    Candidate,
    Constraints,
    ExistingConversations,
    FailBack,
    ModelRoute,
    Requirements,
    RouteReason,
    Switching,
)
from joch.api.statecheckpoint import CheckpointReason, Mode, Outcome, StateCheckpoint
from joch.decide.candidates import CandidateFacts
from joch.decide.checks import Demands, Scope, judge
from joch.decide.clock import elapsed
from joch.decide.conditions import stalled, waiting
from joch.decide.decision import (
    ConversationInput,
    Decision,
    Move,
    Rebuild,
    Refuse,
    Settle,
    TranscriptProblem,
)
from joch.decide.records import RecordFacts, surviving_chain, switches
from joch.decide.requests import verdict_status
from joch.decide.resolution import Pinned, Routed, Unresolved
from joch.decide.route import demands_of, nobody_eligible
from joch.decide.settled import (
    bind,
    name_taken,
    served_name,
    soonest,
    stay,
    transcript_known,
    unreadable,
)

__all__ = [
    "ConversationInput",
    "Decision",
    "Move",
    "Rebuild",
    "Refuse",
    "Settle",
    "TranscriptProblem",
    "decide_conversation",
    "name_taken",
    "needs_transcript",
    "unreadable",
]

_CONSTRAINTS = frozenset(
    {
        RouteReason.OUTSIDE_RESIDENCY,
        RouteReason.RESIDENCY_UNKNOWN,
        RouteReason.TOO_EXPENSIVE,
        RouteReason.PRICE_UNKNOWN,
        RouteReason.CAPABILITY_MISSING,
        RouteReason.CAPABILITY_UNKNOWN,
        RouteReason.CONTEXT_TOO_SMALL,
        RouteReason.CONTEXT_UNKNOWN,
        RouteReason.SAME_PROVIDER,
    }
)
"""Reasons that speak about the route's constraints; all others about the provider or model."""


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
        return _requested(facts, facts.request)
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
                reason, message = _no_route(facts.conversation, name)
                return stay(facts, stalled(reason, message))
            return _routed(facts, facts.route, resolved_by)


def demands(facts: ConversationInput) -> Demands:
    """What this conversation asks of a backend; a pinned one without a route asks nothing."""
    read = transcript_known(facts)
    tokens = None if read is None else read.tokens
    if facts.route is not None:
        return demands_of(facts.route, tokens)
    home = facts.conversation.metadata.namespace
    return Demands(Requirements(), Constraints(), None, home, tokens)


def _rebuild(facts: ConversationInput, chain: Sequence[RecordFacts]) -> Rebuild:
    last, resolution = chain[-1], facts.resolution
    target = next((c for c in facts.candidates if str(c.backend) == last.to_backend), None)
    unknown = isinstance(resolution, Unresolved)
    binding = Binding(
        backend=last.to_backend,
        gateway_model=served_name(target, facts.conversation) or last.to_backend,
        resolved_by=ResolvedBy.SESSION if unknown else resolution.resolved_by,
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
    if bound is None or _same(bound, target, facts):
        scope = Scope.NEW if bound is None else Scope.EXISTING
        verdict = judge(target, asked, scope)
        if _serves(verdict, scope):
            return bind(facts, target, resolved_by, None)
        message = f"pinned to {_against(verdict)} The conversation waits for it."
        return stay(facts, waiting(ConversationReason.PINNED_UNAVAILABLE, message))
    verdict = judge(target, asked, Scope.NEW)
    if not verdict.eligible:
        message = (
            f"pinned to {_against(verdict)} The conversation stays at {bound.backend} until "
            "it serves."
        )
        return stay(facts, waiting(ConversationReason.PINNED_UNAVAILABLE, message))
    return Move(
        target=target,
        reason=SwitchReason.SESSION_EDITED,
        message=f"spec.model pins the conversation to {target.backend}.",
        switching=Switching(),
        route=None,
        resolved_by=resolved_by,
        serves=_serves(judge(bound, asked, Scope.EXISTING), Scope.EXISTING),
    )


def _routed(
    facts: ConversationInput, route: ModelRoute, resolved_by: ResolvedBy
) -> Move | Settle:
    asked = demands(facts)
    verdicts = tuple(judge(candidate, asked, Scope.NEW) for candidate in facts.candidates)
    if facts.bound is None:
        target = _first_eligible(facts.candidates, verdicts)
        if target is None:
            return stay(facts, waiting(*_nobody(route, verdicts, None)))
        return bind(facts, target, resolved_by, route)
    current = judge(facts.bound, asked, Scope.EXISTING)
    if _serves(current, Scope.EXISTING):
        return _serving(facts, facts.bound, route, verdicts, resolved_by)
    return _failing(facts, current, route, verdicts, resolved_by)


def _serving(
    facts: ConversationInput,
    bound: CandidateFacts,
    route: ModelRoute,
    verdicts: Sequence[Candidate],
    resolved_by: ResolvedBy,
) -> Move | Settle:
    """Its backend serves: it stays, unless the route prefers another and may call it there."""
    settled = bind(facts, bound, resolved_by, route)
    preferred = _preferred(facts, bound, verdicts)
    reason = None if preferred is None else _why_leave(route.spec.switching, facts, preferred)
    if preferred is None or reason is None:
        return settled
    left = _interval_left(facts, route)
    if left > 0:
        return soonest(settled, left)
    return Move(
        target=preferred,
        reason=reason,
        message=f"the route prefers {preferred.backend}.",
        switching=route.spec.switching,
        route=route.metadata.name,
        resolved_by=resolved_by,
        serves=True,
    )


def _failing(
    facts: ConversationInput,
    current: Candidate,
    route: ModelRoute,
    verdicts: Sequence[Candidate],
    resolved_by: ResolvedBy,
) -> Move | Settle:
    """Its backend does not serve: it moves to the first that does, unless it must stay or wait."""
    switching = route.spec.switching
    if switching.existing_conversations is ExistingConversations.STAY:
        message = f"bound to {_against(current)} existingConversations is Stay."
        return stay(facts, waiting(ConversationReason.STAYS_UNAVAILABLE, message))
    target = _first_eligible(facts.candidates, verdicts)
    if target is None:
        return stay(facts, waiting(*_nobody(route, verdicts, current)))
    move = Move(
        target=target,
        reason=_why_failing(current),
        message=_against(current),
        switching=switching,
        route=route.metadata.name,
        resolved_by=resolved_by,
        serves=False,
    )
    left = _interval_left(facts, route)
    if left <= 0:
        return move
    message = (
        f"{move.message} The switch to {target.backend} waits until "
        f"spec.switching.minimumInterval of ModelRoute {route.key} has passed."
    )
    return soonest(stay(facts, waiting(ConversationReason.MINIMUM_INTERVAL, message)), left)


def _preferred(
    facts: ConversationInput, bound: CandidateFacts, verdicts: Sequence[Candidate]
) -> CandidateFacts | None:
    """The first eligible candidate that the route ranks above the bound one.

    A bound backend that is disabled or not probed again yet is not eligible for new conversations,
    and keeps its rank: what the route ranks below it is not preferred.
    """
    ranked = (i for i, each in enumerate(facts.candidates) if _same(each, bound, facts))
    rank = next(ranked, len(facts.candidates))
    return _first_eligible(facts.candidates[:rank], verdicts[:rank])


def _first_eligible(
    candidates: Sequence[CandidateFacts], verdicts: Sequence[Candidate]
) -> CandidateFacts | None:
    judged = zip(candidates, verdicts, strict=True)
    return next((candidate for candidate, verdict in judged if verdict.eligible), None)


def _why_leave(
    switching: Switching, facts: ConversationInput, preferred: CandidateFacts
) -> SwitchReason | None:
    """Why a conversation leaves a backend that serves; None: it stays."""
    match switching.existing_conversations:
        case ExistingConversations.FOLLOW_ROUTE:
            return SwitchReason.ROUTE_PREFERS
        case ExistingConversations.MOVE_WHEN_UNAVAILABLE:
            returns = switching.fail_back is FailBack.AUTOMATIC and _failed_away(facts, preferred)
            return SwitchReason.FAILED_BACK if returns else None
        case _:
            return None


def _failed_away(facts: ConversationInput, target: CandidateFacts) -> bool:
    """Whether the conversation was at the target, and left it last because it failed."""
    left = [s for s in facts.conversation.status.switches if s.from_backend == str(target.backend)]
    return bool(left) and left[-1].reason == SwitchReason.PROVIDER_UNAVAILABLE


def _why_failing(current: Candidate) -> SwitchReason:
    """By the first objection that keeps a bound backend from serving."""
    first = next(r.reason for r in current.reasons if r.reason != RouteReason.NOT_PROBED)
    broken = first in _CONSTRAINTS
    return SwitchReason.CONSTRAINT_BROKEN if broken else SwitchReason.PROVIDER_UNAVAILABLE


def _interval_left(facts: ConversationInput, route: ModelRoute) -> float:
    """Seconds until `minimumInterval` has passed since the last switch."""
    status = facts.conversation.status
    if status.binding is None or status.switch_count == 0:
        return 0.0
    interval = seconds(route.spec.switching.minimum_interval)
    return max(0.0, interval - elapsed(status.binding.since, facts.now))


def _requested(facts: ConversationInput, request: StateCheckpoint) -> Move | Refuse:
    route, bound = facts.route, facts.bound
    target = next(c for c in facts.candidates if str(c.backend) == request.spec.to_backend)
    refusal = _refusal(facts, request, target)
    if refusal is not None:
        verdicts = stalled(CheckpointReason.BACKEND_NOT_ELIGIBLE, refusal)
        return Refuse(request, verdict_status(request, verdicts, facts.now, Outcome.REFUSED))
    current = None if bound is None else judge(bound, demands(facts), Scope.EXISTING)
    return Move(
        target=target,
        reason=SwitchReason.REQUESTED,
        message=f"StateCheckpoint {request.key} asks for it.",
        switching=route.spec.switching if route is not None else Switching(),
        route=route.metadata.name if route is not None else None,
        resolved_by=ResolvedBy.SESSION,
        serves=current is not None and _serves(current, Scope.EXISTING),
        request=request,
    )


def _refusal(
    facts: ConversationInput, request: StateCheckpoint, target: CandidateFacts
) -> str | None:
    """Why a person's request may not be done, or would be undone at once; None: it may."""
    resolution, conversation = facts.resolution, facts.conversation
    if facts.bound is not None and _same(facts.bound, target, facts):
        return f"spec.toBackend {target.backend} is what {conversation.key} is bound to already."
    if isinstance(resolution, Routed) and facts.route is None:
        return _no_route(conversation, resolution.route_name)[1]
    verdict = judge(target, demands(facts), Scope.NEW)
    if not verdict.eligible:
        return _against(verdict)
    if request.spec.mode is Mode.DRY_RUN:
        return None
    if isinstance(resolution, Pinned) and resolution.resolved_by is ResolvedBy.SESSION:
        return _refused_by_pin(facts, resolution.backend, target)
    if facts.route is not None:
        return _refused_by_route(facts, facts.route, target)
    return None


def _refused_by_pin(
    facts: ConversationInput, pinned: Backend, target: CandidateFacts
) -> str | None:
    if _equal(pinned, target.backend, facts):
        return None
    return (
        f"spec.model of Conversation {facts.conversation.key} pins it to {pinned}, so it would "
        f"return at once: set spec.model to {target.backend} instead."
    )


def _refused_by_route(
    facts: ConversationInput, route: ModelRoute, target: CandidateFacts
) -> str | None:
    if route.spec.switching.existing_conversations is not ExistingConversations.FOLLOW_ROUTE:
        return None
    asked, candidates = demands(facts), facts.candidates[: len(route.backends)]
    first = next((c for c in candidates if judge(c, asked, Scope.NEW).eligible), None)
    if first is None or _same(first, target, facts):
        return None
    return (
        f"ModelRoute {route.key} prefers {first.backend} and its "
        f"spec.switching.existingConversations is FollowRoute, so the conversation would return "
        f"at once: put {target.backend} first in spec.strategy of the route."
    )


def _same(one: CandidateFacts, other: CandidateFacts, facts: ConversationInput) -> bool:
    return _equal(one.backend, other.backend, facts)


def _equal(one: Backend, other: Backend, facts: ConversationInput) -> bool:
    """Whether two backends are one: in namespace `rig`, `rig/openai:gpt` is `openai:gpt`."""
    home = facts.conversation.metadata.namespace
    return one.model == other.model and one.provider_key(home) == other.provider_key(home)


def _serves(verdict: Candidate, scope: Scope) -> bool:
    """Whether a backend serves: eligible, or bound already and merely not probed again yet."""
    if scope is Scope.NEW:
        return verdict.eligible
    return all(reason.reason == RouteReason.NOT_PROBED for reason in verdict.reasons)


def _against(verdict: Candidate) -> str:
    """The backend and the first thing that speaks against it, as a sentence."""
    passing = (r.message for r in verdict.reasons if r.reason != RouteReason.NOT_PROBED)
    first = next(passing, verdict.reasons[0].message if verdict.reasons else "")
    return f"{verdict.backend}: {first}"


def _nobody(
    route: ModelRoute, verdicts: Sequence[Candidate], current: Candidate | None
) -> tuple[ConversationReason, str]:
    """No candidate is eligible: each one's first objection, and the bound one's where it stays."""
    head = f"ModelRoute {route.key} has no eligible backend for this conversation"
    if current is None:
        message = nobody_eligible(f"{head}.", verdicts)
    else:
        head = f"{head}, which stays at {current.backend}."
        others = (each for each in verdicts if each.backend != current.backend)
        message = nobody_eligible(head, (current, *others))
    return ConversationReason.NO_ELIGIBLE_BACKEND, message


def _no_route(conversation: Conversation, name: str) -> tuple[ConversationReason, str]:
    message = (
        f"ModelRoute {conversation.metadata.namespace}/{name} does not exist: "
        "create it, or change spec.routeRef."
    )
    return ConversationReason.ROUTE_NOT_FOUND, message
