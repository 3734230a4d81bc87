"""Reading one message: its role, its content, its calls, and what vendors put beside them."""

from collections.abc import Callable, Iterator

from joch.transcript.conversation import Message, Role
from joch.transcript.parts import (
    Audio,
    Citation,
    Part,
    Reasoning,
    Refusal,
    Source,
    ToolCall,
    ToolResult,
)
from joch.transcript.values import Json, JsonObject, canonical_json
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, items, rest, text
from joch.wire.openai_chat.content import read_content

_ROLES = {role.value: role for role in Role}
_REASONING = ("reasoning_content", "reasoning", "thinking_blocks", "reasoning_details")
_PLAIN = frozenset(("role", "content"))
_SPEAKER = frozenset(("role", "content", "name", "id", "created_at", "timestamp"))
_ASSISTANT = _SPEAKER.union(
    ("tool_calls", "function_call", "refusal", "annotations", "audio", *_REASONING)
)
_TOOL = _SPEAKER.union(("tool_call_id", "is_error"))

OpenCall = Callable[[str], str | None]


def read_message(index: int, data: JsonObject, open_call: OpenCall) -> Message:
    """One message. `open_call` finds the open call of a function by its name.

    Raises:
        WireError: a field is not what the format says.
    """
    role = data.get("role")
    if role in ("tool", "function"):
        return _tool(index, data, open_call)
    if isinstance(role, str) and role in _ROLES:
        if data.keys() == _PLAIN:
            return Message(_ROLES[role], read_content(index, data))
        if role == "assistant":
            return _message(index, data, Role.ASSISTANT, tuple(_assistant(index, data)), _ASSISTANT)
        return _message(index, data, _ROLES[role], read_content(index, data), _SPEAKER)
    if role is None:
        raise WireError(index, "role", f"is missing: write one of {', '.join(_ROLES)}")
    raise WireError(index, "role", f"{role!r} is no role: write one of {', '.join(_ROLES)}")


def _message(
    index: int, data: JsonObject, role: Role, parts: tuple[Part, ...], known: frozenset[str]
) -> Message:
    return Message(
        role=role,
        parts=parts,
        name=text(data, "name", index),
        id=text(data, "id", index),
        created_at=_time(data),
        extra=rest(data, known),
    )


def _time(data: JsonObject) -> str | None:
    value = data.get("created_at", data.get("timestamp"))
    return value if isinstance(value, str) or value is None else canonical_json(value).decode()


def _assistant(index: int, data: JsonObject) -> Iterator[Part]:
    yield from _reasoning(data)
    yield from read_content(index, data)
    if refusal := text(data, "refusal", index):
        yield Refusal(refusal)
    if data.get("audio") is not None:
        yield _audio(an_object(data["audio"], index, "audio"))
    for place, value in enumerate(items(data, "annotations", index)):
        yield _citation(an_object(value, index, f"annotations[{place}]"))
    for place, value in enumerate(items(data, "tool_calls", index)):
        yield _call(index, f"tool_calls[{place}]", value)
    if data.get("function_call") is not None:
        yield _function_call(index, data["function_call"])


def _reasoning(data: JsonObject) -> Iterator[Part]:
    """One part for all that a vendor tells of one thought; its own fields stay in `extra`."""
    kept = {key: data[key] for key in _REASONING if data.get(key)}
    if kept:
        shown = (kept.get("reasoning_content"), kept.get("reasoning"))
        yield Reasoning(next((v for v in shown if isinstance(v, str)), ""), kept)


def _audio(data: JsonObject) -> Audio:
    known = ("id", "data", "transcript")
    file_id, sound, words = (data.get(key) for key in known)
    source = Source(
        file_id=file_id if isinstance(file_id, str) else None,
        data=sound if isinstance(sound, str) else None,
    )
    return Audio(
        source, transcript=words if isinstance(words, str) else None, extra=rest(data, known)
    )


def _citation(data: JsonObject) -> Citation:
    named = data.get("url_citation")
    inner = named if isinstance(named, dict) else {}
    url, title = inner.get("url"), inner.get("title")
    return Citation(
        url if isinstance(url, str) else None, title if isinstance(title, str) else None, data
    )


def _call(index: int, field: str, value: Json) -> ToolCall:
    data = an_object(value, index, field)
    kind = "custom" if data.get("type") == "custom" else "function"
    inner = an_object(data.get(kind), index, f"{field}.{kind}")
    identity = text(data, "id", index, f"{field}.")
    if not identity:
        sentence = "is missing: give the call the id that its result names in tool_call_id"
        raise WireError(index, f"{field}.id", sentence)
    extra = {
        **(rest(data, ("id", kind) if kind == "custom" else ("id", "type", kind)) or {}),
        **(rest(inner, ("name", "arguments", "input")) or {}),
    }
    said = inner.get("input" if kind == "custom" else "arguments")
    name = _name(index, f"{field}.{kind}", inner)
    return ToolCall(identity, name, _arguments(said), extra or None)


def _function_call(index: int, value: Json) -> ToolCall:
    """OpenAI's former single call: it has no id, so it is known by its place."""
    data = an_object(value, index, "function_call")
    name = _name(index, "function_call", data)
    return ToolCall(f"call_{index}", name, _arguments(data.get("arguments")))


def _name(index: int, field: str, data: JsonObject) -> str:
    name = text(data, "name", index, f"{field}.")
    if not name:
        raise WireError(index, f"{field}.name", "is missing: name the tool that was called")
    return name


def _arguments(value: Json) -> str:
    """The arguments' text as written; an object, as some clients store it, becomes its JSON."""
    if isinstance(value, str):
        return value
    return "{}" if value is None else canonical_json(value).decode()


def _tool(index: int, data: JsonObject, open_call: OpenCall) -> Message:
    named = text(data, "name", index)
    call_id = text(data, "tool_call_id", index) or (open_call(named) if named else None)
    if not call_id:
        raise WireError(index, "tool_call_id", "is missing: write the id of the call it answers")
    error = data.get("is_error")
    if error is not None and not isinstance(error, bool):
        raise WireError(index, "is_error", f"must be a boolean, not {described(error)}")
    result = ToolResult(call_id, read_content(index, data), error, named)
    known = _TOOL if data["role"] == "tool" else _TOOL - {"role"}
    return _message(index, data, Role.TOOL, (result,), known)
