"""A configuration or key that can't be served changes nothing, and is explained."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.e2e.gateway.conftest import Scene
from tests.e2e.gateway.recording_vendor import ANSWER
from tests.e2e.gateway.running_gateway import wait_until
from tests.e2e.gateway.test_serving import ask, text


@pytest.fixture
def restored(scene: Scene) -> Iterator[Scene]:
    """The scene, with its own configuration and keys back in place at the end."""
    yield scene
    scene.gateway.give_keys(scene.keys)
    scene.gateway.give_config(scene.plan.config_yaml)
    scene.gateway.wait_for(state="Serving", configHash=scene.plan.config_hash)


def test_a_configuration_that_litellm_refuses_leaves_the_last_good_one_serving(
    restored: Scene,
) -> None:
    settings = 'router_settings: {"num_retries": 0'
    nonsense = 'router_settings: {"routing_strategy": "nonsense"'
    broken = changed(restored, "broken", settings, nonsense)
    restored.gateway.give_config(broken)
    said = restored.gateway.wait_for(state="Rejected", configHash="sha256:broken")

    assert said["servedHash"] == restored.plan.config_hash
    assert "Invalid routing_strategy: 'nonsense'" in said["message"]
    assert text(ask(restored, "gpt-5-2")) == ANSWER


def test_a_deployment_that_litellm_drops_without_a_word_is_caught(restored: Scene) -> None:
    restored.gateway.give_config(changed(restored, "dropped", "ollama_chat/", "no_such_provider/"))
    said = restored.gateway.wait_for(state="Rejected", configHash="sha256:dropped")

    assert "LiteLLM dropped 1 of 8 deployments: llama-local" in said["message"]
    assert "no_such_provider" in said["message"]
    assert text(ask(restored, "llama-local")) == ANSWER


def test_a_configuration_waits_for_the_keys_that_it_refers_to(restored: Scene) -> None:
    name = next(iter(restored.plan.key_names))
    restored.gateway.give_keys({key: v for key, v in restored.keys.items() if key != name})
    said = restored.gateway.wait_for(state="Waiting")

    assert name in said["message"]
    assert "Secret" in said["message"]
    assert text(ask(restored, "gpt-5-2")) == ANSWER


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (b"model_list: [", "config.yaml is not YAML"),
        (b"model_list: []", "general_settings"),
        (b"- a list", "config.yaml can't be served"),
    ],
)
def test_what_is_no_configuration_is_refused_without_starting_anything(
    restored: Scene, config: bytes, sentence: str
) -> None:
    restored.gateway.give_config(config)
    said = restored.gateway.wait_for(state="Rejected")

    assert sentence in said["message"]
    assert said["servedHash"] == restored.plan.config_hash


def test_a_litellm_that_dies_is_replaced_and_a_request_in_between_waits_for_it(
    scene: Scene,
) -> None:
    (worker,) = scene.gateway.workers()
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: worker not in scene.gateway.workers(), scene.gateway.log)

    assert text(ask(scene, "gpt-5-2")) == ANSWER
    assert scene.gateway.wait_for(state="Serving")["servedHash"] == scene.plan.config_hash


def test_no_key_is_in_what_the_gateway_printed(scene: Scene) -> None:
    text(ask(scene, "research"))

    assert not [key for key in scene.keys.values() if key in scene.gateway.log()]


def changed(scene: Scene, name: str, old: str, new: str) -> bytes:
    """The scene's configuration with one change and a hash of that name."""
    text = scene.plan.config_yaml.decode()
    assert old in text
    return text.replace(old, new).replace(scene.plan.config_hash, f"sha256:{name}").encode()
