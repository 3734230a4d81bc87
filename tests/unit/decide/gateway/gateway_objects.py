"""The objects of the tests about gateways, as the API server would hand them out."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from joch.api.llmgateway import LLMGateway
from joch.api.llmprovider import LLMProvider
from joch.api.model import Model
from joch.api.modelroute import ModelRoute
from joch.decide.gateway.config import GatewayPlan, plan_gateway
from joch.decide.gateway.inputs import GatewayInput

Object = LLMProvider | Model | ModelRoute


def gateway(namespace: str = "rig", **spec: Any) -> LLMGateway:
    metadata = {"name": "gateway", "namespace": namespace, "uid": "uid-of-gateway", "generation": 4}
    return LLMGateway.model_validate({"metadata": metadata, "spec": spec})


def provider(
    name: str,
    of_type: str = "openai",
    namespace: str = "rig",
    *,
    keyed: bool = True,
    **spec: Any,
) -> LLMProvider:
    if keyed:
        spec["credentials"] = {"secretRef": {"name": f"{name}-key", "key": "apiKey"}}
    return LLMProvider.model_validate(
        {
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"type": of_type, **spec},
        }
    )


def model(
    backend: str,
    name: str = "",
    namespace: str = "rig",
    status: Mapping[str, Any] | None = None,
    **spec: Any,
) -> Model:
    """A Model of the vendor model that the backend names."""
    of, _, vendor_id = backend.partition(":")
    return Model.model_validate(
        {
            "metadata": {"name": name or f"{of}-{len(vendor_id)}", "namespace": namespace},
            "spec": {"providerRef": {"name": of}, "model": vendor_id, **spec},
            "status": status or {},
        }
    )


def route(
    name: str, eligible: Iterable[str], namespace: str = "rig", ineligible: Iterable[str] = ()
) -> ModelRoute:
    candidates = [{"backend": each, "eligible": True} for each in eligible]
    candidates += [{"backend": each, "eligible": False} for each in ineligible]
    primary, *fallback = [str(each["backend"]) for each in candidates]
    return ModelRoute.model_validate(
        {
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"strategy": {"primary": primary, "fallback": fallback}},
            "status": {"candidates": candidates},
        }
    )


def plan(
    *objects: Object,
    of: LLMGateway | None = None,
    credentials: Iterable[str] | None = None,
    bound: Iterable[str] = (),
) -> GatewayPlan:
    """The plan for these objects; every credential that a provider names exists, unless said."""
    providers = {each.key: each for each in objects if isinstance(each, LLMProvider)}
    usable = (key for key, each in providers.items() if each.spec.credentials)
    return plan_gateway(
        GatewayInput(
            gateway=of or gateway(),
            providers=providers,
            models=tuple(each for each in objects if isinstance(each, Model)),
            routes=tuple(each for each in objects if isinstance(each, ModelRoute)),
            credentials=frozenset(usable if credentials is None else credentials),
            bound=frozenset(bound),
        )
    )


def written(made: GatewayPlan) -> dict[str, Any]:
    """The configuration as LiteLLM will read it."""
    document = yaml.safe_load(made.config_yaml)
    assert isinstance(document, dict)
    return document


def names(made: GatewayPlan) -> list[str]:
    return [each["model_name"] for each in written(made)["model_list"]]


def group(made: GatewayPlan, name: str) -> list[dict[str, Any]]:
    """The `litellm_params` of a group, in order."""
    entries = written(made)["model_list"]
    return [each["litellm_params"] for each in entries if each["model_name"] == name]


def messages(made: GatewayPlan) -> list[tuple[str, str]]:
    return [(problem.reason.value, problem.message) for problem in made.problems]
