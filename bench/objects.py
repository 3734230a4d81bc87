"""The objects that are measured with: providers, models, routes, transcripts, conversations."""

import base64
import json

from bench.api import JOCH, Api, Json, by_workers
from bench.vendor import Vendor
from joch.api.llmprovider import Probe

API_VERSION = "joch.dev/v1alpha1"
PROBE = Probe(interval="1s", timeout="1s", failure_threshold=2, success_threshold=1)
TRANSCRIPT_KEY = "transcript.json"


async def make_namespace(api: Api, name: str) -> None:
    await api.post(
        "/api/v1/namespaces",
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}},
    )


async def make_provider(api: Api, namespace: str, name: str, vendor: Vendor, probe: Probe) -> None:
    """A provider with its credential and one model, `NAME:large`."""
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": f"{name}-key"},
        "data": {"api-key": base64.b64encode(vendor.key.encode()).decode()},
    }
    await api.post(f"/api/v1/namespaces/{namespace}/secrets", secret)
    provider = {
        "type": vendor.wire,
        "baseUrl": vendor.base_url,
        "credentials": {"secretRef": {"name": f"{name}-key", "key": "api-key"}},
        "probe": probe.to_wire(),
    }
    await _make(api, namespace, "LLMProvider", "llmproviders", name, provider)
    model = {
        "providerRef": {"name": name},
        "model": vendor.model,
        "alias": "large",
        "capabilities": {"toolCalling": True, "parallelToolCalls": True},
        "contextWindow": 128_000,
        "maxOutputTokens": 4096,
    }
    await _make(api, namespace, "Model", "models", f"{name}-large", model)


async def make_route(api: Api, namespace: str, name: str, primary: str, fallback: str) -> None:
    strategy = {"primary": primary, "fallback": [fallback]}
    await _make(api, namespace, "ModelRoute", "modelroutes", name, {"strategy": strategy})


async def make_gateway(api: Api, namespace: str) -> None:
    """A gateway whose configuration is written; nobody serves it."""
    await _make(api, namespace, "LLMGateway", "llmgateways", "gateway", {})


async def make_transcript(api: Api, namespace: str, name: str, number: int) -> None:
    config_map = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name},
        "data": {TRANSCRIPT_KEY: transcript(number)},
    }
    await api.post(f"/api/v1/namespaces/{namespace}/configmaps", config_map)


async def make_conversation(
    api: Api, namespace: str, name: str, route: str, transcript_name: str
) -> None:
    await _make(
        api,
        namespace,
        "Conversation",
        "conversations",
        name,
        {
            "routeRef": {"name": route},
            "transcript": {"configMapRef": {"name": transcript_name, "key": TRANSCRIPT_KEY}},
            "tools": [{"name": "send_email", "sideEffect": "SideEffecting"}],
        },
    )


async def make_conversations(api: Api, namespace: str, count: int, route: str) -> None:
    """`conversation-00000` and so on, each with a transcript of its own."""

    async def make(number: int) -> None:
        name = f"conversation-{number:05}"
        await make_transcript(api, namespace, name, number)
        await make_conversation(api, namespace, name, route, name)

    await by_workers(range(count), make)


def transcript(number: int) -> str:
    """About 6 KB of OpenAI chat: a goal, an e-mail that was sent, decisions, questions, answers."""
    arguments = json.dumps({"to": f"team-{number}@example.com", "subject": "Survey"})
    call = {
        "id": f"call_{number}",
        "type": "function",
        "function": {"name": "send_email", "arguments": arguments},
    }
    messages: list[Json] = [
        {"role": "system", "content": "You are a research assistant."},
        {"role": "user", "content": f"Goal: compare the tools of team {number}. Send the survey."},
        {"role": "assistant", "content": "I am sending the survey.", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": f"call_{number}", "content": '{"status": "sent"}'},
    ]
    for turn in range(10):
        messages += [
            {"role": "user", "content": f"Question {turn}: what do we know? {'Go on. ' * 30}"},
            {
                "role": "assistant",
                "content": f"Decision: point {turn} is in artifact://reports/{number}-{turn}.md\n"
                + "Audit trails and rollbacks matter. " * 8,
            },
        ]
    function = {
        "name": "send_email",
        "description": "Send an e-mail.",
        "parameters": {
            "type": "object",
            "properties": {"to": {"type": "string"}, "subject": {"type": "string"}},
            "required": ["to", "subject"],
        },
    }
    return json.dumps({"messages": messages, "tools": [{"type": "function", "function": function}]})


async def _make(api: Api, namespace: str, kind: str, plural: str, name: str, spec: Json) -> None:
    body = {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": name}, "spec": spec}
    await api.post(f"{JOCH}/namespaces/{namespace}/{plural}", body)
