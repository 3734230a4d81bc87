"""The groups of a gateway: one a model, one a route, each a name that clients ask for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from joch.api.backend import Backend
from joch.api.llmgateway import GatewayReason
from joch.api.model import Model, ModelSource
from joch.api.modelroute import ModelRoute
from joch.decide.gateway.inputs import GatewayInput, Problem
from joch.decide.gateway.litellm_config import RETRIES, Deployment
from joch.decide.gateway.targets import Door
from joch.decide.names import digest, gateway_model


@dataclass(frozen=True, slots=True)
class Group:
    """A `model_name` and the models behind it, best first; `owner` names the object it is for."""

    name: str
    owner: str
    models: tuple[Model, ...]


def provider_of(model: Model) -> str:
    """`namespace/name` of a Model's provider."""
    return f"{model.metadata.namespace}/{model.spec.provider_ref.name}"


def backend_of(model: Model) -> str:
    """`namespace/provider:model`, the same wherever it is read."""
    return f"{provider_of(model)}:{model.local_name}"


def find_groups(facts: GatewayInput) -> Iterator[Group]:
    """Every group that the gateway should have, in order: models by name, then routes by name."""
    models = _without_twins(facts.models)
    referred = _referred(facts)
    for model in models:
        if model.metadata.namespace in facts.namespaces or backend_of(model) in referred:
            yield Group(gateway_model(model, facts.home), f"Model {model.key}", (model,))
    by_backend = _by_backend(models)
    for route in sorted(facts.routes, key=lambda route: route.key):
        if route.metadata.namespace in facts.namespaces:
            eligible = tuple(_eligible(route, by_backend))
            yield Group(_route_name(route, facts.home), f"ModelRoute {route.key}", eligible)


def _without_twins(models: Iterable[Model]) -> tuple[Model, ...]:
    """One Model for each name of a vendor's model, in order; one written by hand wins."""
    unique: dict[tuple[str, str], Model] = {}
    for model in sorted(models, key=_by_hand_first):
        unique.setdefault((backend_of(model), model.spec.model), model)
    return tuple(unique[key] for key in sorted(unique))


def _by_hand_first(model: Model) -> tuple[bool, str]:
    return model.status.source is ModelSource.DISCOVERED, model.key


def _by_backend(models: Iterable[Model]) -> Mapping[str, Model]:
    """Models by backend; two vendor models under one alias are none (their names collide too)."""
    claims: dict[str, list[Model]] = {}
    for model in models:
        claims.setdefault(backend_of(model), []).append(model)
    return {backend: found[0] for backend, found in claims.items() if len(found) == 1}


def _referred(facts: GatewayInput) -> frozenset[str]:
    """The backends that routes and conversations refer to, eligible or not: some may be bound."""
    return facts.bound | {
        _absolute(backend, route.metadata.namespace)
        for route in facts.routes
        if route.metadata.namespace in facts.namespaces
        for backend in route.backends
    }


def _eligible(route: ModelRoute, by_backend: Mapping[str, Model]) -> Iterable[Model]:
    """The models of the eligible candidates in order; two spellings of one count once."""
    keys = dict.fromkeys(
        _absolute(candidate.backend, route.metadata.namespace)
        for candidate in route.status.candidates
        if candidate.eligible
    )
    return (by_backend[key] for key in keys if key in by_backend)


def _absolute(backend: str, namespace: str) -> str:
    parsed = Backend.parse(backend)
    return f"{parsed.provider_key(namespace)}:{parsed.model}"


def _route_name(route: ModelRoute, home: str) -> str:
    namespace, name = route.metadata.namespace, route.metadata.name
    return name if namespace == home else f"{namespace}.{name}"


def without_collisions(groups: Iterable[Group]) -> tuple[tuple[Group, ...], tuple[Problem, ...]]:
    """The groups whose name is theirs alone, and a problem for every name that several want."""
    by_name: dict[str, list[Group]] = {}
    for group in groups:
        by_name.setdefault(group.name, []).append(group)
    alone = tuple(claims[0] for claims in by_name.values() if len(claims) == 1)
    return alone, tuple(_collision(claims) for claims in by_name.values() if len(claims) > 1)


def _collision(claims: list[Group]) -> Problem:
    owners = " and ".join(claim.owner for claim in claims)
    return Problem(
        GatewayReason.NAME_COLLISION,
        f"{owners} would both be served as {claims[0].name!r}, so none of them is: change "
        "spec.alias of a Model, or give the route another name",
    )


def deployments_of(group: Group, doors: Mapping[str, Door]) -> tuple[Deployment, ...]:
    """The group's deployments: those of its models that have a door.

    With a fallback each is tried once, in order; alone it is tried again, because nothing else
    would answer.
    """
    reachable = [
        (model, doors[provider_of(model)]) for model in group.models if provider_of(model) in doors
    ]
    retries = 0 if len(reachable) > 1 else RETRIES
    return tuple(
        Deployment(
            model_name=group.name,
            id=digest(group.name, provider_of(model), model.spec.model, length=20),
            backend=backend_of(model),
            params={**door.params(model.spec.model), "num_retries": retries, "order": order},
        )
        for order, (model, door) in enumerate(reachable, 1)
    )
