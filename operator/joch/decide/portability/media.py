"""Images, documents and sounds."""

from collections.abc import Iterator

from joch.api.statecheckpoint import Finding
from joch.decide.portability.subject import PortabilityInput, failure, ok, warning
from joch.transcript.parts import Audio, Document, Image

_REPLACED = "will be replaced by a line of text"


def images(subject: PortabilityInput) -> Iterator[Finding]:
    """Images that a user or a tool brought."""
    places = _places(subject, Image)
    if not places:
        return
    match subject.target.facts.capabilities.vision:
        case True if subject.source_format == subject.target.wire_format:
            yield ok("image-input", "Image input supported", places)
        case True:
            sentence = "Previous turn used image input; image format will be transformed"
            yield warning("image-input", sentence, places)
        case False:
            yield failure("image-input", f"Image input unavailable; images {_REPLACED}", places)
        case None:
            sentence = f"Image input unknown at the target; images {_REPLACED}"
            yield warning("image-input", sentence, places)


def documents(subject: PortabilityInput) -> Iterator[Finding]:
    """Documents such as PDF."""
    can = subject.target.facts.capabilities.documents
    yield from _medium(subject, Document, "document-input", "Document", can)


def audio(subject: PortabilityInput) -> Iterator[Finding]:
    """Sounds."""
    can = subject.target.facts.capabilities.audio
    yield from _medium(subject, Audio, "audio-input", "Audio", can)


def stored_files(subject: PortabilityInput) -> Iterator[Finding]:
    """Media of which only the source's vendor has the bytes."""
    places = [
        f"messages[{index}]"
        for index, part in subject.media
        if not isinstance(part, Audio) and part.source.file_id is not None
    ]
    if places:
        sentence = "Files stored at the previous vendor unavailable; they"
        yield failure("stored-files", f"{sentence} {_REPLACED}", ", ".join(dict.fromkeys(places)))


def _medium(
    subject: PortabilityInput,
    kind: type[Document] | type[Audio],
    identity: str,
    label: str,
    can: bool | None,
) -> Iterator[Finding]:
    places = _places(subject, kind)
    if not places:
        return
    match can:
        case True:
            yield ok(identity, f"{label} input supported", places)
        case False:
            yield failure(identity, f"{label} input unavailable; it {_REPLACED}", places)
        case None:
            sentence = f"{label} input unknown at the target; it {_REPLACED}"
            yield warning(identity, sentence, places)


def _places(
    subject: PortabilityInput, kind: type[Image] | type[Document] | type[Audio]
) -> str | None:
    found = (f"messages[{index}]" for index, part in subject.media if isinstance(part, kind))
    return ", ".join(dict.fromkeys(found)) or None
