"""Rendering images and files: what the format takes, and a line of text for the rest."""

import binascii

from joch.transcript.parts import Audio, Document, Image, Source
from joch.transcript.values import JsonObject
from joch.wire.profile import Profile
from joch.wire.references import reference
from joch.wire.rendering import Changes

IMAGES = frozenset(("image/png", "image/jpeg", "image/webp", "image/gif"))
"""What OpenAI's guide to images names."""

_BEGINNINGS = {
    "iVBORw0KGgo": "image/png",
    "/9j/": "image/jpeg",
    "R0lGOD": "image/gif",
    "UklGR": "image/webp",
    "JVBERi0": "application/pdf",
}
_ENDINGS = {"pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv", "md": "text/markdown"}
_OTHER_NAMES = {"image/jpg": "image/jpeg", "application/x-pdf": "application/pdf"}
_DETAILS = frozenset(("low", "high", "auto", "original"))


def is_base64(data: str) -> bool:
    """Whether the text is standard base64 of something."""
    try:
        return bool(binascii.a2b_base64(data, strict_mode=True))
    except ValueError:
        return False


def image(part: Image, where: str, profile: Profile, changes: Changes) -> JsonObject | None:
    """The image as a part of input; None where the target cannot take it."""
    source = part.source
    if not (profile.images and _reachable(source, profile)):
        return None
    data: JsonObject = {"type": "input_image"}
    if source.data is not None:
        kind = _media_type(source, where, changes) or "image/png"
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
        kind = _media_type(source, where, changes) or _by_name(part.filename)
        data["file_data"] = f"data:{kind};base64,{source.data}"
        data["filename"] = part.filename or _neutral_name(kind)
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


def _media_type(source: Source, where: str, changes: Changes) -> str | None:
    """The type as stated, in its common name; else as the bytes begin."""
    stated = source.media_type
    if stated is None:
        begins = (source.data or "")[:12]
        return next((kind for start, kind in _BEGINNINGS.items() if begins.startswith(start)), None)
    kind = _OTHER_NAMES.get(stated.lower(), stated)
    if kind != stated:
        changes.transformed("media-type", where, f"Media type {stated} is sent as {kind}")
    return kind


def _by_name(filename: str | None) -> str:
    ending = (filename or "").rpartition(".")[2].lower()
    return _ENDINGS.get(ending, "application/octet-stream")


def _neutral_name(kind: str) -> str:
    """The format wants a name; a neutral one tells the model nothing that nobody said."""
    endings = {kind: ending for ending, kind in _ENDINGS.items()}
    return f"document.{endings[kind]}" if kind in endings else "document"
