"""The checkpoint as the next model reads it."""

from collections.abc import Iterable

from joch.api.conversation import MemoryItem
from joch.api.statecheckpoint import Summary
from joch.decide.effects import Effect, Outcome
from joch.transcript.conversation import INSTRUCTING, Transcript
from joch.transcript.parts import plain_text

HEADING = "Checkpoint of this conversation so far. Go on from here."
DONE = "Already done, do not repeat:"
UNKNOWN = "Outcome unknown, do not repeat without asking the user:"


def checkpoint_text(
    summary: Summary,
    effects: tuple[Effect, ...],
    memory: tuple[MemoryItem, ...],
    standing: tuple[str, ...],
) -> str:
    """The whole checkpoint; empty where there is nothing to tell."""
    open_ones = tuple(e.sentence for e in effects if e.outcome is Outcome.UNKNOWN)
    done = _stated(summary, effects, open_ones)
    sections = (
        _line("Goal", summary.user_goal),
        _line("Current task", summary.current_task),
        _list("Decisions:", summary.decisions),
        _list("Open questions:", summary.open_questions),
        _list("Instructions given on the way:", standing),
        _list("Active artifacts:", summary.active_artifacts),
        _list("Memory:", _memories(summary, memory)),
        _list(DONE, done),
        _list(UNKNOWN, open_ones),
    )
    told = [section for section in sections if section]
    return "\n\n".join((HEADING, *told)) if told else ""


def standing_instructions(transcript: Transcript, start: int) -> tuple[str, ...]:
    """What system messages after the first ones said before the window: they still hold."""
    later = transcript.messages[transcript.prelude : start]
    said = (plain_text(message.parts).strip() for message in later if message.role in INSTRUCTING)
    return tuple(text for text in said if text)


def _stated(
    summary: Summary, effects: tuple[Effect, ...], open_ones: tuple[str, ...]
) -> tuple[str, ...]:
    """Every executed effect, also beyond what fits a summary, after what a person added."""
    own = tuple(e.sentence for e in effects if e.outcome is not Outcome.UNKNOWN)
    known = {*own, *open_ones}
    added = (item for item in summary.executed_side_effects or () if item not in known)
    return (*added, *own)


def _memories(summary: Summary, memory: tuple[MemoryItem, ...]) -> tuple[str, ...]:
    texts = {item.ref: item.text for item in memory}
    refs = summary.relevant_memory_refs or ()
    return tuple(f"{ref}: {texts[ref]}" if ref in texts else ref for ref in refs)


def _line(label: str, text: str | None) -> str:
    return f"{label}: {text}" if text else ""


def _list(label: str, items: Iterable[str] | None) -> str:
    told = [f"- {item}" for item in items or ()]
    return "\n".join((label, *told)) if told else ""
