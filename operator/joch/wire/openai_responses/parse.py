"""Parsing: the envelope, the items in order, and what belongs to one turn of the assistant."""

from collections.abc import Iterator

from joch.transcript.conversation import Message, Role, Transcript
from joch.transcript.parts import Text
from joch.transcript.values import Json, JsonObject
from joch.wire.door import load
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, items, rest
from joch.wire.openai_responses.items import StoredItem, stored_item
from joch.wire.openai_responses.pairing import Pairing
from joch.wire.openai_responses.settings import read_settings, read_tools
from joch.wire.openai_responses.turn import Turn

INSTRUCTIONS = "instructions"
"""The id of the message that stood in `instructions` and not among the items."""

_SHAPES = "store a request body with input, a list of items, or whole responses"
_HELD_BY_THE_VENDOR = ("previous_response_id", "conversation")
_ECHOED = ("instructions", "tools", "text", "reasoning", "tool_choice", "parallel_tool_calls")


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
    body, raw = _envelope(value)
    told = _instructions(body)
    messages = (*told, *_messages(body, raw))
    if not messages:
        raise WireError(None, "input", f"the transcript has no items: {_SHAPES}")
    return Transcript(messages, read_tools(body), read_settings(body))


def _envelope(value: Json) -> tuple[JsonObject, list[Json]]:
    """The request body (empty for bare items) and the items as stored."""
    if isinstance(value, list):
        return _lines(value)
    if not isinstance(value, dict):
        raise WireError(None, "", f"must not be {described(value)}: {_SHAPES}")
    if "messages" in value and "input" not in value:
        sentence = f"belongs to another format: {_SHAPES}, or name the format that is stored"
        raise WireError(None, "messages", sentence)
    if _is_an_item(value):
        return {}, [value]
    if "input" not in value and "output" not in value and "instructions" not in value:
        raise WireError(None, "input", f"is missing: {_SHAPES} in OpenAI Responses format")
    return value, _input(value)


def _lines(values: list[Json]) -> tuple[JsonObject, list[Json]]:
    """Bare items; the first line may be a request body, to which the others were appended."""
    first = values[0] if values else None
    if isinstance(first, dict) and "input" in first and not _is_an_item(first):
        return first, [*_input(first), *values[1:]]
    return {}, values


def _is_an_item(data: JsonObject) -> bool:
    return "type" in data or "role" in data


def _input(body: JsonObject) -> list[Json]:
    given = body.get("input")
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    if isinstance(given, dict):  # one item where a list is meant
        return [given]
    if given is None or isinstance(given, list):
        return given or []
    raise WireError(None, "input", f"must be a string or a list of items, not {described(given)}")


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
    for found in _found(body, raw):
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


def _found(body: JsonObject, raw: list[Json]) -> Iterator[StoredItem]:
    """Every item in order, those of appended responses in their place."""
    for index, value in enumerate(raw):
        data = an_object(value, index, "")
        if "output" not in data or _is_an_item(data):
            yield stored_item(index, "", data)
        else:
            yield from _appended(index, data)
    for place, value in enumerate(items(body, "output", None)):
        at = f"output[{place}]"
        yield stored_item(None, f"{at}.", an_object(value, None, at), of=len(raw) + 1)


def _appended(index: int, response: JsonObject) -> Iterator[StoredItem]:
    """The items of a whole response; what it says beside them goes with the first of them."""
    kept: JsonObject | None = rest(response, ("output", "object", *_ECHOED))
    found = items(response, "output", index)
    if not found:
        empty: JsonObject = {"type": "message", "role": "assistant", "content": None}
        yield stored_item(index, "", empty, of=index + 1, response=kept)
    for place, value in enumerate(found):
        at = f"output[{place}]"
        data = an_object(value, index, at)
        yield stored_item(index, f"{at}.", data, of=index + 1, response=None if place else kept)
