"""Calls with their results: the ids that they are sent under, and where they were read."""

from dataclasses import dataclass

from joch.transcript.conversation import Transcript
from joch.transcript.exchanges import Exchange, exchanges
from joch.transcript.parts import Part, ToolCall, ToolResult
from joch.wire.identifiers import call_ids
from joch.wire.profile import Identifier

Places = dict[tuple[int | None, int], str]


@dataclass(frozen=True, slots=True)
class Pair:
    """An exchange and the id that its call is sent under.

    `asked_at` names the call, as `messages[3].parts[0]`, and `told_at` its result; where there is
    none, the call too. `order` counts the results as they were read; calls without one come last.
    """

    exchange: Exchange
    identity: str
    asked_at: str
    told_at: str
    order: int


def pairs_of(transcript: Transcript, rule: Identifier) -> tuple[Pair, ...]:
    """Every call in order, with its result where somebody answered it."""
    found = exchanges(transcript)
    if not found:
        return ()
    places = _places(transcript)
    order = {place: number for number, place in enumerate(places.values())}
    return tuple(
        _pair(exchange, identity, places, order)
        for exchange, identity in zip(found, call_ids(found, rule), strict=True)
    )


def _pair(exchange: Exchange, identity: str, places: Places, order: dict[str, int]) -> Pair:
    asked_at = places[exchange.index, id(exchange.call)]
    if exchange.result is None:
        return Pair(exchange, identity, asked_at, asked_at, len(order))
    told_at = places[exchange.result_index, id(exchange.result)]
    return Pair(exchange, identity, asked_at, told_at, order[told_at])


def _places(transcript: Transcript) -> Places:
    """Where each call and result stands, by its message and its object."""
    kinds: tuple[type[Part], ...] = (ToolCall, ToolResult)
    return {
        (index, id(part)): f"messages[{index}].parts[{place}]"
        for index, message in enumerate(transcript.messages)
        for place, part in enumerate(message.parts)
        if type(part) in kinds
    }
