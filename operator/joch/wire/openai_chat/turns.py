"""Rendering the messages: each in its place, each result right after its call."""

import json
from collections.abc import Mapping

from joch.transcript.conversation import Message, Role, Transcript
from joch.transcript.exchanges import Exchange
from joch.transcript.parts import (
    Audio,
    Image,
    Part,
    Refusal,
    ToolCall,
    ToolResult,
    plain_text,
)
from joch.transcript.values import Json, JsonObject
from joch.wire.openai_chat.output import content_parts, folded
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

_BESIDE_CONTENT = (Refusal, ToolCall, Audio)  # where an assistant says them
_NO_WORDS = (Image, Audio)  # a tool message carries none; they follow in a user's

UNKNOWN_OUTCOME = "Error: outcome unknown; do not repeat this call"

Numbered = tuple[Exchange, str]


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
        """All messages; an assistant message without anything to say is left out, declared."""
        rendered: list[Json] = []
        for index, message in enumerate(transcript.messages):
            where = f"messages[{index}]"
            self._extras(where, message)
            self._orphans(index, where, message)
            if message.role is Role.ASSISTANT:
                rendered.extend(self._assistant(index, where, message))
            elif message.role is not Role.TOOL:
                rendered.extend(self._speaker(where, message))
        return rendered

    def _extras(self, where: str, message: Message) -> None:
        if message.extra:
            fields = ", ".join(sorted(message.extra))
            self._changes.lost("vendor-fields", where, f"Fields {fields} are not in the format")

    def _orphans(self, index: int, where: str, message: Message) -> None:
        for part in message.parts:
            if isinstance(part, ToolResult) and (index, part.call_id) not in self._answers:
                sentence = f"Result of {part.call_id!r} answers no call and is left out"
                self._changes.lost("orphan-result", where, sentence)

    def _speaker(self, where: str, message: Message) -> list[Json]:
        said = tuple([part for part in message.parts if not isinstance(part, ToolResult)])
        if not said and message.parts:
            return []
        role = message.role
        if role is Role.DEVELOPER and not self._profile.developer:
            self._changes.transformed("developer-role", where, "developer is sent as system")
            role = Role.SYSTEM
        content = content_parts(said, where, self._profile, self._changes)
        if role is not Role.USER and any(part.get("type") != "text" for part in content):
            self._changes.lost("media", where, f"A {role} message carries text only")
            content = [part for part in content if part.get("type") == "text"]
        data: JsonObject = {"role": role.value, "content": folded(content)}
        if message.name:
            data["name"] = message.name
        return [data]

    def _assistant(self, index: int, where: str, message: Message) -> list[Json]:
        data = self._said(where, message)
        pairs = self._by_message.get(index, [])
        calls = [self._call(where, exchange.call, identity) for exchange, identity in pairs]
        if calls:
            data["tool_calls"] = calls
        if data.keys() <= {"role", "name"}:
            self._changes.lost("empty-message", where, "An assistant message without content")
            return []
        results = [self._result(exchange, identity) for exchange, identity in pairs]
        moved = [media for exchange, _ in pairs for media in self._media(exchange)]
        user: list[Json] = [{"role": "user", "content": list[Json](moved)}] if moved else []
        return [data, *results, *user]

    def _said(self, where: str, message: Message) -> JsonObject:
        data: JsonObject = {"role": "assistant"}
        if message.name:
            data["name"] = message.name
        plain = tuple([p for p in message.parts if not isinstance(p, _BESIDE_CONTENT)])
        content = content_parts(plain, where, self._profile, self._changes)
        texts = [part for part in content if str(part.get("text", "")).strip()]
        if len(texts) < len(content):
            self._changes.lost("assistant-content", where, "Blank text or media of the assistant")
        if texts:
            data["content"] = folded(texts)
        if len(plain) < len(message.parts):
            self._refused(message.parts, data)
            self._spoken(where, message.parts, data)
        return data

    def _refused(self, parts: tuple[Part, ...], data: JsonObject) -> None:
        if words := [p.text for p in parts if isinstance(p, Refusal) and p.text.strip()]:
            data["refusal"] = "\n".join(words)

    def _spoken(self, where: str, parts: tuple[Part, ...], data: JsonObject) -> None:
        """The assistant's own sound: by the vendor's id where it has one, else its words."""
        for part in parts:
            if not isinstance(part, Audio):
                continue
            if part.source.file_id and self._profile.audio:
                data["audio"] = {"id": part.source.file_id}
            else:
                self._changes.transformed("audio", where, "The assistant's sound is sent as words")
                words = part.transcript or "[sound without a transcript]"
                said = data.get("content")
                data["content"] = f"{said}\n{words}" if isinstance(said, str) else words

    def _call(self, where: str, call: ToolCall, identity: str) -> Json:
        name = self._names[call.name]
        if call.extra and call.extra.get("type") == "custom":
            custom: JsonObject = {"name": name, "input": call.arguments}
            return {"id": identity, "type": "custom", "custom": custom}
        if call.extra:
            fields = ", ".join(sorted(call.extra))
            self._changes.lost("vendor-fields", where, f"Fields {fields} are not in the format")
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

    def _result(self, exchange: Exchange, identity: str) -> Json:
        where = f"messages[{exchange.result_index}]"
        if exchange.result is None:
            where = f"messages[{exchange.index}]"
            sentence = f"Call of {exchange.call.name} without a result is answered as unknown"
            self._changes.transformed("unknown-outcome", where, sentence)
            return {"role": "tool", "tool_call_id": identity, "content": UNKNOWN_OUTCOME}
        result = exchange.result
        words = tuple([p for p in result.parts if not isinstance(p, _NO_WORDS)])
        content = content_parts(words, where, self._profile, self._changes)
        texts = [part for part in content if part.get("type") == "text"]
        if len(texts) < len(content):
            self._changes.lost("result-media", where, "A tool message carries text only")
        return {
            "role": "tool",
            "tool_call_id": identity,
            "content": self._marked(where, result, texts),
        }

    def _marked(self, where: str, result: ToolResult, texts: list[JsonObject]) -> Json:
        content = folded(texts)
        if not result.is_error or plain_text(result.parts).lower().startswith("error"):
            return content
        self._changes.transformed("error-flag", where, "The error flag is sent as a prefix")
        if isinstance(content, list):
            return [{"type": "text", "text": "Error:"}, *content]
        return f"Error: {content}"

    def _media(self, exchange: Exchange) -> list[JsonObject]:
        if exchange.result is None:
            return []
        where = f"messages[{exchange.result_index}]"
        media = tuple([p for p in exchange.result.parts if isinstance(p, _NO_WORDS)])
        if media:
            sentence = "Media in a tool result moved to the user message after it"
            self._changes.transformed("result-media", where, sentence)
        return content_parts(media, where, self._profile, self._changes)


def arguments_object(written: str) -> JsonObject | None:
    """The arguments as an object; None where they are not one."""
    try:
        value = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
