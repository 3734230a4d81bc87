"""Tool exchanges: each call with its result, wherever in the transcript that stands."""

from dataclasses import dataclass

from joch.transcript.conversation import Transcript
from joch.transcript.parts import ToolCall, ToolResult


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call and its result. `result` None: nobody answered. Indices count messages."""

    index: int
    call: ToolCall
    result: ToolResult | None = None
    result_index: int | None = None


def exchanges(transcript: Transcript) -> tuple[Exchange, ...]:
    """Every call in order, paired with its result.

    A result answers the latest open call of its id: ids may come again in later turns, and equal
    parallel calls stay two.
    """
    found: list[Exchange] = []
    open_calls: dict[str, list[int]] = {}
    for index, part in transcript.parts():
        if isinstance(part, ToolCall):
            open_calls.setdefault(part.id, []).append(len(found))
            found.append(Exchange(index, part))
        elif isinstance(part, ToolResult) and (waiting := open_calls.get(part.call_id)):
            place = waiting.pop()
            found[place] = Exchange(found[place].index, found[place].call, part, index)
    return tuple(found)
