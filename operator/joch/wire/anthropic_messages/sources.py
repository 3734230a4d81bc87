"""Rendering images and documents: what the format takes, and a line of text for the rest."""

import base64

from joch.transcript.parts import Audio, Document, Image, Source
from joch.transcript.values import JsonObject
from joch.wire.anthropic_messages.media import PLAIN
from joch.wire.anthropic_messages.scope import Scope
from joch.wire.anthropic_messages.shapes import (
    CACHE,
    CITATIONS_SWITCH,
    CONTENT_SOURCE,
    is_text,
    one_of,
    record,
)
from joch.wire.base64_text import is_base64
from joch.wire.references import reference

LARGEST_IMAGE = 5 * 1024 * 1024
"""Bytes of an image; a larger one is refused."""

_IMAGES = frozenset(("image/jpeg", "image/png", "image/gif", "image/webp"))
_PDF = "application/pdf"
_NO_BYTES = "its data is not base64"
_BEGINNINGS = {
    "iVBORw0KGgo": "image/png",
    "/9j/": "image/jpeg",
    "R0lGOD": "image/gif",
    "UklGR": "image/webp",
    "JVBERi0": _PDF,
}
_OTHER_NAMES = {"image/jpg": "image/jpeg", "application/x-pdf": _PDF}
_TRANSFORMATIONS = record({}, {"oversized_image": one_of("downsize", "error")})
_IMAGE_FIELDS = {**CACHE, "transformations": _TRANSFORMATIONS}
_DOCUMENT_FIELDS = {**CACHE, "context": is_text, "citations": CITATIONS_SWITCH}


def render_image(part: Image, where: str, scope: Scope) -> JsonObject:
    """An image block, or a line of text that names the image."""
    if not scope.profile.images:
        return _named("image", part.source, where, scope)
    source = _image_source(part.source, where, scope)
    if isinstance(source, str):
        return _not_sent("image", part.source, source, where, scope)
    block: JsonObject = {"type": "image", "source": source}
    scope.carry(block, part.extra, _IMAGE_FIELDS, where)
    if part.detail not in {None, "auto"}:
        scope.without(["detail"], where)
    return block


def render_document(part: Document, where: str, scope: Scope) -> JsonObject:
    """A document block, or a line of text that names the document."""
    name = part.filename or "document"
    extra = part.extra or {}
    stored = part.source.file_id if scope.profile.same_backend else None
    if extra.get("type") == "container_upload" and stored is not None:
        block: JsonObject = {"type": "container_upload", "file_id": stored}
        scope.carry(block, _beside(extra, "type"), CACHE, where)
        return block
    source = _document_source(part, where, scope)
    if not scope.profile.documents:
        return _as_text(name, part.source, source, where, scope)
    if isinstance(source, str):
        return _not_sent(name, part.source, source, where, scope)
    block = {"type": "document", "source": source}
    if part.filename:
        block["title"] = part.filename
    if source is extra.get("source"):
        extra = _beside(extra, "source")
    scope.carry(block, extra, _DOCUMENT_FIELDS, where)
    return block


def render_audio(part: Audio, where: str, scope: Scope) -> JsonObject:
    """A line of text: the format takes no sound, but its words where they are known."""
    return _named("sound", part.source, where, scope, part.transcript)


def _named(
    what: str, source: Source, where: str, scope: Scope, words: str | None = None
) -> JsonObject:
    scope.changes.transformed("media", where, f"The {what} is sent as a line of text")
    return {"type": "text", "text": reference(what, source, words)}


def _not_sent(what: str, source: Source, why: str, where: str, scope: Scope) -> JsonObject:
    """A line of text in place of bytes that the target could not have or would refuse."""
    scope.changes.lost("media", where, f"The {what} is sent as a line of text: {why}")
    return {"type": "text", "text": reference(what, source)}


def _as_text(
    what: str, source: Source, rendered: JsonObject | str, where: str, scope: Scope
) -> JsonObject:
    """A document for a target that takes none: its words where it is text."""
    said = rendered.get("data") if isinstance(rendered, dict) else None
    if isinstance(rendered, str) or rendered.get("type") != "text" or not isinstance(said, str):
        return _named(what, source, where, scope)
    scope.changes.transformed("media", where, f"The {what} is sent as plain text")
    return {"type": "text", "text": f"[{what}]\n{said}"}


def _image_source(source: Source, where: str, scope: Scope) -> JsonObject | str:
    """The source as the format has it, or why it has none."""
    if source.data is None:
        return _by_reference(source, scope)
    kind = _media_type(source, where, scope)
    if kind not in _IMAGES:
        return f"its type is {kind or 'not known'}, the format takes jpeg, png, gif and webp"
    if len(source.data) * 3 // 4 > LARGEST_IMAGE:
        return f"it is larger than the limit of {LARGEST_IMAGE} bytes"
    if not is_base64(source.data):
        return _NO_BYTES
    return {"type": "base64", "media_type": kind, "data": source.data}


def _document_source(part: Document, where: str, scope: Scope) -> JsonObject | str:
    """The source as the format has it, or why it has none."""
    source = part.source
    blocks = (part.extra or {}).get("source")
    if isinstance(blocks, dict) and CONTENT_SOURCE(blocks) and scope.profile.documents:
        return blocks
    if source.data is None:
        return _by_reference(source, scope)
    kind = _media_type(source, where, scope)
    if kind == _PDF or (kind is None and (part.filename or "").lower().endswith(".pdf")):
        taken = is_base64(source.data)
        return {"type": "base64", "media_type": _PDF, "data": source.data} if taken else _NO_BYTES
    if (kind or "").startswith("text/"):
        return _text_source(source.data, str(kind), where, scope)
    return f"its type is {kind or 'not known'}, the format takes PDF and text"


def _by_reference(source: Source, scope: Scope) -> JsonObject | str:
    if source.file_id is not None:
        own = scope.profile.same_backend
        return {"type": "file", "file_id": source.file_id} if own else "only its vendor has it"
    if not (source.url or "").startswith(("https://", "http://")):
        return "its URL is none that can be fetched"
    return {"type": "url", "url": source.url} if scope.profile.urls else "the target fetches none"


def _text_source(data: str, kind: str, where: str, scope: Scope) -> JsonObject | str:
    try:
        said = base64.b64decode(data, validate=True).decode("utf-8", "surrogatepass")
    except ValueError:
        return _NO_BYTES
    if not said.strip():
        return "it is empty"
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


def _beside(extra: JsonObject, key: str) -> JsonObject:
    return {name: value for name, value in extra.items() if name != key}
