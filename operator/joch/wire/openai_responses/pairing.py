"""The pairing of calls and outputs while items are read."""

from joch.transcript.conversation import Message
from joch.transcript.parts import ToolCall, ToolResult
from joch.wire.errors import WireError
from joch.wire.openai_responses.items import REFERENCE, StoredItem


class Pairing:
    """Calls without an output so far; every output must answer one of them.

    `anyone`: part of the conversation is at the vendor (`previous_response_id`, an item
    reference), so that an output may answer a call which is not in the transcript.
    """

    def __init__(self, *, anyone: bool) -> None:
        self._anyone = anyone
        self._open: dict[str, int] = {}
        self._in_message: set[str] = set()

    def new_message(self) -> None:
        """Begin another message: an id may come again there."""
        self._in_message.clear()

    def take(self, item: StoredItem, message: Message) -> None:
        """Count the call or the output of one item.

        Raises:
            WireError: an id of two calls in one turn, or an output that answers no call.
        """
        part = message.parts[0] if len(message.parts) == 1 else None
        if isinstance(part, ToolCall):
            self._call(item, part.id)
        elif isinstance(part, ToolResult):
            self._result(item, part.call_id)
        elif item.kind == REFERENCE:
            self._anyone = True

    def _call(self, item: StoredItem, call_id: str) -> None:
        if call_id in self._in_message:
            sentence = f"{call_id!r} is the id of two calls in one turn: give each its own"
            raise WireError(item.index, f"{item.at}call_id", sentence)
        self._in_message.add(call_id)
        self._open[call_id] = self._open.get(call_id, 0) + 1

    def _result(self, item: StoredItem, call_id: str) -> None:
        left = self._open.get(call_id, 0)
        if left > 1:
            self._open[call_id] = left - 1
        elif left:
            del self._open[call_id]
        elif not self._anyone:
            sentence = (
                f"nobody asked for {call_id!r}: no earlier function_call item has this call_id "
                "and no output; remove the output or restore the call before it"
            )
            raise WireError(item.index, f"{item.at}call_id", sentence)
