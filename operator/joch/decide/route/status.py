"""A ModelRoute's status: who is selected, every candidate's verdicts, and what Ready says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from joch.api.backend import Backend
from joch.api.modelroute import (
    Candidate,
    ConversationCount,
    ModelRoute,
    ModelRouteStatus,
    RouteCondition,
    RouteReason,
)
from joch.decide.conditions import MAX_MESSAGE, Verdict, cut, ready, settle, stalled, waiting
from joch.decide.route.candidates import CandidateFacts
from joch.decide.route.checks import Demands, Objection, Scope, candidate_of, objections

MAX_COUNTS = 64
SHORTEST_SENTENCE = 120


@dataclass(frozen=True, slots=True)
class RouteInput:
    """All that a route is decided from.

    `candidates` are in the order of `route.backends`. `conversations` counts those bound through
    the route by the text of their backend. `now` is RFC 3339 text.
    """

    route: ModelRoute
    candidates: tuple[CandidateFacts, ...]
    conversations: Mapping[str, int]
    now: str


@dataclass(frozen=True, slots=True)
class _Judged:
    candidate: Candidate
    against: tuple[Objection, ...]

    @property
    def lost_for_good(self) -> bool:
        return any(objection.lasting for objection in self.against)

    @property
    def only_lasting(self) -> Candidate:
        """The candidate with what a person must mend, and not with what may pass before."""
        reasons = self.candidate.reasons
        judged = zip(reasons, self.against, strict=True)
        lasting = tuple(reason for reason, objection in judged if objection.lasting)
        return self.candidate.model_copy(update={"reasons": lasting})


def demands_of(route: ModelRoute, context_tokens: int | None = None) -> Demands:
    """What the route asks of a candidate, with a conversation's context where one is in view."""
    other = route.spec.not_same_provider_as
    return Demands(
        requirements=route.spec.requirements,
        constraints=route.spec.constraints,
        not_same_provider_as=None if other is None else Backend.parse(other),
        home=route.metadata.namespace,
        context_tokens=context_tokens,
    )


def decide_route(given: RouteInput) -> ModelRouteStatus:
    """The status of a route for new selections; equal input gives an equal status.

    The first eligible candidate in the order written is selected. Where none is, the route is
    Stalled if every candidate has at least one objection that only a person can change (a provider
    or model that does not exist or is not granted, a missing or unstated capability, a constraint
    that does not hold, a disabled provider): waiting would not help. Otherwise it is Reconciling:
    some candidate may come round by itself (unreachable, not probed yet, not listed yet).
    """
    demands = demands_of(given.route)
    judged = tuple(_judged(facts, demands) for facts in given.candidates)
    selected = next((each.candidate for each in judged if each.candidate.eligible), None)
    generation = given.route.metadata.generation
    verdicts = (*_readiness(given.route, judged, selected), _primary(judged))
    counts = _counts(given.conversations)
    return ModelRouteStatus(
        observed_generation=generation,
        conditions=settle(given.route.status.conditions, verdicts, generation, given.now),
        selected=None if selected is None else selected.backend,
        candidates=tuple(each.candidate for each in judged),
        conversations=sum(given.conversations.values()),
        conversations_by_backend=counts,
    )


def _judged(facts: CandidateFacts, demands: Demands) -> _Judged:
    against = objections(facts, demands, Scope.NEW)
    return _Judged(candidate_of(facts, against), against)


def _readiness(
    route: ModelRoute, judged: tuple[_Judged, ...], selected: Candidate | None
) -> tuple[Verdict, ...]:
    if selected is None:
        head = f"ModelRoute {route.key} has no eligible backend."
        if all(each.lost_for_good for each in judged):
            message = nobody_eligible(head, [each.only_lasting for each in judged])
            return stalled(RouteReason.NO_ELIGIBLE_BACKEND, message)
        message = nobody_eligible(head, [each.candidate for each in judged])
        return waiting(RouteReason.NO_ELIGIBLE_BACKEND, message)
    if selected is judged[0].candidate:
        return ready(RouteReason.PRIMARY_SELECTED, f"New conversations go to {selected.backend}.")
    why = judged[0].against[0].message
    return ready(
        RouteReason.FALLBACK_SELECTED,
        f"New conversations go to {selected.backend}, not to {judged[0].candidate.backend}: {why}",
    )


def nobody_eligible(head: str, candidates: Sequence[Candidate]) -> str:
    """The head, and each candidate's first objection; of many their reasons without the sentences.

    None of the candidates is eligible. The whole fits a condition's message.
    """
    share = (MAX_MESSAGE - len(head)) // len(candidates) - 1
    if share < SHORTEST_SENTENCE:
        reasons = (f"{each.backend} {each.reasons[0].reason}" for each in candidates)
        return f"{head} {', '.join(reasons)}."
    sentences = (cut(f"{each.backend}: {each.reasons[0].message}", share) for each in candidates)
    return " ".join((head, *sentences))


def _primary(judged: tuple[_Judged, ...]) -> Verdict:
    primary = judged[0]
    if primary.candidate.eligible:
        return Verdict(
            RouteCondition.PRIMARY_SELECTED,
            "True",
            RouteReason.PRIMARY_SELECTED,
            f"{primary.candidate.backend} is eligible.",
        )
    first = primary.against[0]
    return Verdict(RouteCondition.PRIMARY_SELECTED, "False", first.reason, first.message)


def _counts(conversations: Mapping[str, int]) -> tuple[ConversationCount, ...]:
    """The largest counts that the status has room for, sorted by backend."""
    present = [(backend, count) for backend, count in conversations.items() if count]
    largest = sorted(present, key=lambda each: (-each[1], each[0]))[:MAX_COUNTS]
    return tuple(
        ConversationCount(backend=backend, count=count) for backend, count in sorted(largest)
    )
