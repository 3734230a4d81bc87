"""Rendering the messages: roles in turn, each call's result first in the message after it."""

from collections.abc import Iterator, Mapping

from joch.transcript.conversation import INSTRUCTING, Message, Role, Transcript
from joch.transcript.parts import Document, Image, Text, ToolCall, ToolResult
from joch.transcript.values import Json, JsonObject
from joch.wire.anthropic_messages.calls import call_block, record, result_block
from joch.wire.anthropic_messages.output import add_part, content_blocks, folded, is_plain
from joch.wire.anthropic_messages.pairs import Pair
from joch.wire.anthropic_messages.scope import Scope
from joch.wire.anthropic_messages.server_tools import paired
from joch.wire.markers import INSTRUCTION

EMPTY = "(empty message)"
BEGINNING = "(the conversation begins)"
CONTINUE = "Continue."


class Turns:
    """One pass over a transcript's messages.

    `told` holds the names of tools whose exchanges are told as text: the body declares none such.
    None: the body declares no tool at all.
    """

    def __init__(
        self,
        roles: tuple[Role, ...],
        names: Mapping[str, str],
        pairs: tuple[Pair, ...],
        told: frozenset[str] | None,
        scope: Scope,
    ) -> None:
        self._roles = roles
        self._names = names
        self._told = told
        self._scope = scope
        self._changes = scope.changes
        self._turns: list[tuple[str, list[JsonObject]]] = []
        self._spoken: str | None = None
        self._by_message: dict[int, list[Pair]] = {}
        for pair in pairs:
            self._by_message.setdefault(pair.exchange.index, []).append(pair)
        self._answers = {pair.told_at for pair in pairs if pair.exchange.result is not None}

    def system(self, transcript: Transcript) -> Json:
        """The leading instructions, as `system` has them; empty where there are none."""
        blocks: list[JsonObject] = []
        for index, message in enumerate(transcript.messages[: transcript.prelude]):
            where = f"messages[{index}]"
            self._beside(where, message)
            self._orphans(where, message)
            texts, moved = self._instruction(where, message)
            blocks.extend(texts)
            self._add("user", [*moved, *self._records(index)])
        return folded(blocks) if blocks else ""

    def render(self, transcript: Transcript) -> list[Json]:
        """The messages after the leading instructions."""
        for index in range(transcript.prelude, len(transcript.messages)):
            message = transcript.messages[index]
            where = f"messages[{index}]"
            self._beside(where, message)
            self._orphans(where, message)
            if message.role in INSTRUCTING:
                self._late_instruction(index, where, message)
            elif message.role is Role.ASSISTANT:
                self._assistant(index, where, message)
            else:
                self._user(index, where, message)
        self._first_and_last()
        return [{"role": role, "content": folded(blocks)} for role, blocks in self._turns]

    def _add(self, role: str, blocks: list[JsonObject]) -> None:
        """Add blocks to the running turn if it is the role's, else in a turn of their own."""
        if not blocks:
            return
        if self._turns and self._turns[-1][0] == role:
            self._turns[-1][1].extend(blocks)
        else:
            self._turns.append((role, blocks))
            self._spoken = None

    def _say(self, role: str, where: str, blocks: list[JsonObject]) -> None:
        """Add what a message says; two messages of a role in a row become one, declared."""
        self._add(role, blocks)
        if blocks:
            if self._spoken == role:
                sentence = f"Sent in one {role} message with the one before"
                self._changes.transformed("merged", where, sentence)
            self._spoken = role

    def _beside(self, where: str, message: Message) -> None:
        """Declare what a message has beside its parts: the format has no place for it."""
        if message.name or message.id or message.created_at or message.extra:
            named = {"name": message.name, "id": message.id, "created_at": message.created_at}
            left = [key for key, value in named.items() if value]
            self._scope.without([*left, *(message.extra or {})], where)

    def _orphans(self, where: str, message: Message) -> None:
        for place, part in enumerate(message.parts):
            if type(part) is not ToolResult:
                continue
            at = f"{where}.parts[{place}]"
            if at not in self._answers:
                sentence = f"Result of {part.call_id!r} answers no call and is left out"
                self._changes.lost("orphan-result", at, sentence)

    def _instruction(
        self, where: str, message: Message
    ) -> tuple[list[JsonObject], list[JsonObject]]:
        """The texts of an instruction, and its media, which only a user may send."""
        if message.role is Role.DEVELOPER:
            self._changes.transformed("developer-role", where, "developer is sent as system")
        return self._said(where, message, Role.SYSTEM, iter(()))

    def _late_instruction(self, index: int, where: str, message: Message) -> None:
        texts, moved = self._instruction(where, message)
        self._add("user", [*moved, *self._records(index)])
        if self._scope.profile.late_system:
            self._add("system", texts)
        elif texts:
            sentence = "An instruction between the messages is sent as marked user text"
            self._changes.transformed("late-system", where, sentence)
            texts[0]["text"] = f"{INSTRUCTION} {texts[0]['text']}"
            self._say("user", where, texts)

    def _user(self, index: int, where: str, message: Message) -> None:
        blocks = content_blocks(message.parts, Role.USER, where, self._scope)
        if not blocks and message.parts and all(isinstance(p, Text) for p in message.parts):
            self._changes.transformed("empty-message", where, f"Sent as {EMPTY}")
            blocks = [{"type": "text", "text": EMPTY}]
        elif not message.parts:
            self._changes.lost("empty-message", where, "A message without content")
        self._add("user", self._records(index))
        self._say("user", where, blocks)

    def _assistant(self, index: int, where: str, message: Message) -> None:
        pairs = self._by_message.get(index, [])
        blocks, moved = self._said(where, message, Role.ASSISTANT, iter(pairs))
        if not blocks and not pairs and not moved:
            self._changes.lost("empty-message", where, "An assistant message without content")
        self._say("assistant", where, blocks)
        results: list[JsonObject] = []
        for pair in sorted(pairs, key=lambda pair: pair.order):
            if self._why_told(pair) is None:
                block, beside = result_block(pair, self._scope)
                results.append(block)
                moved.extend(beside)
        self._add("user", [*results, *moved, *self._records(index)])

    def _said(
        self, where: str, message: Message, role: Role, pairs: Iterator[Pair]
    ) -> tuple[list[JsonObject], list[JsonObject]]:
        """The blocks of an assistant's message or an instruction, and its media apart.

        `pairs` gives one for each call that the message makes itself.
        """
        blocks: list[JsonObject] = []
        moved: list[JsonObject] = []
        for place, part in enumerate(paired(message.parts)):
            if is_plain(part):
                blocks.append({"type": "text", "text": part.text})
                continue
            at = f"{where}.parts[{place}]"
            if isinstance(part, ToolCall):
                pair = next(pairs, None)
                if pair is not None and self._why_told(pair) is None:
                    name = self._names[part.name]
                    blocks.append(call_block(part, name, pair.identity, at, self._scope))
            elif isinstance(part, Image | Document):
                self._changes.transformed("media", at, "Moved to the user's message after it")
                add_part(moved, part, Role.USER, at, self._scope)
            elif not isinstance(part, ToolResult):
                add_part(blocks, part, role, at, self._scope)
        return blocks, moved

    def _records(self, index: int) -> list[JsonObject]:
        """The exchanges of a message's calls that are told as text."""
        blocks: list[JsonObject] = []
        for pair in self._by_message.get(index, ()):
            if why := self._why_told(pair):
                blocks.extend(record(pair, why, self._scope))
        return blocks

    def _why_told(self, pair: Pair) -> str | None:
        """Why an exchange is told as text; None: it is sent as a call and its result."""
        name = pair.exchange.call.name
        if self._roles[pair.exchange.index] is not Role.ASSISTANT:
            return f"Call of {name} outside an assistant message is told as text"
        if self._told is None:
            return f"No tool is declared: the call of {name} is told as text"
        if name in self._told:
            return f"Tool {name!r} is not declared: its call is told as text"
        return None

    def _first_and_last(self) -> None:
        """What the vendor asks of the first message and of the last."""
        if not self._turns:
            self._changes.transformed("empty", "messages", "The format wants one message at least")
            self._turns.append(("user", [_text("(empty conversation)")]))
        if self._turns[0][0] != "user":
            self._changes.transformed("first-message", "messages[0]", f"A user's {BEGINNING} added")
            self._turns.insert(0, ("user", [_text(BEGINNING)]))
        role, blocks = self._turns[-1]
        if role != "assistant":
            return
        if not self._scope.profile.prefill:
            sentence = f"The target refuses to go on from an assistant's words: {CONTINUE} added"
            self._changes.transformed("prefill", "messages", sentence)
            self._turns.append(("user", [_text(CONTINUE)]))
        elif (said := str(blocks[-1].get("text", ""))) != said.rstrip():
            self._changes.transformed("trailing-blanks", "messages", "Blanks at the end are cut")
            blocks[-1]["text"] = said.rstrip()


def _text(text: str) -> JsonObject:
    return {"type": "text", "text": text}
