"""Reading one content: its role and its parts."""

from collections.abc import Callable, Mapping

from joch.transcript.conversation import Message, Role
from joch.transcript.parts import (
    Part,
    ProviderTool,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import Json, JsonObject, canonical_json
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, rest, text
from joch.wire.google_generate_content.calls import read_call, read_result
from joch.wire.google_generate_content.embedded import written
from joch.wire.google_generate_content.media import read_file, read_inline
from joch.wire.google_generate_content.pairing import Pairing
from joch.wire.google_generate_content.spelling import respelled_object

_ROLES = {"user": Role.USER, "model": Role.ASSISTANT, "function": Role.TOOL, "tool": Role.TOOL}
_KNOWN = frozenset(("role", "parts", "name", "id", "created_at", "timestamp"))
_PLAIN = {"role", "parts"}


def read_content(index: int, data: JsonObject, pairing: Pairing) -> Message:
    """One content. A user's that holds results only has the role `tool`.

    Raises:
        WireError: a field is not what the format says.
    """
    role = _role(index, data)
    parts = read_parts(index, data, role, pairing)
    if role is Role.USER and _results_only(parts):
        role = Role.TOOL
    if data.keys() == _PLAIN:
        return Message(role, parts)
    return Message(
        role=role,
        parts=parts,
        name=text(data, "name", index),
        id=text(data, "id", index),
        created_at=_time(data),
        extra=rest(data, _KNOWN),
    )


def read_parts(
    index: int | None, data: JsonObject, role: Role, pairing: Pairing, at: str = ""
) -> tuple[Part, ...]:
    """The parts of a content; `parts` may be one object, and is absent in an answer cut short.

    Raises:
        WireError: the parts, or a known one of them, are not what the format says.
    """
    parts = data.get("parts")
    if parts is None:
        if "content" in data:
            sentence = "is a field of another format: write parts, or name the contents' own format"
            raise WireError(index, f"{at}content", sentence)
        return ()
    if isinstance(parts, dict | str):
        parts = [parts]
    if not isinstance(parts, list):
        raise WireError(index, f"{at}parts", f"must be a list of parts, not {described(parts)}")
    reader = _Reader(index, role, pairing)
    return tuple([reader.part(f"{at}parts[{place}]", part) for place, part in enumerate(parts)])


def _role(index: int, data: JsonObject) -> Role:
    role = data.get("role")
    if role is None or role == "":  # the vendor takes it for a user's
        return Role.USER
    known = _ROLES.get(role.lower()) if isinstance(role, str) else None
    if known is None:
        sentence = f"{role!r} is no role: write user or model, or name the contents' own format"
        raise WireError(index, "role", sentence)
    return known


def _time(data: JsonObject) -> str | None:
    value = data.get("created_at", data.get("timestamp"))
    return value if isinstance(value, str) or value is None else canonical_json(value).decode()


def _results_only(parts: tuple[Part, ...]) -> bool:
    return bool(parts) and all(type(part) is ToolResult for part in parts)


class _Reader:
    """Reads the parts of one content."""

    def __init__(self, index: int | None, role: Role, pairing: Pairing) -> None:
        self._index = index
        self._role = role
        self._pairing = pairing
        self._ids: set[str] = set()

    def part(self, field: str, value: Json) -> Part:
        if type(value) is str:
            return Text(value)
        data = an_object(value, self._index, field)
        if len(data) == 1 and type(said := data.get("text")) is str:
            return Text(said)
        data = respelled_object(data)
        if "functionCall" in data:
            return self._call(field, data)
        if "functionResponse" in data:
            return self._result(field, data)
        for key, reader in _READERS.items():
            if key in data:
                return reader(self._index, field, data)
        if "thought" in data or "thoughtSignature" in data:
            return Reasoning("", data)
        return Unknown(next(iter(data), "empty"), data)

    def _call(self, field: str, data: JsonObject) -> ToolCall:
        if self._role is not Role.ASSISTANT or self._index is None:
            sentence = "belongs into a content of the role model: move it there"
            raise WireError(self._index, f"{field}.functionCall", sentence)
        call = read_call(self._index, field, data, self._pairing)
        if call.id in self._ids:
            sentence = f"{call.id!r} is the id of two calls in one content: give each its own"
            raise WireError(self._index, f"{field}.functionCall.id", sentence)
        self._ids.add(call.id)
        return call

    def _result(self, field: str, data: JsonObject) -> ToolResult:
        if self._role is Role.ASSISTANT or self._index is None:
            sentence = "belongs into a content of the role user: move it there"
            raise WireError(self._index, f"{field}.functionResponse", sentence)
        return read_result(self._index, field, data, self._pairing)


def _text(index: int | None, field: str, data: JsonObject) -> Part:
    said = text(data, "text", index, f"{field}.") or ""
    extra = rest(data, ("text",))
    return Reasoning(said, extra) if data.get("thought") is True else Text(said, extra)


def _code(index: int | None, field: str, data: JsonObject) -> Part:
    inner = an_object(data["executableCode"], index, f"{field}.executableCode")
    at = f"{field}.executableCode."
    code = text(inner, "code", index, at) or ""
    return ProviderTool("code_execution", code, id=text(inner, "id", index, at), extra=data)


def _ran(index: int | None, field: str, data: JsonObject) -> Part:
    inner = an_object(data["codeExecutionResult"], index, f"{field}.codeExecutionResult")
    at = f"{field}.codeExecutionResult."
    output = text(inner, "output", index, at) or text(inner, "outcome", index, at) or ""
    identity = text(inner, "id", index, at)
    return ProviderTool("code_execution", output=output, id=identity, extra=data)


def _tool_call(index: int | None, field: str, data: JsonObject) -> Part:
    inner = an_object(data["toolCall"], index, f"{field}.toolCall")
    return ProviderTool(
        _tool(inner), written(inner.get("args", {})), id=_identity(inner), extra=data
    )


def _tool_response(index: int | None, field: str, data: JsonObject) -> Part:
    inner = an_object(data["toolResponse"], index, f"{field}.toolResponse")
    output = written(inner.get("response", {}))
    return ProviderTool(_tool(inner), output=output, id=_identity(inner), extra=data)


def _tool(inner: JsonObject) -> str:
    kind = inner.get("toolType")
    return kind.lower() if isinstance(kind, str) and kind else "provider_tool"


def _identity(inner: JsonObject) -> str | None:
    identity = inner.get("id")
    return identity if isinstance(identity, str) else None


Reader = Callable[[int | None, str, JsonObject], Part]
_READERS: Mapping[str, Reader] = {
    "inlineData": read_inline,
    "fileData": read_file,
    "executableCode": _code,
    "codeExecutionResult": _ran,
    "toolCall": _tool_call,
    "toolResponse": _tool_response,
    "text": _text,
}
