"""Parsing: the envelope, the messages in order, and the pairing of calls and results."""

from joch.transcript.conversation import Message, Transcript
from joch.transcript.parts import ToolCall, ToolResult
from joch.transcript.values import Json, JsonObject
from joch.wire.door import load
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, rest
from joch.wire.openai_chat.messages import read_message
from joch.wire.openai_chat.settings import read_settings, read_tools

_SHAPES = "store a request body with messages, or a list of messages"


def parse(data: bytes | str) -> Transcript:
    """Read a transcript in OpenAI chat format.

    Raises:
        WireError: what is wrong, at which message and field, and how to mend it.
    """
    body, raw = _envelope(load(data))
    if not raw:
        raise WireError(None, "messages", f"the transcript has no messages: {_SHAPES}")
    messages = _messages(raw)
    return Transcript(messages, read_tools(body), read_settings(body))


def _envelope(value: Json) -> tuple[JsonObject, list[Json]]:
    """The request body (empty for a bare list) and the messages as stored."""
    if isinstance(value, list):
        return {}, value
    if not isinstance(value, dict):
        raise WireError(None, "", f"must not be {described(value)}: {_SHAPES}")
    if "messages" not in value and ("role" in value or "choices" in value):
        return {}, [value]
    if "messages" not in value:
        raise WireError(None, "messages", f"is missing: {_SHAPES} in OpenAI chat format")
    messages = value["messages"]
    if not isinstance(messages, list):
        raise WireError(None, "messages", f"must be a list, not {described(messages)}")
    appended: list[Json] = [{"choices": value["choices"]}] if value.get("choices") else []
    body = {k: v for k, v in value.items() if k not in {"messages", "choices"}}
    return body, [*messages, *appended]


def _messages(raw: list[Json]) -> tuple[Message, ...]:
    pairing = _Pairing()
    messages = []
    for index, value in enumerate(raw):
        message = read_message(index, _unwrapped(index, value), pairing.call_id_of)
        pairing.take(index, message)
        messages.append(message)
    return tuple(messages)


def _unwrapped(index: int, value: Json) -> JsonObject:
    """The message itself, where a whole answer (`{"choices": [...]}`) was appended."""
    data = an_object(value, index, "")
    if "role" in data:
        return data
    choices = data.get("choices")
    if not isinstance(choices, list) or not choices:
        return data
    choice = an_object(choices[0], index, "choices[0]")
    message = dict(an_object(choice.get("message"), index, "choices[0].message"))
    message.setdefault("role", "assistant")
    kept = {**(rest(data, ("choices",)) or {}), **(rest(choice, ("message",)) or {})}
    if len(choices) > 1:
        kept["choices"] = choices[1:]
    if kept:
        message["response"] = kept
    return message


class _Pairing:
    """Calls without a result so far; every result must answer one of them."""

    def __init__(self) -> None:
        self._open: dict[str, list[str]] = {}

    def call_id_of(self, name: str) -> str | None:
        """The latest open call of a function, for results that name it instead of an id."""
        return next((call for call, names in reversed(self._open.items()) if name in names), None)

    def take(self, index: int, message: Message) -> None:
        seen: set[str] = set()
        calls = 0
        for part in message.parts:
            if isinstance(part, ToolCall):
                self._call(index, calls, part, seen)
                calls += 1
            elif isinstance(part, ToolResult):
                self._result(index, part)

    def _call(self, index: int, place: int, call: ToolCall, seen: set[str]) -> None:
        if call.id in seen:
            sentence = f"{call.id!r} is the id of two calls in one message: give each its own"
            raise WireError(index, f"tool_calls[{place}].id", sentence)
        seen.add(call.id)
        self._open.setdefault(call.id, []).append(call.name)

    def _result(self, index: int, result: ToolResult) -> None:
        names = self._open.get(result.call_id)
        if not names:
            sentence = (
                f"nobody asked for {result.call_id!r}: no earlier assistant message has an "
                "unanswered call of this id; remove the result or restore the call before it"
            )
            raise WireError(index, "tool_call_id", sentence)
        names.pop()
        if not names:
            del self._open[result.call_id]
