"""Reading one message, and the system instructions that stand beside the messages."""

from joch.transcript.conversation import Message, Role
from joch.transcript.parts import Part, ToolResult
from joch.transcript.values import JsonObject, canonical_json
from joch.wire.anthropic_messages.blocks import read_content
from joch.wire.errors import WireError
from joch.wire.fields import rest, text

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}
_KNOWN = frozenset(("role", "content", "name", "id", "created_at", "timestamp"))
_FOREIGN = {
    "tool_calls": "openai_chat",
    "function_call": "openai_chat",
    "tool_call_id": "openai_chat",
    "parts": "google_generate_content",
}


def read_message(index: int, data: JsonObject) -> Message:
    """One message, or a whole answer. A user's that holds results only has the role `tool`.

    Raises:
        WireError: a field is not what the format says.
    """
    role = _role(index, data)
    if "content" not in data:
        raise WireError(index, "content", "is missing: give a string or a list of blocks")
    parts = read_content(index, data, role)
    if role is Role.USER and _results_only(parts):
        role = Role.TOOL
    if len(data) == 2:
        return Message(role, parts)
    kept = rest(data, _KNOWN) or {}
    if kept.get("type") == "message":
        del kept["type"]
    return Message(
        role=role,
        parts=parts,
        name=text(data, "name", index),
        id=text(data, "id", index),
        created_at=_time(data),
        extra=kept or None,
    )


def read_system(body: JsonObject) -> tuple[Message, ...]:
    """The instructions of a request body as one message; none where there are none.

    Raises:
        WireError: a block is not what the format says.
    """
    if not body.get("system"):
        return ()
    return (Message(Role.SYSTEM, read_content(None, body, Role.SYSTEM, "system")),)


def _role(index: int, data: JsonObject) -> Role:
    role = data.get("role")
    known = _ROLES.get(role) if isinstance(role, str) else None
    for key, name in _FOREIGN.items():
        if data.get(key) is not None:
            sentence = f"is a field of {name}: store one format only, and name it as the format"
            raise WireError(index, key, sentence)
    if known is None:
        said = "is missing" if role is None else f"{role!r} is no role of Anthropic Messages"
        sentence = f"{said}: write one of {', '.join(_ROLES)}, or name the messages' own format"
        raise WireError(index, "role", sentence)
    return known


def _results_only(parts: tuple[Part, ...]) -> bool:
    return bool(parts) and all(type(part) is ToolResult for part in parts)


def _time(data: JsonObject) -> str | None:
    value = data.get("created_at", data.get("timestamp"))
    return value if isinstance(value, str) or value is None else canonical_json(value).decode()
