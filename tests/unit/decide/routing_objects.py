"""Providers, models and routes as the API server would hand them out, for the tests of routing."""

from collections.abc import Mapping
from typing import Any

from hypothesis import settings

from joch.api.backend import Backend
from joch.api.conditions import Condition
from joch.api.llmprovider import LLMProvider
from joch.api.model import Model
from joch.api.modelroute import ModelRoute
from joch.decide.route.candidates import CandidateFacts, find_candidate
from joch.decide.route.checks import Demands
from joch.decide.route.status import demands_of

NOW = "2026-11-21T12:00:00Z"
PROPERTY = settings(derandomize=True, database=None, deadline=None)
WELL = {"CredentialsValid": ("True", "Validated", ""), "Reachable": ("True", "Reachable", "")}
CAPABLE = {
    "capabilities": {"toolCalling": True, "structuredOutput": True},
    "contextWindow": 200_000,
    "maxOutputTokens": 10_000,
    "pricing": {"inputPerMillion": 2, "outputPerMillion": 10},
    "regions": ["eu-central-1"],
}


def conditions(**by_type: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [
        Condition.model_validate(
            {"type": of_type, "status": status, "reason": reason, "message": message}
        ).model_dump(by_alias=True)
        for of_type, (status, reason, message) in by_type.items()
    ]


def provider(
    name: str = "openai",
    namespace: str = "rig",
    observed: int = 1,
    says: Mapping[str, tuple[str, str, str]] = WELL,
    **spec: Any,
) -> LLMProvider:
    return LLMProvider.model_validate(
        {
            "metadata": {"name": name, "namespace": namespace, "generation": 1},
            "spec": {"type": "openai", **spec},
            "status": {"observedGeneration": observed, "conditions": conditions(**says)},
        }
    )


def model(
    name: str = "gpt",
    of: str = "openai",
    namespace: str = "rig",
    facts: Mapping[str, Any] = CAPABLE,
    status: Mapping[str, Any] | None = None,
    **spec: Any,
) -> Model:
    return Model.model_validate(
        {
            "metadata": {"name": name, "namespace": namespace, "generation": 1},
            "spec": {"providerRef": {"name": of}, "model": name, **spec},
            "status": {
                "observedGeneration": 1,
                "source": "Manual",
                "effective": dict(facts),
                **(status or {}),
            },
        }
    )


def route(*backends: str, conditions_before: Any = (), **spec: Any) -> ModelRoute:
    primary, *fallback = backends or ("openai:gpt",)
    return ModelRoute.model_validate(
        {
            "metadata": {"name": "research", "namespace": "rig", "generation": 3},
            "spec": {"strategy": {"primary": primary, "fallback": fallback}, **spec},
            "status": {"conditions": conditions_before},
        }
    )


def demands(context_tokens: int | None = None, **spec: Any) -> Demands:
    return demands_of(route(**spec), context_tokens)


def candidate(
    text: str = "openai:gpt",
    providers: tuple[LLMProvider, ...] | None = None,
    models: tuple[Model, ...] | None = None,
) -> CandidateFacts:
    """The backend seen from namespace rig; by default its provider and Model are well."""
    backend = Backend.parse(text)
    if providers is None:
        providers = (provider(backend.provider),)
    if models is None:
        models = (model(backend.model, of=backend.provider),)
    return find_candidate(
        backend,
        "rig",
        {each.key: each for each in providers},
        {each.key: models for each in providers},
    )
