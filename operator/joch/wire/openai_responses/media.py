"""Rendering images and files: what the format takes, and a line of text for the rest."""

from joch.transcript.parts import Audio, Document, Image, Source
from joch.transcript.values import JsonObject
from joch.wire.base64_text import is_base64
from joch.wire.openai_media import IMAGES, media_type, media_type_by_name, neutral_name
from joch.wire.profile import Profile
from joch.wire.references import reference
from joch.wire.rendering import Changes

_DETAILS = frozenset(("low", "high", "auto", "original"))


def image(part: Image, where: str, profile: Profile, changes: Changes) -> JsonObject | None:
    """The image as a part of input; None where the target cannot take it."""
    source = part.source
    if not (profile.images and _reachable(source, profile)):
        return None
    data: JsonObject = {"type": "input_image"}
    if source.data is not None:
        kind = media_type(source, where, changes) or "image/png"
        if kind not in IMAGES:
            return None
        data["image_url"] = f"data:{kind};base64,{source.data}"
    elif source.url:
        data["image_url"] = source.url
    else:
        data["file_id"] = source.file_id
    data["detail"] = part.detail if part.detail in _DETAILS else "auto"
    if part.detail is not None and part.detail != data["detail"]:
        sentence = f"Detail {part.detail!r} is not in the format: auto is sent"
        changes.transformed("detail", where, sentence)
    return data


def document(part: Document, where: str, profile: Profile, changes: Changes) -> JsonObject | None:
    """The document as a part of input; None where the target cannot take it."""
    source = part.source
    if not (profile.documents and _reachable(source, profile)):
        return None
    data: JsonObject = {"type": "input_file"}
    if source.data is not None:
        kind = media_type(source, where, changes) or media_type_by_name(part.filename)
        data["file_data"] = f"data:{kind};base64,{source.data}"
        data["filename"] = part.filename or neutral_name(kind)
        return data
    data.update({"file_url": source.url} if source.url else {"file_id": source.file_id})
    if part.filename:
        data["filename"] = part.filename
    return data


def referenced(part: Image | Document | Audio, where: str, changes: Changes) -> str:
    """A line of text that names a medium which the target does not take."""
    what = (part.filename or part.kind) if isinstance(part, Document) else part.kind
    words = part.transcript if isinstance(part, Audio) else None
    changes.transformed("media", where, f"The {what} is sent as a line of text")
    return reference(what, part.source, words)


def _reachable(source: Source, profile: Profile) -> bool:
    """Whether the target can get at the bytes: inline, from the web, or in its own store."""
    if source.data is not None:
        return is_base64(source.data)
    if source.url:
        return profile.urls and source.url.startswith(("https://", "http://"))
    return bool(source.file_id) and profile.same_backend
