"""What the checks look at, and how a finding is made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from joch.api.statecheckpoint import Finding, FindingLevel
from joch.decide.checkpoint.effects import shortened
from joch.decide.checkpoint.reading import Reading
from joch.decide.target import TargetFacts
from joch.transcript.conversation import ToolDeclaration, Transcript
from joch.transcript.parts import Medium, ToolResult

MAX_SENTENCE = 1024
MAX_PLACE = 256


@dataclass(frozen=True, slots=True)
class PortabilityInput:
    """A transcript at a target, read as far as the checks need it.

    Attributes:
        tools: declared tools, and those that were only called, each name once.
        media: every medium with its message's index, those inside tool results too.
        source_format: the wire format in which the transcript is stored.
        handoff_tokens: what the handoff needs at the target; None: judge the whole transcript.
    """

    reading: Reading
    target: TargetFacts
    tools: tuple[ToolDeclaration, ...]
    media: tuple[tuple[int, Medium], ...]
    handoff_tokens: int | None
    source_format: str

    @property
    def transcript(self) -> Transcript:
        """The conversation that would move."""
        return self.reading.transcript


def subject_of(
    reading: Reading,
    target: TargetFacts,
    handoff_tokens: int | None = None,
    source_format: str = "openai_chat",
) -> PortabilityInput:
    """A transcript at a target, with tools and media looked up once for all checks."""
    tools = {tool.name: tool for tool in reading.transcript.tools}
    for call in reading.calls:
        name = call.exchange.call.name
        if name not in tools:
            tools[name] = ToolDeclaration(name)
    media = tuple(_media(reading.transcript))
    return PortabilityInput(
        reading, target, tuple(tools.values()), media, handoff_tokens, source_format
    )


def _media(transcript: Transcript) -> Iterator[tuple[int, Medium]]:
    for index, part in transcript.parts():
        if isinstance(part, Medium):
            yield index, part
        elif isinstance(part, ToolResult):
            yield from ((index, inner) for inner in part.parts if isinstance(inner, Medium))


Check = Callable[[PortabilityInput], Iterator[Finding]]


def ok(identity: str, message: str, where: str | None = None) -> Finding:
    """A feature that the target has too."""
    return _finding(FindingLevel.OK, identity, message, where)


def warning(identity: str, message: str, where: str | None = None) -> Finding:
    """A feature that comes across changed, or of which nobody knows."""
    return _finding(FindingLevel.WARNING, identity, message, where)


def failure(identity: str, message: str, where: str | None = None) -> Finding:
    """A feature that does not come across."""
    return _finding(FindingLevel.FAILURE, identity, message, where)


def _finding(level: FindingLevel, identity: str, message: str, where: str | None) -> Finding:
    place = None if where is None else shortened(where, MAX_PLACE)
    return Finding(id=identity, level=level, message=shortened(message, MAX_SENTENCE), where=place)
