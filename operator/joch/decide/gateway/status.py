"""The status of a gateway: what was written, what is live, and why they differ."""

from collections.abc import Callable
from dataclasses import dataclass

from joch.api.conditions import ConditionStatus
from joch.api.llmgateway import (
    GatewayCondition,
    GatewayReason,
    LLMGateway,
    LLMGatewayStatus,
    ModelCounts,
)
from joch.decide.conditions import Verdict, ready, settle, stalled, waiting
from joch.decide.gateway.config import GatewayPlan
from joch.decide.gateway.inputs import Problem
from joch.decide.gateway.objects import config_map_name
from joch.decide.gateway.served import GatewayFailure, Served, SupervisorSays

_NAMED = 5
_REJECTED = "Rejected"


@dataclass(frozen=True, slots=True)
class StatusInput:
    """All that a gateway's status is decided from.

    Attributes:
        gateway: with its previous status.
        plan: what should be served.
        refusal: why the plan was not written, None where it was or is.
        served: what was seen; None: nobody was asked, because `spec.adminUrl` is not set.
        now: RFC 3339.
    """

    gateway: LLMGateway
    plan: GatewayPlan
    refusal: Problem | None
    served: Served | GatewayFailure | None
    now: str

    @property
    def supervisor(self) -> SupervisorSays | None:
        """What the supervisor says, if it was asked."""
        return None if self.served is None else self.served.supervisor

    @property
    def live_hash(self) -> str | None:
        """The hash of the live configuration; None where nobody knows."""
        if not isinstance(self.served, Served):
            return None
        hashes = set(self.served.hashes.values())
        if not hashes and not self.plan.deployments:
            return self.supervisor.served_hash if self.supervisor else self.plan.config_hash
        return hashes.pop() or None if len(hashes) == 1 else None


def decide_gateway_status(facts: StatusInput) -> LLMGatewayStatus:
    """The status: the first of CHECKS that objects makes the verdict."""
    previous, plan = facts.gateway.status, facts.plan
    refused = facts.refusal is not None
    served = len(facts.served.hashes) if isinstance(facts.served, Served) else None
    written = previous.models.written if refused else len(plan.deployments)
    verdict = next(filter(None, (check(facts) for check in CHECKS)), None) or _serves(facts)
    generation = facts.gateway.metadata.generation
    verdicts = (*verdict, _config_written(facts), _served(facts))
    return LLMGatewayStatus(
        observed_generation=generation,
        conditions=settle(previous.conditions, verdicts, generation, facts.now),
        config_hash=previous.config_hash if refused else plan.config_hash,
        served_hash=facts.live_hash or previous.served_hash,
        models=ModelCounts(written=written, served=served),
    )


def _refused(facts: StatusInput) -> tuple[Verdict, ...] | None:
    if facts.refusal is None:
        return None
    return stalled(facts.refusal.reason, facts.refusal.message)


def _collides(facts: StatusInput) -> tuple[Verdict, ...] | None:
    problem = facts.plan.problem(GatewayReason.NAME_COLLISION)
    return None if problem is None else stalled(problem.reason, problem.message)


def _nothing_to_serve(facts: StatusInput) -> tuple[Verdict, ...] | None:
    if facts.plan.deployments:
        return None
    if facts.plan.problems:
        problem = facts.plan.problems[0]
        return waiting(problem.reason, problem.message)
    places = ", ".join(facts.gateway.spec.namespaces) or facts.gateway.metadata.namespace
    return waiting(
        GatewayReason.NO_MODELS,
        f"there is no Model to serve in {places}: create one, or an LLMProvider with discovery",
    )


def _nobody_asked(facts: StatusInput) -> tuple[Verdict, ...] | None:
    if facts.served is not None:
        return None
    return stalled(
        GatewayReason.ADMIN_URL_MISSING,
        f"the configuration is written, but nobody knows what LLMGateway {facts.gateway.key} "
        "serves: set spec.adminUrl to where LiteLLM answers",
    )


def _rejected(facts: StatusInput) -> tuple[Verdict, ...] | None:
    said = facts.supervisor
    if said is None or said.state != _REJECTED or said.config_hash != facts.plan.config_hash:
        return None
    return stalled(
        GatewayReason.CONFIG_REJECTED, f"LiteLLM does not take the configuration: {said.message}"
    )


def _unreachable(facts: StatusInput) -> tuple[Verdict, ...] | None:
    if not isinstance(facts.served, GatewayFailure):
        return None
    said = f"; its supervisor says: {facts.supervisor.message}" if facts.supervisor else ""
    return waiting(GatewayReason.GATEWAY_UNREACHABLE, f"{facts.served.message}{said}")


def _reloading(facts: StatusInput) -> tuple[Verdict, ...] | None:
    if facts.live_hash == facts.plan.config_hash:
        return None
    live = facts.live_hash or "a configuration of another origin"
    said = f"; its supervisor says: {facts.supervisor.message}" if facts.supervisor else ""
    return waiting(
        GatewayReason.RELOADING,
        f"{facts.plan.config_hash} is written, LiteLLM serves {live}: a mounted ConfigMap takes "
        f"up to about a minute{said}",
    )


def _models_missing(facts: StatusInput) -> tuple[Verdict, ...] | None:
    missing = sorted({d.model_name for d in facts.plan.deployments if d.id not in _live(facts)})
    if not missing:
        return None
    shown = ", ".join(missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
    return stalled(
        GatewayReason.MODELS_MISSING,
        f"LiteLLM dropped what it did not understand and does not serve {shown}: its log says why",
    )


CHECKS: tuple[Callable[[StatusInput], tuple[Verdict, ...] | None], ...] = (
    _refused,
    _collides,
    _nothing_to_serve,
    _nobody_asked,
    _rejected,
    _unreachable,
    _reloading,
    _models_missing,
)
"""What may keep a gateway from being ready, in order."""


def _serves(facts: StatusInput) -> tuple[Verdict, ...]:
    return ready(GatewayReason.SERVED, f"serves {_counted(facts)}{_left_out(facts)}")


def _config_written(facts: StatusInput) -> Verdict:
    kind = GatewayCondition.CONFIG_WRITTEN
    if facts.refusal is not None:
        return Verdict(kind, "False", facts.refusal.reason, facts.refusal.message)
    name = config_map_name(facts.gateway)
    message = f"{_counted(facts)} in ConfigMap {name}{_left_out(facts)}"
    return Verdict(kind, "True", GatewayReason.WRITTEN, message)


def _served(facts: StatusInput) -> Verdict:
    """Whether what is live is what was planned."""
    kind = GatewayCondition.SERVED
    checks = (_nobody_asked, _rejected, _unreachable, _reloading, _models_missing)
    objections = next(filter(None, (check(facts) for check in checks)), None)
    if objections is None:
        return Verdict(kind, "True", GatewayReason.SERVED, f"serves {_counted(facts)}")
    status: ConditionStatus = "False" if isinstance(facts.served, Served) else "Unknown"
    return Verdict(kind, status, objections[0].reason, objections[0].message)


def _live(facts: StatusInput) -> frozenset[str]:
    return frozenset(facts.served.hashes) if isinstance(facts.served, Served) else frozenset()


def _counted(facts: StatusInput) -> str:
    count = len(facts.plan.deployments)
    return f"{count} deployment{'' if count == 1 else 's'}"


def _left_out(facts: StatusInput) -> str:
    problems = "; ".join(problem.message for problem in facts.plan.problems)
    return f". Left out: {problems}" if problems else ""
