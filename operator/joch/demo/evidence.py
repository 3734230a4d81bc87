"""What the second vendor was told, held against what was said before. Pure.

Read with rules of its own, simpler than the operator's: `Goal:` and `Decision:` at the start of a
line, and every tool result. A demo that asked the operator what it should find would prove nothing.
"""

import json
from dataclasses import dataclass

from joch.local.cluster_reader import Json

_GOAL = "Goal: "
_DECISION = "Decision: "
_TOOL_BLOCKS = frozenset({"tool_use", "tool_result"})


@dataclass(frozen=True, slots=True)
class Said:
    """What must not be lost or done again.

    Attributes:
        goal: the user's.
        decisions: in the order they were made, each once.
        effects: of every executed tool call its name, its arguments' values and its result's.
    """

    goal: str
    decisions: tuple[str, ...]
    effects: tuple[tuple[str, ...], ...]


def said_in(transcript: Json) -> Said:
    """What a transcript in OpenAI chat format says."""
    calls: dict[str, tuple[str, ...]] = {}
    goal, decisions, effects = "", [], []
    for message in transcript["messages"]:
        for line in (message.get("content") or "").splitlines():
            if message["role"] == "user" and line.startswith(_GOAL):
                goal = line.removeprefix(_GOAL)
            if line.startswith(_DECISION):
                decisions.append(line.removeprefix(_DECISION))
        for call in message.get("tool_calls") or ():
            function = call["function"]
            arguments = json.loads(function["arguments"])
            calls[call["id"]] = (function["name"], *map(str, arguments.values()))
        if message["role"] == "tool":
            result = json.loads(message["content"])
            effects.append((*calls[message["tool_call_id"]], *map(str, result.values())))
    return Said(goal, tuple(dict.fromkeys(decisions)), tuple(effects))


def text_of(request: Json) -> str:
    """Every text that a request body carries to the model, of either vendor's format."""
    texts = list(_texts(request.get("system")))
    for message in request.get("messages", ()):
        texts.extend(_texts(message.get("content")))
    return "\n".join(texts)


def tool_traffic(request: Json) -> tuple[str, ...]:
    """Every call and result in a request body: what a vendor would take as a call to go on with."""
    found = []
    for index, message in enumerate(request.get("messages", ())):
        if message.get("tool_calls") or message.get("role") == "tool":
            found.append(f"messages[{index}]")
        content = message.get("content")
        blocks = [block.get("type") for block in content] if isinstance(content, list) else []
        found += [f"messages[{index}]: {kind}" for kind in blocks if kind in _TOOL_BLOCKS]
    return tuple(found)


def missing(said: Said, text: str) -> tuple[str, ...]:
    """What the text does not say of it; an effect must be told in one line."""
    lines = text.splitlines()
    lost = [what for what in (said.goal, *said.decisions) if what not in text]
    untold = [
        " ".join(effect)
        for effect in said.effects
        if not any(all(word in line for word in effect) for line in lines)
    ]
    return (*lost, *untold)


def _texts(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    if not isinstance(content, list):
        return []
    return [block["text"] for block in content if isinstance(block.get("text"), str)]
