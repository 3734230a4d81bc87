"""Reading one message, and the system instructions that stand beside the messages."""

from joch.transcript.conversation import Message, Role
from joch.transcript.parts import Part, ToolResult, Unknown
from joch.transcript.values import JsonObject, canonical_json
from joch.wire.bedrock_converse.content import read_blocks
from joch.wire.errors import WireError
from joch.wire.fields import described, items, rest, text

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}
_KNOWN = frozenset(("role", "content", "name", "id", "created_at", "timestamp"))
_FORMATS = "or name the format that the messages are in"


def read_message(index: int, data: JsonObject) -> Message:
    """One message. A user's that holds results only has the role `tool`.

    Raises:
        WireError: a field is not what the format says.
    """
    role = _role(index, data)
    content = data.get("content")
    if not isinstance(content, list):
        sentence = f"must be a list of blocks, not {described(content)}: store it so, {_FORMATS}"
        raise WireError(index, "content", sentence)
    parts = read_blocks(index, "content", content, role)
    if role is Role.USER and _results_only(parts):
        role = Role.TOOL
    if len(data) == 2:
        return Message(role, parts)
    return Message(
        role=role,
        parts=parts,
        name=text(data, "name", index),
        id=text(data, "id", index),
        created_at=_time(data),
        extra=rest(data, _KNOWN),
    )


def read_system(body: JsonObject) -> tuple[Message, ...]:
    """The instructions of a request body as one message; none where there are none.

    Raises:
        WireError: a block is not what the format says.
    """
    blocks = items(body, "system", None)
    if not blocks:
        return ()
    return (Message(Role.SYSTEM, read_blocks(None, "system", blocks, Role.SYSTEM)),)


def _role(index: int, data: JsonObject) -> Role:
    role = data.get("role")
    known = _ROLES.get(role) if isinstance(role, str) else None
    if known is None:
        said = "is missing" if role is None else f"{role!r} is no role of Converse"
        sentence = f"{said}: write one of {', '.join(_ROLES)}, {_FORMATS}"
        raise WireError(index, "role", sentence)
    return known


def _results_only(parts: tuple[Part, ...]) -> bool:
    """Whether somebody speaks here: cache points between results say nothing."""
    found = False
    for part in parts:
        if type(part) is ToolResult:
            found = True
        elif not (isinstance(part, Unknown) and part.type == "cachePoint"):
            return False
    return found


def _time(data: JsonObject) -> str | None:
    value = data.get("created_at", data.get("timestamp"))
    return value if isinstance(value, str) or value is None else canonical_json(value).decode()
