"""What Anthropic's Messages refuses (API version 2026-10-21): its published types, then its rules.

The SDK's request type has no temperature, top_p and top_k any more: the API refuses them.
"""

import re
from collections.abc import Iterator
from typing import Any

from anthropic.types.message_create_params import (
    MessageCreateParamsNonStreaming,
    MessageCreateParamsStreaming,
)

from tests.conformance.wire.validators.media import MIB, size
from tests.conformance.wire.validators.strict_schemas import dialect_faults
from tests.conformance.wire.validators.typed_dicts import faults

Body = dict[str, Any]
_IDENTITY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOOL_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
_SERVED = re.compile(r"(?!tool_result$).*_tool_result")
_USERS_OWN = ("image", "document", "tool_result", "search_result", "container_upload")
_ASSISTANTS_OWN = ("tool_use", "server_tool_use", "thinking", "redacted_thinking")
_LARGEST_IMAGE = 5 * MIB


def refusals(body: Body) -> list[str]:
    """Why Anthropic would refuse the body; empty where it would take it."""
    shape = MessageCreateParamsStreaming if body.get("stream") else MessageCreateParamsNonStreaming
    wrong = list(faults(body, shape, "body"))
    if wrong:
        return wrong
    messages = body["messages"]
    found = [*_order(messages), *_pairing(messages), *_served(messages)]
    for place, message in enumerate(messages):
        final = place == len(messages) - 1
        found += [f"messages[{place}]: {fault}" for fault in _message(message, final)]
    return [*found, *_beside(body)]


def _blocks(message: Body) -> list[Body]:
    content = message["content"]
    return [] if isinstance(content, str) else content


def _order(messages: list[Body]) -> Iterator[str]:
    spoken = [message["role"] for message in messages if message["role"] != "system"]
    if not spoken:
        yield "messages: are empty"
    elif spoken[0] != "user":
        yield "messages: the first is not the user's"


def _pairing(messages: list[Body]) -> Iterator[str]:
    """Each call is answered in the next message, the user's, before anything else in it."""
    seen: set[str] = set()
    waiting: list[str] = []
    for place, message in enumerate(messages):
        blocks = _blocks(message)
        results = [block["tool_use_id"] for block in blocks if block["type"] == "tool_result"]
        if sorted(results) != sorted(waiting):
            yield f"messages[{place}]: has results of {sorted(results)}, not of {sorted(waiting)}"
        if any(block["type"] != "tool_result" for block in blocks[: len(results)]):
            yield f"messages[{place}]: something stands before the results"
        waiting = [block["id"] for block in blocks if block["type"] == "tool_use"]
        if len(waiting) != len(set(waiting)) or seen & set(waiting):
            yield f"messages[{place}]: a call id comes twice"
        seen.update(waiting)
    if waiting:
        yield f"messages: {sorted(waiting)} were never answered"


def _served(messages: list[Body]) -> Iterator[str]:
    """What the vendor's own tools did stands in the same message as the call."""
    for place, message in enumerate(messages):
        open_calls: set[str] = set()
        for block in _blocks(message):
            if block["type"] == "server_tool_use":
                open_calls.add(block["id"])
            elif _SERVED.fullmatch(block["type"]):
                if block["tool_use_id"] not in open_calls:
                    yield f"messages[{place}]: {block['type']} answers no call before it"
                open_calls.discard(block["tool_use_id"])
        if open_calls:
            yield f"messages[{place}]: {sorted(open_calls)} have no outcome"


def _message(message: Body, final: bool) -> Iterator[str]:
    content, role = message["content"], message["role"]
    if not content or (isinstance(content, str) and not content.strip()):
        yield "content is empty"
    last = content if isinstance(content, str) else _last_text(content)
    if final and role == "assistant" and last != last.rstrip():
        yield "the final answer ends in blanks"
    for block in _blocks(message):
        yield from _block(block, role)


def _last_text(blocks: list[Body]) -> str:
    return str(blocks[-1]["text"]) if blocks and blocks[-1]["type"] == "text" else ""


def _block(block: Body, role: str) -> Iterator[str]:
    kind = block["type"]
    if kind == "text" and not block["text"].strip():
        yield "a text is blank"
    if role == "assistant" and kind in _USERS_OWN:
        yield f"{kind} is the user's alone"
    if role == "user" and (kind in _ASSISTANTS_OWN or _SERVED.fullmatch(kind)):
        yield f"{kind} is the assistant's alone"
    if role == "user" and block.get("citations") and kind == "text":
        yield "a text of the user has citations"
    if kind == "tool_use":
        yield from _call(block)
    if kind == "thinking" and not block["signature"]:
        yield "a thought has no signature"
    if kind == "tool_result":
        yield from _result(block)
    yield from _media(block)


def _call(block: Body) -> Iterator[str]:
    if not _IDENTITY.fullmatch(block["id"]):
        yield f"call id {block['id']!r}"
    if not _TOOL_NAME.fullmatch(block["name"]):
        yield f"tool name {block['name']!r}"


def _result(block: Body) -> Iterator[str]:
    content = block.get("content", "")
    inner = content if isinstance(content, list) else []
    if any(part["type"] == "text" and not part["text"].strip() for part in inner):
        yield "a text in a result is blank"
    if block.get("is_error") and not content:
        yield "an error has no content"
    for part in inner:
        yield from _media(part)


def _media(block: Body) -> Iterator[str]:
    source = block.get("source")
    if block["type"] not in {"image", "document"} or not isinstance(source, dict):
        return
    if source["type"] == "base64":
        found = size(source["data"])
        if found is None:
            yield f"the {block['type']} is no base64"
        elif block["type"] == "image" and found > _LARGEST_IMAGE:
            yield "the image is larger than 5 MB"
    if source["type"] == "url" and not source["url"].startswith(("https://", "http://")):
        yield f"the {block['type']} has no web address"
    if source["type"] == "text" and not source["data"].strip():
        yield "the document is blank"


def _beside(body: Body) -> Iterator[str]:
    if body["max_tokens"] < 1:
        yield "max_tokens: is below 1"
    system = body.get("system", ())
    texts = [system] if isinstance(system, str) else [block["text"] for block in system]
    if any(not text.strip() for text in texts):
        yield "system: a text is blank"
    if any(not stop.strip() for stop in body.get("stop_sequences", ())):
        yield "stop_sequences: one is blank"
    if _marks(body) > 4:
        yield "cache_control: more than four"
    yield from _tools(body)


def _marks(value: Any) -> int:
    """How many blocks are marked for the cache."""
    if isinstance(value, list):
        return sum(_marks(item) for item in value)
    if not isinstance(value, dict):
        return 0
    inner = sum(_marks(item) for key, item in value.items() if key not in {"input", "input_schema"})
    return inner + (value.get("cache_control") is not None)


def _tools(body: Body) -> Iterator[str]:
    tools = body.get("tools", ())
    names = [tool["name"] for tool in tools if "name" in tool]
    if len(names) != len(set(names)):
        yield "tools: a name comes twice"
    yield from (f"tools: name {name!r}" for name in names if not _TOOL_NAME.fullmatch(name))
    for place, tool in enumerate(tools):
        schema = tool.get("input_schema")
        if schema is not None and schema.get("type") != "object":
            yield f"tools[{place}]: the schema is no object at its root"
        yield from dialect_faults(schema, f"tools[{place}].input_schema")
    if sum(bool(tool.get("strict")) for tool in tools) > 20:
        yield "tools: more than twenty are strict"
    used = any(
        block["type"] in {"tool_use", "tool_result"}
        for message in body["messages"]
        for block in _blocks(message)
    )
    if used and not tools:
        yield "tools: none is declared, and the history has calls"
    if "tool_choice" in body:
        yield from _chosen(body["tool_choice"], names)


def _chosen(choice: Body, names: list[str]) -> Iterator[str]:
    if not names:
        yield "tool_choice: there are no tools"
    elif choice["type"] == "tool" and choice["name"] not in names:
        yield f"tool_choice: {choice['name']!r} is not declared"
