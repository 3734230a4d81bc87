"""What each format must carry of a request beside its messages: settings and tools."""

from collections.abc import Callable, Mapping
from typing import Any

from joch.transcript.conversation import OutputFormat, Settings, Transcript
from joch.wire.rendered import Change

_SAMPLING = frozenset(("temperature", "top_p"))
_ALL = frozenset(("max_tokens", "output", "reasoning_effort", "stop", "tool_choice", *_SAMPLING))

MUST_SET: Mapping[str, frozenset[str]] = {
    "openai_chat": _ALL,
    "openai_responses": _ALL - {"stop"},
    "anthropic_messages": _ALL - _SAMPLING,
    "google_generate_content": _ALL - {"reasoning_effort"},
    "bedrock_converse": _ALL,
}
"""A row a format: the settings that come out as they went in, within what all vendors allow."""

# What a change is called that is about a setting: a piece of its place or sentence.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "max_tokens": ("maxtokens", "maxoutputtokens", "maxcompletiontokens"),
    "output": ("format", "schema"),
    "parallel_tool_calls": ("parallel",),
    "reasoning_effort": ("effort", "reasoning", "thinking"),
    "stop": ("stop",),
    "temperature": ("temperature",),
    "tool_choice": ("toolchoice",),
    "top_p": ("topp",),
}


def not_set(read: Settings, again: Settings, format_name: str) -> list[str]:
    """Settings that the table says must be carried, and were not."""
    return [
        f"{name}: {getattr(read, name)!r} became {getattr(again, name)!r}"
        for name in sorted(MUST_SET[format_name])
        if _kept(name, getattr(read, name)) != _kept(name, getattr(again, name))
        and _kept(name, getattr(read, name)) is not None
    ]


def _kept(name: str, value: Any) -> Any:
    """What of a setting every vendor takes; None where some take nothing of it."""
    within = _WITHIN.get(name)
    return value if within is None or value is None else within(value)


def _form(output: OutputFormat) -> Any:
    """A schema's own names; its dialect and its strictness differ."""
    if output.type != "json_schema":
        return None
    properties = (output.schema or {}).get("properties")
    return sorted(properties) if isinstance(properties, dict) else "json_schema"


_WITHIN: Mapping[str, Callable[[Any], Any]] = {
    "max_tokens": lambda most: most if most >= 16 else None,
    "output": _form,
    "stop": lambda stops: tuple(stop for stop in stops if stop.strip())[:4] or None,
    "temperature": lambda value: value if 0 <= value <= 1 else None,
    "tool_choice": lambda choice: None if choice in ("auto", "none") else choice,
}


def silently_unset(read: Settings, again: Settings, changes: tuple[Change, ...]) -> list[str]:
    """Settings that came out otherwise than they went in, without a declared change.

    The model is the target's own. That calls may be parallel is what every vendor assumes.
    """
    told = _told(changes)
    found = [
        name
        for name, words in _NAMES.items()
        if not _same(name, getattr(read, name), getattr(again, name))
        and not any(word in told for word in words)
    ]
    after = again.extra or {}
    own = [k for k, value in (read.extra or {}).items() if after.get(k) != value]
    return found + [name for name in own if _bare(name) not in told]


def _same(name: str, before: Any, after: Any) -> bool:
    if before in (None, ()) or before == after:
        return True
    if name == "output":
        return after is not None and _form(before) == _form(after)
    return name == "parallel_tool_calls" and before is True


def _told(changes: tuple[Change, ...]) -> str:
    beside = [c for c in changes if not c.where.startswith("messages[")]
    return "\n".join(_bare(f"{change.where} {change.sentence}") for change in beside)


def _bare(text: str) -> str:
    return text.lower().replace("_", "").replace("-", "")


def undeclared_tools(read: Transcript, again: Transcript, changes: tuple[Change, ...]) -> list[str]:
    """Functions that are gone; and tools of the vendor that are, without a declared change."""
    functions = {tool.name for tool in read.tools if tool.type == "function"}
    carried = {tool.name for tool in again.tools if tool.type == "function"}
    found = [f"{len(functions)} functions, {len(carried)} came out"]
    told = any(change.where.startswith("tools") for change in changes)
    gone = {t.name for t in read.tools} - functions - {t.name for t in again.tools}
    return (found if len(carried) < len(functions) else []) + ([] if told else sorted(gone))
