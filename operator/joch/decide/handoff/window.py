"""The recent window: where it may start, and how its messages are told at another backend."""

from collections.abc import Iterator
from dataclasses import replace

from joch.api.conversation import SideEffect
from joch.decide.checkpoint.effects import (
    Outcome,
    ToolLevels,
    arguments_text,
    level_of,
    outcome_of,
    stated_levels,
)
from joch.decide.checkpoint.recital import INSTRUCTION, RECORD, is_checkpoint, is_recited
from joch.transcript.conversation import INSTRUCTING, Message, Role, Transcript
from joch.transcript.exchanges import Exchange, exchanges
from joch.transcript.parts import (
    Audio,
    Document,
    Image,
    Part,
    Text,
    ToolCall,
    ToolResult,
    plain_text,
)
from joch.transcript.tokens import TokenProfile, message_tokens
from joch.wire.references import reference

_DONE = f"{RECORD}, already done, do not repeat:"
_READ = f"{RECORD}:"
_UNKNOWN = f"{RECORD}, do not repeat without asking:"

INLINE_LIMIT = 32 * 1024
"""Base64 media above this many bytes are named, not carried: they would fill the handoff."""


def tell(transcript: Transcript, levels: ToolLevels) -> tuple[tuple[Message, ...], ...]:
    """For every message of the transcript the messages that tell it.

    Leading instructions and earlier checkpoints are told by none: the handoff has them above.
    Later instructions become a user's text, which every vendor takes in any place.
    """
    levels = stated_levels(transcript, levels)
    calls: dict[int, list[Exchange]] = {}
    for exchange in exchanges(transcript):
        calls.setdefault(exchange.index, []).append(exchange)
    return tuple(
        tuple(_tell(message, calls.get(index, []), levels))
        if index >= transcript.prelude and not is_checkpoint(message)
        else ()
        for index, message in enumerate(transcript.messages)
    )


def turn_starts(
    transcript: Transcript,
    told: tuple[tuple[Message, ...], ...],
    profile: TokenProfile,
    budget: int,
) -> list[int]:
    """The users' turns from which the rest fits the budget, the longest window first."""
    starts: list[int] = []
    used = 0
    for index in range(len(told) - 1, -1, -1):
        used += sum(message_tokens(message, profile) for message in told[index])
        if used > budget:
            break
        message = transcript.messages[index]
        if message.role is Role.USER and told[index] and not is_recited(message):
            starts.append(index)
    starts.reverse()
    return starts


def _tell(message: Message, calls: list[Exchange], levels: ToolLevels) -> Iterator[Message]:
    if message.role in INSTRUCTING:
        yield Message(Role.USER, (Text(f"{INSTRUCTION} {plain_text(message.parts)}"),))
        return
    own = tuple(_carried(p) for p in message.parts if not isinstance(p, ToolCall | ToolResult))
    if any(not isinstance(part, Text) or part.text.strip() for part in own):
        yield replace(message, parts=own)
    if calls:
        yield Message(Role.USER, tuple(p for call in calls for p in _record(call, levels)))


def _record(exchange: Exchange, levels: ToolLevels) -> Iterator[Part]:
    """A tool exchange as text, and the media that it brought."""
    called = f"{exchange.call.name}({arguments_text(exchange.call)})"
    said = plain_text(exchange.result.parts).strip() if exchange.result else ""
    touches = level_of(exchange.call.name, levels) is not SideEffect.NONE
    label = _DONE if touches else _READ
    match outcome_of(exchange.result):
        case Outcome.UNKNOWN:
            yield Text(f"{_UNKNOWN if touches else _READ} {called}: outcome unknown")
        case Outcome.FAILED:
            yield Text(f"{label} {called}: failed: {said}")
        case Outcome.SUCCEEDED:
            yield Text(f"{label} {called}: {said or 'no output'}")
    if exchange.result:
        media = (p for p in exchange.result.parts if isinstance(p, Image | Audio | Document))
        yield from (_carried(part) for part in media)


def _carried(part: Part) -> Part:
    """The part, or a line in its place where its bytes are too many or only its vendor has them."""
    if not isinstance(part, Image | Document | Audio):
        return part
    source = part.source
    if source.file_id is None and len(source.data or "") <= INLINE_LIMIT:
        return part
    words = part.transcript if isinstance(part, Audio) else None
    named = part.filename if isinstance(part, Document) else None
    return Text(reference(named or part.kind, source, words))
