"""Rendering: a request body inside the published model, and what it could not carry as read."""

from joch.transcript.conversation import Transcript
from joch.transcript.values import Json, JsonObject
from joch.wire.bedrock_converse.attachments import Attachments
from joch.wire.bedrock_converse.calls import Calls
from joch.wire.bedrock_converse.options import render_settings
from joch.wire.bedrock_converse.output import Output
from joch.wire.bedrock_converse.survey import survey
from joch.wire.bedrock_converse.tool_blocks import ToolBlocks
from joch.wire.bedrock_converse.tools import DECLARABLE, missing_tools, render_tools
from joch.wire.bedrock_converse.turns import Turns
from joch.wire.identifiers import tool_names
from joch.wire.profile import BEDROCK, Profile
from joch.wire.rendered import Rendered
from joch.wire.rendering import Changes


def render(transcript: Transcript, profile: Profile = BEDROCK) -> Rendered:
    """The conversation as a Converse request body, within the profile's limits.

    Users and assistants take turns, users first; all results of a turn are in the one message
    after its calls, each call has exactly one. Where the body declares no tool, and for tools that
    do not exist here, calls are told as text. What the format cannot carry is declared in
    `changes`; their indices count the transcript's messages, of which `system` is the first.
    """
    changes = Changes()
    found = survey(transcript)
    declared = (tool.name for tool in transcript.tools if tool.type in DECLARABLE)
    names = tool_names((*declared, *found.called), profile.tool_names)
    tools = render_tools(transcript.tools, names, changes)
    missing = missing_tools(transcript.tools) if tools else found.called
    for name, sent in names.items():
        if name != sent and name not in missing:
            changes.transformed("tool-name", "tools", f"Tool {name!r} is sent as {sent!r}")
    output = Output(profile, Attachments(found.media, profile, changes), changes)
    calls = Calls(transcript, found.results, missing, profile, changes)
    turns = Turns(profile, calls, output, ToolBlocks(names, output, changes), changes)
    body: JsonObject = {}
    if system := turns.system(transcript):
        body["system"] = list[Json](system)
    body["messages"] = turns.messages(transcript)
    body.update(render_settings(transcript.settings, profile, tools, names, changes))
    return Rendered(body, changes.all())
