"""The plan of a gateway: the configuration that LiteLLM gets, and what it leaves out."""

from collections.abc import Mapping
from dataclasses import dataclass

from joch.api.llmgateway import GatewayReason
from joch.decide.gateway.groups import (
    deployments_of,
    find_groups,
    provider_of,
    without_collisions,
)
from joch.decide.gateway.inputs import GatewayInput, Problem
from joch.decide.gateway.litellm_config import Deployment, render
from joch.decide.gateway.targets import Door, find_door

MAX_CONFIG = 1_000_000
"""Bytes of config.yaml: the API server takes at most 1,048,576 bytes of data in a ConfigMap."""


@dataclass(frozen=True, slots=True)
class GatewayPlan:
    """What to write for a gateway.

    Attributes:
        config_yaml: the bytes of `config.yaml`; the same input gives the same bytes.
        config_hash: `sha256:` and 64 hex digits; every deployment carries it.
        key_names: the providers (`namespace/name`) whose credential goes under each environment
            name; every reference in the configuration but the master key's is here.
        deployments: what LiteLLM must serve.
        problems: what is left out or wrong, and what to do.
    """

    config_yaml: bytes
    config_hash: str
    key_names: Mapping[str, str]
    deployments: tuple[Deployment, ...]
    problems: tuple[Problem, ...]

    def problem(self, reason: GatewayReason) -> Problem | None:
        """The first problem of this reason."""
        return next((problem for problem in self.problems if problem.reason is reason), None)


def plan_gateway(facts: GatewayInput) -> GatewayPlan:
    """Decide what the gateway serves.

    Disabled and unhealthy providers and stale models stay, because conversations are bound to
    them; whether new ones may choose them is the routes' business.
    """
    groups, collisions = without_collisions(find_groups(facts))
    providers = sorted({provider_of(model) for group in groups for model in group.models})
    found = {key: find_door(facts, key) for key in providers}
    doors = {key: door for key, door in found.items() if isinstance(door, Door)}
    deployments = tuple(
        deployment for group in groups for deployment in deployments_of(group, doors)
    )
    config_yaml, config_hash = render(deployments)
    shut = tuple(door for door in found.values() if isinstance(door, Problem))
    return GatewayPlan(
        config_yaml=config_yaml,
        config_hash=config_hash,
        key_names={door.key: key for key, door in doors.items() if door.key is not None},
        deployments=deployments,
        problems=(*_too_large(config_yaml, deployments), *collisions, *shut),
    )


def _too_large(config_yaml: bytes, deployments: tuple[Deployment, ...]) -> tuple[Problem, ...]:
    if len(config_yaml) <= MAX_CONFIG:
        return ()
    return (
        Problem(
            GatewayReason.TOO_LARGE,
            f"the configuration of {len(deployments)} deployments has {len(config_yaml)} bytes, "
            f"more than the {MAX_CONFIG} that fit a ConfigMap, so it is not written: serve fewer "
            "namespaces (spec.namespaces), or leave models out (spec.discovery.include and "
            "exclude of their LLMProvider)",
        ),
    )
