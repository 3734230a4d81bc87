"""Reading media: bytes inline, and references to files and URLs."""

from joch.transcript.parts import Audio, Document, Image, Part, Source
from joch.transcript.values import JsonObject
from joch.wire.errors import WireError
from joch.wire.fields import an_object, rest, text
from joch.wire.google_generate_content.base64_text import standard

_FILES = "://generativelanguage.googleapis.com/"
AUDIO_FORMATS = {
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/wave": "wav",
    "audio/mp3": "mp3",
    "audio/mpeg": "mp3",
}
"""The short names of sounds that other vendors have for these media types."""


def read_inline(index: int | None, field: str, data: JsonObject) -> Part:
    """An `inlineData` part.

    Raises:
        WireError: its data is missing or not base64.
    """
    field = f"{field}.inlineData"
    inner = an_object(data["inlineData"], index, field)
    told = text(inner, "data", index, f"{field}.")
    if told is None:
        raise WireError(index, f"{field}.data", "is missing: give the bytes in base64")
    source = Source(
        data=_base64(told, index, f"{field}.data"),
        media_type=text(inner, "mimeType", index, f"{field}."),
    )
    extra = _beside(data, "inlineData", rest(inner, ("data", "mimeType", "displayName")))
    return _medium(source, text(inner, "displayName", index, f"{field}."), extra)


def read_file(index: int | None, field: str, data: JsonObject) -> Part:
    """A `fileData` part. What only the vendor can fetch is a file id, all else a URL.

    Raises:
        WireError: it has no `fileUri`.
    """
    field = f"{field}.fileData"
    inner = an_object(data["fileData"], index, field)
    uri = text(inner, "fileUri", index, f"{field}.")
    if not uri:
        raise WireError(index, f"{field}.fileUri", "is missing: give the file's URI")
    media_type = text(inner, "mimeType", index, f"{field}.")
    public = uri.startswith(("https://", "http://")) and _FILES not in uri
    source = (
        Source(url=uri, media_type=media_type)
        if public
        else Source(file_id=uri, media_type=media_type)
    )
    extra = _beside(data, "fileData", rest(inner, ("fileUri", "mimeType", "displayName")))
    return _medium(source, text(inner, "displayName", index, f"{field}."), extra)


def _beside(data: JsonObject, key: str, inside: JsonObject | None) -> JsonObject | None:
    """What the part says beside its medium, and inside it beyond the canonical fields."""
    kept = rest(data, (key,)) or {}
    if inside:
        kept[key] = inside
    return kept or None


def _medium(source: Source, name: str | None, extra: JsonObject | None) -> Part:
    kind = (source.media_type or "").lower()
    if not kind.startswith(("image/", "audio/")):
        return Document(source, name, extra)
    if name is not None:
        extra = {**(extra or {}), "displayName": name}
    if kind.startswith("image/"):
        return Image(source, extra=extra)
    plain = kind.partition(";")[0]
    return Audio(source, AUDIO_FORMATS.get(plain, plain.removeprefix("audio/")), extra=extra)


def _base64(told: str, index: int | None, field: str) -> str:
    data = standard(told)
    if data is None:
        raise WireError(index, field, "is not base64: store the bytes as base64, in one line")
    return data
