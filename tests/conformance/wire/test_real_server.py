"""Rendered bodies are taken by a real server: llama.cpp speaks three of the five formats."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from joch.local.language_model import LanguageModel
from joch.transcript.parts import Text, ToolCall, ToolResult
from tests.conformance.wire.stored import CONVERSATIONS, Stored
from tests.conformance.wire.targets import TARGETS, Target, rendered, sent

# Where the format is served, and its name for the longest answer.
SERVED = {
    "openai_chat": ("/v1/chat/completions", "max_completion_tokens"),
    "openai_responses": ("/v1/responses", "max_output_tokens"),
    "anthropic_messages": ("/v1/messages", "max_tokens"),
}
LONGEST_FILE = 3_000
"""Bytes: the small model reads slowly."""


def _is_served(stored: Stored, target: Target) -> bool:
    """Whether the server knows all that is in there.

    The small model sees and hears nothing. llama.cpp takes words of the assistant only as Responses
    gives them, with id and status; OpenAI and its schema take plain ones as well, which are sent.
    """
    parts = [part for _, part in stored.read().parts()]
    inner = [p for part in parts if isinstance(part, ToolResult) for p in part.parts]
    small = stored.path.stat().st_size < LONGEST_FILE
    if not small or not all(isinstance(p, Text | ToolCall | ToolResult) for p in (*parts, *inner)):
        return False
    words = any(item.get("role") == "assistant" for item in _input(stored, target))
    return target.name != "openai_responses" or not words


def _input(stored: Stored, target: Target) -> list[Any]:
    items: list[Any] = sent(target, rendered(target, stored)).get("input", [])
    return items


def _sample(target: Target) -> list[Stored]:
    """A few conversations from all over the corpus."""
    served = [stored for stored in CONVERSATIONS if _is_served(stored, target)]
    return served[:: len(served) // 6]


@pytest.fixture(scope="module")
def server() -> Iterator[httpx.Client]:
    model = LanguageModel("any")
    with httpx.Client(base_url=model.base_url, timeout=120) as client:
        yield client


@pytest.mark.parametrize("target", [t for t in TARGETS if t.name in SERVED], ids=str)
def test_a_real_server_answers_what_is_rendered(server: httpx.Client, target: Target) -> None:
    path, longest = SERVED[target.name]
    refused = {}

    for stored in _sample(target):
        body = {**sent(target, rendered(target, stored)), longest: 1, "stream": False}
        answer = server.post(path, json=body)
        if answer.status_code != 200:
            refused[str(stored)] = answer.text

    assert refused == {}
