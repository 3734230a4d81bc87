"""Rendering the outputs of calls: exactly one for each, before anybody speaks again."""

from collections.abc import Iterator

from joch.transcript.exchanges import Exchange
from joch.transcript.parts import Text, ToolCall, ToolResult, plain_text
from joch.transcript.values import Json, JsonObject
from joch.wire.markers import UNKNOWN_OUTCOME
from joch.wire.openai_responses.output import carried, folded, input_parts
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

Numbered = tuple[Exchange, str]
"""A call with its result, and the id to send for it."""


def is_custom(call: ToolCall) -> bool:
    """Whether the call is one of a custom tool, whose input is text and no JSON."""
    return call.extra is not None and call.extra.get("type") == "custom"


class Outputs:
    """The calls that are open while items are rendered, and what answers them.

    An output keeps its place where it can; one that stands behind somebody's words moves before
    them, because gateways ask for it right after the calls.
    """

    def __init__(self, pairs: tuple[Numbered, ...], profile: Profile, changes: Changes) -> None:
        self._profile = profile
        self._own = ("id", "caller") if profile.same_backend else ()
        self._changes = changes
        self._open: dict[str, Exchange] = {}
        self._sent: set[str] = set()
        self._answers: dict[tuple[int, str], list[Numbered]] = {}
        for pair in pairs:
            if pair[0].result_index is not None:
                answered = (pair[0].result_index, pair[0].call.id)
                self._answers.setdefault(answered, []).append(pair)

    def expect(self, exchange: Exchange, identity: str) -> None:
        """A call of this id was sent: it wants its output."""
        self._open[identity] = exchange

    def answer(self, index: int, result: ToolResult) -> Iterator[Json]:
        """The output item of a result; none where it was sent before or answers no call."""
        where = f"messages[{index}]"
        waiting = self._answers.get((index, result.call_id))
        identity = waiting.pop()[1] if waiting else None
        if identity in self._sent:
            return
        if identity is None or identity not in self._open:
            sentence = f"Result of {result.call_id!r} answers no call and is left out"
            self._changes.lost("orphan-result", where, sentence)
            return
        exchange = self._open.pop(identity)
        yield self._output(where, exchange.call, result, identity)

    def close(self) -> Iterator[Json]:
        """The outputs of all open calls, before somebody speaks: found further on, or unknown."""
        for identity, exchange in self._open.items():
            if exchange.result is None:
                yield self._unknown(exchange, identity)
                continue
            where = f"messages[{exchange.result_index}]"
            self._changes.transformed("late-result", where, "A late result moved to its call")
            yield self._output(where, exchange.call, exchange.result, identity)
        self._open.clear()

    def _output(self, where: str, call: ToolCall, result: ToolResult, identity: str) -> Json:
        self._sent.add(identity)
        data = _item(call, identity)
        status = () if is_custom(call) else ("status",)
        data |= carried(result.extra, where, self._changes, *self._own, *status)
        data["output"] = self._marked(where, result, self._told(where, result))
        return data

    def _told(self, where: str, result: ToolResult) -> Json:
        """What the tool told; one text as it is, even an empty one, which a tool may well say."""
        only = result.parts[0] if len(result.parts) == 1 else None
        if isinstance(only, Text) and not only.extra:
            return only.text
        return folded(input_parts(result.parts, where, self._profile, self._changes))

    def _marked(self, where: str, result: ToolResult, told: Json) -> Json:
        """The format has no error flag: an error says so in its first word."""
        if not result.is_error or plain_text(result.parts).lower().startswith("error"):
            return told
        self._changes.transformed("error-flag", where, "The error flag is sent as a prefix")
        if isinstance(told, list):
            return [{"type": "input_text", "text": "Error:"}, *told]
        return f"Error: {told}"

    def _unknown(self, exchange: Exchange, identity: str) -> Json:
        where = f"messages[{exchange.index}]"
        sentence = f"Call of {exchange.call.name} without a result is answered as unknown"
        self._changes.transformed("unknown-outcome", where, sentence)
        return {**_item(exchange.call, identity), "output": f"Error: {UNKNOWN_OUTCOME}"}


def _item(call: ToolCall, identity: str) -> JsonObject:
    kind = "custom_tool_call_output" if is_custom(call) else "function_call_output"
    return {"type": kind, "call_id": identity}
