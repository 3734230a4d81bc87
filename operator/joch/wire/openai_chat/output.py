"""Rendering parts as content: strings and typed parts of the published schema."""

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
from joch.wire.openai_chat.media import medium
from joch.wire.profile import Profile
from joch.wire.rendering import Changes


def folded(content: list[JsonObject]) -> Json:
    """Content in its plainest form: one text as a string, none as the empty string."""
    if not content:
        return ""
    if len(content) == 1 and content[0].get("type") == "text":
        return content[0]["text"]
    return list[Json](content)


def content_parts(
    parts: tuple[Part, ...], where: str, profile: Profile, changes: Changes
) -> list[JsonObject]:
    """The content parts of a message; what content cannot hold is declared, calls are not here."""
    content = []
    for part in parts:
        data = _part(part, where, profile, changes)
        if data is not None:
            content.append(data)
    return content


def _part(part: Part, where: str, profile: Profile, changes: Changes) -> JsonObject | None:
    match part:
        case Text():
            declare_fields(part.extra, where, changes)
            return _text(part.text)
        case Refusal():
            declare_fields(part.extra, where, changes)
            changes.transformed("refusal", where, "A refusal is sent as text")
            return _text(part.text)
        case Image() | Document() | Audio():
            declare_fields(part.extra, where, changes)
            return medium(part, where, profile, changes)
        case ProviderTool():
            changes.transformed("provider-tool", where, f"{part.name} is sent as text")
            return _text(f"[{part.name}: {part.output}]")
        case Reasoning():
            changes.lost("reasoning", where, "Provider reasoning not portable")
        case Citation():
            changes.lost("citation", where, "Annotations are not part of a request")
        case Unknown():
            changes.lost("unknown-part", where, f"Part of unknown type {part.type!r}")
        case ToolCall() | ToolResult():
            changes.lost("misplaced-part", where, f"A {part.kind} inside plain content")
    return None


def _text(text: str) -> JsonObject:
    return {"type": "text", "text": text}


def declare_fields(extra: JsonObject | None, where: str, changes: Changes) -> None:
    """Declare the fields that a vendor put beside a part: none of them is in the format."""
    if extra:
        fields = ", ".join(sorted(extra))
        changes.lost("vendor-fields", where, f"Fields {fields} are not in the format")
