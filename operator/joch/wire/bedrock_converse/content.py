"""Reading content blocks. A block is a union: an object with one of the known keys."""

from collections.abc import Callable, Mapping

from joch.transcript.conversation import Role
from joch.transcript.parts import (
    Part,
    ProviderTool,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
    plain_text,
)
from joch.transcript.values import Json, JsonObject
from joch.wire.bedrock_converse.embedded import compact
from joch.wire.bedrock_converse.media import read_audio, read_document, read_image
from joch.wire.bedrock_converse.sources import read_cited, read_search_result
from joch.wire.errors import WireError
from joch.wire.fields import an_object, items, rest, text

_STATUS = {"error": True, "success": False}


def read_blocks(index: int | None, field: str, blocks: list[Json], role: Role) -> tuple[Part, ...]:
    """The parts of a message's blocks, in order.

    Raises:
        WireError: a known block is not what the format says.
    """
    parts: list[Part] = []
    servers: dict[str, str] = {}
    for place, value in enumerate(blocks):
        if type(value) is dict and len(value) == 1 and type(said := value.get("text")) is str:
            parts.append(Text(said))
            continue
        found = _block(index, f"{field}[{place}]", value, role)
        if role is Role.ASSISTANT:
            found = tuple(_by_server(part, value, servers) for part in found)
        parts.extend(found)
    return tuple(parts)


def _block(index: int | None, field: str, value: Json, role: Role) -> tuple[Part, ...]:
    kind, block = _member(index, field, an_object(value, index, field))
    if kind == "toolUse" and role is not Role.ASSISTANT:
        sentence = "belongs into a message of the assistant: move it there"
        raise WireError(index, f"{field}.toolUse", sentence)
    reader = _READERS.get(kind)
    return reader(index, field, block) if reader else (Unknown(kind, block),)


def _member(index: int | None, field: str, data: JsonObject) -> tuple[str, JsonObject]:
    """The block's kind, and the block without the nulls that some SDKs write beside it."""
    if len(data) == 1 and (kind := next(iter(data))) in _READERS and data[kind] is not None:
        return kind, data
    block: JsonObject = {k: v for k, v in data.items() if v is not None}
    if isinstance(block.get("type"), str):
        sentence = "Converse blocks have no type: name the format that the messages are in"
        raise WireError(index, f"{field}.type", sentence)
    known = [kind for kind in block if kind in _READERS]
    if len(known) > 1:
        sentence = f"holds {' and '.join(known)}: give each a block of its own"
        raise WireError(index, field, sentence)
    if not block:
        raise WireError(index, field, "is empty: give it a text, a toolUse or another member")
    return (known or list(block))[0], block


def _text(index: int | None, field: str, block: JsonObject) -> tuple[Part, ...]:
    said = text(block, "text", index, f"{field}.")
    return (Text(said or "", rest(block, ("text",))),)


def _call(index: int | None, field: str, block: JsonObject) -> tuple[Part, ...]:
    field = f"{field}.toolUse"
    data = an_object(block["toolUse"], index, field)
    identity = _required(data, "toolUseId", index, field, "give the id that its result names")
    name = _required(data, "name", index, field, "name the tool that was called")
    said = data.get("input")
    if isinstance(said, str):  # as clients of the stream store what they put together
        arguments = said
    else:
        arguments = "{}" if said is None else compact(said, index, f"{field}.input")
    extra = _beside(block, "toolUse", rest(data, ("toolUseId", "name", "input")))
    return (ToolCall(identity, name, arguments, extra),)


def _result(index: int | None, field: str, block: JsonObject) -> tuple[Part, ...]:
    field = f"{field}.toolResult"
    data = an_object(block["toolResult"], index, field)
    identity = _required(data, "toolUseId", index, field, "write the id of the call it answers")
    parts: list[Part] = []
    for place, value in enumerate(items(data, "content", index, f"{field}.")):
        parts.extend(_block(index, f"{field}.content[{place}]", value, Role.TOOL))
    status = text(data, "status", index, f"{field}.") or ""
    known = ("toolUseId", "content", *(("status",) if status in _STATUS else ()))
    extra = _beside(block, "toolResult", rest(data, known))
    return (ToolResult(identity, tuple(parts), _STATUS.get(status), extra=extra),)


def _json(index: int | None, field: str, block: JsonObject) -> tuple[Part, ...]:
    """A result that is JSON: text that any vendor takes, marked so that it becomes JSON again."""
    return (Text(compact(block["json"], index, f"{field}.json"), {"json": True}),)


def _reasoning(index: int | None, field: str, block: JsonObject) -> tuple[Part, ...]:
    data = an_object(block["reasoningContent"], index, f"{field}.reasoningContent")
    if data.get("reasoningText") is None:
        return (Reasoning("", data),)
    at = f"{field}.reasoningContent.reasoningText"
    told = an_object(data["reasoningText"], index, at)
    said = text(told, "text", index, f"{at}.")
    extra: JsonObject = {
        **(rest(data, ("reasoningText",)) or {}),
        **(rest(told, ("text",)) or {}),
    }
    return (Reasoning(said or "", extra or None),)


def _guarded(index: int | None, field: str, block: JsonObject) -> tuple[Part, ...]:
    """What a guardrail looks at: text and images as any other, marked."""
    field = f"{field}.guardContent"
    data = an_object(block["guardContent"], index, field)
    if data.get("image") is not None:
        return read_image(index, field, data, {"guardContent": {}})
    if data.get("text") is None:
        return (Unknown("guardContent", block),)
    inner = an_object(data["text"], index, f"{field}.text")
    said = text(inner, "text", index, f"{field}.text.")
    return (Text(said or "", {"guardContent": rest(inner, ("text",)) or {}}),)


def _by_server(part: Part, block: Json, servers: dict[str, str]) -> Part:
    """The part, or the vendor's own tool where an assistant's message holds call and result.

    Nova's code interpreter, for one: a toolUse of type `server_tool_use` and its toolResult are
    both in the answer. `servers` grows: the names of such calls by their ids.
    """
    match part:
        case ToolCall(extra={"type": "server_tool_use"}):
            servers[part.id] = part.name
            return ProviderTool(part.name, part.arguments, id=part.id, extra=part.extra)
        case ToolResult() if part.call_id in servers:
            name, said = servers[part.call_id], plain_text(part.parts)
            kept = block if isinstance(block, dict) else None
            return ProviderTool(name, output=said, id=part.call_id, extra=kept)
    return part


def _beside(block: JsonObject, kind: str, inner: JsonObject | None) -> JsonObject | None:
    """What stands beside the block's member, and what its member says beyond the known."""
    if len(block) == 1:
        return inner
    return {**(rest(block, (kind,)) or {}), **(inner or {})} or None


def _required(data: JsonObject, key: str, index: int | None, field: str, remedy: str) -> str:
    value = text(data, key, index, f"{field}.")
    if not value:
        raise WireError(index, f"{field}.{key}", f"is missing: {remedy}")
    return value


Reader = Callable[[int | None, str, JsonObject], tuple[Part, ...]]
_READERS: Mapping[str, Reader] = {
    "text": _text,
    "toolUse": _call,
    "toolResult": _result,
    "json": _json,
    "reasoningContent": _reasoning,
    "image": read_image,
    "document": read_document,
    "audio": read_audio,
    "guardContent": _guarded,
    "citationsContent": read_cited,
    "searchResult": read_search_result,
}
