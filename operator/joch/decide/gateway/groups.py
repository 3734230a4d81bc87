"""The groups of a gateway: one a model, one a route, each a name that clients ask for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from joch.api.backend import Backend
from joch.api.llmgateway import GatewayReason
from joch.api.model import Model
from joch.api.modelroute import ModelRoute
from joch.decide.gateway.inputs import GatewayInput, Problem
from joch.decide.gateway.litellm_config import RETRIES, Deployment
from joch.decide.gateway.targets import Door
from joch.decide.names import digest, gateway_model
from joch.decide.route.candidates import find_candidate


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
    by_backend = _by_backend(facts.models)
    referred = _referred(facts)
    for backend, claims in sorted(by_backend.items()):
        for model in _one_a_vendor_model(claims):
            if model.metadata.namespace in facts.namespaces or backend in referred:
                yield Group(gateway_model(model, facts.home), f"Model {model.key}", (model,))
    for route in sorted(facts.routes, key=lambda route: route.key):
        if route.metadata.namespace in facts.namespaces:
            eligible = tuple(_eligible(facts, route, by_backend))
            yield Group(_route_name(route, facts.home), f"ModelRoute {route.key}", eligible)


def _by_backend(models: Iterable[Model]) -> Mapping[str, tuple[Model, ...]]:
    """The Models that claim each backend, in order of their names; as a rule one."""
    claims: dict[str, tuple[Model, ...]] = {}
    for model in sorted(models, key=lambda model: model.key):
        backend = backend_of(model)
        claims[backend] = (*claims.get(backend, ()), model)
    return claims


def _one_a_vendor_model(claims: Iterable[Model]) -> Iterable[Model]:
    """Two Models of one vendor model under one name (hand-written, discovered) are served as one.

    Two vendor models under one name stay two, and collide.
    """
    return {model.spec.model: model for model in claims}.values()


def _referred(facts: GatewayInput) -> frozenset[str]:
    """Other namespaces' backends that routes and conversations name, eligible or not.

    Some conversation may be bound to one that is not.
    """
    return facts.bound | {
        _absolute(Backend.parse(text), route.metadata.namespace)
        for route in facts.routes
        if route.metadata.namespace in facts.namespaces
        for text in route.backends
        if "/" in text.partition(":")[0]
    }


def _eligible(
    facts: GatewayInput, route: ModelRoute, by_backend: Mapping[str, tuple[Model, ...]]
) -> Iterable[Model]:
    """The models of the eligible candidates in order; two spellings of one count once.

    They are looked up as the route looked them up, so a backend means the same model to both.
    """
    home = route.metadata.namespace
    found: dict[str, Model] = {}
    for candidate in route.status.candidates:
        backend = Backend.parse(candidate.backend)
        models = {backend.provider_key(home): by_backend.get(_absolute(backend, home), ())}
        model = find_candidate(backend, home, facts.providers, models).model
        if candidate.eligible and model is not None:
            found.setdefault(model.key, model)
    return found.values()


def _absolute(backend: Backend, home: str) -> str:
    return f"{backend.provider_key(home)}:{backend.model}"


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
    reachable = tuple(
        (model, doors[provider_of(model)]) for model in group.models if provider_of(model) in doors
    )
    if len(reachable) == 1:
        return (_deployment(group, *reachable[0], {"num_retries": RETRIES}),)
    return tuple(
        _deployment(group, model, door, {"num_retries": 0, "order": order})
        for order, (model, door) in enumerate(reachable, 1)
    )


def _deployment(group: Group, model: Model, door: Door, how: Mapping[str, int]) -> Deployment:
    return Deployment(
        model_name=group.name,
        id=digest(group.name, provider_of(model), model.spec.model, length=20),
        backend=backend_of(model),
        params={**door.params(model.spec.model), **how},
    )
