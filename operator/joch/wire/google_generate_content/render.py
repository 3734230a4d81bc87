"""Rendering: a request body inside the published schema, and what it could not carry as read."""

from joch.transcript.conversation import Transcript
from joch.transcript.parts import ToolCall
from joch.transcript.values import JsonObject
from joch.wire.errors import WireError
from joch.wire.google_generate_content.choices import render_choice
from joch.wire.google_generate_content.declarations import CALLABLE, render_tools
from joch.wire.google_generate_content.options import render_settings
from joch.wire.google_generate_content.pairs import pairs_of
from joch.wire.google_generate_content.scope import Scope
from joch.wire.google_generate_content.turns import Turns
from joch.wire.identifiers import tool_names
from joch.wire.profile import GEMINI, Profile
from joch.wire.rendered import Rendered
from joch.wire.rendering import Changes


def render(transcript: Transcript, profile: Profile = GEMINI) -> Rendered:
    """The conversation as a generateContent request body, within the profile's limits.

    Roles are `user` and `model`; a call stands right after a user's turn and never in the first,
    and is answered right after, with as many responses and the same names. What the format cannot
    carry is declared in `changes`.

    Raises:
        WireError: a schema is nested too deep to be gone through.
    """
    try:
        return _render(transcript, profile)
    except RecursionError:
        sentence = "the transcript is nested too deep to be rendered: flatten its schemas"
        raise WireError(None, "", sentence) from None


def _render(transcript: Transcript, profile: Profile) -> Rendered:
    changes = Changes()
    scope = Scope(profile, changes)
    names = tool_names(_used_names(transcript), profile.tool_names)
    for name, sent in names.items():
        if name != sent:
            changes.transformed("tool-name", "tools", f"Tool {name!r} is sent as {sent!r}")
    pairs = pairs_of(transcript, profile.call_ids)
    for pair in pairs:
        if pair.identity != pair.exchange.call.id:
            changes.transformed("call-id", pair.asked_at, "Tool-call ids remapped")
    turns = Turns(names, pairs, scope)
    body: JsonObject = {}
    if system := turns.system(transcript):
        body["systemInstruction"] = system
    body["contents"] = turns.render(transcript)
    tools = render_tools(transcript.tools, names, scope)
    if tools:
        body["tools"] = tools
    body.update(render_settings(transcript.settings, scope))
    functions = {tool.name: names[tool.name] for tool in transcript.tools if tool.type in CALLABLE}
    if choice := render_choice(transcript.settings, functions, scope):
        body["toolConfig"] = choice
    return Rendered(body, changes.all())


def _used_names(transcript: Transcript) -> list[str]:
    declared = [tool.name for tool in transcript.tools if tool.type in CALLABLE]
    return declared + [part.name for _, part in transcript.parts() if isinstance(part, ToolCall)]
