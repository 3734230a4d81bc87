"""Rendering function calls and their responses."""

from collections.abc import Mapping

from joch.transcript.parts import Text, ToolCall, ToolResult
from joch.transcript.values import Json, JsonObject
from joch.wire.google_generate_content.embedded import an_object_in
from joch.wire.google_generate_content.output import SIGNATURE, add_part, beside
from joch.wire.google_generate_content.pairing import UNNAMED
from joch.wire.google_generate_content.pairs import Pair
from joch.wire.google_generate_content.scope import Check, Scope, is_boolean, is_text
from joch.wire.markers import UNKNOWN_OUTCOME

DUMMY_SIGNATURE = "skip_thought_signature_validator"
"""What Google's documentation of thought signatures gives for calls of other models."""

_MEDIA = frozenset(("inlineData", "fileData"))
_RESULT: Mapping[str, Check] = {"scheduling": is_text, "willContinue": is_boolean}


def call_part(pair: Pair, name: str, first: bool, scope: Scope) -> JsonObject:
    """A `functionCall` part. `first`: of its step, so that Gemini 3 wants it signed."""
    call, where = pair.exchange.call, pair.asked_at
    function: JsonObject = {"name": name, "args": _arguments(call, where, scope)}
    data: JsonObject = {"functionCall": function}
    if not pair.identity.startswith(UNNAMED):
        function["id"] = pair.identity
    beside(data, call.extra, where, scope)
    if first and scope.profile.signed_calls and SIGNATURE not in data:
        sentence = "A call that this model did not make is sent with the documented dummy signature"
        scope.changes.transformed("thought-signature", where, sentence)
        data[SIGNATURE] = DUMMY_SIGNATURE
    return data


def result_part(pair: Pair, name: str, moved: list[Json], scope: Scope) -> JsonObject:
    """A `functionResponse` part; media that it cannot hold are added to `moved`, declared."""
    result, where = pair.exchange.result, pair.told_at
    function: JsonObject = {"name": name}
    data: JsonObject = {"functionResponse": function}
    if not pair.identity.startswith(UNNAMED):
        function["id"] = pair.identity
    if result is None:
        sentence = f"Call of {pair.exchange.call.name} without a result is answered as unknown"
        scope.changes.transformed("unknown-outcome", where, sentence)
        function["response"] = {"error": UNKNOWN_OUTCOME}
        return data
    texts, media = _contents(result, where, moved, scope)
    function["response"] = scope.value(_response(texts, result), where)
    if media:
        function["parts"] = media
    extra = result.extra or {}
    scope.carry(function, {k: v for k, v in extra.items() if k in _RESULT}, _RESULT, where)
    beside(data, {k: v for k, v in extra.items() if k not in _RESULT}, where, scope)
    return data


def _arguments(call: ToolCall, where: str, scope: Scope) -> JsonObject:
    found = an_object_in(call.arguments)
    if found is not None:
        return scope.value(found, where)
    if not call.arguments.strip():
        return {}
    sentence = "Malformed tool arguments preserved as text"
    scope.changes.transformed("malformed-arguments", where, sentence)
    return {"_raw": scope.text(call.arguments, where)}


def _contents(
    result: ToolResult, where: str, moved: list[Json], scope: Scope
) -> tuple[list[str], list[Json]]:
    """A result's texts, and its media that a response holds: those with their bytes inline."""
    texts: list[str] = []
    media: list[Json] = []
    for part in result.parts:
        rendered: list[Json] = []
        if type(part) is Text and part.extra is None:
            texts.append(scope.text(part.text, where))
            continue
        add_part(rendered, part, where, scope)
        for data in rendered:
            assert isinstance(data, dict)
            if isinstance(said := data.get("text"), str):
                texts.append(said)
            elif "fileData" in data and not scope.profile.same_backend:
                sentence = "A file in a tool result moved to the user content after it"
                scope.changes.transformed("result-media", where, sentence)
                moved.append(data)
            else:
                media.append({k: v for k, v in data.items() if k in _MEDIA})
                scope.without(data.keys() - _MEDIA, where)
    return texts, media


def _response(texts: list[str], result: ToolResult) -> JsonObject:
    """The response as the object that the format wants; text that is no object is wrapped."""
    if len(texts) == 1 and (found := an_object_in(texts[0])) is not None:
        if not result.is_error or "error" in found:
            return found
        return {"error": found}
    said: Json = texts[0] if len(texts) == 1 else list[Json](texts)
    if result.is_error:
        return {"error": said if texts else ""}
    return {"output": said} if texts else {}
