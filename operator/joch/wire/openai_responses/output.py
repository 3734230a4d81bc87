"""Rendering parts as content of a user, a system or a tool's output: typed parts of input."""

from collections.abc import Iterable

from joch.transcript.parts import (
    Audio,
    Citation,
    Document,
    Image,
    Part,
    ProviderTool,
    Reasoning,
    Refusal,
    Source,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import Json, JsonObject
from joch.wire.openai_chat.output import data_url
from joch.wire.profile import Profile
from joch.wire.references import reference
from joch.wire.rendering import Changes

BREAKPOINT = "prompt_cache_breakpoint"
_DETAILS = frozenset(("low", "high", "auto", "original"))


def folded(content: list[JsonObject]) -> Json:
    """Content in its plainest form: one text as a string, none as the empty string."""
    if not content:
        return ""
    if len(content) == 1 and content[0].keys() == {"type", "text"}:
        return content[0]["text"]
    return list[Json](content)


def input_parts(
    parts: Iterable[Part], where: str, profile: Profile, changes: Changes
) -> list[JsonObject]:
    """The typed parts of input; what input cannot hold is declared."""
    content = []
    for part in parts:
        data = _part(part, where, profile, changes)
        if data is not None:
            content.append(data)
    return content


def _part(part: Part, where: str, profile: Profile, changes: Changes) -> JsonObject | None:
    match part:
        case Text():
            return {
                "type": "input_text",
                "text": part.text,
                **carried(part.extra, where, changes, BREAKPOINT),
            }
        case Refusal():
            changes.transformed("refusal", where, "A refusal is sent as text")
            return _text(part.text)
        case Image():
            return _image(part, where, profile, changes)
        case Document():
            return _document(part, where, profile, changes)
        case Audio():
            return _text(referenced(part, where, changes))
        case ProviderTool():
            return _text(told(part, where, changes))
        case _:
            declare_lost(part, where, changes)
            return None


def _text(text: str) -> JsonObject:
    return {"type": "input_text", "text": text}


def declare_lost(
    part: Reasoning | Citation | Unknown | ToolCall | ToolResult, where: str, changes: Changes
) -> None:
    """Declare a part that has no place here."""
    match part:
        case Reasoning():
            changes.lost("reasoning", where, "Provider reasoning not portable")
        case Citation():
            changes.lost("citation", where, "A citation without a text of the assistant's")
        case Unknown():
            changes.lost("unknown-part", where, _unknown(part))
        case ToolCall() | ToolResult():
            changes.lost("misplaced-part", where, f"A {part.kind} inside plain content")


def _unknown(part: Unknown) -> str:
    if part.type == "item_reference":
        return f"Item {part.payload.get('id')} is only at the vendor that it was sent to"
    return f"Part of unknown type {part.type!r}"


def carried(extra: JsonObject | None, where: str, changes: Changes, *published: str) -> JsonObject:
    """Of a part's further fields the published ones; the others are declared, ids for all items."""
    if not extra:
        return {}
    if left := sorted(extra.keys() - {"id", "type", *published}):
        changes.lost("vendor-fields", where, f"Fields {', '.join(left)} are not in the format")
    if "id" in extra and "id" not in published:
        changes.lost("item-ids", "input", "Item ids are the vendor's own and are left out")
    return {key: extra[key] for key in published if key in extra}


def told(tool: ProviderTool, where: str, changes: Changes) -> str:
    """What a tool that the vendor carried out was asked and answered, in a line of text."""
    sentence = f"{tool.name}, which a vendor carried out, is sent as text"
    changes.transformed("provider-tool", where, sentence)
    return f"[{tool.name}({tool.arguments}): {tool.output}]"


def referenced(part: Image | Document | Audio, where: str, changes: Changes) -> str:
    """A line of text that names a medium which the target does not take."""
    carried(part.extra, where, changes)
    what = (part.filename or part.kind) if isinstance(part, Document) else part.kind
    words = part.transcript if isinstance(part, Audio) else None
    changes.transformed("media", where, f"The {what} is sent as a line of text")
    return reference(what, part.source, words)


def _reachable(source: Source, profile: Profile) -> bool:
    """Whether the target can get at the bytes: inline, by a URL, or in its own store."""
    if source.data is not None:
        return True
    if source.url:
        return profile.urls
    return bool(source.file_id) and profile.same_backend


def _image(part: Image, where: str, profile: Profile, changes: Changes) -> JsonObject:
    if not (profile.images and _reachable(part.source, profile)):
        return _text(referenced(part, where, changes))
    data: JsonObject = {"type": "input_image"}
    url = data_url(part.source, "image/png")
    data.update({"file_id": part.source.file_id} if url is None else {"image_url": url})
    data["detail"] = part.detail if part.detail in _DETAILS else "auto"
    return data | carried(part.extra, where, changes, BREAKPOINT)


def _document(part: Document, where: str, profile: Profile, changes: Changes) -> JsonObject:
    source = part.source
    if not (profile.documents and _reachable(source, profile)):
        return _text(referenced(part, where, changes))
    data: JsonObject = {"type": "input_file"}
    if source.data is not None:
        data["file_data"] = data_url(source, None)
    elif source.url:
        data["file_url"] = source.url
    else:
        data["file_id"] = source.file_id
    if part.filename:
        data["filename"] = part.filename
    return data | carried(part.extra, where, changes, BREAKPOINT, "detail")
