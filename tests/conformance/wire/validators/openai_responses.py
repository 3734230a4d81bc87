"""What OpenAI's Responses refuses: its published types, then pairing, order, ids, names."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from openai.types.responses.response_create_params import (
    ResponseCreateParamsNonStreaming,
    ResponseCreateParamsStreaming,
)

from tests.conformance.wire.validators.media import data_url_fault
from tests.conformance.wire.validators.strict_schemas import dialect_faults, strict_faults
from tests.conformance.wire.validators.typed_dicts import faults

Body = dict[str, Any]
_CALL_ID = re.compile(r".{1,64}", re.DOTALL)
_TOOL_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
# A call of each kind, with its answer: the vendor pairs them by call_id.
_ANSWERS = {
    "function_call": "function_call_output",
    "custom_tool_call": "custom_tool_call_output",
    "computer_call": "computer_call_output",
    "shell_call": "shell_call_output",
    "apply_patch_call": "apply_patch_call_output",
}
_CALLS = {answer: call for call, answer in _ANSWERS.items()}
# What the vendor keeps on its side: a body that leans on it cannot be sent anywhere else.
_KEPT = ("previous_response_id", "conversation", "prompt")


def refusals(body: Body) -> list[str]:
    """Why OpenAI would refuse the body; empty where it would take it."""
    shape = (
        ResponseCreateParamsStreaming if body.get("stream") else ResponseCreateParamsNonStreaming
    )
    wrong = [fault for fault in faults(body, shape, "body") if not _is_taken(fault, body)]
    if wrong:
        return wrong
    wrong = [f"{key}: leans on what one vendor keeps" for key in _KEPT if body.get(key)]
    if not body.get("input"):
        return [*wrong, "input: is empty"]
    items = body["input"] if isinstance(body["input"], list) else []
    return [*wrong, *_pairing(items), *_items(items), *_beside(body)]


_THOUGHT_WITHOUT_ID = re.compile(r"body\.input\[(\d+)\]\.id: is missing")


def _is_taken(fault: str, body: Body) -> bool:
    """Whether it is taken all the same: encrypted thoughts without id were seen to be."""
    found = _THOUGHT_WITHOUT_ID.fullmatch(fault)
    item = body["input"][int(found[1])] if found else {}
    return item.get("type") == "reasoning" and bool(item.get("encrypted_content"))


def _pairing(items: list[Body]) -> Iterator[str]:
    waiting: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for place, item in enumerate(items):
        kind, identity = item.get("type"), item.get("call_id")
        if kind in _ANSWERS:
            seen[item["call_id"]] += 1
            waiting[item["call_id"]] = kind
            if seen[item["call_id"]] > 1:
                yield f"input[{place}]: a call id comes twice"
        elif kind in _CALLS and (identity is None or waiting.pop(identity, None) != _CALLS[kind]):
            yield f"input[{place}]: answers no open call"
        elif "role" in item and waiting:
            yield f"input[{place}]: stands before the results of {sorted(waiting)}"
    if waiting:
        yield f"input: {sorted(waiting)} were never answered"


def _items(items: list[Body]) -> Iterator[str]:
    for place, item in enumerate(items):
        found = [*_call(item), *_thought(item, items[place + 1 : place + 2]), *_message(item)]
        yield from (f"input[{place}]: {fault}" for fault in found)


def _call(item: Body) -> Iterator[str]:
    if item.get("type") not in {"function_call", "custom_tool_call"}:
        return
    if not _CALL_ID.fullmatch(item["call_id"]):
        yield f"call id {item['call_id']!r}"
    if not _TOOL_NAME.fullmatch(item["name"]):
        yield f"tool name {item['name']!r}"
    if item["type"] == "function_call" and not _is_object(item["arguments"]):
        yield f"arguments {item['arguments']!r}"
    if not item.get("id", "fc_").startswith(("fc_", "ctc_")):
        yield f"item id {item['id']!r} is another vendor's"


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _thought(item: Body, after: list[Body]) -> Iterator[str]:
    """A thought with its id stands right before what it led to, and that has its id as well."""
    if item.get("type") != "reasoning":
        return
    if not item.get("id", "rs_").startswith("rs_"):
        yield f"item id {item['id']!r} is another vendor's"
    if not item.get("encrypted_content"):
        yield "a thought without encrypted_content is kept at the vendor only"
    if not after or after[0].get("role") in {"user", "system", "developer"}:
        yield "a thought without what it led to"
    elif "id" in item and after[0].get("role") == "assistant" and not after[0].get("id"):
        yield "a thought before a message without its id"


def _message(item: Body) -> Iterator[str]:
    if "role" not in item or item.get("type") == "additional_tools":
        return
    content = item["content"]
    if not content:
        yield "content is empty"
    if item["role"] == "assistant" and not item.get("id", "msg_").startswith("msg_"):
        yield f"item id {item['id']!r} is another vendor's"
    for part in content if isinstance(content, list) else ():
        if part["type"] == "input_text" and item["role"] == "assistant":
            yield "the assistant speaks in input_text"
        if fault := _media(part):
            yield fault


def _media(part: Body) -> str | None:
    if part["type"] == "input_image":
        url = part.get("image_url")
        if not url:
            return None if part.get("file_id") else "an image without url and file_id"
        return data_url_fault(url, "image/")
    if part["type"] == "input_file":
        return _file(part)
    return None


def _file(part: Body) -> str | None:
    """The API refuses bytes without a name, though its schema has the name optional."""
    if part.get("file_id") or part.get("file_url"):
        return None
    if not part.get("filename"):
        return "a file with its bytes has no filename"
    return data_url_fault(part.get("file_data") or "", "")


def _beside(body: Body) -> Iterator[str]:
    tools = body.get("tools", ())
    names = [tool["name"] for tool in tools if tool["type"] in {"function", "custom"}]
    if len(names) != len(set(names)):
        yield "tools: a name comes twice"
    yield from (f"tools: name {name!r}" for name in names if not _TOOL_NAME.fullmatch(name))
    for place, tool in enumerate(tools):
        if tool["type"] == "function":
            yield from _schema(tool, "parameters", f"tools[{place}].parameters")
    if "tools" in body and not tools:
        yield "tools: are empty"
    if not tools and "tool_choice" in body:
        yield "tool_choice: there are no tools"
    choice: Any = body.get("tool_choice")
    named = isinstance(choice, dict) and choice["type"] in {"function", "custom"}
    if named and choice["name"] not in names:
        yield f"tool_choice: {choice['name']!r} is not declared"
    output = body.get("text", {}).get("format", {})
    if output.get("type") == "json_schema":
        yield from _schema(output, "schema", "text.format")


def _schema(holder: Body, key: str, where: str) -> Iterator[str]:
    yield from dialect_faults(holder.get(key), where)
    if holder.get("strict"):
        yield from strict_faults(holder.get(key), where)
