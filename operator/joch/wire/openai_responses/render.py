"""Rendering: a request body inside the published schema, and what it could not carry as read."""

from joch.transcript.conversation import Role, Transcript
from joch.transcript.exchanges import exchanges
from joch.transcript.parts import Text, ToolCall
from joch.transcript.values import Json, JsonObject
from joch.wire.identifiers import call_ids, tool_names
from joch.wire.openai_responses.options import render_settings
from joch.wire.openai_responses.outputs import Numbered
from joch.wire.openai_responses.parse import INSTRUCTIONS
from joch.wire.openai_responses.tools import render_choice, render_tools
from joch.wire.openai_responses.turns import Turns
from joch.wire.profile import OPENAI_RESPONSES, Profile
from joch.wire.rendered import Rendered
from joch.wire.rendering import Changes


def render(transcript: Transcript, profile: Profile = OPENAI_RESPONSES) -> Rendered:
    """The conversation as a Responses request body, within the profile's limits.

    The whole input is always sent: no id of a stored response, item or file, but to the backend
    that holds them. Every call has exactly one output, ids and names fit, and no assistant message
    is empty. What the format cannot carry is declared in `changes`.
    """
    changes = Changes()
    names = tool_names(_used_names(transcript), profile.tool_names)
    for name, sent in names.items():
        if name != sent:
            changes.transformed("tool-name", "tools", f"Tool {name!r} is sent as {sent!r}")
    turns = Turns(transcript, profile, names, _numbered(transcript, profile, changes), changes)
    body = _input(transcript, turns, profile, changes)
    body.update(render_tools(transcript.tools, names, profile, changes))
    body.update(render_choice(transcript.settings, body.get("tools"), names, profile, changes))
    body.update(render_settings(transcript.settings, profile, changes))
    return Rendered(body, changes.all())


def _used_names(transcript: Transcript) -> list[str]:
    declared = [tool.name for tool in transcript.tools if tool.type in {"function", "custom"}]
    return declared + [part.name for _, part in transcript.parts() if isinstance(part, ToolCall)]


def _numbered(transcript: Transcript, profile: Profile, changes: Changes) -> tuple[Numbered, ...]:
    """Every call with its result and the id to send."""
    pairs = exchanges(transcript)
    ids = call_ids(pairs, profile.call_ids)
    for pair, sent in zip(pairs, ids, strict=True):
        if pair.call.id != sent:
            changes.transformed("call-id", f"messages[{pair.index}]", "Tool-call ids remapped")
    return tuple(zip(pairs, ids, strict=True))


def _input(transcript: Transcript, turns: Turns, profile: Profile, changes: Changes) -> JsonObject:
    """`instructions`, where the transcript had them there, and all items."""
    told = _instructions(transcript)
    items = turns.render(0 if told is None else 1)
    if told is not None and items:
        return {"instructions": told, "input": _continued(items, profile, changes)}
    if told is not None:
        changes.transformed("empty", "instructions", "Instructions alone are sent as an item")
        return {"input": [{"role": "system", "content": told}]}
    if not items:
        changes.transformed("empty", "input", "The format wants one item at least")
        items = [{"role": "user", "content": "(empty conversation)"}]
    return {"input": _continued(items, profile, changes)}


def _instructions(transcript: Transcript) -> str | None:
    first = transcript.messages[0] if transcript.messages else None
    if first is None or first.id != INSTRUCTIONS or first.role is not Role.SYSTEM or first.extra:
        return None
    part = first.parts[0] if len(first.parts) == 1 else None
    return part.text if isinstance(part, Text) and not part.extra else None


def _continued(items: list[Json], profile: Profile, changes: Changes) -> list[Json]:
    """The items, ended by the user where the target takes no words of the assistant last."""
    last = items[-1]
    if profile.prefill or not isinstance(last, dict) or last.get("role") != "assistant":
        return items
    changes.transformed("prefill", "input", "The user says Continue after the assistant's words")
    return [*items, {"role": "user", "content": "Continue."}]
