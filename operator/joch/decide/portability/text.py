"""Text."""

from collections.abc import Iterator

from joch.api.statecheckpoint import Finding
from joch.decide.portability.subject import PortabilityInput, ok
from joch.transcript.parts import Words


def text(subject: PortabilityInput) -> Iterator[Finding]:
    """Every backend takes text."""
    if any(isinstance(part, Words) for _, part in subject.transcript.parts()):
        yield ok("text", "Text conversation supported")
