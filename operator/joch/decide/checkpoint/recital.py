"""The checkpoint as the next model reads it, and as the next switch reads it again.

A conversation that moves twice has the first checkpoint in its transcript: what that one tells is
known nowhere else, so it is read back and told once more.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from joch.api.conversation import MemoryItem
from joch.api.statecheckpoint import Summary
from joch.decide.checkpoint.effects import UNKNOWN_OUTCOME

HEADING = "Checkpoint of this conversation so far. Go on from here."

_GOAL = "Goal: "
_TASK = "Current task: "
_DECISIONS = "Decisions:"
_OPEN = "Open questions:"
_STANDING = "Instructions given on the way:"
_ARTIFACTS = "Active artifacts:"
_MEMORY = "Memory:"
DONE = "Already done, do not repeat:"
UNKNOWN = "Outcome unknown, do not repeat without asking the user:"

_LABELS = frozenset((_DECISIONS, _OPEN, _STANDING, _ARTIFACTS, _MEMORY, DONE, UNKNOWN))


@dataclass(frozen=True, slots=True)
class Recital:
    """What an earlier checkpoint told; empty where there was none."""

    goal: str | None = None
    task: str | None = None
    decisions: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    executed: tuple[str, ...] = ()


def checkpoint_text(
    summary: Summary,
    executed: tuple[str, ...],
    memory: tuple[MemoryItem, ...],
    standing: tuple[str, ...],
) -> str:
    """The whole checkpoint; empty where there is nothing to tell.

    `executed` is told whole, also beyond what fits a summary, after what a person added to it.
    """
    known = set(executed)
    added = tuple(i for i in summary.executed_side_effects or () if i not in known)
    told = (*added, *executed)
    sections = (
        _line(_GOAL, summary.user_goal),
        _line(_TASK, summary.current_task),
        _list(_DECISIONS, summary.decisions),
        _list(_OPEN, summary.open_questions),
        _list(_STANDING, standing),
        _list(_ARTIFACTS, summary.active_artifacts),
        _list(_MEMORY, _memories(summary, memory)),
        _list(DONE, (item for item in told if not item.endswith(UNKNOWN_OUTCOME))),
        _list(UNKNOWN, (item for item in told if item.endswith(UNKNOWN_OUTCOME))),
    )
    present = [section for section in sections if section]
    return "\n\n".join((HEADING, *present)) if present else ""


def is_checkpoint(text: str) -> bool:
    """Whether a message is a checkpoint and nothing else: a client may have added words to it."""
    heading, *lines = text.splitlines() or [""]
    return heading == HEADING and all(_is_ours(line) for line in lines)


def _is_ours(line: str) -> bool:
    return not line or line in _LABELS or line.startswith(("- ", "  ", _GOAL, _TASK))


def read_recital(text: str) -> Recital:
    """What a checkpoint told; words that a client added to it tell nothing."""
    sections: dict[str, list[str]] = {}
    label = ""
    for line in text.splitlines():
        if line.startswith("- "):
            sections.setdefault(label, []).append(line[2:])
        elif line.startswith("  ") and sections.get(label):
            sections[label][-1] += f"\n{line[2:]}"
        elif line.startswith((_GOAL, _TASK)):
            label, _, said = line.partition(": ")
            sections[label] = [said]
        elif line:
            label = line
    return Recital(
        goal=next(iter(sections.get("Goal", ())), None),
        task=next(iter(sections.get("Current task", ())), None),
        decisions=tuple(sections.get(_DECISIONS, ())),
        open_questions=tuple(sections.get(_OPEN, ())),
        standing=tuple(sections.get(_STANDING, ())),
        executed=(*sections.get(DONE, ()), *sections.get(UNKNOWN, ())),
    )


def _memories(summary: Summary, memory: tuple[MemoryItem, ...]) -> tuple[str, ...]:
    texts = {item.ref: item.text for item in memory}
    refs = summary.relevant_memory_refs or ()
    return tuple(f"{ref}: {texts[ref]}" if ref in texts else ref for ref in refs)


def _line(label: str, text: str | None) -> str:
    return f"{label}{_indented(text)}" if text else ""


def _list(label: str, items: Iterable[str] | None) -> str:
    told = [f"- {_indented(item)}" for item in items or ()]
    return "\n".join((label, *told)) if told else ""


def _indented(text: str) -> str:
    """Further lines of an item are set in, so that none reads as an item or a label."""
    return "\n  ".join(text.splitlines())
