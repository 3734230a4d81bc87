"""Rendering: a request body inside the published schema, and what it could not carry as read."""

from joch.transcript.conversation import Transcript
from joch.transcript.parts import ToolCall
from joch.transcript.values import JsonObject
from joch.wire.anthropic_messages.options import render_settings
from joch.wire.anthropic_messages.pairs import pairs_of
from joch.wire.anthropic_messages.scope import BREAKPOINTS, Scope
from joch.wire.anthropic_messages.tools import render_tools
from joch.wire.anthropic_messages.turns import Turns
from joch.wire.identifiers import tool_names
from joch.wire.profile import ANTHROPIC, Profile
from joch.wire.rendered import Rendered
from joch.wire.rendering import Changes


def render(transcript: Transcript, profile: Profile = ANTHROPIC) -> Rendered:
    """The conversation as a Messages request body, within the profile's limits.

    Roles alternate and the user begins; every call has exactly one result, first in the message
    right after it; ids and names fit; no text is blank. What the format cannot carry is declared
    in `changes`.
    """
    changes = Changes()
    scope = Scope(profile, changes)
    names = tool_names(_used_names(transcript), profile.tool_names)
    for name, sent in names.items():
        if name != sent:
            changes.transformed("tool-name", "tools", f"Tool {name!r} is sent as {sent!r}")
    declared = render_tools(transcript.tools, names, scope)
    told = frozenset(declared.missing) if declared.tools else None
    roles = tuple(message.role for message in transcript.messages)
    pairs = pairs_of(transcript, profile.call_ids)
    for pair in pairs:
        if pair.identity != pair.exchange.call.id:
            changes.transformed("call-id", pair.asked_at, "Tool-call ids remapped")
    turns = Turns(roles, names, pairs, told, scope)
    body: JsonObject = {}
    if system := turns.system(transcript):
        body["system"] = system
    messages = turns.render(transcript)
    body["messages"] = messages
    if declared.tools:
        body["tools"] = declared.tools
    body.update(render_settings(transcript.settings, names, messages, declared.tools, scope))
    scope.limit_breakpoints(BREAKPOINTS - ("cache_control" in body))
    return Rendered(body, changes.all())


def _used_names(transcript: Transcript) -> list[str]:
    declared = [tool.name for tool in transcript.tools if tool.type in {"function", "custom"}]
    return declared + [part.name for _, part in transcript.parts() if isinstance(part, ToolCall)]
