"""Rendering: a request body inside the published model, and what it could not carry as read."""

from joch.transcript.conversation import Transcript
from joch.transcript.values import Json, JsonObject
from joch.wire.bedrock_converse.attachments import Attachments
from joch.wire.bedrock_converse.calls import Calls
from joch.wire.bedrock_converse.options import render_settings
from joch.wire.bedrock_converse.output import Output
from joch.wire.bedrock_converse.survey import survey
from joch.wire.bedrock_converse.tool_blocks import ToolBlocks
from joch.wire.bedrock_converse.tools import DECLARABLE, render_tools
from joch.wire.bedrock_converse.turns import Turns
from joch.wire.identifiers import tool_names
from joch.wire.profile import BEDROCK, Profile
from joch.wire.rendered import Rendered
from joch.wire.rendering import Changes


def render(transcript: Transcript, profile: Profile = BEDROCK) -> Rendered:
    """The conversation as a Converse request body, within the profile's limits.

    Users and assistants take turns, users first; all results of a turn are in the one message
    after its calls, each call has exactly one. Calls of tools that the body does not declare are
    told as text. What the format cannot carry is declared in `changes`; their indices count the
    transcript's messages, of which `system` is the first.
    """
    changes = Changes()
    found = survey(transcript)
    declared = {t.name: None for t in transcript.tools if t.type in DECLARABLE}
    names = tool_names((*declared, *found.called), profile.tool_names)
    tools = render_tools(transcript.tools, names, changes)
    for name in declared:
        if names[name] != name:
            changes.transformed("tool-name", "tools", f"Tool {name!r} is sent as {names[name]!r}")
    output = Output(profile, Attachments(found.media, profile, changes), changes)
    calls = Calls(transcript, found.results, frozenset(declared), profile, changes)
    turns = Turns(profile, calls, output, ToolBlocks(names, output, changes), changes)
    body: JsonObject = {}
    if system := turns.system(transcript):
        body["system"] = list[Json](system)
    body["messages"] = turns.messages(transcript)
    body.update(render_settings(transcript.settings, profile, tools, names, changes))
    return Rendered(body, changes.all())
