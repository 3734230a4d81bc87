"""Calls with their results: the ids that they are sent under, and where they were read."""

from dataclasses import dataclass

from joch.transcript.conversation import Transcript
from joch.transcript.exchanges import Exchange, exchanges
from joch.transcript.parts import Part, ToolCall, ToolResult
from joch.wire.identifiers import call_ids
from joch.wire.profile import Identifier


@dataclass(frozen=True, slots=True)
class Pair:
    """An exchange and the id that its call is sent under.

    `asked_at` names the call, as `messages[3].parts[0]`, and `told_at` its result; where there is
    none, the call too.
    """

    exchange: Exchange
    identity: str
    asked_at: str
    told_at: str


def pairs_of(transcript: Transcript, rule: Identifier) -> tuple[Pair, ...]:
    """Every call in order, with its result where somebody answered it."""
    found = exchanges(transcript)
    if not found:
        return ()
    places = _places(transcript)
    return tuple(
        _pair(exchange, identity, places)
        for exchange, identity in zip(found, call_ids(found, rule), strict=True)
    )


def _pair(exchange: Exchange, identity: str, places: dict[tuple[int | None, int], str]) -> Pair:
    asked_at = places[exchange.index, id(exchange.call)]
    if exchange.result is None:
        return Pair(exchange, identity, asked_at, asked_at)
    return Pair(exchange, identity, asked_at, places[exchange.result_index, id(exchange.result)])


def _places(transcript: Transcript) -> dict[tuple[int | None, int], str]:
    """Where each call and result stands, by its message and its object."""
    kinds: tuple[type[Part], ...] = (ToolCall, ToolResult)
    return {
        (index, id(part)): f"messages[{index}].parts[{place}]"
        for index, message in enumerate(transcript.messages)
        for place, part in enumerate(message.parts)
        if type(part) in kinds
    }
