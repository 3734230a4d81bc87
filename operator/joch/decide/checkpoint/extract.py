"""The checkpoint: what a conversation must not lose, found without a language model.

Every item is quoted from the transcript or derived from its tool calls; nothing is invented, and
nothing is cut without saying so. The same transcript gives the same bytes in every process.
"""

import re
from collections.abc import Iterable

from joch.api.statecheckpoint import Summary
from joch.decide.checkpoint import markers
from joch.decide.checkpoint.effects import ToolLevels, effects, shortened
from joch.decide.checkpoint.markers import Line
from joch.decide.checkpoint.recital import Recital, earlier_checkpoint, executed_effects, is_recited
from joch.transcript.conversation import Role, Transcript
from joch.transcript.parts import ProviderTool, Text, ToolCall, ToolResult, plain_text

MAX_ITEMS = 128
MAX_ITEM = 1024
_REFERENCE = re.compile(r"\b(artifact|mem)://[^\s\"'<>()\[\]{}`,;|\\]+")
_TRAILING = ".:!?*_"


def extract_summary(
    transcript: Transcript, tool_levels: ToolLevels, override: Summary | None = None
) -> Summary:
    """The summary of a transcript, with what a person wrote in its place.

    A field of `override` that is set wins, but for executed side effects: those of the transcript
    stay beside a person's, because one that is forgotten may be done twice.
    """
    lines = tuple(markers.lines(transcript))
    earlier = earlier_checkpoint(transcript)
    artifacts, memories = _references(transcript)
    done = executed_effects(transcript, effects(transcript, tool_levels))
    decided = (marked.text for marked in markers.decisions(lines))
    found = Summary(
        user_goal=_goal(transcript, lines, earlier),
        current_task=_task(transcript, lines, earlier),
        decisions=_items((*earlier.decisions, *decided)),
        open_questions=_items((*earlier.open_questions, *_open_questions(transcript, lines))),
        active_artifacts=_items(artifacts),
        relevant_memory_refs=_items(memories),
        executed_side_effects=_limited(done),
    )
    return found if override is None else _overridden(found, override, done)


def _overridden(found: Summary, override: Summary, done: tuple[str, ...]) -> Summary:
    said = override.executed_side_effects or ()
    stated = {name: value for name in Summary.model_fields if (value := getattr(override, name))}
    stated["executed_side_effects"] = _limited((*said, *_missing(done, said)))
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


def _goal(transcript: Transcript, lines: tuple[Line, ...], earlier: Recital) -> str | None:
    """The user's latest `Goal:` line, else the earlier goal, else what the user said first."""
    marked = [goal.text for goal in markers.goals(lines) if goal.role is Role.USER]
    if marked or earlier.goal:
        return _scalar(marked[-1] if marked else earlier.goal)
    return _scalar(next((text for _, text in _said(transcript)), None))


def _task(transcript: Transcript, lines: tuple[Line, ...], earlier: Recital) -> str | None:
    """The last thing that the user said, unless a `Current task:` line stands at or after it."""
    said = _said(transcript)
    last, text = said[-1] if said else (-1, earlier.task)
    marked = [task.text for task in markers.tasks(lines) if task.index >= last]
    return _scalar(marked[-1] if marked else text)


def _open_questions(transcript: Transcript, lines: tuple[Line, ...]) -> Iterable[str]:
    """Marked open points, and the question with which the assistant ended, if nobody answered."""
    yield from (marked.text for marked in markers.open_points(lines))
    last = next((line for line in reversed(lines)), None)
    ended = transcript.messages[-1].role is Role.ASSISTANT if transcript.messages else False
    if ended and last and last.index == len(transcript.messages) - 1 and last.text.endswith("?"):
        yield re.split(r"(?<=[.!?])\s+", last.text.strip())[-1]


def _said(transcript: Transcript) -> list[tuple[int, str]]:
    """What the user said, each with its message's index; what a handoff retold is not counted."""
    texts = (
        (index, plain_text(message.parts))
        for index, message in enumerate(transcript.messages)
        if message.role is Role.USER and not is_recited(message)
    )
    return [(index, text) for index, text in texts if text.strip()]


def _references(transcript: Transcript) -> tuple[list[str], list[str]]:
    """artifact:// and mem:// references, each once, in the order of their last mention."""
    latest: dict[str, None] = {}
    for _, part in transcript.parts():
        for text in _texts(part):
            for match in _REFERENCE.finditer(text):
                name = match[0].rstrip(_TRAILING)
                latest.pop(name, None)
                latest[name] = None
    artifacts = [name for name in latest if name.startswith("artifact://")]
    return artifacts, [name for name in latest if name.startswith("mem://")]


def _texts(part: object) -> Iterable[str]:
    match part:
        case Text():
            yield part.text
        case ToolCall():
            yield part.arguments.replace("\\/", "/")
        case ToolResult():
            yield plain_text(part.parts)
        case ProviderTool():
            yield part.output


def _scalar(text: str | None) -> str | None:
    return shortened(text, MAX_ITEM) or None if text else None


def _items(texts: Iterable[str]) -> tuple[str, ...] | None:
    """Distinct items, each at the place of its last mention."""
    latest: dict[str, None] = {}
    for text in texts:
        item = shortened(text, MAX_ITEM)
        latest.pop(item, None)
        if item:
            latest[item] = None
    return _limited(tuple(latest))


def _limited(items: tuple[str, ...]) -> tuple[str, ...] | None:
    """The latest items within the API's limits; the last one says how many earlier are left out."""
    if not items:
        return None
    kept = tuple(shortened(item, MAX_ITEM) for item in items[-(MAX_ITEMS - 1) :])
    if len(items) <= MAX_ITEMS:
        return tuple(shortened(item, MAX_ITEM) for item in items)
    return (*kept, f"and {len(items) - len(kept)} earlier ones, which the transcript holds")
