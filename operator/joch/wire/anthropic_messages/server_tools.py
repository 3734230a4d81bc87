"""Reading tools that the vendor carried out: the call and its result, each a part of its own."""

from dataclasses import replace

from joch.transcript.parts import Part, ProviderTool
from joch.transcript.values import Json, JsonObject
from joch.wire.anthropic_messages.arguments import written
from joch.wire.embedded import an_object_in
from joch.wire.errors import WireError
from joch.wire.fields import rest, text

_CALL = "_tool_use"
_RESULT = "_tool_result"
_SHOWN = (
    *("title", "url", "text", "stdout", "stderr", "error_code", "tool_name"),
    *("content", "tool_references", "source", "data", "lines"),
)
_DEEPEST = 8


def read_server_call(index: int | None, field: str, data: JsonObject) -> tuple[Part, ...]:
    """A call of a tool that the vendor, or an MCP server that it asked, carried out.

    Raises:
        WireError: it has no name.
    """
    name = text(data, "name", index, f"{field}.")
    if not name:
        raise WireError(index, f"{field}.name", "is missing: name the tool that was called")
    arguments = written(data.get("input"), index, f"{field}.input")
    identity = text(data, "id", index, f"{field}.")
    return (ProviderTool(name, arguments, "", identity, rest(data, ("id", "name", "input"))),)


def is_server_result(data: JsonObject) -> bool:
    """Whether the block is the result of such a call: `web_search_tool_result` and its like."""
    kind = data.get("type")
    return isinstance(kind, str) and kind.endswith(_RESULT) and "tool_use_id" in data


def read_server_result(index: int | None, field: str, data: JsonObject) -> ProviderTool:
    """The result, with what of it is readable as text.

    Raises:
        WireError: its call's id is no string.
    """
    name = str(data["type"]).removesuffix(_RESULT)
    identity = text(data, "tool_use_id", index, f"{field}.")
    output = _readable(data.get("content"), _DEEPEST)
    return ProviderTool(name, "", output, identity, rest(data, ("tool_use_id",)))


def named(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, each result under the name of its call where that stands before it."""
    calls = {p.id: p.name for p in parts if type(p) is ProviderTool and p.arguments}
    if not calls:
        return parts
    return tuple(
        replace(part, name=calls.get(part.id, part.name)) if type(part) is ProviderTool else part
        for part in parts
    )


def paired(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, where a call without its result after it, or the reverse, is the vendor's no more.

    The vendor takes its own blocks back in one message and in pairs only.
    """
    if not any(type(part) is ProviderTool for part in parts):
        return parts
    asked: set[str | None] = set()
    whole: set[str | None] = set()
    for part in parts:
        if type(part) is not ProviderTool:
            continue
        kind = str((part.extra or {}).get("type"))
        if kind.endswith(_CALL) and an_object_in(part.arguments or "{}") is not None:
            asked.add(part.id)
        elif kind.endswith(_RESULT) and part.id in asked:
            whole.add(part.id)
    return tuple(
        replace(part, extra=None) if type(part) is ProviderTool and part.id not in whole else part
        for part in parts
    )


def _readable(value: Json, deepest: int) -> str:
    """What a person could read of a result; encrypted contents are not among it."""
    if isinstance(value, str):
        return value
    if deepest == 0:
        return ""
    if isinstance(value, list):
        lines = [_readable(item, deepest - 1) for item in value]
    elif isinstance(value, dict):
        lines = [_readable(value.get(key), deepest - 1) for key in _SHOWN]
    else:
        lines = []
    return "\n".join(line for line in lines if line)
