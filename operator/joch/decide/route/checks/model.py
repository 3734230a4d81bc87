"""The checks of a candidate's Model: it exists, is current, and can do what is required."""

from joch.api.llmprovider import LLMProvider, ProviderCondition, ProviderReason
from joch.api.model import Model
from joch.api.modelroute import Requirements, RouteReason
from joch.decide.route.checks.case import Case, Objection, lasting, passing

CAPABILITIES: tuple[str, ...] = tuple(
    name for name in Requirements.model_fields if name != "context_window_min"
)
"""The requirements that are capabilities of the same name, by their Python names."""


def model_exists(case: Case) -> Objection | None:
    """A Model of the provider has the name after the colon.

    While a listing that may bring it has not succeeded it is not known to be absent: NotProbed.
    """
    provider = case.candidate.provider
    if provider is None or case.candidate.model is not None:
        return None
    name = case.candidate.backend.model
    if _listing_due(provider):
        return passing(
            RouteReason.NOT_PROBED,
            f"{case.provider_name} has no Model with alias or id {name} yet: its models have not "
            "been listed. It is judged again once condition ModelsSynced is True.",
        )
    return lasting(
        RouteReason.MODEL_NOT_FOUND,
        f"{case.provider_name} has no Model with alias or id {name}. Create a Model with "
        f"spec.providerRef.name {provider.metadata.name} in namespace "
        f"{provider.metadata.namespace}, or correct backend {case.candidate.backend}.",
    )


def _listing_due(provider: LLMProvider) -> bool:
    """Whether a listing that has not succeeded yet may still bring the Model."""
    synced = next(
        (c for c in provider.status.conditions if c.type == ProviderCondition.MODELS_SYNCED), None
    )
    if provider.spec.discovery.enabled is False:
        return False
    if synced is None:
        return True
    return synced.status != "True" and synced.reason != ProviderReason.DISCOVERY_DISABLED


def model_observed(case: Case) -> Objection | None:
    """The operator has put the Model's facts together; before that nothing is known of it."""
    model = case.candidate.model
    if model is None or model.status.observed_generation != -1:
        return None
    return passing(
        RouteReason.NOT_PROBED,
        f"{_named(model)} is new: its facts are not in status.effective yet. "
        "It is judged again once they are.",
    )


def model_not_stale(case: Case) -> Objection | None:
    """The provider's last successful listing still has the model."""
    model = case.model
    if model is None or not model.status.stale:
        return None
    return lasting(
        RouteReason.MODEL_STALE,
        f"{_named(model)} is stale: {model.spec.model} is absent from the last listing of "
        f"{case.provider_name}. Name a model that the provider still lists.",
    )


def capabilities_present(case: Case) -> Objection | None:
    """No required capability is stated to be missing."""
    missing = _required(case, stated=False)
    model = case.model
    if model is None or not missing:
        return None
    return lasting(
        RouteReason.CAPABILITY_MISSING,
        f"{_named(model)} lacks {', '.join(missing)}, which spec.requirements of the route asks "
        f"for. Name another model, or correct spec.capabilities of {_named(model)}.",
    )


def capabilities_known(case: Case) -> Objection | None:
    """Somebody stated every required capability: unknown is not yes."""
    unknown = _required(case, stated=None)
    model = case.model
    if model is None or not unknown:
        return None
    fields = ", ".join(f"spec.capabilities.{name}" for name in unknown)
    return lasting(
        RouteReason.CAPABILITY_UNKNOWN,
        f"Nobody states whether {_named(model)} has {', '.join(unknown)}, which "
        f"spec.requirements of the route asks for: set {fields} on {_named(model)}.",
    )


def _required(case: Case, *, stated: bool | None) -> tuple[str, ...]:
    """The required capabilities of which the Model states `stated`, by their wire names."""
    model = case.model
    if model is None:
        return ()
    required, able = case.demands.requirements, model.status.effective.capabilities
    return tuple(
        Requirements.model_fields[name].alias or name
        for name in CAPABILITIES
        if getattr(required, name) is True and getattr(able, name) is stated
    )


def context_known(case: Case) -> Objection | None:
    """Somebody stated the context window where the route asks for one.

    Without `contextWindowMin` an unknown window breaks no requirement.
    """
    model = case.model
    minimum = case.demands.requirements.context_window_min
    if model is None or minimum is None or model.status.effective.context_window is not None:
        return None
    return lasting(
        RouteReason.CONTEXT_UNKNOWN,
        f"Nobody states the context window of {_named(model)}; spec.requirements.contextWindowMin "
        f"of the route is {minimum}: set spec.contextWindow on {_named(model)}.",
    )


def context_sufficient(case: Case) -> Objection | None:
    """The window holds what the route asks for, and the conversation with its answer."""
    model = case.model
    window = None if model is None else model.status.effective.context_window
    if model is None or window is None:
        return None
    minimum = case.demands.requirements.context_window_min or 0
    if window < minimum:
        return lasting(
            RouteReason.CONTEXT_TOO_SMALL,
            f"{_named(model)} has a context window of {window} tokens; "
            f"spec.requirements.contextWindowMin of the route is {minimum}. "
            f"Name a larger model, or correct spec.contextWindow of {_named(model)}.",
        )
    tokens, answer = case.demands.context_tokens, _answer_tokens(model, window)
    if tokens is None or tokens + answer <= window:
        return None
    return lasting(
        RouteReason.CONTEXT_TOO_SMALL,
        f"{_named(model)} has a context window of {window} tokens; the conversation's {tokens} "
        f"tokens and an answer of {answer} do not fit. Name a larger model, or shorten "
        "the conversation.",
    )


def _answer_tokens(model: Model, window: int) -> int:
    """The room kept for the answer.

    Listings often give the whole window as maxOutputTokens; kept free it would leave no room for
    any conversation, so such a number, like an unknown one, keeps one token.
    """
    longest = model.status.effective.max_output_tokens
    return longest if longest is not None and longest < window else 1


def _named(model: Model) -> str:
    return f"Model {model.key}"
