"""Parsing: the envelope, the messages in order, and the pairing of calls and results."""

from joch.transcript.conversation import Message, Role, Transcript
from joch.transcript.parts import ToolCall, ToolResult
from joch.transcript.values import Json, JsonObject
from joch.wire.bedrock_converse.messages import read_message, read_system
from joch.wire.bedrock_converse.settings import read_settings, read_tools
from joch.wire.door import load
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, rest

_SHAPES = "store a request body with messages, or a list of messages"


def parse(data: bytes | str) -> Transcript:
    """Read a transcript in Bedrock's Converse format.

    `system` becomes the first message, so the transcript's indices are one above those of
    `messages` where it is present; errors count as the input does.

    Raises:
        WireError: what is wrong, at which message and field, and how to mend it.
    """
    body, raw = _envelope(load(data))
    if not raw:
        raise WireError(None, "messages", f"the transcript has no messages: {_SHAPES}")
    system = read_system(body)
    messages = _messages(raw)
    return Transcript((*system, *messages), read_tools(body), read_settings(body))


def _envelope(value: Json) -> tuple[JsonObject, list[Json]]:
    """The request body (empty for a bare list) and the messages as stored."""
    if isinstance(value, list):
        return _lines(value)
    if not isinstance(value, dict):
        raise WireError(None, "", f"must not be {described(value)}: {_SHAPES}")
    if "messages" not in value and ("role" in value or "output" in value):
        return {}, [value]
    if "messages" not in value:
        raise WireError(None, "messages", f"is missing: {_SHAPES} in Bedrock Converse format")
    messages = value["messages"]
    if not isinstance(messages, list):
        raise WireError(None, "messages", f"must be a list, not {described(messages)}")
    body = {k: v for k, v in value.items() if k != "messages"}
    if body.get("output") is None:
        return body, messages
    answer = {k: body.pop(k) for k in _ANSWER if k in body}
    return body, [*messages, answer]


def _lines(values: list[Json]) -> tuple[JsonObject, list[Json]]:
    """Messages and answers; the first line may be the request that they go on from."""
    first = values[0] if values else None
    if not isinstance(first, dict) or "messages" not in first:
        return {}, values
    body, messages = _envelope(first)
    return body, [*messages, *values[1:]]


_ANSWER = (
    *("output", "stopReason", "usage", "metrics", "trace", "additionalModelResponseFields"),
    "ResponseMetadata",
)


def _messages(raw: list[Json]) -> tuple[Message, ...]:
    pairing = _Pairing()
    messages = []
    for index, value in enumerate(raw):
        data = _unwrapped(index, value)
        message = read_message(index, data)
        if message.role is not Role.SYSTEM:
            pairing.take(index, message, data)
        messages.append(message)
    return tuple(messages)


def _unwrapped(index: int, value: Json) -> JsonObject:
    """The message itself, where a whole answer (`{"output": {"message": …}}`) was appended."""
    data = an_object(value, index, "")
    if "role" in data or data.get("output") is None:
        return data
    output = an_object(data["output"], index, "output")
    message = dict(an_object(output.get("message"), index, "output.message"))
    message.setdefault("role", "assistant")
    kept = {**(rest(data, ("output",)) or {}), **(rest(output, ("message",)) or {})}
    if kept:
        message["response"] = kept
    return message


class _Pairing:
    """Calls without a result so far; every result must answer one of them."""

    def __init__(self) -> None:
        self._open: dict[str, int] = {}

    def take(self, index: int, message: Message, data: JsonObject) -> None:
        seen: set[str] = set()
        for part in message.parts:
            if isinstance(part, ToolCall):
                if part.id in seen:
                    raise _twice(index, part.id, data)
                seen.add(part.id)
                self._open[part.id] = self._open.get(part.id, 0) + 1
            elif isinstance(part, ToolResult):
                self._result(index, part.call_id, data)

    def _result(self, index: int, call_id: str, data: JsonObject) -> None:
        waiting = self._open.get(call_id, 0)
        if not waiting:
            sentence = (
                f"nobody asked for {call_id!r}: no earlier assistant message has an unanswered "
                "toolUse of this id; remove the result or restore the toolUse before it"
            )
            raise WireError(index, f"{_place(data, 'toolResult', call_id)}.toolUseId", sentence)
        self._open[call_id] = waiting - 1


def _twice(index: int, call_id: str, data: JsonObject) -> WireError:
    sentence = f"{call_id!r} is the id of two calls in one message: give each its own"
    return WireError(index, f"{_place(data, 'toolUse', call_id)}.toolUseId", sentence)


def _place(data: JsonObject, kind: str, call_id: str) -> str:
    """Where the last block of this kind and id stands; only errors ask."""
    content = data.get("content")
    blocks = list(enumerate(content)) if isinstance(content, list) else []
    for place, block in reversed(blocks):
        inner = block.get(kind) if isinstance(block, dict) else None
        if isinstance(inner, dict) and inner.get("toolUseId") == call_id:
            return f"content[{place}].{kind}"
    return "content"
