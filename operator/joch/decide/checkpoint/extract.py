"""The checkpoint: what a conversation must not lose, found without a language model.

Every item is quoted from the transcript or derived from its tool calls; nothing is invented, and
nothing is cut without saying so. The same transcript gives the same bytes in every process.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from joch.api.statecheckpoint import Summary
from joch.decide.checkpoint.effects import shortened
from joch.decide.checkpoint.markers import Kind, Mark, marks, prose
from joch.decide.checkpoint.reading import Reading
from joch.transcript.conversation import Role, Transcript
from joch.transcript.parts import Part, ProviderTool, Text, ToolCall, ToolResult, plain_text

MAX_ITEMS = 128
MAX_ITEM = 1024
_REFERENCE = re.compile(r"\b(artifact|mem)://[^\s\"'<>()\[\]{}`,;|\\]+")
_TRAILING = ".:!?*_"

Marks: TypeAlias = Sequence[Mark]
Said: TypeAlias = Sequence[tuple[int, str]]


def extract_summary(reading: Reading, override: Summary | None = None) -> Summary:
    """The summary of a transcript, with what a person wrote in its place.

    A field of `override` that is set wins, but for executed side effects: those of the transcript
    stay beside a person's, because one that is forgotten may be done twice.
    """
    marked = tuple(marks(reading))
    said = _said(reading)
    earlier = reading.earlier
    artifacts, memories = _references(reading.transcript)
    decided = (mark.text for mark in marked if mark.kind is Kind.DECISION)
    found = Summary(
        user_goal=_goal(marked, said, earlier.goal),
        current_task=_task(marked, said, earlier.task),
        decisions=_items((*earlier.decisions, *decided)),
        open_questions=_items((*earlier.open_questions, *_open_questions(reading, marked))),
        active_artifacts=_items(artifacts),
        relevant_memory_refs=_items(memories),
        executed_side_effects=_effects(reading.executed),
    )
    return found if override is None else _overridden(found, override, reading.executed)


def _overridden(found: Summary, override: Summary, done: tuple[str, ...]) -> Summary:
    said = override.executed_side_effects or ()
    stated = {name: value for name in Summary.model_fields if (value := getattr(override, name))}
    stated["executed_side_effects"] = _effects((*said, *_missing(done, said)))
    return found.model_copy(update=stated)


def _missing(done: tuple[str, ...], said: tuple[str, ...]) -> list[str]:
    """The effects that the person did not state; two equal ones need stating twice."""
    left = list(said)
    missing = []
    for sentence in done:
        if sentence in left:
            left.remove(sentence)
        else:
            missing.append(sentence)
    return missing


def _goal(marked: Marks, said: Said, earlier: str | None) -> str | None:
    """The user's latest `Goal:` line, else the earlier goal, else what the user said first."""
    goals = [m.text for m in marked if m.kind is Kind.GOAL and m.role is Role.USER]
    if goals or earlier:
        return _scalar(goals[-1] if goals else earlier)
    return _scalar(next((text for _, text in said), None))


def _task(marked: Marks, said: Said, earlier: str | None) -> str | None:
    """The last thing that the user said, unless a `Current task:` line stands at or after it."""
    last, text = said[-1] if said else (-1, earlier)
    tasks = [m.text for m in marked if m.kind is Kind.TASK and m.index >= last]
    return _scalar(tasks[-1] if tasks else text)


def _open_questions(reading: Reading, marked: Marks) -> Iterable[str]:
    """Marked open points, and the question with which the assistant ended, if nobody answered."""
    yield from (mark.text for mark in marked if mark.kind is Kind.OPEN)
    messages = reading.transcript.messages
    if messages and messages[-1].role is Role.ASSISTANT:
        lines = list(prose(reading.texts[-1]))
        if lines and lines[-1].endswith("?"):
            yield re.split(r"(?<=[.!?])\s+", lines[-1].strip())[-1]


def _said(reading: Reading) -> Said:
    """What the user said, each with its message's index; what a handoff retold is not counted."""
    return [
        (index, text)
        for index, text in enumerate(reading.texts)
        if reading.transcript.messages[index].role is Role.USER
        and index not in reading.recited
        and text.strip()
    ]


def _references(transcript: Transcript) -> tuple[list[str], list[str]]:
    """artifact:// and mem:// references, each once, in the order of their last mention."""
    names = _by_last_mention(
        match[0].rstrip(_TRAILING)
        for _, part in transcript.parts()
        for line in _lines_with_urls(part)
        for match in _REFERENCE.finditer(line)
    )
    artifacts = [name for name in names if name.startswith("artifact://")]
    return artifacts, [name for name in names if name.startswith("mem://")]


def _lines_with_urls(part: Part) -> list[str]:
    """Where references may be: none goes over a line's end, and most lines have none."""
    text = _searched(part)
    return [line for line in text.splitlines() if "://" in line] if "://" in text else []


def _searched(part: Part) -> str:
    match part:
        case Text():
            return part.text
        case ToolCall():
            return part.arguments.replace("\\/", "/")
        case ToolResult():
            return plain_text(part.parts)
        case ProviderTool():
            return part.output
        case _:
            return ""


def _scalar(text: str | None) -> str | None:
    return shortened(text, MAX_ITEM) or None if text else None


def _items(texts: Iterable[str]) -> tuple[str, ...] | None:
    """Distinct items, each at the place of its last mention."""
    return _limited(_by_last_mention(item for text in texts if (item := shortened(text, MAX_ITEM))))


def _by_last_mention(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reversed(tuple(texts))))[::-1]


def _effects(sentences: tuple[str, ...]) -> tuple[str, ...] | None:
    """The latest side effects; equal ones stay several."""
    latest = _limited(sentences)
    return latest and tuple(shortened(sentence, MAX_ITEM) for sentence in latest)


def _limited(items: tuple[str, ...]) -> tuple[str, ...] | None:
    """As many as the API takes, the latest; the last one says how many earlier are left out."""
    if len(items) <= MAX_ITEMS:
        return items or None
    kept = items[-(MAX_ITEMS - 1) :]
    return (*kept, f"and {len(items) - len(kept)} earlier ones, which the transcript holds")
