"""Reconciles a ModelRoute: judge every candidate, write the verdicts, tell who depends on them."""

from joch.api.backend import Backend
from joch.api.modelroute import ModelRoute, ModelRouteStatus
from joch.decide.route.status import RouteInput, decide_route
from joch.handlers.operator import Operator
from joch.handlers.triggers import gateways_changed, route_decided
from joch.observe.backends import candidates


async def reconcile(operator: Operator, key: str) -> None:
    """Bring the status of one route up to date."""
    route = operator.cache.routes.get(key)
    if route is None:
        route_decided(operator, key)
        return
    if is_edited(route):
        # Their gateways judge it themselves, and need not wait until its status is written.
        gateways_changed(operator, route.metadata.namespace)
    status = decide_route(observe(operator, route))
    operator.learn(ModelRoute, await operator.writer.patch_status(route, status))
    if matters(route.status, status):
        route_decided(operator, key)


def is_edited(route: ModelRoute) -> bool:
    """Whether the verdicts in its status are of an older spec, or none were given yet."""
    return route.status.observed_generation != route.metadata.generation


def observe(operator: Operator, route: ModelRoute) -> RouteInput:
    """All that the route is decided from."""
    backends = (Backend.parse(text) for text in route.backends)
    return RouteInput(
        route=route,
        candidates=candidates(operator.cache, backends, route.metadata.namespace),
        conversations=operator.cache.conversations.count_by_backend(route.key),
        now=operator.now(),
    )


def matters(before: ModelRouteStatus, after: ModelRouteStatus) -> bool:
    """Whether conversations and gateways have to look: a spec or a verdict changed, not a count."""
    return (
        before.observed_generation != after.observed_generation
        or before.candidates != after.candidates
    )
