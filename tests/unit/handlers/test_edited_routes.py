"""An edited route is served by its gateway without waiting for the route's own status."""

import pytest

from joch.api.llmgateway import LLMGateway
from joch.api.llmprovider import LLMProvider
from joch.api.model import Model
from joch.api.modelroute import ModelRoute
from joch.handlers import llmgateway, modelroute
from joch.handlers.operator import Operator
from joch.observe.api_server import Unavailable
from tests.unit.decide.routing_objects import CAPABLE, WELL, conditions
from tests.unit.handlers.objects import Raw, raw

FIRST, SECOND = "openai:gpt", "openai:mini"
VERDICTS = [{"backend": backend, "eligible": True} for backend in (FIRST, SECOND)]


def raw_route(primary: str, fallback: str, generation: int) -> Raw:
    """A route whose status was written at its first generation."""
    spec = {"strategy": {"primary": primary, "fallback": [fallback]}}
    status = {"observedGeneration": 1, "candidates": VERDICTS}
    return raw("research", version=generation, spec=spec, status=status)


@pytest.fixture
def serving(operator: Operator) -> Operator:
    """One that knows a provider that is well, its two models, and a gateway."""
    said = {"observedGeneration": 1, "conditions": conditions(**WELL)}
    operator.cache.store(LLMProvider).put(raw("openai", spec={"type": "openai"}, status=said))
    for name in ("gpt", "mini"):
        spec = {"providerRef": {"name": "openai"}, "model": name}
        status = {"observedGeneration": 1, "source": "Manual", "effective": CAPABLE}
        operator.cache.store(Model).put(raw(name, spec=spec, status=status))
    operator.cache.store(LLMGateway).put(raw("proxy", spec={}))
    return operator


def order(operator: Operator) -> list[str]:
    """The backends that the gateway would serve under the route's name."""
    gateway = operator.cache.gateways.get("rig/proxy")
    assert gateway is not None
    (route,) = llmgateway.observe(operator, gateway).routes
    return [each.backend for each in route.status.candidates if each.eligible]


def test_a_gateway_takes_a_route_s_verdicts_out_of_its_status(serving: Operator) -> None:
    serving.cache.store(ModelRoute).put(raw_route(SECOND, FIRST, generation=1))

    assert order(serving) == [FIRST, SECOND]


def test_a_gateway_judges_a_route_that_was_edited_since_its_status(serving: Operator) -> None:
    serving.cache.store(ModelRoute).put(raw_route(SECOND, FIRST, generation=2))

    assert order(serving) == [SECOND, FIRST]


async def test_the_gateway_of_an_edited_route_does_not_wait_for_the_route_s_status(
    serving: Operator,
) -> None:
    serving.cache.store(ModelRoute).put(raw_route(SECOND, FIRST, generation=2))

    with pytest.raises(Unavailable):
        await modelroute.reconcile(serving, "rig/research")

    assert len(serving.queues[LLMGateway]) == 1


async def test_the_gateway_of_a_route_that_is_judged_alike_is_left_alone(serving: Operator) -> None:
    serving.cache.store(ModelRoute).put(raw_route(FIRST, SECOND, generation=1))

    with pytest.raises(Unavailable):
        await modelroute.reconcile(serving, "rig/research")

    assert len(serving.queues[LLMGateway]) == 0
