"""Rendering what stands beside contents and tools: settings."""

from collections.abc import Mapping

from joch.transcript.conversation import OutputFormat, Settings
from joch.transcript.values import Json, JsonObject
from joch.wire.google_generate_content.scope import (
    Check,
    Scope,
    is_boolean,
    is_number,
    is_object,
    is_shaped,
    is_text,
    is_whole,
)
from joch.wire.google_generate_content.settings import JSON_TYPE, SHARED
from joch.wire.schemas import mended

_HOTTEST = 2
_LEVELS = frozenset(("minimal", "low", "medium", "high"))
_NEAREST_LEVEL = {"none": "minimal", "xhigh": "high", "max": "high"}
_is_safety_setting = is_shaped({"category": is_text, "threshold": is_text, "method": is_text})


def _are_safety_settings(value: Json) -> bool:
    return isinstance(value, list) and all(map(_is_safety_setting, value))


# Published request fields without a canonical place; the rest of `extra` is some client's own.
_BODY: Mapping[str, Check] = {
    "safetySettings": _are_safety_settings,
    "serviceTier": is_text,
    "store": is_boolean,
}
_GENERATION: Mapping[str, Check] = {
    "candidateCount": is_whole,
    "enableEnhancedCivicAnswers": is_boolean,
    "imageConfig": is_object,
    "logprobs": is_whole,
    "mediaResolution": is_text,
    "responseLogprobs": is_boolean,
    "responseModalities": lambda value: isinstance(value, list) and all(map(is_text, value)),
    "speechConfig": is_object,
    "thinkingConfig": is_shaped({"includeThoughts": is_boolean, "thinkingBudget": is_whole}),
}
# Whose values are words of the vendor's, in capitals; it takes them in lower case too.
_ENUMS = frozenset(("mediaResolution", "responseModalities", "safetySettings"))
_PLACED = frozenset(("generationConfig", "toolConfig", *SHARED.values()))
_AT = "generationConfig"


def render_settings(settings: Settings, scope: Scope) -> JsonObject:
    """The settings of the body but the choice of tool."""
    data: JsonObject = {}
    if settings.model is not None:
        data["model"] = settings.model
    _beside(settings, data, scope)
    generation = _generation(settings, scope)
    if generation:
        data["generationConfig"] = generation
    return data


def _beside(settings: Settings, data: JsonObject, scope: Scope) -> None:
    for key, value in sorted((settings.extra or {}).items()):
        if key in _PLACED:
            continue
        if key == "cachedContent":
            sentence = "Cached content stays with the vendor that stored it and is not sent"
            scope.changes.lost("cached-content", key, sentence)
        elif key in _BODY and _BODY[key](value):
            data[key] = _in_capitals(value) if key in _ENUMS else value
        else:
            scope.changes.lost("vendor-fields", key, f"Field {key} is not in the format")
    if settings.parallel_tool_calls is False:
        sentence = "Parallel tool calls ignored: the target may make several at once"
        scope.changes.lost("parallel-tool-calls", "parallel_tool_calls", sentence)


def _generation(settings: Settings, scope: Scope) -> JsonObject:
    data: JsonObject = {}
    own = (settings.extra or {}).get("generationConfig")
    if isinstance(own, dict):
        told = {k: _in_capitals(v) if k in _ENUMS else v for k, v in own.items()}
        scope.carry(data, told, _GENERATION, _AT)
    elif own is not None:
        scope.without(["generationConfig"], _AT)
    _sampling(settings, data, scope)
    _max_tokens(settings, data, scope)
    _stop(settings.stop, data, scope)
    _effort(settings.reasoning_effort, data, scope)
    if settings.output is not None:
        data.update(_output(settings.output, scope))
    return data


def _sampling(settings: Settings, data: JsonObject, scope: Scope) -> None:
    extra = settings.extra or {}
    stated: JsonObject = {"temperature": settings.temperature, "topP": settings.top_p}
    stated |= {key: extra.get(name) for key, name in SHARED.items()}
    for key, value in stated.items():
        if value is None:
            continue
        if not scope.profile.sampling:
            sentence = f"Sampling parameter ignored: {key}"
            scope.changes.lost("sampling", f"{_AT}.{key}", sentence)
        elif not (is_whole(value) if key == "seed" else is_number(value)):
            scope.without([key], _AT)
        elif key == "temperature" and isinstance(value, int | float) and not 0 <= value <= _HOTTEST:
            data[key] = min(max(value, 0), _HOTTEST)
            sentence = f"Temperature {value} is clamped to {data[key]}"
            scope.changes.transformed("sampling", f"{_AT}.{key}", sentence)
        else:
            data[key] = value


def _max_tokens(settings: Settings, data: JsonObject, scope: Scope) -> None:
    asked, limit = settings.max_tokens, scope.profile.max_output_tokens
    if asked is None:
        return
    if asked < 1:
        sentence = f"maxOutputTokens {asked} asks for no answer, and is left out"
        scope.changes.transformed("max-tokens", f"{_AT}.maxOutputTokens", sentence)
        return
    if limit is not None and asked > limit:
        sentence = f"maxOutputTokens {asked} is clamped to {limit}"
        scope.changes.transformed("max-tokens", f"{_AT}.maxOutputTokens", sentence)
        asked = limit
    data["maxOutputTokens"] = asked


def _stop(stops: tuple[str, ...], data: JsonObject, scope: Scope) -> None:
    if len(stops) > scope.profile.stops:
        sentence = f"The target takes {scope.profile.stops} stop sequences of {len(stops)}"
        scope.changes.lost("stop-sequences", f"{_AT}.stopSequences", sentence)
    if kept := stops[: scope.profile.stops]:
        data["stopSequences"] = [scope.text(stop, f"{_AT}.stopSequences") for stop in kept]


def _effort(asked: str | None, data: JsonObject, scope: Scope) -> None:
    if asked is None:
        return
    where = f"{_AT}.thinkingConfig.thinkingLevel"
    level = _NEAREST_LEVEL.get(asked, asked)
    if level not in _LEVELS or not scope.profile.reasoning_effort:
        scope.changes.lost("reasoning-effort", where, f"Reasoning effort {asked} ignored")
        return
    if level != asked:
        sentence = f"Reasoning effort {asked} is sent as {level}"
        scope.changes.transformed("reasoning-effort", where, sentence)
    config = data.get("thinkingConfig")
    data["thinkingConfig"] = {
        **(config if isinstance(config, dict) else {}),
        "thinkingLevel": level.upper(),
    }


def _output(output: OutputFormat, scope: Scope) -> JsonObject:
    where = f"{_AT}.responseJsonSchema"
    extra = dict(output.extra or {})
    kind = extra.pop("responseMimeType", None)
    scope.without([*extra, *(["name"] if output.name else [])], where)
    if output.type == "text":
        return {"responseMimeType": kind if is_text(kind) else "text/plain"}
    data: JsonObject = {"responseMimeType": JSON_TYPE}
    if kind is not None or output.type not in {"json_object", "json_schema"}:
        sentence = f"Output of type {kind or output.type!r} is asked for as JSON"
        scope.changes.transformed("structured-output", where, sentence)
    if output.strict:
        sentence = "JSON schema strict mode differs: the target always keeps to the schema"
        scope.changes.transformed("json-schema-strict", where, sentence)
    if output.schema is not None:
        data["responseJsonSchema"] = scope.value(mended(output.schema), where)
        if data["responseJsonSchema"] != output.schema:
            sentence = "The schema of answers is sent in JSON Schema's own types"
            scope.changes.transformed("schema-dialect", where, sentence)
    return data


def _in_capitals(value: Json) -> Json:
    if isinstance(value, str):
        return value.upper()
    if isinstance(value, list):
        return [_in_capitals(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _in_capitals(inner) for key, inner in value.items()}
    return value
