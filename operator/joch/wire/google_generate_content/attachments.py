"""Rendering media: bytes inline, URLs and the vendor's own files by reference, else as text."""

from joch.transcript.parts import Audio, Document, Image, Source
from joch.transcript.values import JsonObject
from joch.wire.google_generate_content.base64_text import standard
from joch.wire.google_generate_content.scope import Scope, is_text
from joch.wire.references import reference

# Media types that the vendor's documentation names.
_IMAGES = frozenset(("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"))
_DOCUMENTS = frozenset(
    (
        *("application/pdf", "application/json", "application/xml", "application/rtf"),
        *("application/x-javascript", "application/x-python"),
    )
)
_ANY = ("text/", "video/", "audio/")
_SAME = {"image/jpg": "image/jpeg"}
# How the base64 of a file of this kind begins.
_BEGINNINGS = {
    "iVBORw0KGgo": "image/png",
    "/9j/": "image/jpeg",
    "R0lGOD": "image/gif",
    "UklGR": "image/webp",
    "Qk": "image/bmp",
    "JVBERi": "application/pdf",
}
_ENDINGS = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "md": "text/markdown",
    "mp4": "video/mp4",
    "txt": "text/plain",
    "xml": "application/xml",
}
Medium = Image | Document | Audio


def medium(part: Medium, where: str, scope: Scope) -> tuple[JsonObject, JsonObject | None]:
    """A part for the medium, and what of its `extra` is left to be carried or declared."""
    name, left = _name(part), _left(part, where, scope)
    if not _wanted(part, scope):
        return _told(part, where, scope, "the target does not take it"), left
    source = part.source
    if source.data is not None:
        kind = _media_type(part)
        data = standard(source.data)
        if data is None or not _taken(part, kind):
            why = "its data is not base64" if data is None else f"{kind} is not taken"
            return _told(part, where, scope, why), left
        return {"inlineData": {"mimeType": kind, "data": data, **name}}, left
    uri = source.url or source.file_id or ""
    if source.url is not None:
        reachable = scope.profile.urls and uri.startswith(("https://", "http://"))
        why = "the target fetches no URL of this kind"
    else:
        reachable = scope.profile.same_backend and ("://" in uri or uri.startswith("files/"))
        why = "its bytes are at the vendor it was sent to"
    if not reachable:
        return _told(part, where, scope, why), left
    file: JsonObject = {"fileUri": uri, **name}
    if source.media_type:
        file["mimeType"] = source.media_type
    return {"fileData": file}, left


def _left(part: Medium, where: str, scope: Scope) -> JsonObject | None:
    """Declare what the format has no place for; what stands beside the medium is left."""
    if isinstance(part, Image) and part.detail:
        scope.changes.lost("image-detail", where, f"Image detail {part.detail} ignored")
    if isinstance(part, Audio) and part.transcript and part.source.data is not None:
        scope.without(["transcript"], where)
    if part.extra and is_text(part.extra.get("displayName")):
        return {key: value for key, value in part.extra.items() if key != "displayName"}
    return part.extra


def _name(part: Medium) -> JsonObject:
    """The medium's name, where it has one, as the format calls it."""
    name = part.filename if isinstance(part, Document) else (part.extra or {}).get("displayName")
    return {"displayName": name} if isinstance(name, str) and name else {}


def _wanted(part: Medium, scope: Scope) -> bool:
    match part:
        case Image():
            return scope.profile.images
        case Document():
            return scope.profile.documents
        case Audio():
            return scope.profile.audio


def _media_type(part: Medium) -> str:
    """What the medium is: as stated, as its bytes begin, or as its kind usually is."""
    source = part.source
    if source.media_type:
        return _SAME.get(source.media_type.lower(), source.media_type)
    if isinstance(part, Audio):
        return f"audio/{part.format or 'wav'}"
    data = source.data or ""
    begun = next((kind for start, kind in _BEGINNINGS.items() if data.startswith(start)), None)
    if isinstance(part, Image):
        return begun if begun and begun.startswith("image/") else "image/png"
    ending = (part.filename or "").rpartition(".")[2].lower()
    return begun or _ENDINGS.get(ending, "application/pdf")


def _taken(part: Medium, kind: str) -> bool:
    plain = kind.partition(";")[0].strip().lower()
    if isinstance(part, Image):
        return plain in _IMAGES
    return plain in _DOCUMENTS or plain in _IMAGES or plain.startswith(_ANY)


def _told(part: Medium, where: str, scope: Scope, why: str) -> JsonObject:
    """A line of text in the medium's place: its words where they are known, else where it is."""
    what = _called(part)
    words = part.transcript if isinstance(part, Audio) else None
    sentence = f"A line of text is sent for the {what}: {why}"
    if words or (part.source.url and not part.source.url.startswith("data:")):
        scope.changes.transformed("media", where, sentence)
    else:
        scope.changes.lost("media", where, sentence)
    return {"text": scope.text(reference(what, _brief(part.source), words), where)}


def _called(part: Medium) -> str:
    match part:
        case Image():
            return "image"
        case Document():
            return part.filename or "document"
        case Audio():
            return "sound"


def _brief(source: Source) -> Source:
    """The source without the bytes that a data URL has in it."""
    if source.url and source.url.startswith("data:"):
        return Source(data=source.url.partition(",")[2], media_type=source.media_type)
    return source
