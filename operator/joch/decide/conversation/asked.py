"""A switch that a person asks for: done, or refused with the reason."""

from joch.api.backend import Backend
from joch.api.conversation import ResolvedBy, SwitchReason
from joch.api.modelroute import ExistingConversations, ModelRoute, Switching
from joch.api.statecheckpoint import CheckpointReason, Mode, Outcome, StateCheckpoint
from joch.decide.conditions import stalled
from joch.decide.conversation.decision import ConversationInput, Move, Refuse
from joch.decide.conversation.requests import verdict_status
from joch.decide.conversation.resolution import Pinned, Routed
from joch.decide.conversation.standing import against, demands, no_route, same, same_backend, serves
from joch.decide.route.candidates import CandidateFacts
from joch.decide.route.checks import Scope, judge


def decide_request(facts: ConversationInput, request: StateCheckpoint) -> Move | Refuse:
    """The move that a person wants, if the target may serve and would keep the conversation."""
    route, bound, mode = facts.route, facts.bound, request.spec.mode
    if mode is not None and not mode.known:
        return _refuse(facts, request, CheckpointReason.INVALID_SPEC, _unknown_mode(request, mode))
    target = next(c for c in facts.candidates if str(c.backend) == request.spec.to_backend)
    refusal = _refusal(facts, request, target)
    if refusal is not None:
        return _refuse(facts, request, CheckpointReason.BACKEND_NOT_ELIGIBLE, refusal)
    current = None if bound is None else judge(bound, demands(facts), Scope.EXISTING)
    return Move(
        target=target,
        reason=SwitchReason.REQUESTED,
        message=f"StateCheckpoint {request.key} asks for it.",
        switching=route.spec.switching if route is not None else Switching(),
        route=route.metadata.name if route is not None else None,
        resolved_by=ResolvedBy.SESSION,
        serves=current is not None and serves(current, Scope.EXISTING),
        request=request,
    )


def _refuse(
    facts: ConversationInput, request: StateCheckpoint, reason: CheckpointReason, message: str
) -> Refuse:
    status = verdict_status(request, stalled(reason, message), facts.now, Outcome.REFUSED)
    return Refuse(request, status)


def _unknown_mode(request: StateCheckpoint, mode: Mode) -> str:
    return (
        f"spec.mode {mode} of StateCheckpoint {request.key} is of a later version than this "
        "operator: nothing was moved. Make one with Switch or DryRun."
    )


def _refusal(
    facts: ConversationInput, request: StateCheckpoint, target: CandidateFacts
) -> str | None:
    """Why a person's request may not be done, or would be undone at once; None: it may."""
    resolution, conversation = facts.resolution, facts.conversation
    if facts.bound is not None and same_backend(facts.bound, target, facts):
        return f"spec.toBackend {target.backend} is what {conversation.key} is bound to already."
    if isinstance(resolution, Routed) and facts.route is None:
        return no_route(conversation, resolution.route_name)[1]
    verdict = judge(target, demands(facts), Scope.NEW)
    if not verdict.eligible:
        return against(verdict)
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
    if same(pinned, target.backend, facts):
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
    if first is None or same_backend(first, target, facts):
        return None
    return (
        f"ModelRoute {route.key} prefers {first.backend} and its "
        f"spec.switching.existingConversations is FollowRoute, so the conversation would return "
        f"at once: put {target.backend} first in spec.strategy of the route."
    )
