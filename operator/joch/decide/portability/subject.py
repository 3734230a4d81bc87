"""What the checks look at, and how a finding is made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from joch.api.conversation import SideEffect
from joch.api.statecheckpoint import Finding, FindingLevel
from joch.decide.checkpoint.effects import ToolLevels, shortened
from joch.decide.target import TargetFacts
from joch.transcript.conversation import ToolDeclaration, Transcript
from joch.transcript.parts import Part, ToolCall, ToolResult

MAX_SENTENCE = 1024
MAX_PLACE = 256


@dataclass(frozen=True, slots=True)
class PortabilityInput:
    """A transcript at a target.

    Attributes:
        source_format: the wire format in which the transcript is stored.
        handoff_tokens: what the handoff needs at the target; None: judge the whole transcript.
    """

    transcript: Transcript
    target: TargetFacts
    tool_levels: ToolLevels = field(default_factory=dict[str, SideEffect])
    handoff_tokens: int | None = None
    source_format: str = "openai_chat"

    def tools(self) -> tuple[ToolDeclaration, ...]:
        """Declared tools, and those that were only called, each name once."""
        found = {tool.name: tool for tool in self.transcript.tools}
        for _, part in self.transcript.parts():
            if isinstance(part, ToolCall) and part.name not in found:
                found[part.name] = ToolDeclaration(part.name)
        return tuple(found.values())

    def parts(self) -> Iterator[tuple[int, Part]]:
        """Every part with its message's index, those inside tool results too."""
        for index, part in self.transcript.parts():
            yield index, part
            if isinstance(part, ToolResult):
                yield from ((index, inner) for inner in part.parts)


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
