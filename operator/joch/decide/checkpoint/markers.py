"""Lines in which people and models say outright what they want, decided or left open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from joch.decide.checkpoint.recital import is_recited
from joch.transcript.conversation import INSTRUCTING, Role, Transcript
from joch.transcript.parts import plain_text

_LEAD = r"^[\s>*_#\-•\d.)]*"
_GOAL = re.compile(
    _LEAD + r"(?:user\s+)?(?:goal|objective)[\s*_]*[:=][\s*_]*(\S.*)$", re.IGNORECASE
)
_TASK = re.compile(
    _LEAD + r"(?:current\s+task|task|next\s+step)[\s*_]*[:=][\s*_]*(\S.*)$", re.IGNORECASE
)
_DECISION = re.compile(
    _LEAD + r"(?:decisions?|decided|agreed)[\s*_]*[:=][\s*_]*(\S.*)$", re.IGNORECASE
)
_OPEN = re.compile(
    _LEAD + r"((?:open\s+question|open|todo|tbd|to\s+be\s+decided)[\s*_]*[:=][\s*_]*\S.*)$",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    r"^(?:so\s+|then\s+|ok(?:ay)?,?\s+)?(?:we|i)(?:\s+have|'ve)?\s+(?:decided|agreed)\s+"
    r"(?!nothing|yet)\S.*$",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a message's text, outside code."""

    index: int
    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """What a marker said, with the message it stands in."""

    index: int
    role: Role
    text: str


def lines(transcript: Transcript) -> Iterator[Line]:
    """Every line that a user or an assistant wrote; instructions, results and code are none."""
    for index, message in enumerate(transcript.messages):
        if message.role in INSTRUCTING or message.role is Role.TOOL or is_recited(message):
            continue
        fenced = False
        for text in plain_text(message.parts).splitlines():
            if _FENCE.match(text):
                fenced = not fenced
            elif not fenced and text.strip():
                yield Line(index, message.role, text)


def goals(found: tuple[Line, ...]) -> tuple[Marked, ...]:
    """`Goal: …`."""
    return tuple(_marked(found, _GOAL))


def tasks(found: tuple[Line, ...]) -> tuple[Marked, ...]:
    """`Current task: …`, `Task: …`, `Next step: …`."""
    return tuple(_marked(found, _TASK))


def open_points(found: tuple[Line, ...]) -> tuple[Marked, ...]:
    """`TODO: …`, `Open question: …`, `TBD: …`, quoted with their marker."""
    return tuple(_marked(found, _OPEN))


def decisions(found: tuple[Line, ...]) -> tuple[Marked, ...]:
    """`Decision: …` and `Decided: …`, and sentences that begin with `We decided` or `We agreed`."""
    decided = []
    for line in found:
        if match := _DECISION.match(line.text):
            decided.append(Marked(line.index, line.role, _clean(match[1])))
        else:
            decided.extend(_sentences(line))
    return tuple(decided)


def _marked(found: tuple[Line, ...], pattern: re.Pattern[str]) -> Iterator[Marked]:
    for line in found:
        if match := pattern.match(line.text):
            yield Marked(line.index, line.role, _clean(match[1]))


def _sentences(line: Line) -> Iterator[Marked]:
    for sentence in _SENTENCE.split(line.text.strip(" \t>*-•")):
        if _DECIDED.match(sentence) and not sentence.rstrip().endswith("?"):
            yield Marked(line.index, line.role, _clean(sentence))


def _clean(text: str) -> str:
    return text.strip().strip("*_").strip()
