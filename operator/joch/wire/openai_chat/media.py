"""Rendering images, files and sounds: what the format takes, and a line of text for the rest."""

from joch.transcript.parts import Audio, Document, Image, Medium, Source
from joch.transcript.values import JsonObject
from joch.wire.base64_text import standard
from joch.wire.openai_media import IMAGES, media_type, media_type_by_name, neutral_name
from joch.wire.profile import Profile
from joch.wire.references import reference
from joch.wire.rendering import Changes

_DETAILS = frozenset(("auto", "low", "high"))
_NO_FILES = ("image/", "audio/", "video/")
_SOUNDS = frozenset(("wav", "mp3"))


def medium(part: Medium, where: str, profile: Profile, changes: Changes) -> JsonObject:
    """The medium as a content part; a line of text where the target cannot take it, declared."""
    match part:
        case Image():
            data = _image(part, where, profile, changes)
        case Document():
            data = _document(part, where, profile, changes)
        case Audio():
            data = _sound(part, where, profile, changes)
    return data or _referenced(part, where, changes)


def _image(part: Image, where: str, profile: Profile, changes: Changes) -> JsonObject | None:
    """None: neither of the web nor inline, or inline as no image that the vendor takes."""
    url = _address(part.source, where, profile, changes) if profile.images else None
    if url is None:
        return None
    inner: JsonObject = {"url": url}
    if part.detail in _DETAILS:
        inner["detail"] = part.detail
    elif part.detail is not None:
        sentence = f"Detail {part.detail!r} is not in the format: it is left to the target"
        changes.transformed("detail", where, sentence)
    return {"type": "image_url", "image_url": inner}


def _address(source: Source, where: str, profile: Profile, changes: Changes) -> str | None:
    if source.data is None:
        fetched = profile.urls and (source.url or "").startswith(("https://", "http://"))
        return source.url if fetched else None
    kind = media_type(source, where, changes) or "image/png"
    data = _bytes(source.data, where, changes)
    return f"data:{kind};base64,{data}" if data and kind in IMAGES else None


def _document(part: Document, where: str, profile: Profile, changes: Changes) -> JsonObject | None:
    """None: only at an address, which the format does not fetch, or inline as no document."""
    source = part.source
    if not profile.documents:
        return None
    if source.data is None:
        return _stored(source.file_id, part.filename) if source.file_id else None
    kind = media_type(source, where, changes) or media_type_by_name(part.filename)
    data = _bytes(source.data, where, changes)
    if data is None or kind.startswith(_NO_FILES):
        return None
    if not source.media_type:
        changes.transformed("media-type", where, f"A file of no stated type is sent as {kind}")
    name = part.filename or neutral_name(kind)
    if not part.filename:
        changes.transformed("file-name", where, f"A file without a name is sent as {name}")
    inner: JsonObject = {"file_data": f"data:{kind};base64,{data}", "filename": name}
    return {"type": "file", "file": inner}


def _stored(file_id: str, filename: str | None) -> JsonObject:
    inner: JsonObject = {"file_id": file_id}
    if filename:
        inner["filename"] = filename
    return {"type": "file", "file": inner}


def _sound(part: Audio, where: str, profile: Profile, changes: Changes) -> JsonObject | None:
    """None: not inline, or of a format that the vendor does not take."""
    if part.source.data is None or not profile.audio or part.format not in _SOUNDS:
        return None
    data = _bytes(part.source.data, where, changes)
    if data is None:
        return None
    if part.transcript:
        changes.lost("vendor-fields", where, "The transcript of a sound is not in the format")
    return {"type": "input_audio", "input_audio": {"data": data, "format": part.format}}


def _bytes(data: str, where: str, changes: Changes) -> str | None:
    """The bytes in standard base64; None where they are no base64."""
    sent = standard(data)
    if sent is not None and sent != data:
        changes.transformed("base64", where, "Bytes are sent in standard base64")
    return sent


def _referenced(part: Medium, where: str, changes: Changes) -> JsonObject:
    match part:
        case Image():
            what, words = "image", None
        case Document():
            what, words = part.filename or "document", None
        case Audio():
            what, words = "sound", part.transcript
    changes.transformed("media", where, f"The {what} is sent as a line of text")
    return {"type": "text", "text": reference(what, part.source, words)}
