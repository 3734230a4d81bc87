"""Rendering: a request body inside the published schema, and what it could not carry as read."""

from joch.transcript.conversation import INSTRUCTING, ToolDeclaration, Transcript
from joch.transcript.exchanges import Exchange, exchanges
from joch.transcript.values import Json, JsonObject
from joch.wire.identifiers import call_ids, tool_names
from joch.wire.openai_chat.options import render_settings
from joch.wire.openai_chat.tools import render_choice, render_tools
from joch.wire.openai_chat.turns import Turns
from joch.wire.profile import OPENAI, Profile
from joch.wire.rendered import Carriage, Rendered
from joch.wire.rendering import Changes


def render(transcript: Transcript, profile: Profile = OPENAI) -> Rendered:
    """The conversation as a Chat Completions request body, within the profile's limits.

    Results stand right after their calls, every call has exactly one, ids and names fit, and no
    assistant message is empty. What the format cannot carry is declared in `changes`.
    """
    changes = Changes()
    pairs = _pairs(transcript)
    names = tool_names(_used_names(transcript.tools, pairs), profile.tool_names)
    for name, sent in names.items():
        if name != sent:
            changes.transformed("tool-name", "tools", f"Tool {name!r} is sent as {sent!r}")
    ids = call_ids(pairs, profile.call_ids)
    for pair, sent in zip(pairs, ids, strict=True):
        if pair.call.id != sent:
            changes.transformed("call-id", f"messages[{pair.index}]", "Tool-call ids remapped")
    messages = Turns(profile, names, tuple(zip(pairs, ids, strict=True)), changes).render(
        transcript
    )
    body: JsonObject = {"messages": _never_none(messages, changes)}
    body.update(render_tools(transcript.tools, names, changes))
    body.update(render_settings(transcript.settings, profile, changes))
    choice = render_choice(transcript.settings, body.get("tools"), names, profile, changes)
    body.update(choice)
    return Rendered(body, changes.all())


def _pairs(transcript: Transcript) -> tuple[Exchange, ...]:
    """The calls to send, with their results: instructions call nothing."""
    messages = transcript.messages
    found = exchanges(transcript)
    return tuple([pair for pair in found if messages[pair.index].role not in INSTRUCTING])


def _used_names(tools: tuple[ToolDeclaration, ...], pairs: tuple[Exchange, ...]) -> list[str]:
    declared = [tool.name for tool in tools if tool.type in {"function", "custom"}]
    return declared + [pair.call.name for pair in pairs]


def _never_none(messages: list[Json], changes: Changes) -> list[Json]:
    if messages:
        return messages
    changes.add("empty", Carriage.TRANSFORMED, "messages", "The format wants one message at least")
    return [{"role": "user", "content": "(empty conversation)"}]
