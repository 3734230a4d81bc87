"""Rendering the messages as items: each in its place, each output after its call."""

import json
from collections.abc import Iterator, Mapping

from joch.transcript.conversation import Message, Role, Transcript
from joch.transcript.exchanges import Exchange
from joch.transcript.parts import (
    Part,
    ProviderTool,
    Reasoning,
    ToolCall,
    ToolResult,
    Unknown,
    plain_text,
)
from joch.transcript.values import Json, JsonObject
from joch.wire.openai_chat.turns import UNKNOWN_OUTCOME, arguments_object
from joch.wire.openai_responses import replayed
from joch.wire.openai_responses.output import carried, declare_lost, folded, input_parts
from joch.wire.openai_responses.said import SPOKEN, MadeIds, Speech
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

Numbered = tuple[Exchange, str]


class Turns:
    """One pass over a transcript's messages.

    Outputs keep their place as long as only the assistant speaks between call and output; what a
    user says in between would part them, so it comes after.
    """

    def __init__(
        self,
        profile: Profile,
        names: Mapping[str, str],
        pairs: tuple[Numbered, ...],
        changes: Changes,
    ) -> None:
        self._profile = profile
        self._names = names
        self._changes = changes
        self._calls: dict[int, list[Numbered]] = {}
        self._answers: dict[tuple[int, str], list[Numbered]] = {}
        self._open: dict[str, Exchange] = {}
        self._sent: set[str] = set()
        self._ids = MadeIds()
        for pair in reversed(pairs):
            self._calls.setdefault(pair[0].index, []).append(pair)
        for pair in pairs:
            if pair[0].result_index is not None:
                answered = (pair[0].result_index, pair[0].call.id)
                self._answers.setdefault(answered, []).append(pair)

    def render(self, transcript: Transcript, start: int = 0) -> list[Json]:
        """All items; an assistant message without anything to say is left out, declared."""
        rendered: list[Json] = []
        for index, message in enumerate(transcript.messages[start:], start):
            where = f"messages[{index}]"
            self._extras(where, message)
            if message.role is Role.ASSISTANT:
                items = list(self._assistant(index, where, message))
                if not items and not any(isinstance(p, ToolResult) for p in message.parts):
                    self._changes.lost(
                        "empty-message", where, "An assistant message without content"
                    )
                rendered.extend(items)
            else:
                rendered.extend(self._speaker(index, where, message))
        return rendered

    def _extras(self, where: str, message: Message) -> None:
        known = {"phase", "status"} if message.role is Role.ASSISTANT else set[str]()
        if message.extra and (left := sorted(message.extra.keys() - known)):
            sentence = f"Fields {', '.join(left)} are not in the format"
            self._changes.lost("vendor-fields", where, sentence)
        if message.name:
            self._changes.lost("name", where, f"The speaker's name {message.name!r}")

    def _speaker(self, index: int, where: str, message: Message) -> Iterator[Json]:
        for part in message.parts:
            if isinstance(part, ToolResult):
                yield from self._answer(index, where, part)
        rest = tuple(part for part in message.parts if not isinstance(part, ToolResult))
        if not rest and (message.parts or message.role is Role.TOOL):
            return
        yield from self._moved()
        if self._profile.same_backend:
            yield from replayed.vendor_items(rest)
            rest = tuple(part for part in rest if not replayed.was_replayed(part))
        content = input_parts(rest, where, self._profile, self._changes)
        if content or not message.parts:
            yield {"role": self._role(where, message.role), "content": folded(content)}

    def _role(self, where: str, role: Role) -> str:
        if role is Role.TOOL:
            self._changes.transformed("tool-text", where, "Words beside a tool's output")
            return "user"
        if role is Role.DEVELOPER and not self._profile.developer:
            self._changes.transformed("developer-role", where, "developer is sent as system")
            return "system"
        return role.value

    def _assistant(self, index: int, where: str, message: Message) -> Iterator[Json]:
        speech = Speech(index, message, self._profile, self._changes, self._ids)
        calls = self._calls.get(index, [])
        run: list[Part] = []
        unanswered: list[Numbered] = []
        for part in message.parts:
            if isinstance(part, SPOKEN) and not self._replays(part):
                run.append(part)
                continue
            items = list(self._item(index, where, part, calls, unanswered))
            if items and run:
                yield from _some(speech.item(run))
                run = []
            yield from items
        yield from _some(speech.item(run))
        yield from (self._outcome_unknown(where, *pair) for pair in unanswered)

    def _replays(self, part: Part) -> bool:
        return self._profile.same_backend and replayed.was_replayed(part)

    def _item(
        self,
        index: int,
        where: str,
        part: Part,
        calls: list[Numbered],
        unanswered: list[Numbered],
    ) -> Iterator[Json]:
        match part:
            case ToolCall():
                exchange, identity = calls.pop()
                if exchange.result is None:
                    unanswered.append((exchange, identity))
                else:
                    self._open[identity] = exchange
                yield self._call(where, part, identity)
            case ToolResult():
                yield from self._answer(index, where, part)
            case Reasoning() | ProviderTool() | Unknown() if self._profile.same_backend:
                yield from self._again(where, part)
            case Reasoning() | Unknown():
                declare_lost(part, where, self._changes)

    def _again(self, where: str, part: Reasoning | ProviderTool | Unknown) -> Iterator[Json]:
        item = replayed.item(part)
        if item is not None:
            yield item
        elif not isinstance(part, ProviderTool):
            declare_lost(part, where, self._changes)

    def _call(self, where: str, call: ToolCall, identity: str) -> Json:
        name = self._names[call.name]
        custom = call.extra is not None and call.extra.get("type") == "custom"
        published = ("namespace",) if custom else ("namespace", "status")
        own = ("id", "caller") if self._profile.same_backend else ()
        beside = carried(call.extra, where, self._changes, *own, *published)
        data: JsonObject = {"call_id": identity, "name": name, **beside}
        if custom:
            return {"type": "custom_tool_call", **data, "input": call.arguments}
        arguments = self._arguments(where, call.arguments)
        return {"type": "function_call", **data, "arguments": arguments}

    def _arguments(self, where: str, written: str) -> str:
        if arguments_object(written) is not None:
            return written
        if not written.strip():
            return "{}"
        sentence = "Malformed tool arguments preserved as text"
        self._changes.transformed("malformed-arguments", where, sentence)
        return json.dumps({"_raw": written}, separators=(",", ":"))

    def _answer(self, index: int, where: str, result: ToolResult) -> Iterator[Json]:
        waiting = self._answers.get((index, result.call_id))
        exchange, identity = waiting.pop() if waiting else (None, "")
        if exchange is None or not (identity in self._open or identity in self._sent):
            sentence = f"Result of {result.call_id!r} answers no call and is left out"
            self._changes.lost("orphan-result", where, sentence)
        elif identity not in self._sent:
            yield self._output(where, exchange.call, result, identity)

    def _moved(self) -> Iterator[Json]:
        """The outputs that stand further on, before somebody else speaks."""
        for identity, exchange in tuple(self._open.items()):
            assert exchange.result is not None
            where = f"messages[{exchange.result_index}]"
            self._changes.transformed("late-result", where, "A late output moved to its call")
            yield self._output(where, exchange.call, exchange.result, identity)

    def _output(self, where: str, call: ToolCall, result: ToolResult, identity: str) -> Json:
        del self._open[identity]
        self._sent.add(identity)
        own = ("id", "caller") if self._profile.same_backend else ()
        beside = carried(result.extra, where, self._changes, *own, "status")
        content = input_parts(result.parts, where, self._profile, self._changes)
        output = self._marked(where, result, content)
        kind = _output_type(call)
        if kind == "custom_tool_call_output":
            beside.pop("status", None)
        return {"type": kind, "call_id": identity, **beside, "output": output}

    def _marked(self, where: str, result: ToolResult, content: list[JsonObject]) -> Json:
        told = folded(content)
        if not result.is_error or plain_text(result.parts).lower().startswith("error"):
            return told
        self._changes.transformed("error-flag", where, "The error flag is sent as a prefix")
        if isinstance(told, list):
            return [{"type": "input_text", "text": "Error:"}, *told]
        return f"Error: {told}"

    def _outcome_unknown(self, where: str, exchange: Exchange, identity: str) -> Json:
        sentence = f"Call of {exchange.call.name} without a result is answered as unknown"
        self._changes.transformed("unknown-outcome", where, sentence)
        kind = _output_type(exchange.call)
        return {"type": kind, "call_id": identity, "output": UNKNOWN_OUTCOME}


def _output_type(call: ToolCall) -> str:
    custom = call.extra is not None and call.extra.get("type") == "custom"
    return "custom_tool_call_output" if custom else "function_call_output"


def _some(item: JsonObject | None) -> Iterator[Json]:
    if item is not None:
        yield item
