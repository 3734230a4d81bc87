"""Reading content: a string, or a list of typed blocks."""

from collections.abc import Callable, Mapping

from joch.transcript.conversation import Role
from joch.transcript.parts import (
    Citation,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import Json, JsonObject
from joch.wire.anthropic_messages.arguments import written
from joch.wire.anthropic_messages.media import (
    read_container_upload,
    read_document,
    read_image,
    read_search_result,
)
from joch.wire.anthropic_messages.server_tools import (
    is_server_result,
    named,
    read_server_call,
    read_server_result,
)
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, items, rest, text

_FOREIGN = {
    "image_url": "openai_chat",
    "input_audio": "openai_chat",
    "file": "openai_chat",
    "input_text": "openai_responses",
    "output_text": "openai_responses",
    "input_image": "openai_responses",
    "input_file": "openai_responses",
    "function_call": "openai_responses",
}


def read_content(
    index: int | None, data: JsonObject, role: Role, key: str = "content"
) -> tuple[Part, ...]:
    """The parts of a message's content; null content has none.

    Raises:
        WireError: the content, or a known block of it, is not what the format says.
    """
    content = data.get(key)
    if isinstance(content, str):
        return (Text(content),)
    if content is None:
        return ()
    if isinstance(content, dict):  # one block where a list is meant
        content = [content]
    if not isinstance(content, list):
        sentence = f"must be a string or a list of blocks, not {described(content)}"
        raise WireError(index, key, sentence)
    return _blocks(index, key, content, role)


def _blocks(index: int | None, key: str, blocks: list[Json], role: Role) -> tuple[Part, ...]:
    parts: list[Part] = []
    for place, value in enumerate(blocks):
        field = f"{key}[{place}]"
        data = an_object(value, index, field)
        if len(data) == 2 and data.get("type") == "text" and type(said := data.get("text")) is str:
            parts.append(Text(said))
        else:
            parts.extend(_block(index, field, data, role))
    return named(tuple(parts))


def _block(index: int | None, field: str, data: JsonObject, role: Role) -> tuple[Part, ...]:
    kind = text(data, "type", index, f"{field}.")
    if not kind:
        sentence = "is missing: name the block's type, such as text, or the messages' own format"
        raise WireError(index, f"{field}.type", sentence)
    if kind in _FOREIGN:
        sentence = f"{kind!r} is of {_FOREIGN[kind]}: store one format only, and name that one"
        raise WireError(index, f"{field}.type", sentence)
    if _OWN_ROLE.get(kind, role) is not role:
        sentence = f"{kind} belongs into a message of the {_OWN_ROLE[kind].value}: move it there"
        raise WireError(index, f"{field}.type", sentence)
    if reader := _READERS.get(kind):
        return reader(index, field, data)
    return (
        (read_server_result(index, field, data),)
        if is_server_result(data)
        else (Unknown(kind, data),)
    )


def _text(index: int | None, field: str, data: JsonObject) -> tuple[Part, ...]:
    """A text, and right after it the citations that it rests on."""
    said = text(data, "text", index, f"{field}.")
    if said is None:
        raise WireError(index, f"{field}.text", "is missing: a text block has a text")
    cited = items(data, "citations", index, f"{field}.")
    return (
        Text(said, rest(data, ("type", "text", "citations"))),
        *(_citation(index, f"{field}.citations[{i}]", value) for i, value in enumerate(cited)),
    )


def _citation(index: int | None, field: str, value: Json) -> Citation:
    data = an_object(value, index, field)
    url = data.get("url", data.get("source"))
    title = data.get("title", data.get("document_title"))
    return Citation(
        url if isinstance(url, str) else None, title if isinstance(title, str) else None, data
    )


def _thinking(index: int | None, field: str, data: JsonObject) -> tuple[Part, ...]:
    said = text(data, "thinking", index, f"{field}.")
    return (Reasoning(said or "", rest(data, ("thinking",))),)


def _compaction(index: int | None, field: str, data: JsonObject) -> tuple[Part, ...]:
    """The vendor's summary of what it left out: text that any vendor takes, and its own block."""
    said = text(data, "content", index, f"{field}.")
    return (Text(said, {"compaction": data}) if said else Unknown("compaction", data),)


def _call(index: int | None, field: str, data: JsonObject) -> tuple[Part, ...]:
    identity = text(data, "id", index, f"{field}.")
    if not identity:
        sentence = "is missing: give the call the id that its result names in tool_use_id"
        raise WireError(index, f"{field}.id", sentence)
    name = text(data, "name", index, f"{field}.")
    if not name:
        raise WireError(index, f"{field}.name", "is missing: name the tool that was called")
    arguments = written(data.get("input"), index, f"{field}.input")
    return (ToolCall(identity, name, arguments, rest(data, ("type", "id", "name", "input"))),)


def _result(index: int | None, field: str, data: JsonObject) -> tuple[Part, ...]:
    call_id = text(data, "tool_use_id", index, f"{field}.")
    if not call_id:
        sentence = "is missing: write the id of the call it answers"
        raise WireError(index, f"{field}.tool_use_id", sentence)
    error = data.get("is_error")
    if error is not None and not isinstance(error, bool):
        raise WireError(index, f"{field}.is_error", f"must be a boolean, not {described(error)}")
    content = data.get("content")
    parts: tuple[Part, ...]
    if type(content) is str:
        parts = (Text(content),)
    else:
        within = items(data, "content", index, f"{field}.")
        parts = _blocks(index, f"{field}.content", within, Role.TOOL)
    known = ("type", "tool_use_id", "content", "is_error")
    return (ToolResult(call_id, parts, error, extra=rest(data, known)),)


_OWN_ROLE = {"tool_use": Role.ASSISTANT, "tool_result": Role.USER}

Reader = Callable[[int | None, str, JsonObject], tuple[Part, ...]]
_READERS: Mapping[str, Reader] = {
    "text": _text,
    "thinking": _thinking,
    "redacted_thinking": _thinking,
    "compaction": _compaction,
    "tool_use": _call,
    "tool_result": _result,
    "server_tool_use": read_server_call,
    "mcp_tool_use": read_server_call,
    "image": read_image,
    "document": read_document,
    "search_result": read_search_result,
    "container_upload": read_container_upload,
}
