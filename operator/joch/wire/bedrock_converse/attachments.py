"""Rendering images, documents and sounds within the service's limits.

Source of the limits: the service model's documentation of Message.content. What Converse does not
take becomes a line of text that names the medium, declared lost.
"""

import base64
import re

from joch.transcript.conversation import Role
from joch.transcript.parts import Audio, Document, Image, Source
from joch.transcript.values import Json, JsonObject
from joch.wire.base64_text import size, standard
from joch.wire.bedrock_converse.extras import declare_extra
from joch.wire.bedrock_converse.formats import AUDIO, document_format, image_format, named
from joch.wire.bedrock_converse.native import DOCUMENT, published_object
from joch.wire.bedrock_converse.survey import Medium
from joch.wire.profile import Profile
from joch.wire.references import reference
from joch.wire.rendering import Changes

MAX_IMAGES = 20
MAX_IMAGE_BYTES = 3_750_000
MAX_DOCUMENTS = 5
MAX_DOCUMENT_BYTES = 4_500_000
_LONGEST_NAME = 200
_NAME = re.compile(r"(?!.*\s\s)[0-9A-Za-z\s()\[\]-]{1,200}")
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z()\[\]-]+")
_S3 = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.{0,900})?")
_ACCOUNT = re.compile(r"[0-9]{12}")
_CARRYING = (Role.USER, Role.TOOL)
_USERS = "only a user message takes one"


class Attachments:
    """Renders media. Of too many in one request the latest are kept; `media` are all of them."""

    def __init__(self, media: list[Medium], profile: Profile, changes: Changes) -> None:
        self._profile = profile
        self._changes = changes
        self._names: set[str] = set()
        images = sum(isinstance(p, Image) and self._image_fault(p) is None for p in media)
        documents = sum(isinstance(p, Document) and self._document_fault(p) is None for p in media)
        self._images_over = images - MAX_IMAGES
        self._documents_over = documents - MAX_DOCUMENTS

    def image(self, part: Image, where: str, role: Role) -> JsonObject:
        """An image block; the guardrail's where the guardrail is meant to look at it."""
        fault = self._image_fault(part) if role in _CARRYING else _USERS
        if fault is None:
            self._images_over -= 1
            fault = f"a request takes {MAX_IMAGES}" if self._images_over >= 0 else None
        source = None if fault else _source(part.source, part.extra)
        if source is None:
            return self._replaced("image", part.source, where, fault or "its bytes are no base64")
        guarded = "guardContent" in (part.extra or {})
        declare_extra(part.extra, where, self._changes, ("guardContent", "bucketOwner"))
        if part.detail is not None:
            self._changes.lost("image-detail", where, f"Image detail {part.detail} ignored")
        form = image_format(part.source.media_type, part.source.data)
        image: JsonObject = {"image": {"format": form, "source": source}}
        return {"guardContent": image} if guarded and role is not Role.TOOL else image

    def document(self, part: Document, where: str, role: Role) -> JsonObject:
        """A document block with a name that no other of the request has."""
        fault = self._document_fault(part) if role in _CARRYING else _USERS
        if fault is None:
            self._documents_over -= 1
            fault = f"a request takes {MAX_DOCUMENTS}" if self._documents_over >= 0 else None
        source = None if fault else _document_source(part)
        if source is None:
            what = part.filename or "document"
            return self._replaced(what, part.source, where, fault or "its bytes are no base64")
        beside = published_object(part.extra or {}, DOCUMENT) or {}
        written = ("source", "format") if _text_shape(part) is not None else ()
        carried = {"bucketOwner", *written, *beside}
        declare_extra(part.extra, where, self._changes, carried)
        data: JsonObject = {"name": self._name(part.filename, where), "source": source, **beside}
        if form := _document_form(part):
            data["format"] = form
        return {"document": data}

    def audio(self, part: Audio, where: str, role: Role) -> JsonObject:
        """A sound block; the words where the sound itself cannot be sent."""
        form = part.format if part.format in AUDIO else named(AUDIO, part.source.media_type)
        fault = self._audio_fault(part, form) if role in _CARRYING else _USERS
        source = None if fault else _source(part.source, part.extra)
        if source is None:
            return self._spoken(part, where, fault or "its bytes are no base64")
        declare_extra(part.extra, where, self._changes, ("bucketOwner",))
        return {"audio": {"format": form, "source": source}}

    def _image_fault(self, part: Image) -> str | None:
        if not self._profile.images:
            return "the target takes no images"
        if fault := _place_fault(part.source):
            return fault
        if image_format(part.source.media_type, part.source.data) is None:
            return f"{part.source.media_type or 'its format'} is not among png, jpeg, gif, webp"
        return _size_fault(part.source, MAX_IMAGE_BYTES)

    def _document_fault(self, part: Document) -> str | None:
        if not self._profile.documents:
            return "the target takes no documents"
        if fault := _place_fault(part.source):
            return fault
        written = _text_shape(part) is not None
        if part.source.data is not None and not written and _document_form(part) is None:
            return f"{part.source.media_type or 'its format'} is not among those of documents"
        return _size_fault(part.source, MAX_DOCUMENT_BYTES)

    def _audio_fault(self, part: Audio, form: str | None) -> str | None:
        if not self._profile.audio:
            return "the target takes no sounds"
        if form is None:
            return f"{part.format or 'its format'} is not among those of sounds"
        return _place_fault(part.source)

    def _replaced(self, what: str, source: Source, where: str, fault: str) -> JsonObject:
        self._changes.lost("media", where, f"A line of text is sent for the {what}: {fault}")
        return {"text": reference(what, source)}

    def _spoken(self, part: Audio, where: str, fault: str) -> JsonObject:
        if not part.transcript:
            return self._replaced("sound", part.source, where, fault)
        self._changes.transformed("audio", where, f"The sound is sent as its words: {fault}")
        return {"text": reference("sound", part.source, part.transcript)}

    def _name(self, filename: str | None, where: str) -> str:
        wanted = filename or "document"
        stem = wanted if _NAME.fullmatch(wanted) else _neutral(wanted)
        name, count = stem, 1
        while name in self._names:
            count += 1
            name = f"{stem[: _LONGEST_NAME - 10]} ({count})"
        self._names.add(name)
        if name != filename:
            sentence = f"Document {filename or ''!r} is named {name!r}"
            self._changes.transformed("document-name", where, sentence)
        return name


def _place_fault(source: Source) -> str | None:
    if source.data or _S3.fullmatch(source.url or ""):
        return None
    if source.url:
        return "Converse takes bytes or an S3 location, and nobody fetched the URL"
    if source.file_id:
        return "only the vendor that it was sent to has its bytes"
    return "it is empty"


def _size_fault(source: Source, limit: int) -> str | None:
    length = size(source.data or "")
    return f"{length} bytes are more than {limit}" if length > limit else None


def _source(source: Source, extra: JsonObject | None) -> JsonObject | None:
    """The source as Converse has it; None where the bytes are none."""
    if source.data is not None:
        data = standard(source.data)
        return None if data is None else {"bytes": data}
    place: JsonObject = {"uri": source.url}
    owner = (extra or {}).get("bucketOwner")
    if isinstance(owner, str) and _ACCOUNT.fullmatch(owner):
        place["bucketOwner"] = owner
    return {"s3Location": place}


def _document_source(part: Document) -> JsonObject | None:
    """The source; a document that was read as text is text again."""
    shape = _text_shape(part)
    if shape is None:
        return _source(part.source, part.extra)
    words = base64.b64decode(part.source.data or "").decode("utf-8", "surrogatepass")
    lengths = shape.get("content")
    if not isinstance(lengths, list):
        return {"text": words}
    blocks: list[Json] = []
    begin = 0
    for length in lengths:
        end = begin + length if isinstance(length, int) else begin
        blocks.append({"text": words[begin:end]})
        begin = end + 1
    return {"content": blocks}


def _text_shape(part: Document) -> JsonObject | None:
    """How a document that is text was written; None where it was bytes, or another vendor's."""
    shape = part.extra.get("source") if part.extra else None
    if not isinstance(shape, dict) or not part.source.data:
        return None
    counted = isinstance(shape.get("text"), int) or isinstance(shape.get("content"), list)
    return shape if counted and len(shape) == 1 else None


def _document_form(part: Document) -> str | None:
    if _text_shape(part) is not None:
        form = part.extra.get("format") if part.extra else None
        return form if isinstance(form, str) else None
    return document_format(part.source.media_type, part.filename, part.source.data)


def _neutral(filename: str) -> str:
    """What of a name may be sent: without its ending, and without what is not allowed in names."""
    stem = filename.rpartition(".")[0] or filename
    return _NOT_IN_NAMES.sub(" ", stem).strip()[: _LONGEST_NAME - 10] or "document"
