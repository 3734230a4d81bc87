"""Calls with their results: the ids that they are sent under, and where they were read."""

from collections import deque
from dataclasses import dataclass

from joch.transcript.conversation import Transcript
from joch.transcript.exchanges import Exchange, exchanges
from joch.transcript.parts import ToolCall, ToolResult
from joch.wire.google_generate_content.pairing import UNNAMED
from joch.wire.identifiers import call_ids
from joch.wire.profile import Identifier


@dataclass(frozen=True, slots=True)
class Pair:
    """An exchange and the id that its call is sent under.

    `asked_at` names the call, as `messages[3].parts[0]`, and `told_at` its result; where there is
    none, the call too. `told`: the result's message and place in it.
    """

    exchange: Exchange
    identity: str
    asked_at: str
    told_at: str
    told: tuple[int, int] | None = None


def pairs_of(transcript: Transcript, rule: Identifier) -> tuple[Pair, ...]:
    """Every call in order, with its result where somebody answered it."""
    found = exchanges(transcript)
    if not found:
        return ()
    places = {
        (index, id(part)): (index, place)
        for index, message in enumerate(transcript.messages)
        for place, part in enumerate(message.parts)
        if isinstance(part, ToolCall | ToolResult)
    }
    return tuple(
        _pair(exchange, identity, places)
        for exchange, identity in zip(found, call_ids(found, rule), strict=True)
    )


def in_order(pairs: list[Pair]) -> list[Pair]:
    """The pairs of one content as their results came, those without one last.

    Calls without an id are answered by name, so those of one name stay in the order of the calls.
    """
    ordered = sorted(pairs, key=lambda pair: (pair.told is None, pair.told))
    waiting: dict[str, deque[Pair]] = {}
    for pair in pairs:
        if pair.identity.startswith(UNNAMED):
            waiting.setdefault(pair.exchange.call.name, deque()).append(pair)
    return [
        waiting[pair.exchange.call.name].popleft() if pair.identity.startswith(UNNAMED) else pair
        for pair in ordered
    ]


def _pair(
    exchange: Exchange, identity: str, places: dict[tuple[int, int], tuple[int, int]]
) -> Pair:
    asked_at = _where(places[exchange.index, id(exchange.call)])
    if exchange.result is None or exchange.result_index is None:
        return Pair(exchange, identity, asked_at, asked_at)
    told = places[exchange.result_index, id(exchange.result)]
    return Pair(exchange, identity, asked_at, _where(told), told)


def _where(place: tuple[int, int]) -> str:
    return f"messages[{place[0]}].parts[{place[1]}]"
