"""One look over a transcript, for what rendering must know before its first message."""

from dataclasses import dataclass, field

from joch.transcript.conversation import Role, Transcript
from joch.transcript.parts import Audio, Document, Image, Part, ToolCall, ToolResult

Medium = Image | Document | Audio


@dataclass(frozen=True, slots=True)
class Survey:
    """What a transcript holds.

    Attributes:
        called: the names of all tools that were called, each once, in order.
        results: each result with the index of its message and its place among the parts.
        media: what a user message may carry, those inside results too.
    """

    called: dict[str, None] = field(default_factory=dict[str, None])
    results: list[tuple[int, int, ToolResult]] = field(
        default_factory=list[tuple[int, int, ToolResult]]
    )
    media: list[Medium] = field(default_factory=list[Medium])


def survey(transcript: Transcript) -> Survey:
    """Look over the transcript once."""
    found = Survey()
    for index, message in enumerate(transcript.messages):
        sends = message.role is Role.USER or message.role is Role.TOOL
        for place, part in enumerate(message.parts):
            if isinstance(part, ToolCall):
                found.called[part.name] = None
            elif isinstance(part, ToolResult):
                found.results.append((index, place, part))
                _media(part.parts, found)
            elif sends and isinstance(part, Medium):
                found.media.append(part)
    return found


def _media(parts: tuple[Part, ...], found: Survey) -> None:
    found.media.extend(part for part in parts if isinstance(part, Medium))
