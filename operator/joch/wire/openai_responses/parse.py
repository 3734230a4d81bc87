"""Parsing: the envelope, the items in order, and what belongs to one turn of the assistant."""

from joch.transcript.conversation import Message, Role, Transcript
from joch.transcript.parts import Text
from joch.transcript.values import Json, JsonObject
from joch.wire.door import load
from joch.wire.errors import WireError
from joch.wire.fields import an_object, items
from joch.wire.openai_responses.envelope import SHAPES, opened, stored_items
from joch.wire.openai_responses.items import stored_item
from joch.wire.openai_responses.pairing import Pairing
from joch.wire.openai_responses.settings import read_settings, read_tools
from joch.wire.openai_responses.turn import Turn

INSTRUCTIONS = "instructions"
"""The id of the message that stood in `instructions` and not among the items."""

_HELD_BY_THE_VENDOR = ("previous_response_id", "conversation")


def parse(data: bytes | str) -> Transcript:
    """Read a transcript in OpenAI Responses format.

    Raises:
        WireError: what is wrong, at which item of `input` and field, and how to mend it.
    """
    try:
        return _transcript(load(data))
    except WireError as error:
        raise WireError(error.index, error.field, error.sentence, "input") from None


def _transcript(value: Json) -> Transcript:
    body, raw = opened(value)
    told = _instructions(body)
    messages = (*told, *_messages(body, raw))
    if not messages:
        raise WireError(None, "input", f"the transcript has no items: {SHAPES}")
    return Transcript(messages, read_tools(body), read_settings(body))


def _instructions(body: JsonObject) -> list[Message]:
    given = body.get("instructions")
    if given is None:
        return []
    if isinstance(given, str):
        return [Message(Role.SYSTEM, (Text(given),), id=INSTRUCTIONS)]
    found = []
    for place, value in enumerate(items(body, "instructions", None)):
        at = f"instructions[{place}]"
        data = an_object(value, None, at)
        found.append(stored_item(None, f"{at}.", data).read())
    return found


def _messages(body: JsonObject, raw: list[Json]) -> list[Message]:
    messages: list[Message] = []
    pairing = Pairing(anyone=any(body.get(key) for key in _HELD_BY_THE_VENDOR))
    turn: Turn | None = None
    for found in stored_items(body, raw):
        message = found.read()
        if turn and (message.role is not Role.ASSISTANT or not turn.takes(found.kind, found.of)):
            messages.append(turn.message())
            turn = None
            pairing.new_message()
        pairing.take(found, message)
        if message.role is not Role.ASSISTANT:
            messages.append(message)
        elif turn is None:
            turn = Turn(found.kind, message, found.of)
        else:
            turn.add(found.kind, message)
    return [*messages, turn.message()] if turn else messages
