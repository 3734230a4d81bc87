"""The ordered checks of a candidate. A new check is a function beside these and a line in CHECKS.

Each check answers None (nothing wrong) or one objection. What cannot be judged because an earlier
check found its object absent is left out, never invented.
"""

from collections.abc import Iterator

from joch.api.modelroute import Candidate, CandidateReason
from joch.decide.conditions import cut
from joch.decide.route.candidates import CandidateFacts
from joch.decide.route.checks.case import Case, Check, Demands, Objection, Scope
from joch.decide.route.checks.constraints import (
    another_provider,
    cost_within_limit,
    price_known,
    residency_kept,
    residency_known,
)
from joch.decide.route.checks.model import (
    capabilities_known,
    capabilities_present,
    context_known,
    context_sufficient,
    model_exists,
    model_not_stale,
    model_observed,
)
from joch.decide.route.checks.provider import (
    credentials_valid,
    provider_active,
    provider_exists,
    provider_granted,
    provider_not_stalled,
    provider_probed,
    provider_reachable,
    provider_type_known,
)

__all__ = [
    "CHECKS",
    "Case",
    "Check",
    "Demands",
    "Objection",
    "Scope",
    "candidate_of",
    "eligible",
    "judge",
    "objections",
]

CHECKS: tuple[Check, ...] = (
    provider_exists,
    provider_granted,
    provider_active,
    provider_not_stalled,
    provider_type_known,
    credentials_valid,
    provider_reachable,
    provider_probed,
    model_exists,
    model_observed,
    model_not_stale,
    capabilities_present,
    capabilities_known,
    context_known,
    context_sufficient,
    residency_known,
    residency_kept,
    price_known,
    cost_within_limit,
    another_provider,
)
"""In the design's order: the first objection is the one that a column shows."""


def objections(candidate: CandidateFacts, demands: Demands, scope: Scope) -> tuple[Objection, ...]:
    """Everything that speaks against the candidate, in the order of CHECKS."""
    return tuple(_against(Case.of(candidate, demands, scope)))


def eligible(candidate: CandidateFacts, demands: Demands, scope: Scope) -> bool:
    """Whether nothing speaks against the candidate: the first objection ends it."""
    return next(_against(Case.of(candidate, demands, scope)), None) is None


def _against(case: Case) -> Iterator[Objection]:
    return (found for check in CHECKS if (found := check(case)) is not None)


def judge(candidate: CandidateFacts, demands: Demands, scope: Scope) -> Candidate:
    """The candidate with every verdict about it, as a route's status shows it."""
    return candidate_of(candidate, objections(candidate, demands, scope))


def candidate_of(candidate: CandidateFacts, against: tuple[Objection, ...]) -> Candidate:
    """The API's form of a candidate and the objections to it."""
    return Candidate(
        backend=str(candidate.backend),
        eligible=not against,
        reasons=tuple(
            CandidateReason(reason=objection.reason.value, message=cut(objection.message))
            for objection in against
        ),
    )
