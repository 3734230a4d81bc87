"""What OpenAI's Chat Completions refuses: its published types, then pairing, order, ids, names."""

import json
import re
from collections.abc import Iterator
from typing import Any

from openai.types.chat.completion_create_params import (
    CompletionCreateParamsNonStreaming,
    CompletionCreateParamsStreaming,
)

from tests.conformance.wire.validators.media import data_url_fault, size
from tests.conformance.wire.validators.strict_schemas import dialect_faults, strict_faults
from tests.conformance.wire.validators.typed_dicts import faults

Body = dict[str, Any]
_CALL_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_TOOL_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SPEAKER = re.compile(r"[^\s<|\\/>]{1,64}")


def refusals(body: Body) -> list[str]:
    """Why OpenAI would refuse the body; empty where it would take it."""
    shape = (
        CompletionCreateParamsStreaming
        if body.get("stream")
        else CompletionCreateParamsNonStreaming
    )
    wrong = list(faults(body, shape, "body"))
    if wrong:
        return wrong
    messages = body["messages"]
    return [*_pairing(messages), *_messages(messages), *_content(messages), *_beside(body)]


def _pairing(messages: list[Body]) -> Iterator[str]:
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


def _messages(messages: list[Body]) -> Iterator[str]:
    if not messages:
        yield "messages: are empty"
    for place, message in enumerate(messages):
        name = message.get("name")
        if name is not None and not _SPEAKER.fullmatch(name):
            yield f"messages[{place}]: name {name!r}"
        if message["role"] != "assistant":
            continue
        said = any(message.get(key) for key in ("content", "refusal", "audio", "tool_calls"))
        if not said:
            yield f"messages[{place}]: the assistant says nothing"
        for call in message.get("tool_calls") or ():
            yield from (f"messages[{place}]: {fault}" for fault in _call(call))


def _call(call: Body) -> Iterator[str]:
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


def _content(messages: list[Body]) -> Iterator[str]:
    for place, message in enumerate(messages):
        content = message.get("content")
        if content == []:
            yield f"messages[{place}]: content is an empty list"
        for part in content if isinstance(content, list) else ():
            fault = _media(part)
            if fault:
                yield f"messages[{place}]: {fault}"


def _media(part: Body) -> str | None:
    kind = part["type"]
    if kind == "image_url":
        return data_url_fault(part["image_url"]["url"], "image/")
    if kind == "input_audio":
        return None if size(part["input_audio"]["data"]) else "the sound is no base64"
    if kind == "file":
        return _file(part["file"])
    return None


def _file(file: Body) -> str | None:
    """The API refuses bytes without a name, though its schema has the name optional.

    Its error then says that `file_id` is missing (openai-agents-python, pull request 1513).
    """
    if "file_id" in file:
        return None
    if not file.get("filename"):
        return "a file with its bytes has no filename"
    return data_url_fault(file.get("file_data", ""), "")


def _beside(body: Body) -> Iterator[str]:
    names = [tool[tool["type"]]["name"] for tool in body.get("tools", ())]
    if len(names) != len(set(names)):
        yield "tools: a name comes twice"
    yield from (f"tools: name {name!r}" for name in names if not _TOOL_NAME.fullmatch(name))
    for place, tool in enumerate(body.get("tools", ())):
        if tool["type"] == "function":
            yield from _schema(tool["function"], "parameters", f"tools[{place}].parameters")
    if not names and "tool_choice" in body:
        yield "tool_choice: there are no tools"
    if not names and "parallel_tool_calls" in body:
        yield "parallel_tool_calls: there are no tools"
    if "tools" in body and not names:
        yield "tools: are empty"
    yield from _chosen(body.get("tool_choice"), names)
    output = body.get("response_format", {})
    if output.get("type") == "json_schema":
        yield from _schema(output["json_schema"], "schema", "response_format")
    if len(body.get("stop") or ()) > 4 and isinstance(body["stop"], list):
        yield "stop: more than four"


def _schema(holder: Body, key: str, where: str) -> Iterator[str]:
    yield from dialect_faults(holder.get(key), where)
    if holder.get("strict"):
        yield from strict_faults(holder.get(key), where)


def _chosen(choice: Any, names: list[str]) -> Iterator[str]:
    if isinstance(choice, dict) and choice["type"] in choice and choice["type"] != "allowed_tools":
        name = choice[choice["type"]]["name"]
        if name not in names:
            yield f"tool_choice: {name!r} is not declared"
