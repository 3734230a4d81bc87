"""Reading images, documents and sounds: the format, and where the bytes are."""

import base64
from collections.abc import Mapping

from joch.transcript.parts import Audio, Document, Image, Part, Source, Unknown
from joch.transcript.values import Json, JsonObject
from joch.wire.base64_text import is_base64
from joch.wire.bedrock_converse.formats import AUDIO, DOCUMENTS, IMAGES
from joch.wire.errors import WireError
from joch.wire.fields import an_object, items, rest, text


def read_image(
    index: int | None, field: str, block: JsonObject, marks: JsonObject | None = None
) -> tuple[Part, ...]:
    """An image. `marks` goes into its extra.

    Raises:
        WireError: a member is not what the format says, or its bytes are not base64.
    """
    data = an_object(block["image"], index, f"{field}.image")
    found = _source(index, f"{field}.image", data, IMAGES)
    if found is None:
        return (Unknown("image", block),)
    source, kept = found
    extra = _beside(block, "image", data, ("format", "source"), {**kept, **(marks or {})})
    return (Image(source, extra=extra),)


def read_document(index: int | None, field: str, block: JsonObject) -> tuple[Part, ...]:
    """A document. One that is given as text becomes the bytes of that text, marked.

    Raises:
        WireError: a member is not what the format says, or its bytes are not base64.
    """
    data = an_object(block["document"], index, f"{field}.document")
    found = _source(index, f"{field}.document", data, DOCUMENTS) or _written(index, field, data)
    if found is None:
        return (Unknown("document", block),)
    source, kept = found
    extra = _beside(block, "document", data, ("format", "name", "source"), kept)
    return (Document(source, text(data, "name", index, f"{field}.document."), extra),)


def read_audio(index: int | None, field: str, block: JsonObject) -> tuple[Part, ...]:
    """A sound.

    Raises:
        WireError: a member is not what the format says, or its bytes are not base64.
    """
    data = an_object(block["audio"], index, f"{field}.audio")
    found = _source(index, f"{field}.audio", data, AUDIO)
    if found is None:
        return (Unknown("audio", block),)
    source, kept = found
    extra = _beside(block, "audio", data, ("format", "source"), kept)
    return (Audio(source, text(data, "format", index, f"{field}.audio."), extra=extra),)


def _source(
    index: int | None, field: str, data: JsonObject, formats: Mapping[str, str]
) -> tuple[Source, JsonObject] | None:
    """Where the bytes are, and what else is said of that place; None: in none of the known."""
    named = text(data, "format", index, f"{field}.")
    media_type = formats.get(named or "")
    source = an_object(data.get("source"), index, f"{field}.source")
    if (written := text(source, "bytes", index, f"{field}.source.")) is not None:
        if not is_base64(written):
            sentence = "is not base64: store the bytes as standard base64 text, padded"
            raise WireError(index, f"{field}.source.bytes", sentence)
        return Source(data=written, media_type=media_type), {}
    if source.get("s3Location") is None:
        return None
    place = an_object(source["s3Location"], index, f"{field}.source.s3Location")
    uri = text(place, "uri", index, f"{field}.source.s3Location.")
    if not uri:
        raise WireError(index, f"{field}.source.s3Location.uri", "is missing: give s3://bucket/key")
    return Source(url=uri, media_type=media_type), rest(place, ("uri",)) or {}


def _written(index: int | None, field: str, data: JsonObject) -> tuple[Source, JsonObject] | None:
    """A document's own text, or its blocks of text, one a line; what it was is known by lengths."""
    field = f"{field}.document.source"
    source = an_object(data.get("source"), index, field)
    stated: JsonObject = {"format": data["format"]} if data.get("format") is not None else {}
    whole = text(source, "text", index, f"{field}.")
    if whole is not None:
        return _encoded(whole, data), {"source": {"text": len(whole)}, **stated}
    blocks = items(source, "content", index, f"{field}.")
    told = [an_object(value, index, f"{field}.content[{i}]") for i, value in enumerate(blocks)]
    if not told or any(block.keys() != {"text"} for block in told):
        return None
    said = [text(b, "text", index, f"{field}.content[{i}].") or "" for i, b in enumerate(told)]
    lengths: list[Json] = [len(words) for words in said]
    return _encoded("\n".join(said), data), {"source": {"content": lengths}, **stated}


def _encoded(words: str, data: JsonObject) -> Source:
    stated = data.get("format")
    media_type = DOCUMENTS.get(stated) if isinstance(stated, str) else None
    encoded = base64.b64encode(words.encode("utf-8", "surrogatepass")).decode("ascii")
    return Source(data=encoded, media_type=media_type or "text/plain")


def _beside(
    block: JsonObject, kind: str, data: JsonObject, known: tuple[str, ...], kept: JsonObject
) -> JsonObject | None:
    """What the block says beyond the canonical fields, and a format that this version lacks."""
    extra = {**(rest(block, (kind,)) or {}), **(rest(data, known) or {}), **kept}
    formats = {"image": IMAGES, "document": DOCUMENTS, "audio": AUDIO}[kind]
    if data.get("format") is not None and data["format"] not in formats:
        extra["format"] = data["format"]
    return extra or None
