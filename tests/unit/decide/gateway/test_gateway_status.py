from typing import Any

import pytest

from joch.api.llmgateway import GatewayReason, LLMGateway, LLMGatewayStatus, ModelCounts
from joch.decide.gateway.config import GatewayPlan
from joch.decide.gateway.inputs import Problem
from joch.decide.gateway.served import GatewayFailure, Served, SupervisorSays
from joch.decide.gateway.status import StatusInput, decide_gateway_status
from tests.unit.decide.gateway.gateway_objects import gateway, model, plan, provider

NOW = "2026-11-21T12:00:00Z"
LATER = "2026-11-21T12:05:00Z"
GATEWAY = gateway(adminUrl="http://litellm:4000", supervisorUrl="http://litellm:4001")
PLAN = plan(provider("openai"), model("openai:gpt-5.2"), model("openai:gpt-4"))
EMPTY = plan()
LIVE = {each.id: PLAN.config_hash for each in PLAN.deployments}
SERVED = Served(LIVE)
OLD = dict.fromkeys(LIVE, "sha256:old")


def says(state: str = "Serving", message: str = "", config_hash: str = "") -> SupervisorSays:
    return SupervisorSays(config_hash or PLAN.config_hash, "sha256:old", state, message)


def status(
    served: Served | GatewayFailure | None = SERVED,
    plan: GatewayPlan = PLAN,
    refusal: Problem | None = None,
    of: LLMGateway = GATEWAY,
    now: str = NOW,
) -> LLMGatewayStatus:
    return decide_gateway_status(StatusInput(of, plan, refusal, served, now))


def conditions(status: LLMGatewayStatus) -> dict[str, tuple[str, str]]:
    return {each.type: (each.status, each.reason) for each in status.conditions}


def message(status: LLMGatewayStatus, of_type: str = "Ready") -> str:
    return next(each.message for each in status.conditions if each.type == of_type)


def test_a_gateway_that_serves_what_was_written_is_ready() -> None:
    decided = status()

    assert conditions(decided) == {
        "Ready": ("True", "Served"),
        "ConfigWritten": ("True", "Written"),
        "Served": ("True", "Served"),
    }
    assert message(decided) == "serves 2 deployments"
    assert decided.config_hash == decided.served_hash == PLAN.config_hash
    assert (decided.models.written, decided.models.served) == (2, 2)
    assert decided.observed_generation == 4


def test_looking_again_changes_nothing() -> None:
    before = status()
    again = status(of=GATEWAY.model_copy(update={"status": before}), now=LATER)

    assert again == before


@pytest.mark.parametrize(
    ("served", "ready", "reason", "sentence"),
    [
        (
            Served(OLD),
            "Reconciling",
            "Reloading",
            f"{PLAN.config_hash} is written, LiteLLM serves sha256:old: a mounted ConfigMap takes "
            "up to about a minute",
        ),
        (
            Served(OLD, says("Waiting", "JOCH_KEY_X is not there")),
            "Reconciling",
            "Reloading",
            "its supervisor says: JOCH_KEY_X is not there",
        ),
        (
            Served(OLD, says("Rejected", "Invalid routing_strategy")),
            "Stalled",
            "ConfigRejected",
            "LiteLLM does not take the configuration: Invalid routing_strategy",
        ),
        (
            Served({PLAN.deployments[0].id: PLAN.config_hash}),
            "Stalled",
            "ModelsMissing",
            "does not serve openai.gpt-5.2",
        ),
        (
            GatewayFailure("LiteLLM at spec.adminUrl does not say what it serves: no answer"),
            "Reconciling",
            "GatewayUnreachable",
            "LiteLLM at spec.adminUrl does not say what it serves: no answer",
        ),
        (
            GatewayFailure("no answer", says("Rejected", "Invalid routing_strategy")),
            "Stalled",
            "ConfigRejected",
            "Invalid routing_strategy",
        ),
        (None, "Stalled", "AdminUrlMissing", "set spec.adminUrl to where LiteLLM answers"),
    ],
)
def test_what_is_not_live_is_explained(
    served: Served | GatewayFailure | None, ready: str, reason: str, sentence: str
) -> None:
    decided = status(served)

    assert conditions(decided)["Ready"] == ("False", reason)
    assert conditions(decided)[ready] == ("True", reason)
    assert conditions(decided)["Served"][1] == reason
    assert conditions(decided)["ConfigWritten"] == ("True", "Written")
    assert sentence in message(decided)


def test_a_rejection_of_an_older_configuration_is_no_news() -> None:
    decided = status(Served(OLD, says("Rejected", "old", config_hash="sha256:older")))

    assert conditions(decided)["Ready"] == ("False", "Reloading")


def test_what_was_not_written_leaves_the_hash_of_what_is() -> None:
    before = GATEWAY.model_copy(
        update={"status": LLMGatewayStatus(config_hash="sha256:old", models=ModelCounts(written=1))}
    )
    refusal = Problem(GatewayReason.NAME_TAKEN, "ConfigMap rig/gateway-litellm exists")

    decided = status(Served(OLD), refusal=refusal, of=before)

    assert decided.config_hash == decided.served_hash == "sha256:old"
    assert decided.models.written == 1
    assert conditions(decided)["Stalled"] == ("True", "NameTaken")
    assert conditions(decided)["ConfigWritten"] == ("False", "NameTaken")


def test_a_collision_stalls_while_the_rest_is_served() -> None:
    both = plan(
        provider("openai"),
        model("openai:gpt-5.2", "a", alias="best"),
        model("openai:gpt-4", "b", alias="best"),
        model("openai:gpt-3", "c"),
    )

    decided = status(Served({each.id: both.config_hash for each in both.deployments}), both)

    assert conditions(decided)["Stalled"] == ("True", "NameCollision")
    assert conditions(decided)["Served"] == ("True", "Served")
    assert message(decided).startswith("Model rig/a and Model rig/b would both be served as 'best'")


def test_a_sick_provider_does_not_hold_up_the_others_and_is_named() -> None:
    sick: Any = plan(
        provider("openai"),
        provider("claude", "anthropic"),
        model("openai:gpt-5.2"),
        model("claude:claude-sonnet-4-6"),
        credentials=["rig/openai"],
    )

    decided = status(Served({each.id: sick.config_hash for each in sick.deployments}), sick)

    assert conditions(decided)["Ready"] == ("True", "Served")
    assert "LLMProvider rig/claude has no usable credential" in message(decided)
    assert "LLMProvider rig/claude has no usable credential" in message(decided, "ConfigWritten")


def test_a_gateway_without_models_says_what_to_create() -> None:
    decided = status(Served({}), EMPTY)

    assert conditions(decided)["Ready"] == ("False", "NoModels")
    assert conditions(decided)["Served"] == ("True", "Served")
    assert message(decided).startswith("there is no Model to serve in rig: create one")


def test_a_gateway_whose_only_provider_has_no_credential_says_that_first() -> None:
    keyless = plan(provider("openai"), model("openai:gpt-5.2"), credentials=[])

    decided = status(Served({}), keyless)

    assert conditions(decided)["Ready"] == ("False", "CredentialMissing")


def test_an_unknown_live_configuration_keeps_what_was_last_known() -> None:
    before = GATEWAY.model_copy(update={"status": LLMGatewayStatus(served_hash="sha256:old")})

    decided = status(GatewayFailure("no answer"), of=before)

    assert decided.served_hash == "sha256:old"
    assert decided.models.served is None
    assert conditions(decided)["Served"] == ("Unknown", "GatewayUnreachable")
