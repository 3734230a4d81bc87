"""Reading one item of `input` or `output`: a message, a call, an output, a thought, a vendor's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from joch.transcript.conversation import Message, Role
from joch.transcript.parts import Part, Reasoning, ToolCall, ToolResult, Unknown
from joch.transcript.values import Json, JsonObject, canonical_json
from joch.wire.errors import WireError
from joch.wire.fields import described, items, rest, text
from joch.wire.openai_responses.content import read_content
from joch.wire.openai_responses.vendor_items import vendor_item, vendor_role

REFERENCE = "item_reference"
_ROLES = {role.value: role for role in Role if role is not Role.TOOL}
_MESSAGE = frozenset(("type", "role", "content", "id", "name", "created_at", "status"))
_CALL = frozenset(("type", "call_id", "name", "arguments"))
_CUSTOM = frozenset(("type", "call_id", "name", "input"))
_OUTPUT = frozenset(("type", "call_id", "output", "is_error"))
_CHAT = ("tool_calls", "tool_call_id", "function_call")


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item where it is stored.

    Attributes:
        index: its place in `input`, or that of the response that holds it; None: neither.
        at: what stands before a field's name in complaints, as `output[2].`.
        of: which appended response it came in, counted from 1; 0: none.
        response: what that response says beside its items, with the first of them.
    """

    index: int | None
    at: str
    kind: str
    data: JsonObject
    of: int = 0
    response: JsonObject | None = None

    def read(self) -> Message:
        """The item as a message of its own.

        Raises:
            WireError: a field is not what the format says.
        """
        try:
            message = self._read()
        except RecursionError:
            sentence = "is nested too deep: store it with fewer levels"
            raise WireError(self.index, self.at.rstrip("."), sentence) from None
        if self.response is None:
            return message
        return replace(message, extra={**(message.extra or {}), "response": self.response})

    def _read(self) -> Message:
        reader = _READERS.get(self.kind)
        if reader:
            return reader(self.index, self.at, self.data)
        parts = vendor_item(self.kind, self.data)
        if parts is not None:
            return Message(vendor_role(self.kind), parts)
        return Message(Role.ASSISTANT, (Unknown(self.kind, self.data),))


def stored_item(
    index: int | None,
    at: str,
    data: JsonObject,
    of: int = 0,
    response: JsonObject | None = None,
) -> StoredItem:
    """The item with its type; one with a role is a message, one with only an id a reference.

    Raises:
        WireError: it says neither.
    """
    kind = text(data, "type", index, at)
    if not kind and "role" in data:
        kind = "message"
    if not kind and data.keys() <= {"type", "id"} and data.get("id"):
        kind = REFERENCE
    if not kind:
        sentence = "is missing: name the item's type, such as message or function_call"
        raise WireError(index, f"{at}type", sentence)
    return StoredItem(index, at, kind, data, of, response)


def _message(index: int | None, at: str, data: JsonObject) -> Message:
    named = data.get("role")
    role = _ROLES.get(named) if isinstance(named, str) else None
    if role is None:
        raise WireError(index, f"{at}role", _no_role(named))
    if any(key in data for key in _CHAT):
        key = next(key for key in _CHAT if key in data)
        sentence = "belongs to openai_chat: store one format, or name the one stored"
        raise WireError(index, f"{at}{key}", sentence)
    parts = read_content(index, f"{at}content", data.get("content"))
    if len(data) == 2:
        return Message(role, parts)
    return Message(
        role=role,
        parts=parts,
        name=text(data, "name", index, at),
        id=text(data, "id", index, at),
        created_at=_time(data.get("created_at")),
        extra=_said_of(data),
    )


def _no_role(named: Json) -> str:
    roles = f"write one of {', '.join(_ROLES)}"
    if named is None:
        return f"is missing: {roles}"
    if named == "tool":
        return "'tool' belongs to openai_chat: store the result as a function_call_output item"
    return f"{named!r} is no role: {roles}"


def _time(value: Json) -> str | None:
    return value if isinstance(value, str) or value is None else canonical_json(value).decode()


def _said_of(data: JsonObject) -> JsonObject | None:
    """The message's further fields. One without a status is complete: saying so says nothing."""
    if data.keys() <= _MESSAGE and data.get("status") in (None, "completed"):
        return None
    known = _MESSAGE if data.get("status") == "completed" else _MESSAGE - {"status"}
    return rest(data, known)


def _function_call(index: int | None, at: str, data: JsonObject) -> Message:
    call_id, name = _call_id(index, at, data), _name(index, at, data)
    written = data.get("arguments")
    arguments = written if isinstance(written, str) else _as_text(written, "{}")
    part = ToolCall(call_id, name, arguments, rest(data, _CALL))
    return Message(Role.ASSISTANT, (part,))


def _custom_call(index: int | None, at: str, data: JsonObject) -> Message:
    call_id, name = _call_id(index, at, data), _name(index, at, data)
    extra: JsonObject = {"type": "custom", **(rest(data, _CUSTOM) or {})}
    part = ToolCall(call_id, name, _as_text(data.get("input"), ""), extra)
    return Message(Role.ASSISTANT, (part,))


def _call_id(index: int | None, at: str, data: JsonObject) -> str:
    call_id = text(data, "call_id", index, at)
    if not call_id:
        raise WireError(
            index, f"{at}call_id", "is missing: write the id that joins call and output"
        )
    return call_id


def _name(index: int | None, at: str, data: JsonObject) -> str:
    name = text(data, "name", index, at)
    if not name:
        raise WireError(index, f"{at}name", "is missing: name the tool that was called")
    return name


def _as_text(value: Json, absent: str) -> str:
    """The text as written; an object, as some clients store it, becomes its JSON."""
    if isinstance(value, str):
        return value
    return absent if value is None else canonical_json(value).decode()


def _output(index: int | None, at: str, data: JsonObject) -> Message:
    error = data.get("is_error")
    if error is not None and not isinstance(error, bool):
        raise WireError(index, f"{at}is_error", f"must be a boolean, not {described(error)}")
    said = data.get("output")
    if isinstance(said, dict) and "type" not in said:  # a value that nobody turned into text
        said = canonical_json(said).decode()
    parts = read_content(index, f"{at}output", said)
    result = ToolResult(_call_id(index, at, data), parts, error, extra=rest(data, _OUTPUT))
    return Message(Role.TOOL, (result,))


def _reasoning(index: int | None, at: str, data: JsonObject) -> Message:
    """Its summary and its text are readable; the item itself, encrypted or not, is in `extra`."""
    told = [
        *_texts(items(data, "summary", index, at)),
        *_texts(items(data, "content", index, at)),
    ]
    part: Part = Reasoning("\n".join(told), rest(data, ("type",)))
    return Message(Role.ASSISTANT, (part,))


def _texts(entries: list[Json]) -> list[str]:
    said = (entry.get("text") for entry in entries if isinstance(entry, dict))
    return [text for text in said if isinstance(text, str)]


Reader = Callable[[int | None, str, JsonObject], Message]
_READERS: Mapping[str, Reader] = {
    "message": _message,
    "function_call": _function_call,
    "custom_tool_call": _custom_call,
    "function_call_output": _output,
    "custom_tool_call_output": _output,
    "reasoning": _reasoning,
}
