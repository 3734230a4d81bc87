"""One turn of the assistant: the flat items that are one message of the transcript."""

from dataclasses import replace

from joch.transcript.conversation import Message
from joch.transcript.parts import Part


class Turn:
    """The assistant's items in a row: what it thought, said once, and asked for.

    A second `message` item begins another turn, because each has an id and a phase of its own; so
    does another response.
    """

    def __init__(self, kind: str, message: Message, response: int) -> None:
        self._message = message
        self._parts: list[Part] = [*message.parts]
        self._response = response
        self._said = kind == "message"

    def takes(self, kind: str, response: int) -> bool:
        """Whether an item of this type, from this response, belongs to the turn so far."""
        return response == self._response and not (kind == "message" and self._said)

    def add(self, kind: str, message: Message) -> None:
        """Take the item; id, name and time of the turn are those of its `message` item."""
        self._parts.extend(message.parts)
        if kind == "message":
            self._said = True
            extra = {**(self._message.extra or {}), **(message.extra or {})}
            self._message = replace(message, extra=extra or None)

    def message(self) -> Message:
        """The turn as one message."""
        if len(self._parts) == len(self._message.parts):
            return self._message
        return replace(self._message, parts=tuple(self._parts))
