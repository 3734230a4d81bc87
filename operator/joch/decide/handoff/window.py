"""The recent window: where it may start, and how its messages are told at another backend."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from joch.decide.checkpoint.effects import Called, Outcome
from joch.decide.checkpoint.reading import Reading
from joch.transcript.conversation import INSTRUCTING, Message, Role
from joch.transcript.parts import (
    Audio,
    Document,
    Medium,
    Part,
    Text,
    ToolCall,
    ToolResult,
    plain_text,
)
from joch.transcript.tokens import TokenProfile, message_tokens, with_margin
from joch.wire.markers import INSTRUCTION, RECORD_DONE, RECORD_READ, RECORD_UNKNOWN
from joch.wire.references import reference

_EXCHANGED = (ToolCall, ToolResult)

INLINE_LIMIT = 32 * 1024
"""Base64 media above this many bytes are named, not carried: they would fill the handoff."""


@dataclass(frozen=True, slots=True)
class Window:
    """The end of a transcript as it is told at another backend. Indices count its messages.

    Attributes:
        starts: the users' turns at which the window may start, the longest window first.
        told: for each message from `first` on the messages that tell it.
        counted: the tokens of those at the target, without margin.
    """

    starts: tuple[int, ...]
    first: int
    told: tuple[tuple[Message, ...], ...]
    counted: tuple[int, ...]

    def messages(self, start: int) -> Iterator[Message]:
        """What tells the messages from `start` on."""
        return chain.from_iterable(self.told[start - self.first :])

    def tokens(self, start: int) -> int:
        """The tokens of those, without margin."""
        return sum(self.counted[start - self.first :])


def recent(reading: Reading, profile: TokenProfile, budget: int, least: int) -> Window:
    """The users' turns from which the rest fits the budget, and the last `least` ones in any case.

    Only so much of the transcript is told as may be needed: it is walked from its end.
    """
    messages = reading.transcript.messages
    calls = _by_message(reading.calls)
    starts: list[int] = []
    told: list[tuple[Message, ...]] = []
    counted: list[int] = []
    used = 0
    for index in range(len(messages) - 1, reading.transcript.prelude - 1, -1):
        telling = tuple(_tell(reading, index, calls.get(index, ())))
        tokens = [message_tokens(message, profile) for message in telling]
        used += sum(map(with_margin, tokens))
        if used > budget and len(starts) >= least:
            break
        told.append(telling)
        counted.append(sum(tokens))
        if telling and messages[index].role is Role.USER and index not in reading.recited:
            starts.append(index)
    first = len(messages) - len(told)
    return Window(tuple(starts[::-1]), first, tuple(told[::-1]), tuple(counted[::-1]))


def _by_message(calls: Sequence[Called]) -> dict[int, list[Called]]:
    found: dict[int, list[Called]] = {}
    for call in calls:
        found.setdefault(call.exchange.index, []).append(call)
    return found


def _tell(reading: Reading, index: int, calls: Sequence[Called]) -> Iterator[Message]:
    """What tells a message after the leading instructions.

    An earlier checkpoint is told by nothing: the handoff has its own. Later instructions become a
    user's text, which every vendor takes in any place.
    """
    message = reading.transcript.messages[index]
    if index in reading.checkpoints:
        return
    if message.role in INSTRUCTING:
        yield Message(Role.USER, (Text(f"{INSTRUCTION} {reading.texts[index]}"),))
        return
    own = tuple([_carried(p) for p in message.parts if not isinstance(p, _EXCHANGED)])
    if any(not isinstance(part, Text) or part.text.strip() for part in own):
        yield message if own == message.parts else replace(message, parts=own)
    if calls:
        yield Message(Role.USER, tuple(part for call in calls for part in _record(call)))


def _record(call: Called) -> Iterator[Part]:
    """A tool exchange as text, and the media that it brought."""
    result = call.exchange.result
    said = plain_text(result.parts).strip() if result else ""
    label = RECORD_DONE if call.touches else RECORD_READ
    match call.outcome:
        case Outcome.UNKNOWN:
            yield Text(
                f"{RECORD_UNKNOWN if call.touches else RECORD_READ} {call.told}: outcome unknown"
            )
        case Outcome.FAILED:
            yield Text(f"{label} {call.told}: failed: {said}")
        case Outcome.SUCCEEDED:
            yield Text(f"{label} {call.told}: {said or 'no output'}")
    if result:
        yield from (_carried(part) for part in result.parts if isinstance(part, Medium))


def _carried(part: Part) -> Part:
    """The part, or a line in its place where its bytes are too many or only its vendor has them."""
    if not isinstance(part, Medium):
        return part
    source = part.source
    if source.file_id is None and len(source.data or "") <= INLINE_LIMIT:
        return part
    words = part.transcript if isinstance(part, Audio) else None
    named = part.filename if isinstance(part, Document) else None
    return Text(reference(named or part.kind, source, words))
