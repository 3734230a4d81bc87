"""The objects behind the gateway of these tests: a provider of every type, and a route."""

from typing import Any

from joch.api.llmgateway import LLMGateway
from joch.api.llmprovider import LLMProvider
from joch.api.model import Model
from joch.api.modelroute import ModelRoute
from joch.decide.gateway.config import GatewayPlan, plan_gateway
from joch.decide.gateway.inputs import GatewayInput

NAMESPACE = "team"


def provider(name: str, of_type: str, base_url: str, *, keyed: bool = True) -> LLMProvider:
    """A provider of the tests' namespace, with a credential or without."""
    credentials = {"credentials": {"secretRef": {"name": name, "key": "apiKey"}}} if keyed else {}
    return LLMProvider.model_validate(
        {
            "metadata": {"name": name, "namespace": NAMESPACE},
            "spec": {"type": of_type, "baseUrl": base_url, **credentials},
        }
    )


def model(of: str, vendor_id: str, alias: str) -> Model:
    """A Model of the tests' namespace."""
    return Model.model_validate(
        {
            "metadata": {"name": alias, "namespace": NAMESPACE},
            "spec": {"providerRef": {"name": of}, "model": vendor_id, "alias": alias},
        }
    )


def route(name: str, *backends: str) -> ModelRoute:
    """A route whose candidates are all eligible."""
    primary, *fallback = backends
    candidates: list[dict[str, Any]] = [
        {"backend": backend, "eligible": True} for backend in backends
    ]
    return ModelRoute.model_validate(
        {
            "metadata": {"name": name, "namespace": NAMESPACE},
            "spec": {"strategy": {"primary": primary, "fallback": fallback}},
            "status": {"candidates": candidates},
        }
    )


def planned(*objects: LLMProvider | Model | ModelRoute) -> GatewayPlan:
    """What Joch plans for these objects; every credential that is named exists."""
    providers = {each.key: each for each in objects if isinstance(each, LLMProvider)}
    return plan_gateway(
        GatewayInput(
            gateway=gateway_object(),
            providers=providers,
            models=tuple(each for each in objects if isinstance(each, Model)),
            routes=tuple(each for each in objects if isinstance(each, ModelRoute)),
            credentials=frozenset(key for key, each in providers.items() if each.spec.credentials),
        )
    )


def gateway_object(**spec: Any) -> LLMGateway:
    """The LLMGateway itself."""
    return LLMGateway.model_validate(
        {"metadata": {"name": "gateway", "namespace": NAMESPACE, "uid": "u"}, "spec": spec}
    )
