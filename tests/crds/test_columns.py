"""What `kubectl get` shows at 120 columns: what serves, since when, why not the primary."""

import json
from dataclasses import dataclass

import pytest

from joch.api.backend import Backend
from joch.api.base import Status
from joch.api.conditions import Condition
from joch.api.conversation import Binding, ConversationReason, ConversationStatus, ResolvedBy
from joch.api.llmgateway import GatewayReason, LLMGatewayStatus, ModelCounts
from joch.api.llmprovider import HealthState, HealthStatus, LLMProviderStatus, ProviderReason
from joch.api.model import ModelReason, ModelSource, ModelStatus
from joch.api.modelroute import ModelRouteStatus, RouteCondition, RouteReason
from joch.api.statecheckpoint import (
    CheckpointReason,
    Compatibility,
    Outcome,
    StateCheckpointStatus,
    Verdict,
)
from joch.local.kubectl import Kubectl

WIDTH = 120
LONG = Backend("", "bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:00")
SHORT = Backend("", "openai", "gpt-5-thinking")
SINCE = "2026-11-21T11:00:00.000000Z"


@dataclass(frozen=True)
class Shown:
    """An object with the status that an operator on call would meet."""

    resource: str
    kind: str
    name: str
    spec: dict[str, object]
    status: Status

    def put(self, kubectl: Kubectl, namespace: str) -> None:
        body = {
            "apiVersion": "joch.dev/v1alpha1",
            "kind": self.kind,
            "metadata": {"name": self.name, "namespace": namespace},
            "spec": self.spec,
        }
        kubectl("create", "--field-manager=test-user", "-f", "-", stdin=json.dumps(body))
        kubectl(
            "patch",
            f"{self.resource}.joch.dev/{self.name}",
            "--namespace",
            namespace,
            "--field-manager=test-operator",
            "--subresource=status",
            "--type=merge",
            "--patch",
            json.dumps({"status": self.status.to_wire()}),
        )


def condition(kind: str, *, met: bool, reason: str) -> Condition:
    return Condition(
        type=kind,
        status="True" if met else "False",
        reason=reason,
        message="LLMProvider bedrock answers 503; see its conditions.",
        observed_generation=1,
        last_transition_time=SINCE,
    )


def objects(backend: Backend) -> tuple[Shown, ...]:
    """One object of every kind, each in a state that makes its columns wide."""
    longest = max(ConversationReason, key=len)
    record = {
        "ordinal": 1,
        "conversationUid": "7075555d-bf9b-467b-9496-be7748f6d0b5",
        "transcriptDigest": "sha256:" + 64 * "0",
        "compatibility": {"verdict": "Compatible"},
        "handoffSecret": {"name": "chk-456", "digest": "sha256:" + 64 * "1", "bytes": 4096},
    }
    move = {
        "conversationRef": {"name": "conv-99"},
        "fromBackend": "openai:gpt-5",
        "toBackend": str(backend),
    }
    return (
        Shown(
            "llmproviders",
            "LLMProvider",
            backend.provider,
            {"type": "openai_completions"},
            LLMProviderStatus(
                conditions=(
                    condition("Ready", met=False, reason=ProviderReason.UNEXPECTED_ANSWER),
                ),
                health=HealthStatus(state=HealthState.UNHEALTHY, since=SINCE),
            ),
        ),
        Shown(
            "models",
            "Model",
            "bedrock-eu-anthropic-claude-s-0a1b2c3d",
            {"providerRef": {"name": backend.provider}, "model": backend.model},
            ModelStatus(
                conditions=(condition("Ready", met=False, reason=max(ModelReason, key=len)),),
                source=ModelSource.DISCOVERED,
                backend=str(backend),
                gateway_model=f"{backend.provider}.{backend.model}",
            ),
        ),
        Shown(
            "modelroutes",
            "ModelRoute",
            "research-default",
            {"strategy": {"primary": "openai:gpt-5", "fallback": [str(backend)]}},
            ModelRouteStatus(
                conditions=(
                    condition("Ready", met=True, reason=RouteReason.FALLBACK_SELECTED),
                    condition(
                        RouteCondition.PRIMARY_SELECTED,
                        met=False,
                        reason=RouteReason.FALLBACK_SELECTED,
                    ),
                ),
                selected=str(backend),
                conversations=2000,
            ),
        ),
        Shown(
            "conversations",
            "Conversation",
            "conv-0123456789abcdef0123",
            {"routeRef": {"name": "research-default"}},
            ConversationStatus(
                conditions=(condition("Ready", met=False, reason=longest),),
                binding=Binding(
                    backend=str(backend),
                    gateway_model="research-default",
                    resolved_by=ResolvedBy.SESSION,
                    route="research-default",
                    since=SINCE,
                ),
            ),
        ),
        Shown(
            "statecheckpoints",
            "StateCheckpoint",
            "chk-456",
            {**move, "mode": "Switch"},
            StateCheckpointStatus(
                conditions=(condition("Ready", met=False, reason=CheckpointReason.SUPERSEDED),),
                outcome=Outcome.SUPERSEDED,
                compatibility=Compatibility(verdict=Verdict.COMPATIBLE),
            ),
        ),
        Shown(
            "statecheckpoints",
            "StateCheckpoint",
            "chk-0123456789ab",
            {**move, "record": record},
            StateCheckpointStatus(),
        ),
        Shown(
            "llmgateways",
            "LLMGateway",
            "rig",
            {},
            LLMGatewayStatus(
                conditions=(
                    condition("Ready", met=False, reason=GatewayReason.GATEWAY_UNREACHABLE),
                ),
                models=ModelCounts(written=1200, served=1199),
            ),
        ),
    )


HEADERS = {
    "llmproviders": "NAME TYPE READY REASON HEALTH SINCE AGE",
    "models": "NAME MODEL READY REASON AGE",
    "modelroutes": "NAME SELECTED READY REASON CONVS AGE",
    "conversations": "NAME BACKEND REASON SINCE AGE",
    "statecheckpoints": "NAME CONVERSATION TO VERDICT OUTCOME AGE",
    "llmgateways": "NAME READY REASON WRITTEN SERVED AGE",
}


@pytest.mark.parametrize("resource", HEADERS)
def test_a_kind_by_itself_fits_with_a_vendor_id_of_45_characters(
    resource: str, kubectl: Kubectl, namespace: str
) -> None:
    assert len(LONG.model) == 45
    for shown in objects(LONG):
        if shown.resource == resource:
            shown.put(kubectl, namespace)

    lines = kubectl("get", f"{resource}.joch.dev", "-n", namespace).splitlines()

    assert lines[0].split() == HEADERS[resource].split()
    assert [line for line in lines if len(line) > WIDTH] == []


def test_the_whole_category_fits_with_the_ids_that_people_write(
    kubectl: Kubectl, namespace: str
) -> None:
    for shown in objects(SHORT):
        shown.put(kubectl, namespace)

    lines = kubectl("get", "joch", "-n", namespace).splitlines()

    listed = {line.split(".joch.dev/")[0] for line in lines if ".joch.dev/" in line}
    assert listed == {shown.kind.lower() for shown in objects(SHORT)}
    assert [line for line in lines if len(line) > WIDTH] == []


def test_a_route_tells_on_request_why_its_primary_does_not_serve(
    kubectl: Kubectl, namespace: str
) -> None:
    for shown in objects(SHORT):
        shown.put(kubectl, namespace)

    wide = kubectl("get", "modelroutes.joch.dev", "-n", namespace, "-o", "wide")

    assert wide.splitlines()[0].split()[-4:] == ["SINCE", "PRIMARY", "WHY", "AGE"]
    assert "openai:gpt-5" in wide
    assert "LLMProvider bedrock answers 503; see its conditions." in wide


def test_a_request_for_a_switch_tells_on_request_why_nothing_was_moved(
    kubectl: Kubectl, namespace: str
) -> None:
    for shown in objects(SHORT):
        shown.put(kubectl, namespace)

    wide = kubectl("get", "statecheckpoints.joch.dev", "-n", namespace, "-o", "wide")

    assert wide.splitlines()[0].split()[-3:] == ["REASON", "WHY", "AGE"]
    assert "LLMProvider bedrock answers 503; see its conditions." in wide


@pytest.mark.parametrize(
    ("resource", "selector"),
    [
        ("conversations", f"status.binding.backend={SHORT}"),
        ("conversations", "spec.routeRef.name=research-default"),
        ("models", "spec.providerRef.name=openai"),
        ("statecheckpoints", "spec.conversationRef.name=conv-99"),
    ],
)
def test_who_is_bound_where_is_one_field_selector_away(
    resource: str, selector: str, kubectl: Kubectl, namespace: str
) -> None:
    for shown in objects(SHORT):
        shown.put(kubectl, namespace)
    field, _, _ = selector.partition("=")

    def names(chosen: str) -> list[str]:
        options = ("-n", namespace, "--field-selector", chosen, "-o", "name")
        return kubectl("get", f"{resource}.joch.dev", *options).split()

    everything = [shown for shown in objects(SHORT) if shown.resource == resource]
    assert len(names(selector)) == len(everything)
    assert names(f"{field}=other") == []
