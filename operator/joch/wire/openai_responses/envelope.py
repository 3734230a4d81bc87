"""The shapes in which a conversation is stored: a body, bare items, whole responses, or a log."""

from collections.abc import Iterator

from joch.transcript.values import Json, JsonObject
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, items, rest
from joch.wire.openai_responses.items import StoredItem, stored_item

SHAPES = "store a request body with input, a list of items, or whole responses"

# What a response echoes of its request: the body says it, or nobody asked for it here.
_ECHOED = ("instructions", "tools", "text", "reasoning", "tool_choice", "parallel_tool_calls")


def opened(value: Json) -> tuple[JsonObject, list[Json]]:
    """The request body (empty for bare items) and what is stored of the conversation, in order.

    Raises:
        WireError: it has none of the shapes.
    """
    if isinstance(value, list):
        return _log(value)
    if not isinstance(value, dict):
        raise WireError(None, "", f"must not be {described(value)}: {SHAPES}")
    if "messages" in value and "input" not in value:
        sentence = f"belongs to another format: {SHAPES}, or name the format that is stored"
        raise WireError(None, "messages", sentence)
    if _is_an_item(value):
        return {}, [value]
    if not value.keys() & {"input", "output", "instructions"}:
        raise WireError(None, "input", f"is missing: {SHAPES} in OpenAI Responses format")
    return value, _input(value)


def _log(values: list[Json]) -> tuple[JsonObject, list[Json]]:
    """Bare items; or a request body first, to which answers and later requests were appended."""
    first = values[0] if values else None
    if not isinstance(first, dict) or not _is_a_body(first):
        return {}, values
    later = [value for value in values[1:] if isinstance(value, dict) and _is_a_body(value)]
    body = dict(first)
    for request in later:
        body.update(request)
    return body, [*_input(first), *values[1:]]


def _is_an_item(data: JsonObject) -> bool:
    return "type" in data or "role" in data


def _is_a_body(data: JsonObject) -> bool:
    return "input" in data and not _is_an_item(data)


def _input(body: JsonObject) -> list[Json]:
    given = body.get("input")
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    if isinstance(given, dict):  # one item where a list is meant
        return [given]
    if given is None or isinstance(given, list):
        return given or []
    raise WireError(None, "input", f"must be a string or a list of items, not {described(given)}")


def stored_items(body: JsonObject, stored: list[Json]) -> Iterator[StoredItem]:
    """Every item in order, those of appended responses and requests in their place.

    Raises:
        WireError: something among them is no item.
    """
    for index, value in enumerate(stored):
        data = an_object(value, index, "")
        if _is_an_item(data) or not data.keys() & {"input", "output"}:
            yield stored_item(index, "", data)
        elif "output" in data:
            yield from _of_a_response(index, data)
        else:
            yield from _of_a_request(index, data)
    for place, value in enumerate(items(body, "output", None)):
        at = f"output[{place}]"
        yield stored_item(None, f"{at}.", an_object(value, None, at), of=len(stored) + 1)


def _of_a_response(index: int, response: JsonObject) -> Iterator[StoredItem]:
    """The items of a whole response; what it says beside them goes with the first of them."""
    kept = rest(response, ("output", "object", *_ECHOED))
    found = items(response, "output", index)
    if not found:
        empty: JsonObject = {"type": "message", "role": "assistant", "content": None}
        yield stored_item(index, "", empty, of=index + 1, response=kept)
    for place, value in enumerate(found):
        at = f"output[{place}]"
        data = an_object(value, index, at)
        yield stored_item(index, f"{at}.", data, of=index + 1, response=None if place else kept)


def _of_a_request(index: int, request: JsonObject) -> Iterator[StoredItem]:
    """The new items of a later request, which leaves the earlier ones to the vendor's memory."""
    if not request.get("previous_response_id") and not request.get("conversation"):
        sentence = "begins a second conversation: store the last request alone, it has every item"
        raise WireError(index, "input", sentence)
    for place, value in enumerate(_input(request)):
        at = f"input[{place}]"
        yield stored_item(index, f"{at}.", an_object(value, index, at))
