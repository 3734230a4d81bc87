"""Parsing: the envelope, the messages in order, and the pairing of calls and results."""

from joch.transcript.conversation import Message, Transcript
from joch.transcript.parts import ToolCall, ToolResult
from joch.transcript.values import Json, JsonObject
from joch.wire.anthropic_messages.messages import read_message, read_system
from joch.wire.anthropic_messages.settings import read_settings
from joch.wire.anthropic_messages.tools import read_tools
from joch.wire.door import load
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described

_SHAPES = "store a request body with messages, or a list of messages"


def parse(data: bytes | str) -> Transcript:
    """Read a transcript in Anthropic Messages format.

    `system` becomes the first message, so the transcript's indices are one above those of
    `messages` where it is present; errors count as the input does.

    Raises:
        WireError: what is wrong, at which message and field, and how to mend it.
    """
    body, raw = _envelope(load(data))
    if not raw:
        raise WireError(None, "messages", f"the transcript has no messages: {_SHAPES}")
    system = read_system(body)
    return Transcript((*system, *_messages(raw)), read_tools(body), read_settings(body))


def _envelope(value: Json) -> tuple[JsonObject, list[Json]]:
    """The request body (empty for a bare list) and the messages as stored."""
    if isinstance(value, list):
        return _lines(value)
    if not isinstance(value, dict):
        raise WireError(None, "", f"must not be {described(value)}: {_SHAPES}")
    if "messages" not in value and "role" in value:
        return {}, [value]
    if "messages" not in value:
        sentence = f"is missing: {_SHAPES} in Anthropic Messages format"
        raise WireError(None, "messages", sentence)
    messages = value["messages"]
    if not isinstance(messages, list):
        raise WireError(None, "messages", f"must be a list, not {described(messages)}")
    return {k: v for k, v in value.items() if k != "messages"}, messages


def _lines(values: list[Json]) -> tuple[JsonObject, list[Json]]:
    """Messages and answers; the first line may be the request that they go on from."""
    first = values[0] if values else None
    if not isinstance(first, dict) or "messages" not in first:
        return {}, values
    body, messages = _envelope(first)
    return body, [*messages, *values[1:]]


def _messages(raw: list[Json]) -> tuple[Message, ...]:
    pairing = _Pairing()
    messages = []
    for index, value in enumerate(raw):
        data = an_object(value, index, "")
        message = read_message(index, data)
        pairing.take(index, message, data)
        messages.append(message)
    return tuple(messages)


class _Pairing:
    """Calls without a result so far; every result must answer one of them."""

    def __init__(self) -> None:
        self._open: dict[str, int] = {}

    def take(self, index: int, message: Message, data: JsonObject) -> None:
        seen: set[str] = set()
        for part in message.parts:
            if type(part) is ToolCall:
                if part.id in seen:
                    raise _twice(index, part.id, data)
                seen.add(part.id)
                self._open[part.id] = self._open.get(part.id, 0) + 1
            elif type(part) is ToolResult:
                self._result(index, part.call_id, data)

    def _result(self, index: int, call_id: str, data: JsonObject) -> None:
        waiting = self._open.get(call_id, 0)
        if not waiting:
            sentence = (
                f"nobody asked for {call_id!r}: no earlier assistant message has an unanswered "
                "tool_use of this id; remove the result or restore the tool_use before it"
            )
            raise WireError(index, _place(data, "tool_use_id", call_id), sentence)
        self._open[call_id] = waiting - 1


def _twice(index: int, call_id: str, data: JsonObject) -> WireError:
    sentence = f"{call_id!r} is the id of two calls in one message: give each its own"
    return WireError(index, _place(data, "id", call_id), sentence)


def _place(data: JsonObject, key: str, identity: str) -> str:
    """Where the last block of this id stands; only errors ask."""
    content = data.get("content")
    blocks = list(enumerate(content)) if isinstance(content, list) else []
    found = (
        place for place, b in reversed(blocks) if isinstance(b, dict) and b.get(key) == identity
    )
    place = next(found, None)
    return "content" if place is None else f"content[{place}].{key}"
