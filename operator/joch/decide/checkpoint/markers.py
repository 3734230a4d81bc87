"""Lines in which people and models say outright what they want, decided or left open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from joch.decide.checkpoint.reading import Reading
from joch.transcript.conversation import INSTRUCTING, Role

_SPEAKING = frozenset(Role).difference(INSTRUCTING, (Role.TOOL,))
_SAID = r"[\s*_]*[:=][\s*_]*"
_MARK = re.compile(
    r"^[\s>*_#\-•\d.)]*(?:"
    rf"(?:user\s+)?(?:goal|objective){_SAID}(?P<goal>\S.*)"
    rf"|(?:current\s+task|task|next\s+step){_SAID}(?P<task>\S.*)"
    rf"|(?:decisions?|decided|agreed){_SAID}(?P<decision>\S.*)"
    rf"|(?P<open>(?:open\s+question|open|todo|tbd|to\s+be\s+decided){_SAID}\S.*)"
    r")$",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    r"^(?:so\s+|then\s+|ok(?:ay)?,?\s+)?(?:we|i)(?:\s+have|'ve)?\s+(?:decided|agreed)\s+"
    r"(?!nothing|yet)\S.*$",
    re.IGNORECASE,
)
_FENCE = ("```", "~~~")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


class Kind(StrEnum):
    """What a mark is about.

    `goal`: `Goal: …`. `task`: `Current task: …`, `Task: …`, `Next step: …`. `decision`:
    `Decision: …`, `Decided: …`, and sentences that begin with `We decided` or `We agreed`.
    `open`: `TODO: …`, `Open question: …`, `TBD: …`, quoted with their marker.
    """

    GOAL = "goal"
    TASK = "task"
    DECISION = "decision"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody marked, with the message it stands in."""

    kind: Kind
    index: int
    role: Role
    text: str


def marks(reading: Reading) -> Iterator[Mark]:
    """Every mark in order; instructions, results, code and what a handoff retold have none."""
    for index, message in enumerate(reading.transcript.messages):
        if message.role in _SPEAKING and index not in reading.recited:
            for line in prose(reading.texts[index]):
                for kind, text in _marked(line):
                    yield Mark(kind, index, message.role, text)


def prose(text: str) -> Iterator[str]:
    """The lines of a text that say something, outside code."""
    fenced = False
    for line in text.splitlines():
        words = line.lstrip()
        if words.startswith(_FENCE):
            fenced = not fenced
        elif words and not fenced:
            yield line


def _marked(line: str) -> list[tuple[Kind, str]]:
    """The marker of a line; where that is no decision's, the sentences that tell one too."""
    found = _MARK.match(line) if ":" in line or "=" in line else None
    if not found or not found.lastgroup:
        return _decided(line)
    marked = (Kind(found.lastgroup), _clean(found[found.lastgroup]))
    return [marked] if marked[0] is Kind.DECISION else [marked, *_decided(line)]


def _decided(line: str) -> list[tuple[Kind, str]]:
    if not _may_tell_a_decision(line):
        return []
    told = _SENTENCE.split(line.strip(" \t>*-•"))
    return [(Kind.DECISION, _clean(each)) for each in told if _tells_a_decision(each)]


def _tells_a_decision(sentence: str) -> bool:
    return _DECIDED.match(sentence) is not None and not sentence.rstrip().endswith("?")


def _may_tell_a_decision(line: str) -> bool:
    """Whether `decided` or `agreed` can be in it; splitting every line into sentences is slow.

    Without the i: where case does not count, a pattern takes letters for it that `lower` does not.
    """
    low = line.lower()
    return "agreed" in low or ("dec" in low and "ed" in low)


def _clean(text: str) -> str:
    return text.strip().strip("*_").strip()
