import random
import re
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from joch.decide.gateway.config import MAX_CONFIG, GatewayPlan
from joch.decide.gateway.litellm_config import Deployment, render
from tests.unit.decide.gateway.gateway_objects import (
    Object,
    group,
    messages,
    model,
    names,
    plan,
    provider,
    route,
    written,
)

OBJECTS: tuple[Object, ...] = (
    provider("openai"),
    provider("claude", "anthropic"),
    provider("vllm", "openai_completions", keyed=False, baseUrl="http://vllm:8000"),
    model("openai:gpt-5.2"),
    model("openai:gpt-4"),
    model("claude:claude-sonnet-4-6", alias="sonnet"),
    model("vllm:qwen"),
    route("research", ["claude:sonnet", "openai:gpt-5.2"]),
    route("cheap", ["vllm:qwen"]),
)


def references(node: Any) -> set[str]:
    return set(re.findall(r"os\.environ/(\w+)", str(node)))


def test_the_order_in_which_objects_are_read_changes_no_byte() -> None:
    shuffled = list(OBJECTS)
    random.Random(3).shuffle(shuffled)

    assert plan(*shuffled).config_yaml == plan(*OBJECTS).config_yaml


def test_every_reference_is_a_key_that_is_written_and_none_is_a_standard_name() -> None:
    made = plan(*OBJECTS)

    assert references(written(made)) == {*made.key_names, "JOCH_MASTER_KEY"}
    assert sorted(made.key_names.values()) == ["rig/claude", "rig/openai"]
    assert all(re.fullmatch(r"JOCH_KEY_[A-Z0-9_]+_[0-9A-F]{8}", name) for name in made.key_names)


def test_providers_of_one_name_in_two_namespaces_have_keys_of_their_own() -> None:
    theirs = provider("openai", namespace="other", allowedNamespaces=["rig"])
    there = model("openai:gpt-4", namespace="other")

    made = plan(*OBJECTS, theirs, there, bound=["other/openai:gpt-4"])

    assert sorted(made.key_names.values()) == ["other/openai", "rig/claude", "rig/openai"]


def test_a_provider_without_a_usable_credential_is_left_out_and_its_neighbours_stay() -> None:
    made = plan(*OBJECTS, credentials=["rig/openai"])

    assert "sonnet" not in names(made)
    assert "openai.gpt-5.2" in names(made)
    assert messages(made) == [
        (
            "CredentialMissing",
            "LLMProvider rig/claude has no usable credential, so its models are left out: write "
            "the API key into Secret claude-key, key apiKey",
        )
    ]


def test_a_vendors_own_endpoint_is_not_asked_without_a_credential() -> None:
    made = plan(provider("openai", keyed=False), model("openai:gpt-5.2"))

    ((reason, message),) = messages(made)
    assert reason == "CredentialMissing"
    assert message.endswith("set spec.credentials.secretRef")


def test_a_server_that_asks_for_no_key_gets_a_placeholder_and_no_reference() -> None:
    (params,) = group(plan(*OBJECTS), "vllm.qwen")

    assert params["api_key"]
    assert "os.environ" not in params["api_key"]


def test_the_settings_that_litellm_would_choose_badly_are_all_explicit() -> None:
    document = written(plan(*OBJECTS))

    assert document["router_settings"] == {
        "num_retries": 0,
        "allowed_fails": 2,
        "cooldown_time": 30,
        "timeout": 600,
        "stream_timeout": 120,
    }
    assert all("num_retries" in each["litellm_params"] for each in document["model_list"])
    assert all("allowed_fails" in each["model_info"] for each in document["model_list"])


def test_parameters_are_never_dropped_behind_the_clients_back() -> None:
    assert b"drop_params" not in plan(*OBJECTS).config_yaml


def test_no_name_is_an_alias_of_a_group() -> None:
    assert b"model_group_alias" not in plan(*OBJECTS).config_yaml


def test_a_compatible_server_is_only_asked_for_chat_completions() -> None:
    made = plan(*OBJECTS)

    assert group(made, "vllm.qwen")[0]["use_chat_completions_api"] is True
    assert written(made)["litellm_settings"]["use_chat_completions_url_for_anthropic_messages"]


def test_every_deployment_has_an_id_of_its_own_and_carries_the_hash_and_its_backend() -> None:
    made = plan(*OBJECTS)
    infos = [each["model_info"] for each in written(made)["model_list"]]

    assert len({info["id"] for info in infos}) == len(infos) == len(made.deployments)
    assert {info["joch_config_hash"] for info in infos} == {made.config_hash}
    assert infos[0]["joch_backend"] == "rig/claude:sonnet"


def test_the_id_of_a_deployment_outlives_a_change_of_its_neighbours_and_of_its_place() -> None:
    def ids(made: GatewayPlan) -> dict[tuple[str, str], str]:
        return {(each.model_name, each.backend): each.id for each in made.deployments}

    before = ids(plan(*OBJECTS))
    turned = route("research", ["openai:gpt-5.2", "claude:sonnet"])
    after = ids(plan(*OBJECTS[:-2], turned, model("openai:gpt-6-mini")))

    shared = before.keys() & after.keys()
    assert len(shared) == len(before) - 1
    assert {key: before[key] for key in shared} == {key: after[key] for key in shared}


def test_the_hash_changes_with_the_configuration_and_only_with_it() -> None:
    made = plan(*OBJECTS)

    assert plan(*OBJECTS, provider("unused")).config_hash == made.config_hash
    assert plan(*OBJECTS, model("openai:gpt-6-mini")).config_hash != made.config_hash
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", made.config_hash)


def test_a_person_can_read_it_and_a_diff_shows_one_line_a_deployment() -> None:
    lines = plan(*OBJECTS).config_yaml.decode().splitlines()

    assert lines[0] == "model_list:"
    assert len([line for line in lines if line.startswith("- {")]) == 7


@settings(derandomize=True, database=None, deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_yaml_reads_back_any_name_that_a_vendor_may_think_of(name: str) -> None:
    deployment = Deployment(name, "id", f"rig/openai:{name}", {"model": f"openai/{name}"})

    config_yaml, _ = render([deployment])

    (entry,) = yaml.safe_load(config_yaml)["model_list"]
    assert entry["model_name"] == name
    assert entry["litellm_params"] == {"model": f"openai/{name}"}


def test_a_name_that_looks_like_the_place_of_the_hash_stays_a_name() -> None:
    name = '", "joch_config_hash": "joch_config_hash goes here"'

    config_yaml, config_hash = render([Deployment(name, "id", "rig/openai:x", {"model": "x"})])

    (entry,) = yaml.safe_load(config_yaml)["model_list"]
    assert entry["model_name"] == name
    assert entry["model_info"]["joch_config_hash"] == config_hash


@pytest.mark.parametrize("count", [2400])
def test_a_configuration_that_fits_no_config_map_is_a_problem_with_a_remedy(count: int) -> None:
    many = (model(f"openai:gpt-{number}-{'x' * 150}", f"m{number}") for number in range(count))

    made = plan(provider("openai"), *many)

    assert len(made.config_yaml) > MAX_CONFIG
    ((reason, message),) = messages(made)
    assert reason == "TooLarge"
    assert "spec.namespaces" in message
