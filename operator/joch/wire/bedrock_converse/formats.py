"""The media formats that Converse names, and the media types that others name them by.

Source: the enums ImageFormat, DocumentFormat, AudioFormat and VideoFormat of botocore's service
model for bedrock-runtime (1.44.5).
"""

from collections.abc import Mapping

IMAGES: Mapping[str, str] = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
}
DOCUMENTS: Mapping[str, str] = {
    "pdf": "application/pdf",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "txt": "text/plain",
    "md": "text/markdown",
}
AUDIO: Mapping[str, str] = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    **{
        name: f"audio/{name}"
        for name in (
            *("opus", "aac", "flac", "mp4", "ogg", "mkv", "mka", "x-aac", "m4a", "mpeg"),
            *("mpga", "pcm", "webm"),
        )
    },
}
VIDEOS = frozenset(("mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp"))

_OTHER_NAMES = {"image/jpg": "jpeg", "audio/mp3": "mp3", "audio/x-wav": "wav", "audio/wave": "wav"}
_BEGINNINGS = {"/9j/": "jpeg", "iVBORw0KGgo": "png", "R0lGOD": "gif", "UklGR": "webp"}


def named(formats: Mapping[str, str], media_type: str | None) -> str | None:
    """The format's name for a media type such as `image/jpeg; q=1`; None where it has none."""
    plain = (media_type or "").partition(";")[0].strip().lower()
    for name, known in formats.items():
        if plain == known:
            return name
    other = _OTHER_NAMES.get(plain)
    return other if other in formats else None


def image_format(media_type: str | None, data: str | None) -> str | None:
    """The image format that the media type states, else the one its base64 begins like."""
    if media_type:
        return named(IMAGES, media_type)
    beginnings = (f for start, f in _BEGINNINGS.items() if (data or "").startswith(start))
    return next(beginnings, None)


def document_format(media_type: str | None, filename: str | None, data: str | None) -> str | None:
    """The document format that media type or file name states, else PDF where it begins so."""
    stated = named(DOCUMENTS, media_type)
    ending = (filename or "").rpartition(".")[2].lower()
    if stated == "txt" and ending in {"csv", "md", "html"}:
        return ending
    if stated or media_type:
        return stated
    if ending in DOCUMENTS:
        return ending
    return "pdf" if (data or "").startswith("JVBERi0") else None
