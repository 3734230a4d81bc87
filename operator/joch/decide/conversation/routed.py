"""A conversation that a ModelRoute decides: where it is bound first, and when it moves on."""

from collections.abc import Sequence

from joch.api.conversation import ConversationReason, ResolvedBy, SwitchReason
from joch.api.duration import seconds
from joch.api.modelroute import (
    Candidate,
    ExistingConversations,
    FailBack,
    ModelRoute,
    RouteReason,
    Switching,
)
from joch.decide.clock import elapsed
from joch.decide.conditions import waiting
from joch.decide.conversation.decision import ConversationInput, Move, Settle
from joch.decide.conversation.settled import bind, soonest, stay
from joch.decide.conversation.standing import against, demands, same_backend, serves, soon_known
from joch.decide.route.candidates import CandidateFacts
from joch.decide.route.checks import Demands, Scope, eligible, judge
from joch.decide.route.status import nobody_eligible

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


def decide_routed(
    facts: ConversationInput, route: ModelRoute, resolved_by: ResolvedBy
) -> Move | Settle:
    """Judge the bound candidate by what holds for existing ones, and others as far as it takes.

    A dead provider has thousands of conversations judged: only what is told is put into words.
    """
    asked = demands(facts)
    if facts.bound is None:
        return _first(facts, route, asked, resolved_by)
    current = judge(facts.bound, asked, Scope.EXISTING)
    if serves(current, Scope.EXISTING):
        return _serving(facts, facts.bound, route, asked, resolved_by)
    return _failing(facts, current, route, asked, resolved_by)


def _first(
    facts: ConversationInput,
    route: ModelRoute,
    asked: Demands,
    resolved_by: ResolvedBy,
) -> Settle:
    """Bound to the first candidate that serves, once those before it have been looked at.

    Who is bound stays, so a primary that is probed a moment after its fallback is waited for.
    """
    for candidate in facts.candidates:
        verdict = judge(candidate, asked, Scope.NEW)
        if verdict.eligible:
            return bind(facts, candidate, resolved_by, route)
        if soon_known(candidate, verdict):
            message = f"ModelRoute {route.key} waits for {against(verdict)}"
            return stay(facts, waiting(ConversationReason.NO_ELIGIBLE_BACKEND, message))
    return stay(facts, waiting(*_nobody(facts, route, asked, None)))


def _serving(
    facts: ConversationInput,
    bound: CandidateFacts,
    route: ModelRoute,
    asked: Demands,
    resolved_by: ResolvedBy,
) -> Move | Settle:
    """Its backend serves: it stays, unless the route prefers another and may call it there."""
    settled = bind(facts, bound, resolved_by, route)
    preferred = _preferred(facts, bound, asked)
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
    asked: Demands,
    resolved_by: ResolvedBy,
) -> Move | Settle:
    """Its backend does not serve: it moves to the first that does, unless it must stay or wait."""
    switching = route.spec.switching
    policy = switching.existing_conversations
    if policy is ExistingConversations.STAY or not policy.known:
        message = (
            f"Conversation {facts.conversation.key} stays at {against(current)} It does not move, "
            f"because spec.switching.existingConversations of ModelRoute {route.key} is {policy}: "
            "set MoveWhenUnavailable there, or ask for the switch by a StateCheckpoint."
        )
        return stay(facts, waiting(ConversationReason.STAYS_UNAVAILABLE, message))
    target = _first_eligible(facts.candidates, asked)
    if target is None:
        return stay(facts, waiting(*_nobody(facts, route, asked, current)))
    move = Move(
        target=target,
        reason=_why_failing(current),
        message=against(current),
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
    facts: ConversationInput, bound: CandidateFacts, asked: Demands
) -> CandidateFacts | None:
    """The first eligible candidate that the route ranks above the bound one.

    A bound backend that is disabled or not probed again yet is not eligible for new conversations,
    and keeps its rank: what the route ranks below it is not preferred.
    """
    ranked = (i for i, each in enumerate(facts.candidates) if same_backend(each, bound, facts))
    rank = next(ranked, len(facts.candidates))
    return _first_eligible(facts.candidates[:rank], asked)


def _first_eligible(candidates: Sequence[CandidateFacts], asked: Demands) -> CandidateFacts | None:
    return next((each for each in candidates if eligible(each, asked, Scope.NEW)), None)


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


def _nobody(
    facts: ConversationInput, route: ModelRoute, asked: Demands, current: Candidate | None
) -> tuple[ConversationReason, str]:
    """No candidate is eligible: each one's first objection, and the bound one's where it stays."""
    verdicts = [judge(candidate, asked, Scope.NEW) for candidate in facts.candidates]
    head = f"ModelRoute {route.key} has no eligible backend for this conversation"
    if current is None:
        message = nobody_eligible(f"{head}.", verdicts)
    else:
        head = f"{head}, which stays at {current.backend}."
        others = (each for each in verdicts if each.backend != current.backend)
        message = nobody_eligible(head, (current, *others))
    return ConversationReason.NO_ELIGIBLE_BACKEND, message
