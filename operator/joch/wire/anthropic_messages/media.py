"""Reading images, documents, search results and uploads."""

import base64
import binascii

from joch.transcript.parts import Document, Image, Part, Source, Text, Unknown
from joch.transcript.values import Json, JsonObject
from joch.wire.errors import WireError
from joch.wire.fields import an_object, items, rest, text

PLAIN = "text/plain"


def read_image(index: int | None, field: str, data: JsonObject) -> tuple[Part, ...]:
    """An image block; one from a source that is new stays whole.

    Raises:
        WireError: the source lacks what its type promises.
    """
    told = an_object(data.get("source"), index, f"{field}.source")
    source = _source(index, f"{field}.source", told)
    if source is None:
        return (Unknown("image", data),)
    extra = {**(rest(data, ("type", "source")) or {}), **(rest(told, _SOURCE) or {})}
    return (Image(source, extra=extra or None),)


def read_document(index: int | None, field: str, data: JsonObject) -> tuple[Part, ...]:
    """A document block. Plain text, and text in blocks, are kept as the base64 of their text.

    Raises:
        WireError: the source lacks what its type promises.
    """
    told = an_object(data.get("source"), index, f"{field}.source")
    at = f"{field}.source"
    kept: JsonObject = {}
    match told.get("type"):
        case "text":
            source: Source | None = _plain(_required(told, "data", index, at))
        case "content":
            source = _plain(_block_text(told.get("content")))
            kept = {"source": told}
        case _:
            source = _source(index, at, told)
    if source is None:
        return (Unknown("document", data),)
    extra = {**(rest(data, ("type", "source", "title")) or {}), **kept}
    return (Document(source, text(data, "title", index, f"{field}."), extra or None),)


def read_search_result(index: int | None, field: str, data: JsonObject) -> tuple[Part, ...]:
    """A search result: its text is for every vendor, its block for this one.

    Raises:
        WireError: its content is no list.
    """
    head = [text(data, key, index, f"{field}.") for key in ("title", "source")]
    body = _block_text(items(data, "content", index, f"{field}."))
    return (Text("\n".join(line for line in (*head, body) if line), {"search_result": data}),)


def read_container_upload(index: int | None, field: str, data: JsonObject) -> tuple[Part, ...]:
    """A file that was put into the vendor's container.

    Raises:
        WireError: it has no `file_id`.
    """
    source = Source(file_id=_required(data, "file_id", index, field))
    return (Document(source, extra=rest(data, ("file_id",))),)


_SOURCE = ("type", "data", "media_type", "url", "file_id")


def _source(index: int | None, field: str, told: JsonObject) -> Source | None:
    match told.get("type"):
        case "base64":
            data = _required(told, "data", index, field)
            _check_base64(index, f"{field}.data", data)
            return Source(data=data, media_type=text(told, "media_type", index, f"{field}."))
        case "url":
            return Source(url=_required(told, "url", index, field))
        case "file":
            return Source(file_id=_required(told, "file_id", index, field))
    return None


def _plain(said: str) -> Source:
    data = base64.b64encode(said.encode("utf-8", "surrogatepass")).decode()
    return Source(data=data, media_type=PLAIN)


def _check_base64(index: int | None, field: str, data: str) -> None:
    try:
        binascii.a2b_base64(data, strict_mode=True)
    except ValueError as error:
        sentence = (
            f"is not base64 ({error}): store the bytes in standard base64, padded, in one line"
        )
        raise WireError(index, field, sentence) from None


def _block_text(content: Json) -> str:
    """The text of a string, or of the text blocks in a list."""
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    texts = (block.get("text") for block in blocks if isinstance(block, dict))
    return "\n".join(said for said in texts if isinstance(said, str))


def _required(data: JsonObject, key: str, index: int | None, field: str) -> str:
    value = text(data, key, index, f"{field}.")
    if not value:
        raise WireError(index, f"{field}.{key}", f"is missing: a source of this type has {key}")
    return value
