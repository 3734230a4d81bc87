"""Turns as Converse demands them: user first, then strictly by turns, none without content."""

from collections.abc import Iterator

from joch.transcript.values import Json, JsonObject
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

_BEFORE = "(The conversation goes on from here.)"
_AFTER = "Continue."
_EMPTY = "(empty conversation)"
_DOCUMENT = "(document)"
_BRIDGE = "(continued)"
_TOOLS = ("toolUse", "toolResult")
_OTHER = {"assistant": "user", "user": "assistant"}

Blocks = list[JsonObject]


class Alternation:
    """Messages as they are said; those of one role in a row become one."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._turns: list[tuple[str, Blocks]] = []

    def say(self, role: str, blocks: Blocks, where: str) -> bool:
        """Add what somebody says; whether it went into the turn before.

        `where` names the message it comes from.
        """
        if blocks and self._turns and self._turns[-1][0] == role:
            self._turns[-1][1].extend(blocks)
            return True
        if said := after_cache_points(blocks, where, self._changes):
            self._turns.append((role, said))
        return False

    def closed(self, profile: Profile) -> list[Json]:
        """All messages, as the profile's target takes them."""
        if not self._turns:
            self._add(0, _EMPTY, "empty", "The format wants one message at least")
        if self._turns[0][0] != "user":
            self._add(0, _BEFORE, "first-message", "The first message must be the user's")
        if self._turns[-1][0] == "assistant" and not profile.prefill:
            end = len(self._turns)
            self._add(end, _AFTER, "prefill", "The last message must be the user's")
        turns = self._turns if profile.mixed_turns else list(self._parted())
        return [self._message(role, blocks) for role, blocks in turns]

    def _parted(self) -> Iterator[tuple[str, Blocks]]:
        """The turns with words apart from calls and results, and a bridge between the two.

        Llama and Mistral answer "Conversation blocks and tool use blocks cannot be provided in
        the same turn" and the like. Calls end their turn, results begin theirs. These models take
        no cache points.
        """
        for role, blocks in self._turns:
            words = [b for b in blocks if b.keys().isdisjoint((*_TOOLS, "cachePoint"))]
            tools = [b for b in blocks if not b.keys().isdisjoint(_TOOLS)]
            if not words or not tools:
                yield role, blocks
                continue
            if len(words) + len(tools) < len(blocks):
                self._changes.lost("cache-point", "messages", "Cache points of a parted message")
            sentence = "Words beside calls or results are sent as a message of their own"
            self._changes.transformed("parted-turn", "messages", sentence)
            first, second = (words, tools) if role == "assistant" else (tools, words)
            yield role, first
            yield _OTHER[role], [{"text": _BRIDGE}]
            yield role, second

    def _add(self, place: int, words: str, identity: str, sentence: str) -> None:
        self._changes.transformed(identity, "messages", sentence)
        self._turns.insert(place, ("user", [{"text": words}]))

    def _message(self, role: str, blocks: Blocks) -> Json:
        documents = any("document" in block for block in blocks)
        if documents and not any("text" in block for block in blocks):
            sentence = "A document wants a text beside it"
            self._changes.transformed("document-text", "messages", sentence)
            blocks = [*blocks, {"text": _DOCUMENT}]
        return {"role": role, "content": list[Json](blocks)}


def after_cache_points(blocks: Blocks, where: str, changes: Changes) -> Blocks:
    """The blocks from the first content on; a cache point before it is refused, and declared."""
    if not blocks or "cachePoint" not in blocks[0]:
        return blocks
    changes.lost("cache-point", where, "A cache point before any content is refused")
    first = next((i for i, block in enumerate(blocks) if "cachePoint" not in block), len(blocks))
    return blocks[first:]
