"""LLMProviders on a real API server, with the real operator and vendors on real sockets."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from joch.local.control_plane import Access
from joch.local.kubectl import Kubectl
from tests.audit_log import AuditLog
from tests.vendors.anthropic import Anthropic
from tests.vendors.openai import OpenAI
from tests.vendors.server import Manner, Reply, Vendor, as_html, as_json, serving

KEY = "sk-canary-7f3a9cQz81"
PROBE = {"interval": "200ms", "timeout": "2s", "failureThreshold": 2, "successThreshold": 1}
PATIENCE = "60s"


@contextmanager
def running_operator(access: Access, namespace: str, log: Any) -> Iterator[None]:
    """The operator as a process of its own, for one namespace."""
    command = [sys.executable, "-m", "joch", "operator", "--kubeconfig", str(access.kubeconfig)]
    command += ["-n", namespace, "--lease-namespace", namespace]
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


class Cluster:
    """One namespace of the API server, asked through kubectl without blocking the vendors."""

    def __init__(self, kubectl: Kubectl, namespace: str) -> None:
        self._kubectl = kubectl
        self.namespace = namespace

    async def kubectl(self, *args: str, stdin: str | None = None) -> str:
        return await asyncio.to_thread(
            lambda: self._kubectl(*args, "-n", self.namespace, stdin=stdin)
        )

    async def apply(self, *manifests: dict[str, Any]) -> None:
        items = {"apiVersion": "v1", "kind": "List", "items": list(manifests)}
        await self.kubectl("apply", "--field-manager=test-user", "-f-", stdin=json.dumps(items))

    async def until(self, *what: str, condition: str) -> None:
        """Wait for a condition to be True."""
        await self.kubectl("wait", *what, f"--for=condition={condition}", f"--timeout={PATIENCE}")

    async def get(self, *args: str) -> dict[str, Any]:
        return dict(json.loads(await self.kubectl("get", *args, "-o", "json")))

    async def condition(self, provider: str, of_type: str) -> tuple[str, str, str]:
        found = await self.get(f"llmproviders.joch.dev/{provider}")
        (one,) = (c for c in found["status"]["conditions"] if c["type"] == of_type)
        return one["status"], one["reason"], one["message"]


@pytest.fixture
async def cluster(
    control_plane: Access,
    kubectl: Kubectl,
    namespace: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Cluster]:
    log = tmp_path_factory.mktemp("operator") / "log"
    with log.open("w") as sink, running_operator(control_plane, namespace, sink):
        yield Cluster(kubectl, namespace)
    said = log.read_text()
    assert KEY not in said
    assert "Traceback" not in said, said


def provider(name: str, base_url: str, type_name: str = "openai", **spec: Any) -> dict[str, Any]:
    keys = {"secretRef": {"name": "keys", "key": "api-key"}}
    return {
        "apiVersion": "joch.dev/v1alpha1",
        "kind": "LLMProvider",
        "metadata": {"name": name},
        "spec": {
            "type": type_name,
            "baseUrl": base_url,
            "credentials": keys,
            "probe": PROBE,
            "discovery": {"enabled": True},
            **spec,
        },
    }


def secret(key: str = KEY, name: str = "api-key") -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "keys"},
        "stringData": {name: key},
    }


def always(reply: Reply) -> Vendor:
    return lambda _: reply


async def test_a_provider_is_validated_and_its_models_are_discovered(cluster: Cluster) -> None:
    async with serving(Anthropic(key=KEY, page_size=1)) as vendor:
        await cluster.apply(secret(), provider("claude", vendor.url, "anthropic"))
        await cluster.until("llmproviders.joch.dev/claude", condition="Ready")
        await cluster.until("llmproviders.joch.dev/claude", condition="ModelsSynced")
        await cluster.until("models.joch.dev", "--all", condition="Ready")
    models = (await cluster.get("models.joch.dev"))["items"]
    assert sorted(model["spec"]["model"] for model in models) == [
        "claude-opus-4-7",
        "claude-sonnet-4-6",
    ]
    for model in models:
        assert set(model["spec"]) == {"providerRef", "model"}
        assert model["status"]["source"] == "Discovered"
        assert model["status"]["effective"]["contextWindow"] == 200_000
    everything = await cluster.kubectl("get", "joch,events", "-o", "yaml")
    assert KEY not in everything


async def test_a_secret_that_comes_late_heals_its_provider(cluster: Cluster) -> None:
    async with serving(OpenAI(key=KEY)) as vendor:
        await cluster.apply(provider("openai", vendor.url))
        await cluster.until("llmproviders.joch.dev/openai", condition="Stalled")
        _, reason, message = await cluster.condition("openai", "Ready")
        assert reason == "SecretNotFound"
        assert message == (
            f"Secret {cluster.namespace}/keys does not exist: create it or change "
            "spec.credentials.secretRef.name"
        )
        await cluster.apply(secret(name="other"))
        await until_reason(cluster, "openai", "SecretKeyMissing")
        await cluster.apply(secret(key="sk-wrong"))
        await until_reason(cluster, "openai", "Rejected")
        await cluster.apply(secret())
        await cluster.until("llmproviders.joch.dev/openai", condition="Ready")


async def until_reason(cluster: Cluster, name: str, reason: str) -> None:
    path = "{.status.conditions[?(@.type=='Ready')].reason}"
    wait = f"--for=jsonpath={path}={reason}"
    await cluster.kubectl("wait", f"llmproviders.joch.dev/{name}", wait, f"--timeout={PATIENCE}")


async def test_sick_vendors_are_told_apart_and_hold_up_no_healthy_one(cluster: Cluster) -> None:
    sick: dict[str, tuple[Vendor, str]] = {
        "hangs": (always(Reply(manner=Manner.HANG)), "Timeout"),
        "html": (always(as_html("<h1>Welcome</h1>")), "UnexpectedAnswer"),
        "inside": (always(as_json({"error": {"code": 401, "message": "no"}})), "Rejected"),
        "overloaded": (OpenAI(failing="server_is_overloaded"), "ServerError"),
        "spent": (OpenAI(failing="insufficient_quota"), "QuotaExhausted"),
    }
    async with asyncio.TaskGroup() as all_done, serving(OpenAI(key=KEY)) as well:
        await cluster.apply(secret(), provider("well", well.url))
        for name, (vendor, reason) in sick.items():
            all_done.create_task(_is_told(cluster, name, vendor, reason))
        all_done.create_task(cluster.until("llmproviders.joch.dev/well", condition="Ready"))
        await cluster.apply(provider("refuses", "http://127.0.0.1:9"))
        await until_reason(cluster, "refuses", "Unreachable")
        await cluster.until("llmproviders.joch.dev/well", condition="Ready")


async def _is_told(cluster: Cluster, name: str, vendor: Vendor, reason: str) -> None:
    async with serving(vendor) as server:
        await cluster.apply(provider(name, server.url))
        await until_reason(cluster, name, reason)


async def test_a_model_written_by_hand_wins_over_the_discovered_one(cluster: Cluster) -> None:
    mine = {
        "apiVersion": "joch.dev/v1alpha1",
        "kind": "Model",
        "metadata": {"name": "mine"},
        "spec": {"providerRef": {"name": "openai"}, "model": "gpt-5.2", "contextWindow": 50_000},
    }
    async with serving(OpenAI(key=KEY)) as vendor:
        await cluster.apply(secret(), mine, provider("openai", vendor.url))
        await cluster.until("llmproviders.joch.dev/openai", condition="ModelsSynced")
        await cluster.until("models.joch.dev/mine", condition="Ready")
    models = (await cluster.get("models.joch.dev"))["items"]
    assert sorted(model["spec"]["model"] for model in models) == ["gpt-5.2", "gpt-5.2-mini"]
    sync = (await cluster.get("llmproviders.joch.dev/openai"))["status"]["sync"]
    assert (sync["created"], sync["skipped"]) == (1, 1)


async def test_a_provider_that_goes_on_as_before_is_written_no_more(
    cluster: Cluster, audit_log: AuditLog
) -> None:
    async with serving(OpenAI(key=KEY)) as vendor:
        await cluster.apply(secret(), provider("openai", vendor.url))
        await cluster.until("llmproviders.joch.dev/openai", condition="ModelsSynced")
        await cluster.until("models.joch.dev", "--all", condition="Ready")
        await vendor.called_again(2)
        before = audit_log.position()
        await vendor.called_again(10)
    asked = audit_log.requests(before, namespace=cluster.namespace)
    assert [one for one in asked if one.is_write and one.resource != "leases"] == []
