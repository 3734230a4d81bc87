"""The status of one Model: its names, the facts in force, and whether it may serve."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from joch.api.backend import Backend
from joch.api.llmprovider import LLMProvider
from joch.api.model import (
    EffectiveFacts,
    Model,
    ModelFacts,
    ModelReason,
    ModelSource,
    ModelStatus,
    ValueSource,
)
from joch.decide.conditions import Verdict, ready, settle, stalled, waiting
from joch.decide.names import gateway_model
from joch.decide.provider.discovery import is_discovered


@dataclass(frozen=True, slots=True)
class ModelInput:
    """Everything that is known about a Model.

    `provider` None: it does not exist. `siblings`: the Models of its namespace, itself or not.
    `now` is RFC 3339 text.
    """

    model: Model
    provider: LLMProvider | None
    siblings: tuple[Model, ...]
    now: str


def decide_model(given: ModelInput) -> ModelStatus:
    """The status of the Model. Equal inputs give equal statuses, so nothing is written.

    `stale`, `lastSeenAt` and `vendor` are those of the last listing and stay
    (`decide.provider.discovery`).
    """
    model = given.model
    shadowed = _hand_written_twin(given) is not None
    return model.status.model_copy(
        update={
            "observed_generation": model.metadata.generation,
            "source": ModelSource.DISCOVERED if is_discovered(model) else ModelSource.MANUAL,
            "backend": str(Backend("", model.spec.provider_ref.name, model.local_name)),
            "gateway_model": None if shadowed else _gateway_name(model),
            "effective": effective_facts(model, given.provider),
            "conditions": settle(
                model.status.conditions, _verdicts(given), model.metadata.generation, given.now
            ),
        }
    )


def effective_facts(model: Model, provider: LLMProvider | None) -> EffectiveFacts:
    """Each fact from the first that states it: the user, then the vendor's listing.

    A provider's regions are its user's word, and hold for all its models that state none.
    """
    stated: list[tuple[ValueSource, ModelFacts]] = [(ValueSource.USER, model.spec)]
    if model.status.vendor is not None:
        stated.append((ValueSource.VENDOR, model.status.vendor))
    values, sources = _merged(stated)
    if "regions" not in sources and provider is not None and provider.spec.regions:
        values["regions"] = provider.spec.regions
        sources["regions"] = ValueSource.USER
    return EffectiveFacts.model_validate({**values, "sources": sources})


def _merged(
    stated: Iterable[tuple[ValueSource, ModelFacts]],
) -> tuple[dict[str, Any], dict[str, ValueSource]]:
    """The first stated value of every fact, nested as in ModelFacts, and where each is from."""
    values: dict[str, Any] = {}
    sources: dict[str, ValueSource] = {}
    for source, facts in stated:
        for path, name, value in _facts(facts, ModelFacts):
            if name not in sources:
                sources[name] = source
                _put(values, path, value)
    return values, sources


def _facts(
    facts: BaseModel, of_type: type[BaseModel]
) -> Iterator[tuple[tuple[str, ...], str, object]]:
    """Every stated fact: its path by Python names, its name on the wire, its value."""
    for name, field in of_type.model_fields.items():
        value = getattr(facts, name)
        alias = field.alias or name
        if isinstance(value, BaseModel):
            for path, inner, nested in _facts(value, type(value)):
                yield (name, *path), f"{alias}.{inner}", nested
        elif value is not None and value != ():
            yield (name,), alias, value


def _put(values: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    for name in path[:-1]:
        values = values.setdefault(name, {})
    values[path[-1]] = value


def _verdicts(given: ModelInput) -> tuple[Verdict, ...]:
    for check in CHECKS:
        verdicts = check(given)
        if verdicts:
            return verdicts
    return ready(ModelReason.AVAILABLE, f"the gateway serves it as {_gateway_name(given.model)}")


def _provider_exists(given: ModelInput) -> tuple[Verdict, ...]:
    if given.provider is not None:
        return ()
    model = given.model
    return stalled(
        ModelReason.PROVIDER_NOT_FOUND,
        f"Model {model.key} names LLMProvider {model.spec.provider_ref.name}, which does not exist "
        f"in namespace {model.metadata.namespace}: create it or correct spec.providerRef.name",
    )


def _is_the_only_default(given: ModelInput) -> tuple[Verdict, ...]:
    if not given.model.spec.default:
        return ()
    others = [other for other in _others(given) if other.spec.default]
    if not others:
        return ()
    return stalled(
        ModelReason.TWO_DEFAULTS,
        f"Model {given.model.key} and {_named(others)} all have spec.default: true, so none of "
        "them counts: leave it on one",
    )


def _is_not_shadowed(given: ModelInput) -> tuple[Verdict, ...]:
    twin = _hand_written_twin(given)
    if twin is None:
        return ()
    return (
        Verdict(
            "Ready",
            "False",
            ModelReason.DUPLICATE_MODEL,
            f"Model {twin.key} was written by hand for {given.model.spec.model} of LLMProvider "
            f"{given.model.spec.provider_ref.name} and wins: this one is not used",
        ),
    )


def _has_a_name_of_its_own(given: ModelInput) -> tuple[Verdict, ...]:
    name = _gateway_name(given.model)
    rivals = [
        other
        for other in _others(given)
        if _gateway_name(other) == name and not _shadows(given.model, other)
    ]
    if not rivals:
        return ()
    same = all(_identity(other) == _identity(given.model) for other in rivals)
    return stalled(
        ModelReason.DUPLICATE_MODEL if same else ModelReason.NAME_COLLISION,
        f"Model {given.model.key} and {_named(rivals)} would both be served as {name}: "
        f"{'delete one of them' if same else 'change the spec.alias of one of them'}",
    )


def _is_listed(given: ModelInput) -> tuple[Verdict, ...]:
    if not given.model.status.stale:
        return ()
    spec = given.model.spec
    return waiting(
        ModelReason.STALE,
        f"{spec.model} is absent from the last model list of LLMProvider {spec.provider_ref.name} "
        "or left out of its discovery: use another model, or write a Model by hand if it serves",
    )


CHECKS = (
    _provider_exists,
    _is_the_only_default,
    _is_not_shadowed,
    _has_a_name_of_its_own,
    _is_listed,
)
"""What a Model must pass, in order; the first objection is its verdict."""


def _others(given: ModelInput) -> list[Model]:
    me = given.model.metadata
    return [
        other
        for other in given.siblings
        if other.metadata.namespace == me.namespace and other.metadata.name != me.name
    ]


def _hand_written_twin(given: ModelInput) -> Model | None:
    """The hand-written Model that displaces this discovered one."""
    return next((other for other in _others(given) if _shadows(other, given.model)), None)


def _shadows(one: Model, other: Model) -> bool:
    """Whether `one`, written by hand, displaces the discovered `other`."""
    return not is_discovered(one) and is_discovered(other) and _identity(one) == _identity(other)


def _identity(model: Model) -> tuple[str, str]:
    return model.spec.provider_ref.name, model.spec.model


def _gateway_name(model: Model) -> str:
    return gateway_model(model, model.metadata.namespace)


def _named(models: list[Model]) -> str:
    first, *rest = sorted(model.key for model in models)
    return f"Model {first}" + (f" and {len(rest)} more" if rest else "")
