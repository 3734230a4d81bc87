"""Images and files as OpenAI takes them in both of its formats: media types, and names of files."""

from joch.transcript.parts import Source
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


def media_type(source: Source, where: str, changes: Changes) -> str | None:
    """The type as stated, in its common name; else as the bytes begin."""
    stated = source.media_type
    if stated is None:
        begins = (source.data or "")[:12]
        return next((kind for start, kind in _BEGINNINGS.items() if begins.startswith(start)), None)
    kind = _OTHER_NAMES.get(stated.lower(), stated)
    if kind != stated:
        changes.transformed("media-type", where, f"Media type {stated} is sent as {kind}")
    return kind


def media_type_by_name(filename: str | None) -> str:
    """The type that a file's name tells."""
    ending = (filename or "").rpartition(".")[2].lower()
    return _ENDINGS.get(ending, "application/octet-stream")


def neutral_name(media_type: str) -> str:
    """A name for a file without one: OpenAI wants it, and it tells nothing that nobody said."""
    endings = {kind: ending for ending, kind in _ENDINGS.items()}
    return f"document.{endings[media_type]}" if media_type in endings else "document"
