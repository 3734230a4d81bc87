import base64
from dataclasses import replace

import pytest
from pydantic import SecretStr

from joch.api.llmgateway import GatewayReason
from joch.decide.gateway.inputs import Problem
from joch.decide.gateway.objects import Existing, Target, Writes, plan_writes, rewrite
from tests.unit.decide.gateway.gateway_objects import gateway, model, plan, provider

GATEWAY = gateway()
PLAN = plan(provider("openai"), model("openai:gpt-5.2"))
(KEY_NAME,) = PLAN.key_names
KEY = SecretStr("sk-proj-the-credential")
CREDENTIALS = {"rig/openai": KEY, "rig/claude": SecretStr("not asked for")}
ENTROPY = bytes(32)


def writes(config_map: Existing | None = None, secret: Existing | None = None) -> Writes | Problem:
    return plan_writes(GATEWAY, PLAN, CREDENTIALS, config_map, secret, ENTROPY)


def made() -> tuple[Target, Target, SecretStr]:
    planned = writes()
    assert isinstance(planned, Writes)
    assert isinstance(planned.secret, Target)
    assert isinstance(planned.config_map, Target)
    return planned.config_map, planned.secret, planned.master_key


def there(target: Target, controller: str | None = "uid-of-gateway") -> Existing:
    return Existing("7", controller, target.data)


def test_both_bear_the_mark_and_are_controlled_by_the_gateway() -> None:
    for target in made()[:2]:
        metadata = target.body()["metadata"]
        assert (metadata["namespace"], metadata["name"]) == ("rig", "gateway-litellm")
        assert metadata["labels"] == {"app.kubernetes.io/managed-by": "joch"}
        assert metadata["ownerReferences"] == [
            {
                "apiVersion": "joch.dev/v1alpha1",
                "kind": "LLMGateway",
                "name": "gateway",
                "uid": "uid-of-gateway",
                "controller": True,
                "blockOwnerDeletion": False,
            }
        ]
        assert "resourceVersion" not in metadata, "it is created"


def test_the_config_map_holds_the_configuration_and_no_credential() -> None:
    config_map, _, master_key = made()

    assert config_map.body()["data"] == {"config.yaml": PLAN.config_yaml.decode()}
    assert KEY.get_secret_value() not in str(config_map.body())
    assert master_key.get_secret_value() not in str(config_map.body())


def test_the_secret_holds_the_keys_that_the_configuration_refers_to_and_no_others() -> None:
    _, secret, master_key = made()
    data = {name: base64.b64decode(value) for name, value in secret.body()["data"].items()}

    assert data == {
        "JOCH_MASTER_KEY": master_key.get_secret_value().encode(),
        KEY_NAME: b"sk-proj-the-credential",
    }


def test_no_representation_shows_a_credential() -> None:
    _, secret, master_key = made()

    assert KEY.get_secret_value() not in repr((writes(), secret))
    assert master_key.get_secret_value() not in repr((writes(), secret))


def test_what_is_right_already_is_not_written() -> None:
    config_map, secret, _ = made()

    again = writes(there(config_map), there(secret))

    assert isinstance(again, Writes)
    assert (again.config_map, again.secret) == (there(config_map), there(secret))


def test_another_configuration_goes_over_the_version_that_held_the_one_before() -> None:
    config_map, _, _ = made()

    again = rewrite(GATEWAY, PLAN, "7")

    assert again == replace(config_map, resource_version="7")


def test_a_configuration_that_is_too_large_is_not_written_over_the_last_one() -> None:
    problem = Problem(GatewayReason.TOO_LARGE, "too large")

    assert rewrite(GATEWAY, replace(PLAN, problems=(problem,)), "7") is None


def test_the_master_key_is_kept_and_what_changed_is_replaced_at_its_version() -> None:
    kept = Existing("7", "uid-of-gateway", {"JOCH_MASTER_KEY": SecretStr("sk-kept")})

    again = writes(secret=kept)

    assert isinstance(again, Writes)
    assert again.master_key == SecretStr("sk-kept")
    assert isinstance(again.secret, Target)
    assert again.secret.body()["metadata"]["resourceVersion"] == "7"
    assert set(again.secret.data) == {"JOCH_MASTER_KEY", KEY_NAME}


def test_an_emptied_master_key_is_made_anew() -> None:
    emptied = Existing("7", "uid-of-gateway", {"JOCH_MASTER_KEY": SecretStr("")})

    again = writes(secret=emptied)

    assert isinstance(again, Writes)
    assert again.master_key.get_secret_value().startswith("sk-")
    assert len(again.master_key.get_secret_value()) > 40


@pytest.mark.parametrize("controller", [None, "uid-of-another"])
def test_an_object_that_somebody_else_controls_is_never_written(controller: str | None) -> None:
    config_map, secret, _ = made()

    refused = [
        writes(config_map=there(config_map, controller)),
        writes(secret=there(secret, controller)),
    ]

    assert [each.message for each in refused if isinstance(each, Problem)] == [
        "ConfigMap rig/gateway-litellm exists and is not controlled by LLMGateway rig/gateway, so "
        "it is not written: delete it, or name another in spec.configMapRef",
        "Secret rig/gateway-litellm exists and is not controlled by LLMGateway rig/gateway, so "
        "it is not written: delete it, or name another in spec.secretRef",
    ]


def test_the_names_may_be_chosen() -> None:
    chosen = gateway(configMapRef={"name": "config"}, secretRef={"name": "keys"})

    planned = plan_writes(chosen, PLAN, CREDENTIALS, None, None, ENTROPY)

    assert isinstance(planned, Writes)
    assert isinstance(planned.config_map, Target)
    assert isinstance(planned.secret, Target)
    assert (planned.config_map.name, planned.secret.name) == ("config", "keys")
