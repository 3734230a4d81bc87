"""Rendering tool exchanges: the call, its result, and both as a line of text."""

from joch.transcript.conversation import Role
from joch.transcript.parts import Audio, Document, Image, Part, ToolCall
from joch.transcript.values import Json, JsonObject
from joch.wire.anthropic_messages.output import add_part, folded, is_plain
from joch.wire.anthropic_messages.pairs import Pair
from joch.wire.anthropic_messages.scope import Scope
from joch.wire.anthropic_messages.shapes import CACHE, is_text
from joch.wire.embedded import an_object_in
from joch.wire.markers import RECORD_READ, UNKNOWN_OUTCOME

NO_OUTPUT = "no output"

_MEDIA = (Image, Audio, Document)
_CALL_FIELDS = {**CACHE, "toolset_name": is_text, "caller": lambda value: value == _DIRECT}
_RESULT_FIELDS = {**CACHE, "toolset_name": is_text}
_DIRECT: Json = {"type": "direct"}


def call_block(call: ToolCall, name: str, identity: str, where: str, scope: Scope) -> JsonObject:
    """A `tool_use` block; arguments that are no object stand in one, declared."""
    extra = dict(call.extra or {})
    block: JsonObject = {"type": "tool_use", "id": identity, "name": name}
    if extra.get("type") == "custom":  # OpenAI's tool whose input is text
        del extra["type"]
        block["input"] = {"input": call.arguments}
    else:
        block["input"] = _input(call.arguments, where, scope)
    scope.carry(block, extra, _CALL_FIELDS, where)
    return block


def result_block(pair: Pair, scope: Scope) -> tuple[JsonObject, list[JsonObject]]:
    """A `tool_result` block, and what may not be in it: an error's result is text only."""
    block: JsonObject = {"type": "tool_result", "tool_use_id": pair.identity}
    call, result, where = pair.exchange.call, pair.exchange.result, pair.told_at
    if result is None:
        sentence = f"Call of {call.name} without a result is answered as unknown"
        scope.changes.transformed("unknown-outcome", where, sentence)
        return {**block, "content": UNKNOWN_OUTCOME, "is_error": True}, []
    inside, beside = _split(result.parts, result.is_error is True)
    if beside:
        sentence = "Media of a failed call moved behind its result"
        scope.changes.transformed("result-media", where, sentence)
    if content := _blocks(inside, Role.TOOL, where, scope):
        block["content"] = folded(content)
    elif result.is_error:  # refused without a text
        block["content"] = NO_OUTPUT
    if result.is_error is not None:
        block["is_error"] = result.is_error
    if result.name not in {None, call.name}:
        scope.without(["name"], where)
    scope.carry(block, result.extra, _RESULT_FIELDS, where)
    return block, _blocks(beside, Role.USER, where, scope)


def record(pair: Pair, why: str, scope: Scope) -> list[JsonObject]:
    """The exchange as a user's text that nobody takes for a call, and the media it brought."""
    scope.changes.transformed("tool-history", pair.asked_at, why)
    call, result, where = pair.exchange.call, pair.exchange.result, pair.told_at
    called = f"{RECORD_READ} {call.name}({call.arguments})"
    scope.without([*(call.extra or {})], pair.asked_at)
    if result is None:
        return [_text(f"{called}: {UNKNOWN_OUTCOME}")]
    words, media = _split(result.parts, True)
    blocks = _blocks(words, Role.USER, where, scope)
    said = "\n".join(str(block.get("text", "")) for block in blocks).strip()
    outcome = f"failed: {said}" if result.is_error else said or NO_OUTPUT
    scope.without([*(result.extra or {})], where)
    return [_text(f"{called}: {outcome}"), *_blocks(media, Role.USER, where, scope)]


def _input(written: str, where: str, scope: Scope) -> JsonObject:
    value = an_object_in(written)
    if value is not None:
        return value
    if not written.strip():
        return {}
    sentence = "Malformed tool arguments preserved as text"
    scope.changes.transformed("malformed-arguments", where, sentence)
    return {"_raw": written}


def _split(parts: tuple[Part, ...], apart: bool) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    if not apart:
        return parts, ()
    media = tuple(part for part in parts if isinstance(part, _MEDIA))
    return tuple(part for part in parts if not isinstance(part, _MEDIA)), media


def _blocks(parts: tuple[Part, ...], role: Role, where: str, scope: Scope) -> list[JsonObject]:
    blocks: list[JsonObject] = []
    for part in parts:
        if is_plain(part):
            blocks.append(_text(part.text))
        else:
            add_part(blocks, part, role, where, scope)
    return blocks


def _text(text: str) -> JsonObject:
    return {"type": "text", "text": text}
