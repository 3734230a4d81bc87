"""What a transcript says, read once: checkpoint, findings and handoff are made of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from joch.decide.checkpoint.effects import Called, ToolLevels, calls
from joch.decide.checkpoint.recital import HEADING, Recital, is_checkpoint, read_recital
from joch.transcript.conversation import INSTRUCTING, Role, Transcript
from joch.transcript.parts import plain_text
from joch.wire.markers import INSTRUCTION, RECORD


@dataclass(frozen=True, slots=True)
class Reading:
    """A transcript with what was found in it. Indices count messages.

    Attributes:
        texts: the readable text of every message.
        checkpoints: the users' messages that are a checkpoint of a handoff and nothing else.
        recited: those, and the tool records and instructions that a handoff told in a user's name.
        earlier: what the latest checkpoint told.
        instructions: where a system message after the first ones stands, and what it said.
        calls: every call of a tool, in order.
        executed: every side effect as a sentence: those an earlier checkpoint told, then the calls.
    """

    transcript: Transcript
    texts: tuple[str, ...]
    checkpoints: frozenset[int]
    recited: frozenset[int]
    earlier: Recital
    instructions: tuple[tuple[int, str], ...]
    calls: tuple[Called, ...]
    executed: tuple[str, ...]

    def standing(self, start: int) -> tuple[str, ...]:
        """The later instructions from before the message `start`: they still hold."""
        before = (text for index, text in self.instructions if index < start)
        return (*self.earlier.standing, *before)


def reading_of(transcript: Transcript, levels: ToolLevels) -> Reading:
    """Read a transcript with the levels that are stated for its tools."""
    texts = tuple([plain_text(message.parts) for message in transcript.messages])
    users = [i for i, message in enumerate(transcript.messages) if message.role is Role.USER]
    headed = [i for i in users if texts[i].startswith(HEADING)]
    checkpoints = frozenset([i for i in headed if is_checkpoint(texts[i])])
    earlier = read_recital(texts[headed[-1]]) if headed else Recital()
    found = calls(transcript, levels)
    return Reading(
        transcript=transcript,
        texts=texts,
        checkpoints=checkpoints,
        recited=checkpoints.union(i for i in users if texts[i].startswith((RECORD, INSTRUCTION))),
        earlier=earlier,
        instructions=tuple(_instructions(transcript, texts)),
        calls=found,
        executed=(*earlier.executed, *(call.sentence for call in found if call.touches)),
    )


def _instructions(transcript: Transcript, texts: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    for index in range(transcript.prelude, len(texts)):
        text = texts[index].strip()
        if transcript.messages[index].role in INSTRUCTING:
            said = text
        else:
            said = text.removeprefix(INSTRUCTION).strip() if text.startswith(INSTRUCTION) else ""
        if said:
            yield index, said
