"""The calls of one request: their ids, their results, and which of them can be sent as calls."""

from collections.abc import Iterable
from dataclasses import dataclass

from joch.transcript.conversation import Message, Role, Transcript
from joch.transcript.exchanges import Exchange, exchanges
from joch.transcript.parts import ToolResult
from joch.wire.identifiers import call_ids
from joch.wire.profile import Profile
from joch.wire.rendering import Changes


@dataclass(frozen=True, slots=True)
class Numbered:
    """An exchange with the id it is sent under. `as_call` False: it is told as text.

    `answered_at` names its result, as `messages[3].parts[0]`; where there is none, its call.
    """

    exchange: Exchange
    id: str
    as_call: bool
    answered_at: str


class Calls:
    """Every call by the message that made it; ids that do not fit or come again are declared."""

    def __init__(
        self,
        transcript: Transcript,
        declared: frozenset[str],
        profile: Profile,
        changes: Changes,
    ) -> None:
        self._by_message: dict[int, list[Numbered]] = {}
        self._answers: dict[tuple[int | None, int], int] = {}
        pairs = exchanges(transcript)
        places = _places(transcript, pairs)
        for pair, identity in zip(pairs, call_ids(pairs, profile.call_ids), strict=True):
            asked = transcript.messages[pair.index].role is Role.ASSISTANT
            answer = (pair.result_index, id(pair.result))
            self._answers[answer] = self._answers.get(answer, 0) + 1
            as_call = asked and pair.call.name in declared
            at = places.get(answer, f"messages[{pair.index}]")
            numbered = Numbered(pair, identity, as_call, at)
            self._by_message.setdefault(pair.index, []).append(numbered)
            if numbered.as_call and pair.call.id != identity:
                where = f"messages[{pair.index}]"
                changes.transformed("call-id", where, "Tool-call ids remapped")

    def made_in(self, index: int) -> Iterable[Numbered]:
        """The calls of a message, in their order."""
        return self._by_message.get(index, ())

    def orphans(self, index: int, message: Message) -> list[tuple[int, ToolResult]]:
        """The results of a message that answer no call, each with its place among the parts."""
        found = []
        for place, part in enumerate(message.parts):
            if isinstance(part, ToolResult):
                left = self._answers.get((index, id(part)), 0)
                self._answers[(index, id(part))] = left - 1
                if left < 1:
                    found.append((place, part))
        return found


def _places(
    transcript: Transcript, pairs: tuple[Exchange, ...]
) -> dict[tuple[int | None, int], str]:
    """Where each result stands, by its message and its identity: equal results stay two."""
    answering = {pair.result_index for pair in pairs if pair.result_index is not None}
    return {
        (index, id(part)): f"messages[{index}].parts[{place}]"
        for index in answering
        for place, part in enumerate(transcript.messages[index].parts)
        if isinstance(part, ToolResult)
    }
