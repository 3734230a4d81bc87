"""What OpenAI refuses beyond its schema: pairing, order, ids, names."""

import json
import re
from collections.abc import Iterator
from typing import Any

from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming

from tests.conformance.wire.shapes import faults

_CALL_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_TOOL_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def refusals(body: dict[str, Any]) -> list[str]:
    """Why OpenAI would refuse the body; empty where it would take it."""
    wrong = list(faults(body, CompletionCreateParamsNonStreaming, "body"))
    if wrong:
        return wrong
    return [*_pairing(body["messages"]), *_messages(body["messages"]), *_tools(body)]


def _pairing(messages: list[dict[str, Any]]) -> Iterator[str]:
    waiting: set[str] = set()
    seen: set[str] = set()
    for place, message in enumerate(messages):
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                yield f"messages[{place}]: answers no open call"
            waiting.discard(message["tool_call_id"])
            continue
        if waiting:
            yield f"messages[{place}]: stands before the results of {sorted(waiting)}"
        ids = [call["id"] for call in message.get("tool_calls") or ()]
        if len(ids) != len(set(ids)) or seen & set(ids):
            yield f"messages[{place}]: a call id comes twice"
        waiting = set(ids)
        seen |= waiting
    if waiting:
        yield f"messages: {sorted(waiting)} were never answered"


def _messages(messages: list[dict[str, Any]]) -> Iterator[str]:
    if not messages:
        yield "messages: are empty"
    for place, message in enumerate(messages):
        if message["role"] != "assistant":
            continue
        said = any(message.get(key) for key in ("content", "refusal", "audio", "tool_calls"))
        if not said:
            yield f"messages[{place}]: the assistant says nothing"
        for call in message.get("tool_calls") or ():
            yield from (f"messages[{place}]: {fault}" for fault in _call(call))


def _call(call: dict[str, Any]) -> Iterator[str]:
    if not _CALL_ID.fullmatch(call["id"]):
        yield f"call id {call['id']!r}"
    if not _TOOL_NAME.fullmatch(call[call["type"]]["name"]):
        yield f"tool name {call[call['type']]['name']!r}"
    if call["type"] == "function" and not _is_object(call["function"]["arguments"]):
        yield f"arguments {call['function']['arguments']!r}"


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _tools(body: dict[str, Any]) -> Iterator[str]:
    names = [tool[tool["type"]]["name"] for tool in body.get("tools", ())]
    if len(names) != len(set(names)):
        yield "tools: a name comes twice"
    yield from (f"tools: name {name!r}" for name in names if not _TOOL_NAME.fullmatch(name))
    if not names and "tool_choice" in body:
        yield "tool_choice: there are no tools"
    if "tools" in body and not names:
        yield "tools: are empty"
    if len(body.get("stop") or ()) > 4:
        yield "stop: more than four"
