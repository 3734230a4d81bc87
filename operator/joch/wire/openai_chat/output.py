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
    Source,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import Json, JsonObject
from joch.wire.profile import Profile
from joch.wire.references import reference
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
            _declare(part.extra, where, changes)
            return _text(part.text)
        case Refusal():
            return _text(part.text)
        case Image() | Document() | Audio():
            return _medium(part, where, profile, changes)
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


def _medium(
    part: Image | Document | Audio, where: str, profile: Profile, changes: Changes
) -> JsonObject:
    _declare(part.extra, where, changes)
    match part:
        case Image():
            return _image(part, where, profile, changes)
        case Document():
            return _document(part, where, profile, changes)
        case Audio():
            return _audio(part, where, profile, changes)


def _text(text: str) -> JsonObject:
    return {"type": "text", "text": text}


def _declare(extra: JsonObject | None, where: str, changes: Changes) -> None:
    if extra:
        fields = ", ".join(sorted(extra))
        changes.lost("vendor-fields", where, f"Fields {fields} are not in the format")


def _image(part: Image, where: str, profile: Profile, changes: Changes) -> JsonObject:
    url = data_url(part.source, "image/png")
    if url is None or not profile.images:
        return _referenced("image", part.source, where, changes)
    inner: JsonObject = {"url": url}
    if part.detail in {"auto", "low", "high"}:
        inner["detail"] = part.detail
    return {"type": "image_url", "image_url": inner}


def _document(part: Document, where: str, profile: Profile, changes: Changes) -> JsonObject:
    source = part.source
    if source.url or not profile.documents:
        return _referenced(part.filename or "document", source, where, changes)
    inner: JsonObject = {}
    if source.file_id:
        inner["file_id"] = source.file_id
    else:
        inner["file_data"] = data_url(source, None)
    if part.filename:
        inner["filename"] = part.filename
    return {"type": "file", "file": inner}


def _audio(part: Audio, where: str, profile: Profile, changes: Changes) -> JsonObject:
    if part.source.data is None or not profile.audio or part.format not in {"wav", "mp3"}:
        return _referenced("sound", part.source, where, changes, part.transcript)
    inner: JsonObject = {"data": part.source.data, "format": part.format}
    return {"type": "input_audio", "input_audio": inner}


def data_url(source: Source, media_type: str | None) -> str | None:
    """The URL of a medium: its own, or a data URL; None where only the vendor has the bytes."""
    if source.data is None:
        return source.url
    kind = source.media_type or media_type
    return f"data:{kind};base64,{source.data}" if kind else source.data


def _referenced(
    what: str, source: Source, where: str, changes: Changes, words: str | None = None
) -> JsonObject:
    changes.transformed("media", where, f"The {what} is sent as a line of text")
    return _text(reference(what, source, words))
