"""What LiteLLM does with the configuration that Joch generates."""

import httpx
import pytest
import yaml
from pydantic import SecretStr

from joch.decide.gateway.litellm_config import reference
from joch.decide.gateway.served import GatewayFailure, Served
from joch.observe.gateway import read_served
from tests.e2e.gateway.conftest import Scene
from tests.e2e.gateway.recording_vendor import ANSWER
from tests.e2e.gateway.running_gateway import CANARY, MASTER_KEY
from tests.e2e.gateway.served_objects import gateway_object


def ask(scene: Scene, model: str) -> httpx.Response:
    body = {"model": model, "messages": [{"role": "user", "content": "ping"}]}
    with scene.gateway.client() as client:
        return client.post("/v1/chat/completions", json=body)


def text(answer: httpx.Response) -> str:
    return str(answer.json()["choices"][0]["message"]["content"])


def key_of(scene: Scene, provider: str) -> str:
    names = {key: name for name, key in scene.plan.key_names.items()}
    return scene.keys[names[f"team/{provider}"]]


@pytest.mark.parametrize(
    ("model", "provider", "path", "header", "scheme"),
    [
        ("gpt-5-2", "openai", "/v1/chat/completions", "authorization", "Bearer "),
        ("qwen-local", "vllm", "/v1/chat/completions", "authorization", "Bearer "),
        ("sonnet-4-6", "claude", "/v1/messages", "x-api-key", ""),
        ("llama-local", "ollama", "/api/chat", "authorization", "Bearer "),
    ],
)
def test_each_type_is_asked_at_its_own_path_with_its_own_key(
    scene: Scene, model: str, provider: str, path: str, header: str, scheme: str
) -> None:
    answer = ask(scene, model)

    assert text(answer) == ANSWER
    (asked,) = scene.vendors[provider].asked
    assert asked.path == path
    assert asked.headers[header] == scheme + key_of(scene, provider)


def test_a_server_without_a_credential_gets_no_standard_environment_key(scene: Scene) -> None:
    assert text(ask(scene, "smol")) == ANSWER

    (asked,) = scene.vendors["keyless"].asked
    assert CANARY not in str(asked.headers)


def test_a_messages_client_reaches_a_compatible_server_at_chat_completions(scene: Scene) -> None:
    body = {"model": "qwen-local", "max_tokens": 9, "messages": [{"role": "user", "content": "x"}]}
    with scene.gateway.client() as client:
        answer = client.post("/v1/messages", json=body)

    assert answer.json()["content"][0]["text"] == ANSWER
    assert [asked.path for asked in scene.vendors["vllm"].asked] == ["/v1/chat/completions"]


def test_a_responses_client_reaches_a_compatible_server_at_chat_completions(scene: Scene) -> None:
    with scene.gateway.client() as client:
        answer = client.post("/v1/responses", json={"model": "qwen-local", "input": "x"})

    assert answer.json()["output"][0]["content"][0]["text"] == ANSWER
    assert [asked.path for asked in scene.vendors["vllm"].asked] == ["/v1/chat/completions"]


def test_a_route_asks_its_first_candidate(scene: Scene) -> None:
    answer = ask(scene, "research")

    assert backend_of(scene, answer) == "team/claude:sonnet-4-6"


@pytest.mark.parametrize("status", [400, 401, 429, 500, 529])
def test_a_route_goes_on_to_the_next_candidate_without_asking_twice(
    scene: Scene, status: int
) -> None:
    with scene.vendors["claude"].refusing(status):
        answer = ask(scene, "research")

    assert text(answer) == ANSWER
    assert backend_of(scene, answer) == "team/openai:gpt-5-2"
    assert [len(scene.vendors[name].asked) for name in ("claude", "openai", "vllm")] in (
        [1, 1, 0],
        [0, 1, 0],
    ), "the first is asked once, or not at all while it cools down"


def test_a_model_without_a_fallback_is_tried_three_times_and_never_cooled_down(
    scene: Scene,
) -> None:
    with scene.vendors["keyless"].refusing(500):
        answer = ask(scene, "smol")

    assert answer.status_code == 500
    assert len(scene.vendors["keyless"].asked) == 3
    assert text(ask(scene, "smol")) == ANSWER, "its vendor is well again, so it is asked at once"


async def test_what_is_read_back_is_exactly_what_was_planned(scene: Scene) -> None:
    gateway = gateway_object(adminUrl=scene.gateway.url, supervisorUrl=scene.gateway.status_url)
    async with httpx.AsyncClient() as client:
        served = await read_served(client, gateway, SecretStr(MASTER_KEY), 30)

    assert isinstance(served, Served)
    assert served.hashes == {each.id: scene.plan.config_hash for each in scene.plan.deployments}
    assert served.supervisor is not None
    assert served.supervisor.served_hash == scene.plan.config_hash


async def test_a_wrong_master_key_is_a_failure_that_says_so(scene: Scene) -> None:
    gateway = gateway_object(adminUrl=scene.gateway.url)
    async with httpx.AsyncClient() as client:
        served = await read_served(client, gateway, SecretStr("sk-wrong"), 30)

    assert isinstance(served, GatewayFailure)
    assert "spec.adminUrl" in served.message
    assert "sk-wrong" not in served.message


def test_the_metrics_are_not_public(scene: Scene) -> None:
    assert httpx.get(f"{scene.gateway.url}/metrics").status_code in (401, 404)


def test_every_reference_of_the_configuration_has_its_key(scene: Scene) -> None:
    document = yaml.safe_load(scene.plan.config_yaml)
    keys = [each["litellm_params"]["api_key"] for each in document["model_list"]]

    assert {key for key in keys if key.startswith("os.environ/")} == {
        reference(name) for name in scene.plan.key_names
    }


def backend_of(scene: Scene, answer: httpx.Response) -> str:
    answered_by = answer.headers["x-litellm-model-id"]
    return next(each.backend for each in scene.plan.deployments if each.id == answered_by)
