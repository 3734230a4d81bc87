"""Rendering the messages: each in its place, each result right after its call."""

import json
import re
from collections.abc import Mapping

from joch.transcript.conversation import INSTRUCTING, Message, Role, Transcript
from joch.transcript.parts import Audio, Part, Refusal, ToolCall, ToolResult
from joch.transcript.values import Json, JsonObject
from joch.wire.embedded import arguments_object
from joch.wire.openai_chat.output import content_parts, declare_fields, folded
from joch.wire.openai_chat.results import Numbered, render_results
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

_BESIDE_CONTENT = (Refusal, ToolCall, Audio)  # where an assistant says them
_SPEAKER = re.compile(r"[^\s<|\\/>]{1,64}")  # names that the API takes


class Turns:
    """One pass over a transcript's messages."""

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
        self._by_message: dict[int, list[Numbered]] = {}
        self._answers: set[tuple[int | None, str]] = set()
        for exchange, identity in pairs:
            self._by_message.setdefault(exchange.index, []).append((exchange, identity))
            self._answers.add((exchange.result_index, exchange.call.id))

    def render(self, transcript: Transcript) -> list[Json]:
        """All messages; one without anything to say is left out, declared."""
        rendered: list[Json] = []
        for index, message in enumerate(transcript.messages):
            where = f"messages[{index}]"
            declare_fields(message.extra, where, self._changes)
            self._orphans(index, where, message)
            if message.role is Role.ASSISTANT:
                rendered.extend(self._assistant(index, where, message))
                continue
            rendered.extend(self._speaker(where, message))
            if index in self._by_message:
                sentence = f"A call of the {message.role} is sent as the assistant's"
                self._changes.transformed("misplaced-call", where, sentence)
                rendered.extend(self._calls(index, where, {"role": "assistant"}))
        return rendered

    def _orphans(self, index: int, where: str, message: Message) -> None:
        for part in message.parts:
            if isinstance(part, ToolResult) and (index, part.call_id) not in self._answers:
                sentence = f"Result of {part.call_id!r} answers no call and is left out"
                self._changes.lost("orphan-result", where, sentence)

    def _speaker(self, where: str, message: Message) -> list[Json]:
        own = (ToolResult,) if message.role in INSTRUCTING else (ToolResult, ToolCall)
        said = tuple([part for part in message.parts if not isinstance(part, own)])
        if not said and (message.parts or message.role is Role.TOOL):
            return []
        role = self._role(where, message.role)
        content = content_parts(said, where, self._profile, self._changes)
        if role is not Role.USER and any(part["type"] != "text" for part in content):
            self._changes.lost("media", where, f"A {role} message carries text only")
            content = [part for part in content if part["type"] == "text"]
        if said and not content:
            sentence = f"A {role} message of which the format has nothing"
            self._changes.lost("empty-message", where, sentence)
            return []
        data: JsonObject = {"role": role.value, "content": folded(content)}
        if message.role is not Role.TOOL:
            self._sign(where, message, data)
        return [data]

    def _role(self, where: str, role: Role) -> Role:
        if role is Role.TOOL:
            sentence = "What stands beside a tool's result is sent as the user's"
            self._changes.transformed("tool-message", where, sentence)
            return Role.USER
        if role is Role.DEVELOPER and not self._profile.developer:
            self._changes.transformed("developer-role", where, "developer is sent as system")
            return Role.SYSTEM
        return role

    def _sign(self, where: str, message: Message, data: JsonObject) -> None:
        if message.name and _SPEAKER.fullmatch(message.name):
            data["name"] = message.name
        elif message.name:
            sentence = f"Name {message.name!r} of who speaks is not in the format"
            self._changes.lost("speaker-name", where, sentence)

    def _assistant(self, index: int, where: str, message: Message) -> list[Json]:
        return self._calls(index, where, self._said(where, message))

    def _calls(self, index: int, where: str, data: JsonObject) -> list[Json]:
        """The assistant's message with its calls, their results, and the media of these."""
        pairs = self._by_message.get(index, [])
        calls = [self._call(where, exchange.call, identity) for exchange, identity in pairs]
        if calls:
            data["tool_calls"] = calls
        if data.keys() <= {"role", "name"}:
            self._changes.lost("empty-message", where, "An assistant message without content")
            return []
        results, moved = render_results(pairs, self._profile, self._changes)
        user: list[Json] = [{"role": "user", "content": moved}] if moved else []
        return [data, *results, *user]

    def _said(self, where: str, message: Message) -> JsonObject:
        data: JsonObject = {"role": "assistant"}
        self._sign(where, message, data)
        plain = tuple([p for p in message.parts if not isinstance(p, _BESIDE_CONTENT)])
        content = content_parts(plain, where, self._profile, self._changes)
        texts = [part for part in content if str(part.get("text", "")).strip()]
        if len(texts) < len(content):
            self._changes.lost("assistant-content", where, "Blank text or media of the assistant")
        if len(plain) < len(message.parts):
            self._refused(where, message.parts, data)
            self._spoken(where, message.parts, data, texts)
        if texts:
            data["content"] = folded(texts)
        return data

    def _refused(self, where: str, parts: tuple[Part, ...], data: JsonObject) -> None:
        refusals = [part for part in parts if isinstance(part, Refusal)]
        for refusal in refusals:
            declare_fields(refusal.extra, where, self._changes)
        if words := [refusal.text for refusal in refusals if refusal.text.strip()]:
            data["refusal"] = "\n".join(words)

    def _spoken(
        self, where: str, parts: tuple[Part, ...], data: JsonObject, texts: list[JsonObject]
    ) -> None:
        """The assistant's own sound: by the vendor's id where it has one, else its words."""
        for part in parts:
            if not isinstance(part, Audio):
                continue
            declare_fields(part.extra, where, self._changes)
            if part.source.file_id and self._profile.audio and "audio" not in data:
                data["audio"] = {"id": part.source.file_id}
            else:
                self._changes.transformed("audio", where, "The assistant's sound is sent as words")
                words = part.transcript or "[sound without a transcript]"
                texts.append({"type": "text", "text": words})

    def _call(self, where: str, call: ToolCall, identity: str) -> Json:
        name = self._names[call.name]
        if call.extra and call.extra.get("type") == "custom":
            custom: JsonObject = {"name": name, "input": call.arguments}
            return {"id": identity, "type": "custom", "custom": custom}
        declare_fields(call.extra, where, self._changes)
        function: JsonObject = {"name": name, "arguments": self._arguments(where, call.arguments)}
        return {"id": identity, "type": "function", "function": function}

    def _arguments(self, where: str, written: str) -> str:
        if arguments_object(written) is not None:
            return written
        if not written.strip():
            return "{}"
        sentence = "Malformed tool arguments preserved as text"
        self._changes.transformed("malformed-arguments", where, sentence)
        return json.dumps({"_raw": written}, separators=(",", ":"))
