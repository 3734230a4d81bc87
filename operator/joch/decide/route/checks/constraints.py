"""The checks of a route's constraints: residency, cost of a turn, and another provider."""

import math
from decimal import Decimal
from fractions import Fraction

from joch.api.model import Model
from joch.api.modelroute import RouteReason
from joch.api.money import micro_dollars
from joch.decide.route.checks.case import Case, Objection, lasting
from joch.decide.route.residency import jurisdiction

# Of 64 regions a sentence names the first few.
MAX_NAMED = 5


def residency_known(case: Case) -> Objection | None:
    """Somebody stated where the model runs, where the route constrains it."""
    model, wanted = case.model, case.demands.constraints.data_residency
    if model is None or wanted is None or _regions(case, model):
        return None
    return lasting(
        RouteReason.RESIDENCY_UNKNOWN,
        f"Nobody states where Model {model.key} runs; spec.constraints.dataResidency of the route "
        f"is {wanted}: set spec.regions on Model {model.key} or on {case.provider_name}.",
    )


def residency_kept(case: Case) -> Objection | None:
    """Every region listed is in the route's jurisdiction; one that nobody knows is not."""
    model, wanted = case.model, case.demands.constraints.data_residency
    if model is None or wanted is None:
        return None
    outside = [
        f"{region} ({jurisdiction(region) or 'in no known jurisdiction'})"
        for region in _regions(case, model)
        if jurisdiction(region) != wanted
    ]
    if not outside:
        return None
    more = f" and {len(outside) - MAX_NAMED} more" if len(outside) > MAX_NAMED else ""
    where = f"Model {model.key}" if model.status.effective.regions else case.provider_name
    return lasting(
        RouteReason.OUTSIDE_RESIDENCY,
        f"{case.candidate.backend} may run outside {wanted}: "
        f"{', '.join(outside[:MAX_NAMED])}{more}; "
        f"spec.constraints.dataResidency of the route is {wanted}. Name a model that runs in "
        f"{wanted} only, or correct spec.regions of {where}.",
    )


def _regions(case: Case, model: Model) -> tuple[str, ...]:
    provider = case.candidate.provider
    own = model.status.effective.regions
    return own or (() if provider is None else provider.spec.regions)


def execution_cost(model: Model, context_tokens: int) -> int | None:
    """Cost of one turn in whole micro-dollars, rounded up; None where a number is not stated.

    The design's rule: context tokens at the input price plus maxOutputTokens at the output price.
    A dollar a million tokens is a micro-dollar a token.
    """
    facts = model.status.effective
    prices = facts.pricing.input_per_million, facts.pricing.output_per_million
    if prices[0] is None or prices[1] is None or facts.max_output_tokens is None:
        return None
    return math.ceil(
        Fraction(prices[0]) * context_tokens + Fraction(prices[1]) * facts.max_output_tokens
    )


def price_known(case: Case) -> Objection | None:
    """Every number of the cost is stated, where the route limits it."""
    model, limit = case.model, case.demands.constraints.max_cost_usd_per_execution
    if model is None or limit is None:
        return None
    facts = model.status.effective
    unstated = [
        field
        for field, value in (
            ("spec.pricing.inputPerMillion", facts.pricing.input_per_million),
            ("spec.pricing.outputPerMillion", facts.pricing.output_per_million),
            ("spec.maxOutputTokens", facts.max_output_tokens),
        )
        if value is None
    ]
    if not unstated:
        return None
    return lasting(
        RouteReason.PRICE_UNKNOWN,
        f"Nobody states what a turn at Model {model.key} costs; "
        f"spec.constraints.maxCostUsdPerExecution of the route is {_usd(micro_dollars(limit))}: "
        f"set {', '.join(unstated)} on Model {model.key}.",
    )


def cost_within_limit(case: Case) -> Objection | None:
    """One turn costs no more than the route allows."""
    model, limit = case.model, case.demands.constraints.max_cost_usd_per_execution
    if model is None or limit is None:
        return None
    tokens, whose = _context_tokens(case)
    cost = execution_cost(model, tokens)
    if cost is None or cost <= micro_dollars(limit):
        return None
    return lasting(
        RouteReason.TOO_EXPENSIVE,
        f"A turn at Model {model.key} may cost {_usd(cost)} USD ({tokens} context tokens, {whose}, "
        f"and {model.status.effective.max_output_tokens} output tokens); "
        f"spec.constraints.maxCostUsdPerExecution of the route is {_usd(micro_dollars(limit))}. "
        f"Raise it, name a cheaper model, or lower spec.maxOutputTokens of Model {model.key}.",
    )


def _context_tokens(case: Case) -> tuple[int, str]:
    """The context tokens that the cost counts, and the words that say whose they are."""
    if case.demands.context_tokens is not None:
        return case.demands.context_tokens, "the conversation's"
    minimum = case.demands.requirements.context_window_min
    if minimum is not None:
        return minimum, "the route's contextWindowMin"
    return 0, "no conversation in view and no contextWindowMin"


def _usd(micro: int) -> str:
    return f"{(Decimal(micro) / 1_000_000).normalize():f}"


def another_provider(case: Case) -> Objection | None:
    """The candidate is not at the provider that `notSameProviderAs` names."""
    other, home = case.demands.not_same_provider_as, case.demands.home
    if other is None or other.provider_key(home) != case.candidate.backend.provider_key(home):
        return None
    return lasting(
        RouteReason.SAME_PROVIDER,
        f"{case.candidate.backend} is at {case.provider_name}, as is {other} in "
        "spec.notSameProviderAs of the route. Name a model of another provider.",
    )
