"""Rendering the contents: each in its place, responses right after the calls they answer."""

from collections import Counter
from collections.abc import Mapping

from joch.transcript.conversation import INSTRUCTING, Message, Role, Transcript
from joch.transcript.parts import Text, ToolCall, ToolResult, plain_text
from joch.transcript.values import Json, JsonObject
from joch.wire.google_generate_content.output import add_part
from joch.wire.google_generate_content.pairs import Pair, in_order
from joch.wire.google_generate_content.results import call_part, result_part
from joch.wire.google_generate_content.scope import Scope
from joch.wire.markers import INSTRUCTION, RECORD_READ, UNKNOWN_OUTCOME

BEGINNING = "(the conversation begins)"
CONTINUE = "Continue."
EMPTY = "(empty conversation)"
_SYSTEM_ROLES = ("user", "system", "model")  # it has no meaning there; the SDKs write user


class Turns:
    """One pass over a transcript's messages."""

    def __init__(self, names: Mapping[str, str], pairs: tuple[Pair, ...], scope: Scope) -> None:
        self._names = names
        self._scope = scope
        self._changes = scope.changes
        self._contents: list[tuple[str, list[Json]]] = []
        self._responses: list[Json] | None = None  # those that the next message may stand beside
        self._by_message: dict[int, list[Pair]] = {}
        for pair in pairs:
            self._by_message.setdefault(pair.exchange.index, []).append(pair)
        self._answers = Counter(pair.told_at for pair in pairs if pair.exchange.result)

    def system(self, transcript: Transcript) -> JsonObject:
        """`systemInstruction` of the leading instructions; empty where there are none."""
        parts: list[Json] = []
        data: JsonObject = {}
        for index, message in enumerate(transcript.messages[: transcript.prelude]):
            where = f"messages[{index}]"
            parts.extend(self._instruction(index, where, message))
            extra = message.extra or {}
            if transcript.prelude == 1 and extra.get("role") in _SYSTEM_ROLES:
                data["role"] = extra["role"]
                extra = {key: value for key, value in extra.items() if key != "role"}
            self._beside(where, message, extra)
        return {**data, "parts": parts} if parts else {}

    def render(self, transcript: Transcript) -> list[Json]:
        """The contents after the leading instructions."""
        for index in range(transcript.prelude, len(transcript.messages)):
            message = transcript.messages[index]
            where = f"messages[{index}]"
            if message.extra or message.name or message.id or message.created_at:
                self._beside(where, message, message.extra or {})
            if message.role in INSTRUCTING:
                self._late_instruction(index, where, message)
            elif message.role is Role.ASSISTANT:
                self._model(index, where, message)
            else:
                self._user(index, where, message)
        self._first_and_last()
        return [{"role": role, "parts": parts} for role, parts in self._contents]

    def _beside(self, where: str, message: Message, extra: JsonObject) -> None:
        """Declare what a message has beside its parts: the format has no place for it."""
        named = {"name": message.name, "id": message.id, "created_at": message.created_at}
        self._scope.without([*(key for key, value in named.items() if value), *extra], where)

    def _say(self, role: str, parts: list[Json]) -> None:
        if parts:
            self._contents.append((role, parts))
            self._responses = None

    def _instruction(self, index: int, where: str, message: Message) -> list[Json]:
        if message.role is Role.DEVELOPER and not self._scope.profile.developer:
            self._changes.transformed("developer-role", where, "developer is sent as system")
        parts = self._spoken(index, where, message)
        texts = [part for part in parts if isinstance(part, dict) and part.get("text")]
        if len(texts) < len(parts):
            sentence = "An instruction carries text only, and none that is empty"
            self._changes.lost("instruction", where, sentence)
        return list[Json](texts)

    def _late_instruction(self, index: int, where: str, message: Message) -> None:
        parts = self._instruction(index, where, message)
        if parts:
            sentence = "An instruction between the messages is sent as marked user text"
            self._changes.transformed("late-system", where, sentence)
            self._say("user", [{"text": INSTRUCTION}, *parts])

    def _user(self, index: int, where: str, message: Message) -> None:
        answered = any(type(part) is ToolResult for part in message.parts)
        parts = self._spoken(index, where, message)
        if answered and parts and self._responses is not None:
            self._responses.extend(parts)  # as one content, as it was read
            self._responses = None
        elif parts:
            self._say("user", parts)
        elif not message.parts:
            self._changes.lost("empty-message", where, "A message without content")

    def _spoken(self, index: int, where: str, message: Message) -> list[Json]:
        """What a message says that is not the model's; calls have no place there."""
        parts: list[Json] = []
        calls = iter(self._by_message.get(index, ()))
        for place, part in enumerate(message.parts):
            if type(part) is Text and part.extra is None:
                parts.append({"text": self._scope.text(part.text, where)})
            elif type(part) is ToolCall:
                parts.append(self._record(next(calls)))
            elif type(part) is ToolResult:
                self._orphan(f"{where}.parts[{place}]", part)
            else:
                add_part(parts, part, f"{where}.parts[{place}]", self._scope)
        return parts

    def _record(self, pair: Pair) -> JsonObject:
        """A call that stands where none may, with its result, as text."""
        call, result = pair.exchange.call, pair.exchange.result
        sentence = f"Call of {call.name} outside a model content is told as text"
        self._changes.transformed("tool-history", pair.asked_at, sentence)
        said = plain_text(result.parts) if result else UNKNOWN_OUTCOME
        told = self._scope.text(said, pair.told_at)
        for part in result.parts if result else ():
            if not isinstance(part, Text):
                sentence = f"A {part.kind} in a result that is told as text"
                self._changes.lost("result-media", pair.told_at, sentence)
        record = f"{RECORD_READ} {call.name}({call.arguments}): {told}"
        return {"text": self._scope.text(record, pair.asked_at)}

    def _orphan(self, where: str, result: ToolResult) -> None:
        """Declare a result that answers no call; all others stand right after theirs."""
        if self._answers[where] > 0:
            self._answers[where] -= 1
            return
        sentence = f"Result of {result.call_id!r} answers no call and is left out"
        self._changes.lost("orphan-result", where, sentence)

    def _model(self, index: int, where: str, message: Message) -> None:
        pairs = self._by_message.get(index, [])
        calls = iter(pairs)
        first = True
        parts: list[Json] = []
        for place, part in enumerate(message.parts):
            if type(part) is Text and part.extra is None:
                parts.append({"text": self._scope.text(part.text, where)})
            elif type(part) is ToolCall:
                pair = next(calls)
                parts.append(call_part(pair, self._names[part.name], first, self._scope))
                first = False
            elif type(part) is ToolResult:
                self._orphan(f"{where}.parts[{place}]", part)
            else:
                add_part(parts, part, f"{where}.parts[{place}]", self._scope, model=True)
        if not parts:
            self._changes.lost("empty-message", where, "A model content without parts")
        else:
            self._say("model", [*self._unsaid(), *parts] if pairs else parts)
        if pairs:
            self._respond(pairs)

    def _unsaid(self) -> list[Json]:
        """The model's contents just before, taken back: a call stands right after a user's turn."""
        before: list[list[Json]] = []
        while self._contents and self._contents[-1][0] == "model":
            before.append(self._contents.pop()[1])
        return [part for parts in reversed(before) for part in parts]

    def _respond(self, pairs: list[Pair]) -> None:
        """The responses, one for each call, in one content; files of theirs in the next."""
        moved: list[Json] = []
        responses: list[Json] = [
            result_part(pair, self._names[pair.exchange.call.name], moved, self._scope)
            for pair in in_order(pairs)
        ]
        self._say("user", responses)
        self._say("user", moved)
        if not moved:
            self._responses = responses

    def _first_and_last(self) -> None:
        """What the vendor asks of the first content and of the last."""
        if not self._contents:
            self._changes.transformed("empty", "messages", "The format wants one content at least")
            self._contents.append(("user", [{"text": EMPTY}]))
        if self._contents[0][0] == "model":
            sentence = f"The first turn is the user's: {BEGINNING} added"
            self._changes.transformed("first-message", "messages[0]", sentence)
            self._contents.insert(0, ("user", [{"text": BEGINNING}]))
        if self._contents[-1][0] == "model" and not self._scope.profile.prefill:
            sentence = f"The target refuses to go on from a model's words: {CONTINUE} added"
            self._changes.transformed("prefill", "messages", sentence)
            self._contents.append(("user", [{"text": CONTINUE}]))
