"""The calls of one request: their ids, their results, and which of them can be sent as calls."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from joch.transcript.conversation import Role, Transcript
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
    """Every call by the message that made it; ids that do not fit or come again are declared.

    `missing`: the tools whose calls cannot be sent as calls.
    """

    def __init__(
        self,
        transcript: Transcript,
        results: list[tuple[int, int, ToolResult]],
        missing: Container[str],
        profile: Profile,
        changes: Changes,
    ) -> None:
        self._by_message: dict[int, list[Numbered]] = {}
        pairs = exchanges(transcript)
        # By message and identity: equal results stay two.
        places = {(index, id(result)): place for index, place, result in results}
        answers: dict[tuple[int, int], int] = {}
        for pair, identity in zip(pairs, call_ids(pairs, profile.call_ids), strict=True):
            at = f"messages[{pair.index}]"
            asked = transcript.messages[pair.index].role is Role.ASSISTANT
            as_call = asked and pair.call.name not in missing
            if as_call and identity != pair.call.id:
                changes.transformed("call-id", at, "Tool-call ids remapped")
            if pair.result is not None and pair.result_index is not None:
                answer = (pair.result_index, id(pair.result))
                answers[answer] = answers.get(answer, 0) + 1
                at = f"messages[{pair.result_index}].parts[{places[answer]}]"
            numbered = Numbered(pair, identity, as_call, at)
            self._by_message.setdefault(pair.index, []).append(numbered)
        _declare_orphans(results, answers, changes)

    def made_in(self, index: int) -> Sequence[Numbered]:
        """The calls of a message, in their order."""
        return self._by_message.get(index, ())


def _declare_orphans(
    results: list[tuple[int, int, ToolResult]],
    answers: dict[tuple[int, int], int],
    changes: Changes,
) -> None:
    """Declare the results that answer no call."""
    for index, place, result in results:
        left = answers.get((index, id(result)), 0)
        answers[(index, id(result))] = left - 1
        if left < 1:
            where = f"messages[{index}].parts[{place}]"
            sentence = f"Result of {result.call_id!r} answers no call and is left out"
            changes.lost("orphan-result", where, sentence)
