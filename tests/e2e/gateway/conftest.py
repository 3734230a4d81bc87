"""One gateway for all tests that change nothing for good: LiteLLM takes ten seconds to start."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from joch.decide.gateway.config import GatewayPlan
from tests.e2e.gateway.recording_vendor import Vendor, serve_vendor
from tests.e2e.gateway.running_gateway import MASTER_KEY, Gateway, run_gateway
from tests.e2e.gateway.served_objects import model, planned, provider, route


@dataclass(frozen=True)
class Scene:
    """The vendors by their provider's name, the plan, and the gateway that serves it."""

    vendors: dict[str, Vendor]
    plan: GatewayPlan
    keys: dict[str, str]
    gateway: Gateway


@pytest.fixture(scope="session")
def running_scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with ExitStack() as stack:
        names = ("openai", "vllm", "claude", "ollama", "keyless")
        vendors = {name: stack.enter_context(serve_vendor()) for name in names}
        plan = planned(
            provider("openai", "openai", f"{vendors['openai'].url}/v1"),
            provider("vllm", "openai_completions", f"{vendors['vllm'].url}/v1"),
            provider("claude", "anthropic", vendors["claude"].url),
            provider("ollama", "ollama", vendors["ollama"].url),
            provider("keyless", "openai_completions", vendors["keyless"].url, keyed=False),
            model("openai", "gpt-5.2", "gpt-5-2"),
            model("vllm", "qwen", "qwen-local"),
            model("claude", "claude-sonnet-4-6", "sonnet-4-6"),
            model("ollama", "llama3.2", "llama-local"),
            model("keyless", "smol", "smol"),
            route("research", "claude:sonnet-4-6", "openai:gpt-5-2", "vllm:qwen-local"),
        )
        keys = {name: f"key-of-{provider_key}" for name, provider_key in plan.key_names.items()}
        keys["JOCH_MASTER_KEY"] = MASTER_KEY
        gateway = stack.enter_context(run_gateway(tmp_path_factory.mktemp("gateway")))
        gateway.give_keys(keys)
        gateway.give_config(plan.config_yaml)
        gateway.wait_for(state="Serving", servedHash=plan.config_hash)
        yield Scene(vendors, plan, keys, gateway)


@pytest.fixture
def scene(running_scene: Scene) -> Scene:
    """The running scene; every test sees only what its own requests did."""
    for vendor in running_scene.vendors.values():
        vendor.asked.clear()
    return running_scene
