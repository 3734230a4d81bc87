"""What a Conversation needs: a first binding, its lost history back, a move, or nothing.

`decide_conversation` answers with one of `Rebuild`, `Settle`, `Move` or `Refuse`. A Move is only a
wish: whether the transcript can go there is judged by `joch.decide.switch`, which needs the transcript itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from joch.api.conditions import Condition
from joch.api.conversation import (
    Binding,
    Conversation,
    ConversationCondition,
    ConversationReason,
    ConversationStatus,
    ResolvedBy,
    SwitchReason,
    TranscriptStatus,
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
from joch.api.statecheckpoint import (
    CheckpointReason,
    Outcome,
    StateCheckpoint,
    StateCheckpointStatus,
)
from joch.decide.candidates import CandidateFacts
from joch.decide.checks import Demands, Scope, judge
from joch.decide.clock import elapsed
from joch.decide.conditions import Verdict, ready, settle, stalled, waiting
from joch.decide.names import gateway_model
from joch.decide.records import RecordFacts, surviving_chain, switches
from joch.decide.requests import verdict_status
from joch.decide.resolution import Pinned, Routed, Unresolved
from joch.decide.route import demands_of

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

_BACKEND_FAILED = frozenset({SwitchReason.PROVIDER_UNAVAILABLE, SwitchReason.CONSTRAINT_BROKEN})

TRANSCRIPT_RECHECK = 30.0
"""Seconds until a source that is not watched is read again."""


@dataclass(frozen=True, slots=True)
class TranscriptProblem:
    """The transcript could not be read: its reason and a sentence naming object, field, remedy."""

    reason: ConversationReason
    message: str


@dataclass(frozen=True, slots=True)
class ConversationInput:
    """Everything that is known when a Conversation is judged. `now` is RFC 3339 text.

    `candidates` are those of the route, or the one pinned backend. `bound` are the facts of the
    current binding. `transcript` is None where it was not read, which is the rule: only a
    Conversation that is bound for the first time, or was edited, has it read before it is judged.
    `request` is the one request that may act now (`joch.decide.requests`).
    """

    conversation: Conversation
    resolution: Pinned | Routed | Unresolved
    route: ModelRoute | None
    candidates: tuple[CandidateFacts, ...]
    bound: CandidateFacts | None
    records: tuple[RecordFacts, ...]
    request: StateCheckpoint | None
    transcript: TranscriptStatus | TranscriptProblem | None
    now: str


@dataclass(frozen=True, slots=True)
class Rebuild:
    """The Conversation lost its status and has records: this was its status. Nothing moves."""

    status: ConversationStatus


@dataclass(frozen=True, slots=True)
class Settle:
    """Nothing moves: this is the status. Look again after `recheck` seconds (None: when told)."""

    status: ConversationStatus
    recheck: float | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """The conversation should move to `target`, because of `reason`; `message` says it in words."""

    target: CandidateFacts
    reason: SwitchReason
    message: str
    switching: Switching
    route: str | None
    resolved_by: ResolvedBy
    request: StateCheckpoint | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """A person's request names a backend that may not serve this conversation; it stays."""

    request: StateCheckpoint
    status: StateCheckpointStatus


Decision = Rebuild | Settle | Move | Refuse


def needs_transcript(conversation: Conversation, records: Sequence[RecordFacts]) -> bool:
    """Whether the transcript is read before the Conversation is judged.

    Its size matters when a backend is chosen for the first time, and its readability is told when
    the spec was edited. A Conversation whose history comes from its records needs neither.
    """
    if conversation.spec.transcript is None:
        return False
    if conversation.status.binding is None:
        return not records
    return conversation.status.observed_generation != conversation.metadata.generation


def decide_conversation(facts: ConversationInput) -> Decision:
    """Judge one Conversation."""
    if facts.conversation.status.binding is None:
        chain = surviving_chain(facts.records)
        if chain:
            return _rebuild(facts, chain)
    if facts.request is not None:
        return _requested(facts, facts.request)
    match facts.resolution:
        case Unresolved(reason, message):
            binding = facts.conversation.status.binding
            if facts.bound is not None and binding is not None:
                return _pinned(facts, facts.bound, binding.resolved_by)
            return _settle(facts, stalled(reason, message))
        case Pinned(resolved_by=ResolvedBy.SYSTEM_DEFAULT) if facts.bound is not None:
            # Another default Model is for new conversations: existing ones stay where they are.
            return _pinned(facts, facts.bound, ResolvedBy.SYSTEM_DEFAULT)
        case Pinned(resolved_by=resolved_by):
            return _pinned(facts, facts.candidates[0], resolved_by)
        case Routed(route_name=name, resolved_by=resolved_by):
            if facts.route is None:
                return _settle(facts, stalled(*_no_route(facts.conversation, name)))
            return _routed(facts, facts.route, resolved_by)


def serving_or_waiting(
    conversation: Conversation, wish: Move, reason: ConversationReason, message: str
) -> tuple[Verdict, ...]:
    """Ready while the backend that should be left still serves, else waiting for the reason given."""
    binding = conversation.status.binding
    if binding is not None and wish.reason not in _BACKEND_FAILED:
        return ready(ConversationReason.BOUND, f"bound to {binding.backend}. {message}")
    return waiting(reason, message)


def unreadable(facts: ConversationInput, wish: Move, problem: TranscriptProblem) -> Settle:
    """The switch waits for a transcript that can be read; it is read again after a while."""
    message = f"{wish.message} The switch to {wish.target.backend} waits: {problem.message}"
    known = replace(facts, transcript=problem)
    verdicts = serving_or_waiting(facts.conversation, wish, problem.reason, message)
    return replace(_settle(known, verdicts), recheck=TRANSCRIPT_RECHECK)


def name_taken(facts: ConversationInput, wish: Move, problem: str) -> Settle:
    """The switch waits until somebody else's object has left the name."""
    message = f"{wish.message} The switch to {wish.target.backend} waits: {problem}"
    verdicts = stalled(ConversationReason.NAME_TAKEN, message)
    return replace(_settle(facts, verdicts), recheck=TRANSCRIPT_RECHECK)


def demands(facts: ConversationInput) -> Demands:
    """What this conversation asks of a backend; a pinned one without a route asks nothing."""
    if facts.route is not None:
        return demands_of(facts.route, _tokens(facts))
    home = facts.conversation.metadata.namespace
    return Demands(Requirements(), Constraints(), None, home, _tokens(facts))


def _rebuild(facts: ConversationInput, chain: Sequence[RecordFacts]) -> Rebuild:
    last = chain[-1]
    target = next((c for c in facts.candidates if str(c.backend) == last.to_backend), facts.bound)
    binding = Binding(
        backend=last.to_backend,
        gateway_model=_gateway_model(target, facts.conversation) or last.to_backend,
        resolved_by=ResolvedBy.SESSION,
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


def _pinned(facts: ConversationInput, target: CandidateFacts, resolved_by: ResolvedBy) -> Decision:
    binding = facts.conversation.status.binding
    scope = Scope.NEW if binding is None else Scope.EXISTING
    verdict = judge(target, demands(facts), scope)
    moving = binding is not None and binding.backend != verdict.backend
    if not _serves(verdict, scope) or (moving and not verdict.eligible):
        message = f"pinned to {_against(verdict)} The conversation waits for it."
        return _settle(facts, waiting(ConversationReason.PINNED_UNAVAILABLE, message))
    if moving:
        message = f"spec.model pins the conversation to {target.backend}"
        return Move(target, SwitchReason.SESSION_EDITED, message, Switching(), None, resolved_by)
    return _bind(facts, target, resolved_by, None)


def _routed(facts: ConversationInput, route: ModelRoute, resolved_by: ResolvedBy) -> Decision:
    asked = demands(facts)
    verdicts = tuple(judge(candidate, asked, Scope.NEW) for candidate in facts.candidates)
    chosen = next((i for i, verdict in enumerate(verdicts) if verdict.eligible), None)
    target = None if chosen is None else facts.candidates[chosen]
    if facts.bound is None or facts.conversation.status.binding is None:
        if target is None:
            return _settle(facts, waiting(*_nobody(route, verdicts)))
        return _bind(facts, target, resolved_by, route)
    current = judge(facts.bound, asked, Scope.EXISTING)
    serves = _serves(current, Scope.EXISTING)
    reason = _why_move(route.spec.switching, facts, current, target)
    if reason is None and serves:
        return _bind(facts, facts.bound, resolved_by, route)
    if reason is None:
        message = f"bound to {_against(current)} existingConversations is Stay."
        return _settle(facts, waiting(ConversationReason.STAYS_UNAVAILABLE, message))
    if target is None:
        return _settle(facts, waiting(*_nobody(route, verdicts)))
    message = _against(current) if not serves else f"the route prefers {target.backend}"
    move = Move(target, reason, message, route.spec.switching, route.metadata.name, resolved_by)
    return _damped(facts, move, route, serves)


def _why_move(
    switching: Switching,
    facts: ConversationInput,
    current: Candidate,
    target: CandidateFacts | None,
) -> SwitchReason | None:
    """Why the conversation should leave its backend; None: it stays."""
    policy = switching.existing_conversations
    if policy is ExistingConversations.STAY:
        return None
    if not _serves(current, Scope.EXISTING):
        first = next(r.reason for r in current.reasons if r.reason != RouteReason.NOT_PROBED)
        broken = first in _CONSTRAINTS
        return SwitchReason.CONSTRAINT_BROKEN if broken else SwitchReason.PROVIDER_UNAVAILABLE
    if target is None or str(target.backend) == current.backend:
        return None
    if policy is ExistingConversations.FOLLOW_ROUTE:
        return SwitchReason.ROUTE_PREFERS
    if switching.fail_back is FailBack.AUTOMATIC and _left_before(facts, target):
        return SwitchReason.FAILED_BACK
    return None


def _left_before(facts: ConversationInput, target: CandidateFacts) -> bool:
    """Whether the conversation was at the target before and left it because it failed."""
    left = (s for s in facts.conversation.status.switches if s.from_backend == str(target.backend))
    return any(s.reason == SwitchReason.PROVIDER_UNAVAILABLE for s in left)


def _damped(facts: ConversationInput, move: Move, route: ModelRoute, serves: bool) -> Decision:
    """The move, or a wait until `minimumInterval` has passed since the last switch."""
    status = facts.conversation.status
    if status.binding is None or status.switch_count == 0:
        return move
    left = seconds(route.spec.switching.minimum_interval) - elapsed(status.binding.since, facts.now)
    if left <= 0:
        return move
    if serves and facts.bound is not None:
        settled = _bind(facts, facts.bound, move.resolved_by, route)
        return Settle(settled.status, recheck=left)
    message = (
        f"{move.message} The switch to {move.target.backend} waits until "
        f"spec.switching.minimumInterval of ModelRoute {route.key} has passed."
    )
    settled = _settle(facts, waiting(ConversationReason.MINIMUM_INTERVAL, message))
    return Settle(settled.status, recheck=left)


def _requested(facts: ConversationInput, request: StateCheckpoint) -> Move | Refuse:
    route = facts.route
    target = next(c for c in facts.candidates if str(c.backend) == request.spec.to_backend)
    verdict = judge(target, demands(facts), Scope.NEW)
    if not verdict.eligible:
        verdicts = stalled(CheckpointReason.BACKEND_NOT_ELIGIBLE, _against(verdict))
        return Refuse(request, verdict_status(request, verdicts, facts.now, Outcome.REFUSED))
    return Move(
        target=target,
        reason=SwitchReason.REQUESTED,
        message=f"StateCheckpoint {request.key} asks for it",
        switching=route.spec.switching if route is not None else Switching(),
        route=route.metadata.name if route is not None else None,
        resolved_by=ResolvedBy.SESSION,
        request=request,
    )


def _bind(
    facts: ConversationInput,
    target: CandidateFacts,
    resolved_by: ResolvedBy,
    route: ModelRoute | None,
) -> Settle:
    """Bound to the target: newly, or still, with what may have changed around it."""
    old = facts.conversation.status.binding
    backend = str(target.backend)
    same = old is not None and old.backend == backend
    name = _gateway_model(target, facts.conversation)
    binding = Binding(
        backend=backend,
        gateway_model=name or (old.gateway_model if old is not None and same else backend),
        resolved_by=resolved_by,
        route=route.metadata.name if route is not None else None,
        checkpoint=old.checkpoint if old is not None and same else None,
        since=old.since if old is not None and same else facts.now,
    )
    message = f"bound to {backend}: ask the gateway for {binding.gateway_model}"
    settled = _settle(facts, ready(ConversationReason.BOUND, message))
    return Settle(settled.status.model_copy(update={"binding": binding}))


def _settle(facts: ConversationInput, verdicts: tuple[Verdict, ...]) -> Settle:
    """The status with these verdicts and nothing held; the binding stays what it is."""
    conversation = facts.conversation
    status, generation = conversation.status, conversation.metadata.generation
    read = facts.transcript if isinstance(facts.transcript, TranscriptStatus) else None
    conditions = settle(status.conditions, (*verdicts, *_readability(facts)), generation, facts.now)
    kept = _kept_readability(status.conditions) if facts.transcript is None else ()
    return Settle(
        status.model_copy(
            update={
                "observed_generation": generation,
                "conditions": (*conditions, *kept),
                "transcript": read or status.transcript,
                "held_switch": None,
            }
        )
    )


def _readability(facts: ConversationInput) -> tuple[Verdict, ...]:
    kind = ConversationCondition.TRANSCRIPT_READABLE
    match facts.transcript:
        case TranscriptProblem(reason, message):
            return (Verdict(kind, "False", reason, message),)
        case TranscriptStatus() as read:
            message = f"{read.messages} messages, about {read.tokens} tokens"
            return (Verdict(kind, "True", ConversationReason.TRANSCRIPT_READ, message),)
        case None:
            return ()


def _kept_readability(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    return tuple(c for c in conditions if c.type == ConversationCondition.TRANSCRIPT_READABLE)


def _serves(verdict: Candidate, scope: Scope) -> bool:
    """Whether a backend serves: eligible, or bound already and merely not probed again yet."""
    if scope is Scope.NEW:
        return verdict.eligible
    return all(reason.reason == RouteReason.NOT_PROBED for reason in verdict.reasons)


def _against(verdict: Candidate) -> str:
    """The backend and the first thing that speaks against it."""
    first = verdict.reasons[0].message if verdict.reasons else "nothing speaks against it."
    return f"{verdict.backend}: {first}"


def _nobody(route: ModelRoute, verdicts: Sequence[Candidate]) -> tuple[ConversationReason, str]:
    each = " ".join(_against(verdict) for verdict in verdicts)
    message = f"ModelRoute {route.key} has no eligible backend for this conversation. {each}"
    return ConversationReason.NO_ELIGIBLE_BACKEND, message


def _no_route(conversation: Conversation, name: str) -> tuple[ConversationReason, str]:
    message = (
        f"ModelRoute {conversation.metadata.namespace}/{name} does not exist: "
        "create it, or change spec.routeRef."
    )
    return ConversationReason.ROUTE_NOT_FOUND, message


def _gateway_model(target: CandidateFacts | None, conversation: Conversation) -> str | None:
    if target is None or target.model is None:
        return None
    return gateway_model(target.model, conversation.metadata.namespace)


def _tokens(facts: ConversationInput) -> int | None:
    read = facts.transcript if isinstance(facts.transcript, TranscriptStatus) else None
    known = read or facts.conversation.status.transcript
    return None if known is None else known.tokens
