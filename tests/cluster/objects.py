"""The objects that a user writes: two vendors, a model at each, a route over both, a conversation.

acme speaks OpenAI's API and is the route's primary; globex speaks Anthropic's.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Manifest = dict[str, Any]

ACME = "acme:large"
GLOBEX = "globex:pro"

CAPABILITIES = {"toolCalling": True, "parallelToolCalls": True, "structuredOutput": True}
PROBE = {"interval": "500ms", "timeout": "5s", "failureThreshold": 2, "successThreshold": 1}

ACME_MODEL: Mapping[str, Any] = {
    "providerRef": {"name": "acme"},
    "model": "gpt-5.2",
    "alias": "large",
    "capabilities": CAPABILITIES,
    "contextWindow": 128_000,
    "maxOutputTokens": 4_096,
    "pricing": {"inputPerMillion": 1, "outputPerMillion": 4},
}
GLOBEX_MODEL: Mapping[str, Any] = {
    **ACME_MODEL,
    "providerRef": {"name": "globex"},
    "model": "claude-sonnet-4-6",
    "alias": "pro",
    "capabilities": {"toolCalling": True},
}

GOAL = "Goal: compare five agent-operations tools."
TALK = (
    {"role": "user", "content": GOAL},
    {"role": "assistant", "content": "Decision: five competitors are in scope."},
    {"role": "user", "content": "Write it up."},
)

MAIL_CALL = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "send_email", "arguments": '{"to": "research@example.com"}'},
}
UNANSWERED_MAIL = (
    *TALK,
    {"role": "assistant", "content": None, "tool_calls": [MAIL_CALL]},
)
"""Nobody knows whether the mail was sent."""
ANSWERED_MAIL = (
    *UNANSWERED_MAIL,
    {"role": "tool", "tool_call_id": "call_1", "content": '{"status": "sent"}'},
)


def manifest(kind: str, name: str, **parts: Any) -> Manifest:
    api_version = "v1" if kind in ("Secret", "ConfigMap") else "joch.dev/v1alpha1"
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, **parts}


def secret(name: str, key: str) -> Manifest:
    return manifest("Secret", name, stringData={"api-key": key})


def provider(name: str, type_name: str, url: str, **spec: Any) -> Manifest:
    """A provider that is probed twice a second, and not listed unless the test says so."""
    credentials = {"secretRef": {"name": f"{name}-key", "key": "api-key"}}
    stated = {
        "type": type_name,
        "baseUrl": url,
        "credentials": credentials,
        "discovery": {"enabled": False},
        "probe": PROBE,
        "regions": ["eu-central-1"],
    }
    return manifest("LLMProvider", name, spec={**stated, **spec})


def model(name: str, spec: Mapping[str, Any], **changes: Any) -> Manifest:
    return manifest("Model", name, spec={**spec, **changes})


def route(primary: str = ACME, fallback: Sequence[str] = (GLOBEX,), **spec: Any) -> Manifest:
    strategy = {"primary": primary, "fallback": list(fallback)}
    return manifest("ModelRoute", "research", spec={"strategy": strategy, **spec})


def conversation(name: str = "chat", **spec: Any) -> Manifest:
    """A conversation of the route, whose messages are in a ConfigMap of its own name."""
    source = {"configMapRef": {"name": name, "key": "transcript.json"}}
    tools = [{"name": "send_email", "sideEffect": "SideEffecting"}]
    stated = {"routeRef": {"name": "research"}, "transcript": source, "tools": tools}
    return manifest("Conversation", name, spec={**stated, **spec})


def transcript(name: str = "chat", messages: Sequence[Mapping[str, Any]] = TALK) -> Manifest:
    return manifest("ConfigMap", name, data={"transcript.json": json.dumps({"messages": messages})})


def request(name: str, from_backend: str, to_backend: str, **spec: Any) -> Manifest:
    """A StateCheckpoint by which a person asks for a switch."""
    asked = {"conversationRef": {"name": "chat"}, "fromBackend": from_backend}
    return manifest("StateCheckpoint", name, spec={**asked, "toBackend": to_backend, **spec})
