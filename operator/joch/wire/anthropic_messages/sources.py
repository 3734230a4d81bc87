"""Rendering images and documents: what the format takes, and a line of text for the rest."""

import base64
import binascii

from joch.transcript.parts import Audio, Document, Image, Source
from joch.transcript.values import JsonObject
from joch.wire.anthropic_messages.media import PLAIN
from joch.wire.anthropic_messages.scope import CACHE, Scope, is_object, is_switch, is_text
from joch.wire.references import reference

LARGEST_IMAGE = 5 * 1024 * 1024
"""Bytes of an image; a larger one is refused."""

_IMAGES = frozenset(("image/jpeg", "image/png", "image/gif", "image/webp"))
_PDF = "application/pdf"
_BEGINNINGS = {
    "iVBORw0KGgo": "image/png",
    "/9j/": "image/jpeg",
    "R0lGOD": "image/gif",
    "UklGR": "image/webp",
    "JVBERi0": _PDF,
}
_OTHER_NAMES = {"image/jpg": "image/jpeg", "application/x-pdf": _PDF}
_IMAGE_FIELDS = {**CACHE, "transformations": is_object}
_DOCUMENT_FIELDS = {**CACHE, "context": is_text, "citations": is_switch}


def render_image(part: Image, where: str, scope: Scope) -> JsonObject:
    """An image block, or a line of text that names the image."""
    source = _image_source(part.source, where, scope) if scope.profile.images else None
    if source is None:
        return referenced("image", part.source, where, scope)
    block: JsonObject = {"type": "image", "source": source}
    scope.carry(block, part.extra, _IMAGE_FIELDS, where)
    if part.detail not in {None, "auto"}:
        scope.without(["detail"], where)
    return block


def render_document(part: Document, where: str, scope: Scope) -> JsonObject:
    """A document block, or a line of text that names the document."""
    name = part.filename or "document"
    extra = part.extra or {}
    if extra.get("type") == "container_upload" and scope.profile.same_backend:
        block: JsonObject = {"type": "container_upload", "file_id": part.source.file_id}
        scope.carry(block, _beside(extra, "type"), CACHE, where)
        return block
    source = _document_source(part, where, scope) if scope.profile.documents else None
    if source is None:
        return referenced(name, part.source, where, scope)
    block = {"type": "document", "source": source}
    if part.filename:
        block["title"] = part.filename
    if source is extra.get("source"):
        extra = _beside(extra, "source")
    scope.carry(block, extra, _DOCUMENT_FIELDS, where)
    return block


def render_audio(part: Audio, where: str, scope: Scope) -> JsonObject:
    """A line of text: the format takes no sound, but its words where they are known."""
    return referenced("sound", part.source, where, scope, part.transcript)


def referenced(
    what: str, source: Source, where: str, scope: Scope, words: str | None = None
) -> JsonObject:
    """The line of text that stands for a medium; a file that only its vendor has is lost."""
    if source.file_id is not None and words is None:
        sentence = f"The {what} is stored at the vendor it was sent to, and is not sent"
        scope.changes.lost("stored-file", where, sentence)
    else:
        scope.changes.transformed("media", where, f"The {what} is sent as a line of text")
    return {"type": "text", "text": reference(what, source, words)}


def _image_source(source: Source, where: str, scope: Scope) -> JsonObject | None:
    if source.data is None:
        return _by_reference(source, scope)
    kind = _media_type(source, where, scope)
    fits = kind in _IMAGES and len(source.data) * 3 // 4 <= LARGEST_IMAGE
    if not fits or not _is_base64(source.data):
        return None
    return {"type": "base64", "media_type": kind, "data": source.data}


def _document_source(part: Document, where: str, scope: Scope) -> JsonObject | None:
    source = part.source
    blocks = (part.extra or {}).get("source")
    if isinstance(blocks, dict) and blocks.get("type") == "content":
        return blocks
    if source.data is None:
        return _by_reference(source, scope)
    kind = _media_type(source, where, scope)
    if kind == _PDF or (kind is None and (part.filename or "").lower().endswith(".pdf")):
        taken = _is_base64(source.data)
        return {"type": "base64", "media_type": _PDF, "data": source.data} if taken else None
    if (kind or "").startswith("text/"):
        return _text_source(source.data, str(kind), where, scope)
    return None


def _by_reference(source: Source, scope: Scope) -> JsonObject | None:
    if source.file_id is not None and scope.profile.same_backend:
        return {"type": "file", "file_id": source.file_id}
    reachable = scope.profile.urls and (source.url or "").startswith(("https://", "http://"))
    return {"type": "url", "url": source.url} if reachable else None


def _text_source(data: str, kind: str, where: str, scope: Scope) -> JsonObject | None:
    try:
        said = base64.b64decode(data, validate=True).decode("utf-8", "surrogatepass")
    except ValueError:
        return None
    if not said.strip():
        return None
    if kind != PLAIN:
        scope.changes.transformed("media-type", where, f"A document of {kind} is sent as {PLAIN}")
    return {"type": "text", "media_type": PLAIN, "data": said}


def _media_type(source: Source, where: str, scope: Scope) -> str | None:
    """What the bytes begin like, else what is stated: the vendor compares the two."""
    stated = (source.media_type or "").partition(";")[0].strip().lower()
    stated = _OTHER_NAMES.get(stated, stated)
    data = source.data or ""
    seen = next((kind for start, kind in _BEGINNINGS.items() if data.startswith(start)), stated)
    if seen != (source.media_type or seen):
        sentence = f"The media type {source.media_type} is sent as {seen}"
        scope.changes.transformed("media-type", where, sentence)
    return seen or None


def _is_base64(data: str) -> bool:
    try:
        return bool(binascii.a2b_base64(data, strict_mode=True))
    except ValueError:
        return False


def _beside(extra: JsonObject, key: str) -> JsonObject:
    return {name: value for name, value in extra.items() if name != key}
