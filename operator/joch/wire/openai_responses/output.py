"""Rendering parts as content of a user, a system or a tool's output: typed parts of input."""

from collections.abc import Iterable, Mapping

from joch.transcript.parts import (
    Audio,
    Citation,
    Document,
    Image,
    Part,
    ProviderTool,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import Json, JsonObject
from joch.wire.openai_fields import Shape, has_shape
from joch.wire.openai_responses import media
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

BREAKPOINT = "prompt_cache_breakpoint"


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
        case Text() | Refusal():
            return _words(part, where, changes)
        case Image() | Document() | Audio():
            return _medium(part, where, profile, changes)
        case ProviderTool():
            return _text(told(part, where, changes))
        case _:
            declare_lost(part, where, changes)
            return None


def _words(part: Text | Refusal, where: str, changes: Changes) -> JsonObject | None:
    beside = carried(part.extra, where, changes, BREAKPOINT) if part.extra else {}
    if not part.text.strip():
        changes.lost("blank-text", where, "Blank text is left out")
        return None
    if isinstance(part, Refusal):
        changes.transformed("refusal", where, "A refusal is sent as text")
    return {"type": "input_text", "text": part.text, **beside}


def _medium(
    part: Image | Document | Audio, where: str, profile: Profile, changes: Changes
) -> JsonObject:
    data: JsonObject | None = None
    if isinstance(part, Image):
        data = media.image(part, where, profile, changes)
    elif isinstance(part, Document):
        data = media.document(part, where, profile, changes)
    if data is None:
        carried(part.extra, where, changes)
        return _text(media.referenced(part, where, changes))
    detail = ("detail",) if isinstance(part, Document) else ()
    return data | carried(part.extra, where, changes, BREAKPOINT, *detail)


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
            changes.lost("citation", where, "A citation that the format cannot hold")
        case Unknown():
            changes.lost("unknown-part", where, _unknown(part))
        case ToolCall() | ToolResult():
            changes.lost("misplaced-part", where, f"A {part.kind} inside plain content")


def _unknown(part: Unknown) -> str:
    if part.type == "item_reference":
        return f"Item {part.payload.get('id')} is only at the vendor that it was sent to"
    return f"Part of unknown type {part.type!r}"


# The shapes of an item's and a part's further fields, by their names.
_SHAPES: Mapping[str, Shape] = {
    "id": str,
    "caller": dict,
    "detail": frozenset(("auto", "low", "high")),
    "logprobs": list,
    "namespace": str,
    "status": frozenset(("in_progress", "completed", "incomplete")),
    BREAKPOINT: dict,
}


def carried(extra: JsonObject | None, where: str, changes: Changes, *published: str) -> JsonObject:
    """Of a part's further fields the published ones; the others are declared, ids for all items."""
    if not extra:
        return {}
    sent = {k: extra[k] for k in published if k in extra and has_shape(extra[k], _SHAPES[k])}
    if left := sorted(extra.keys() - sent.keys() - {"id", "type"}):
        changes.lost("vendor-fields", where, f"Fields {', '.join(left)} are not in the format")
    if "id" in extra and "id" not in sent:
        changes.lost("item-ids", "input", "Item ids are the vendor's own and are left out")
    return sent


def told(tool: ProviderTool, where: str, changes: Changes) -> str:
    """What a tool that the vendor carried out was asked and answered, in a line of text."""
    sentence = f"{tool.name}, which a vendor carried out, is sent as text"
    changes.transformed("provider-tool", where, sentence)
    return f"[{tool.name}({tool.arguments}): {tool.output}]"
