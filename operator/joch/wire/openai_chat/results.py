"""Rendering the results of calls: a tool message for each, which carries text only."""

from joch.transcript.exchanges import Exchange
from joch.transcript.parts import ToolResult, plain_text
from joch.transcript.values import Json, JsonObject
from joch.wire.markers import UNKNOWN_OUTCOME
from joch.wire.openai_chat.output import content_parts, declare_fields, folded
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

Numbered = tuple[Exchange, str]
"""A call with its result, and the id to send for it."""


def render_results(
    pairs: list[Numbered], profile: Profile, changes: Changes
) -> tuple[list[Json], list[Json]]:
    """The tool messages in the order of their calls, and the media that they cannot carry.

    The media are content parts, for a user message after the last of them.
    """
    messages: list[Json] = []
    moved: list[Json] = []
    for exchange, identity in pairs:
        said, media = _result(exchange, profile, changes)
        messages.append({"role": "tool", "tool_call_id": identity, "content": said})
        moved.extend(media)
    return messages, moved


def _result(
    exchange: Exchange, profile: Profile, changes: Changes
) -> tuple[Json, list[JsonObject]]:
    result = exchange.result
    if result is None:
        sentence = f"Call of {exchange.call.name} without a result is answered as unknown"
        changes.transformed("unknown-outcome", f"messages[{exchange.index}]", sentence)
        return f"Error: {UNKNOWN_OUTCOME}", []
    where = f"messages[{exchange.result_index}]"
    declare_fields(result.extra, where, changes)
    if result.name and result.name != exchange.call.name:
        sentence = f"The name {result.name!r} of a result is not in the format"
        changes.lost("vendor-fields", where, sentence)
    content = content_parts(result.parts, where, profile, changes)
    texts = [part for part in content if part["type"] == "text"]
    media = [part for part in content if part["type"] != "text"]
    if media:
        sentence = "Media in a tool result moved to the user message after it"
        changes.transformed("result-media", where, sentence)
    return _marked(where, result, texts, changes), media


def _marked(where: str, result: ToolResult, texts: list[JsonObject], changes: Changes) -> Json:
    """The format has no error flag: an error says so in its first word."""
    content = folded(texts)
    if not result.is_error or plain_text(result.parts).lower().startswith("error"):
        return content
    changes.transformed("error-flag", where, "The error flag is sent as a prefix")
    if isinstance(content, list):
        return [{"type": "text", "text": "Error:"}, *content]
    return f"Error: {content}"
