"""Rendering the messages as items, each in its place."""

import json
from collections.abc import Iterator, Mapping, Sequence

from joch.transcript.conversation import Message, Role, Transcript
from joch.transcript.parts import Part, Reasoning, ToolCall, ToolResult, Unknown
from joch.transcript.values import Json, JsonObject
from joch.wire.embedded import arguments_object
from joch.wire.openai_responses.output import carried, declare_lost, folded, input_parts
from joch.wire.openai_responses.outputs import Numbered, Outputs, is_custom
from joch.wire.openai_responses.replayed import Replays
from joch.wire.openai_responses.said import SPOKEN, MessageIds, Speech
from joch.wire.profile import Profile
from joch.wire.rendering import Changes


class Turns:
    """One pass over a transcript's messages."""

    def __init__(
        self,
        transcript: Transcript,
        profile: Profile,
        names: Mapping[str, str],
        pairs: tuple[Numbered, ...],
        changes: Changes,
    ) -> None:
        self._messages = transcript.messages
        self._profile = profile
        self._names = names
        self._changes = changes
        self._replays = Replays(transcript, profile)
        self._ids = MessageIds()
        self._outputs = Outputs(pairs, profile, changes)
        self._calls: dict[int, list[Numbered]] = {}
        for pair in reversed(pairs):
            self._calls.setdefault(pair[0].index, []).append(pair)

    def render(self, start: int = 0) -> list[Json]:
        """The items of the messages from `start` on."""
        rendered: list[Json] = []
        for index, message in enumerate(self._messages[start:], start):
            self._declare_extra(index, message)
            if message.role is Role.ASSISTANT:
                rendered.extend(self._assistant(index, message))
            else:
                rendered.extend(self._speaker(index, message))
        rendered.extend(self._outputs.close())
        return rendered

    def _declare_extra(self, index: int, message: Message) -> None:
        where = f"messages[{index}]"
        if message.id:
            carried({"id": message.id}, where, self._changes, *self._own(index))
        if message.name and message.role is not Role.TOOL:  # a tool's name is in its call
            self._changes.lost("name", where, f"The format has no names: {message.name!r}")
        left = sorted(message.extra.keys() - _of_words(message)) if message.extra else []
        if message.created_at is not None:
            left.append("created_at")
        if left:
            sentence = f"Fields {', '.join(left)} are not in the format"
            self._changes.lost("vendor-fields", where, sentence)

    def _speaker(self, index: int, message: Message) -> Iterator[Json]:
        """Results, which answer what was asked before; the words; calls that stand here."""
        rest: Sequence[Part] = message.parts
        asked: list[ToolCall | ToolResult] = []
        if any(isinstance(part, ToolCall | ToolResult) for part in message.parts):
            told, rest, asked = _sorted(message.parts)
            for result in told:
                yield from self._outputs.answer(index, result)
        yield from self._words(index, message, rest)
        for part in asked:
            yield from self._exchanged(index, part)
        if not message.parts and message.role is not Role.TOOL:
            self._changes.lost("empty-message", f"messages[{index}]", "A message without content")

    def _words(self, index: int, message: Message, parts: Sequence[Part]) -> Iterator[Json]:
        if self._replays.takes(index):
            items, parts = self._replays.split(index, parts)
            yield from items
        where = f"messages[{index}]"
        content = input_parts(parts, where, self._profile, self._changes)
        if content:
            yield from self._outputs.close()
            yield {"role": self._role(where, message.role), "content": folded(content)}

    def _role(self, where: str, role: Role) -> str:
        if role is Role.TOOL:
            sentence = "Words beside a tool's result are sent as the user's"
            self._changes.transformed("tool-text", where, sentence)
            return "user"
        if role is Role.DEVELOPER and not self._profile.developer:
            self._changes.transformed("developer-role", where, "developer is sent as system")
            return "system"
        return role.value

    def _assistant(self, index: int, message: Message) -> Iterator[Json]:
        """The items of a turn in their order; thoughts wait for what they led to."""
        keeps_ids = self._replays.takes(index)
        speech = Speech(index, message, self._profile, self._changes, self._ids, keeps_ids)
        run: list[Part] = []
        thoughts: list[Json] = []
        for part in message.parts:
            if isinstance(part, SPOKEN) and self._replays.item(index, part) is None:
                run.append(part)
            elif isinstance(part, ToolCall | ToolResult):
                yield from self._led_to(thoughts, self._say(speech, run))
                yield from self._led_to(thoughts, self._exchanged(index, part))
            elif (item := self._item(index, part)) is not None:
                yield from self._led_to(thoughts, self._say(speech, run))
                if isinstance(part, Reasoning):
                    thoughts.append(item)
                else:
                    yield from self._led_to(thoughts, [item])
        yield from self._led_to(thoughts, self._say(speech, run))
        for _ in thoughts:
            self._changes.lost("reasoning", speech.where, "Reasoning that led to nothing")
        if not message.parts:
            self._changes.lost("empty-message", speech.where, "A message without content")

    def _say(self, speech: Speech, run: list[Part]) -> list[Json]:
        """What was said so far, after the outputs that are still to come; `run` is empty then."""
        item = speech.item(run) if run else None
        run.clear()
        return [] if item is None else [*self._outputs.close(), item]

    @staticmethod
    def _led_to(thoughts: list[Json], items: list[Json]) -> Iterator[Json]:
        if items:
            yield from (*thoughts, *items)
            thoughts.clear()

    def _exchanged(self, index: int, part: ToolCall | ToolResult) -> list[Json]:
        if isinstance(part, ToolCall):
            return [self._call(index, part)]
        return list(self._outputs.answer(index, part))

    def _item(self, index: int, part: Part) -> JsonObject | None:
        """The item that goes back to its writer; what only that writer takes is declared else."""
        item = self._replays.item(index, part)
        if item is None and isinstance(part, Reasoning | Unknown):
            declare_lost(part, f"messages[{index}]", self._changes)
        return item

    def _own(self, index: int) -> tuple[str, ...]:
        """The fields of items that only their writer gets back."""
        return ("id", "caller") if self._replays.takes(index) else ()

    def _call(self, index: int, call: ToolCall) -> Json:
        where = f"messages[{index}]"
        exchange, identity = self._calls[index].pop()
        self._outputs.expect(exchange, identity)
        role = self._messages[index].role
        if role is not Role.ASSISTANT:
            sentence = f"A call inside a {role} message is sent as the model's"
            self._changes.transformed("misplaced-part", where, sentence)
        custom = is_custom(call)
        published = ("namespace",) if custom else ("namespace", "status")
        data: JsonObject = {"type": "custom_tool_call" if custom else "function_call"}
        data |= {"call_id": identity, "name": self._names[call.name]}
        if call.extra:
            data |= carried(call.extra, where, self._changes, *self._own(index), *published)
        if custom:
            data["input"] = call.arguments
        else:
            data["arguments"] = self._arguments(where, call.arguments)
        return data

    def _arguments(self, where: str, written: str) -> str:
        if arguments_object(written) is not None:
            return written
        if not written.strip():
            return "{}"
        sentence = "Malformed tool arguments preserved as text"
        self._changes.transformed("malformed-arguments", where, sentence)
        return json.dumps({"_raw": written}, separators=(",", ":"))


def _sorted(
    parts: Sequence[Part],
) -> tuple[list[ToolResult], list[Part], list[ToolCall | ToolResult]]:
    """Results before any call, words, and calls with the results that follow them."""
    told: list[ToolResult] = []
    rest: list[Part] = []
    asked: list[ToolCall | ToolResult] = []
    for part in parts:
        if isinstance(part, ToolCall) or (asked and isinstance(part, ToolResult)):
            asked.append(part)
        elif isinstance(part, ToolResult):
            told.append(part)
        else:
            rest.append(part)
    return told, rest, asked


def _of_words(message: Message) -> tuple[str, ...]:
    """The fields that go with what the assistant said."""
    said = message.role is Role.ASSISTANT and any(isinstance(p, SPOKEN) for p in message.parts)
    return ("phase", "status") if said else ()
