"""What rendering gives: a body, and every change that it made on the way."""

from dataclasses import dataclass
from enum import StrEnum

from joch.transcript.values import JsonObject


class Carriage(StrEnum):
    """How something that was read came across."""

    TRANSFORMED = "transformed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Change:
    """One declared change. `where` names the message and field, as `messages[3].tool_calls[0]`."""

    id: str
    carriage: Carriage
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A request body inside the format's published schema, and what it does not carry as read."""

    body: JsonObject
    changes: tuple[Change, ...] = ()
