"""Rendering what stands beside contents and tools: settings."""

from collections.abc import Mapping

from joch.transcript.conversation import OutputFormat, Settings
from joch.transcript.values import Json, JsonObject
from joch.wire.google_generate_content.scope import (
    Check,
    Scope,
    is_boolean,
    is_list,
    is_number,
    is_object,
    is_text,
    is_whole,
)
from joch.wire.google_generate_content.settings import JSON_TYPE, MODES, SHARED
from joch.wire.schemas import mended

_HOTTEST = 2
_WORDS = {canonical: word for word, canonical in MODES.items()}
_LEVELS = frozenset(("minimal", "low", "medium", "high"))
_NEAREST_LEVEL = {"none": "minimal", "xhigh": "high", "max": "high"}
# Published request fields without a canonical place; the rest of `extra` is some client's own.
_BODY: Mapping[str, Check] = {
    "safetySettings": is_list,
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
    "responseModalities": is_list,
    "speechConfig": is_object,
    "thinkingConfig": is_object,
}
_TOOL_CONFIG: Mapping[str, Check] = {
    "functionCallingConfig": is_object,
    "includeServerSideToolInvocations": is_boolean,
    "retrievalConfig": is_object,
}
_PLACED = frozenset(("generationConfig", "toolConfig", *SHARED.values()))
_AT = "generationConfig"


def render_settings(
    settings: Settings, names: Mapping[str, str], tools: bool, scope: Scope
) -> JsonObject:
    """The settings of the body. `tools`: it declares functions, so that a choice has a sense."""
    data: JsonObject = {}
    if settings.model is not None:
        data["model"] = settings.model
    _beside(settings, data, scope)
    generation = _generation(settings, scope)
    if generation:
        data["generationConfig"] = generation
    config = _tool_config(settings, names, tools, scope)
    if config:
        data["toolConfig"] = config
    return data


def _beside(settings: Settings, data: JsonObject, scope: Scope) -> None:
    for key, value in sorted((settings.extra or {}).items()):
        if key in _PLACED:
            continue
        if key == "cachedContent":
            sentence = "Cached content stays with the vendor that stored it and is not sent"
            scope.changes.lost("cached-content", key, sentence)
        elif key in _BODY and _BODY[key](value):
            data[key] = value
        else:
            scope.changes.lost("vendor-fields", key, f"Field {key} is not in the format")
    if settings.parallel_tool_calls is False:
        sentence = "Parallel tool calls ignored: the target may make several at once"
        scope.changes.lost("parallel-tool-calls", "parallel_tool_calls", sentence)


def _generation(settings: Settings, scope: Scope) -> JsonObject:
    data: JsonObject = {}
    own = (settings.extra or {}).get("generationConfig")
    if isinstance(own, dict):
        scope.carry(data, own, _GENERATION, _AT)
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
        elif key == "temperature" and isinstance(value, int | float) and value > _HOTTEST:
            sentence = f"Temperature {value} is clamped to {_HOTTEST}"
            scope.changes.transformed("sampling", f"{_AT}.{key}", sentence)
            data[key] = _HOTTEST
        else:
            data[key] = value


def _max_tokens(settings: Settings, data: JsonObject, scope: Scope) -> None:
    asked, limit = settings.max_tokens, scope.profile.max_output_tokens
    if asked is None:
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
        data["stopSequences"] = list[Json](kept)


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
    data: JsonObject = {"responseMimeType": kind if is_text(kind) else JSON_TYPE}
    if output.type not in {"json_object", "json_schema"}:
        sentence = f"Output of type {output.type!r} is asked for as JSON"
        scope.changes.transformed("structured-output", where, sentence)
    if output.strict:
        sentence = "JSON schema strict mode differs: the target always keeps to the schema"
        scope.changes.transformed("json-schema-strict", where, sentence)
    if output.schema is not None:
        data["responseJsonSchema"] = mended(output.schema)
        if data["responseJsonSchema"] != output.schema:
            sentence = "The schema of answers is sent in JSON Schema's own types"
            scope.changes.transformed("schema-dialect", where, sentence)
    return data


def _tool_config(
    settings: Settings, names: Mapping[str, str], tools: bool, scope: Scope
) -> JsonObject:
    data: JsonObject = {}
    own = (settings.extra or {}).get("toolConfig")
    if isinstance(own, dict):
        scope.carry(data, own, _TOOL_CONFIG, "toolConfig")
    elif own is not None:
        scope.without(["toolConfig"], "toolConfig")
    if settings.tool_choice is None:
        return data
    if not tools:
        scope.changes.lost("tool-choice", "toolConfig", "There is no tool to choose")
        return data
    calling = data.get("functionCallingConfig")
    data["functionCallingConfig"] = {
        **(calling if isinstance(calling, dict) else {}),
        **_calling(settings.tool_choice, names, scope),
    }
    return data


def _calling(choice: Json, names: Mapping[str, str], scope: Scope) -> JsonObject:
    word, allowed = _chosen(choice)
    if word is None:
        scope.changes.lost("tool-choice", "toolConfig", f"Tool choice {choice!r} ignored")
        return {"mode": "AUTO"}
    if word == "ANY" and not scope.profile.forced_tool_choice:
        sentence = "Forced tool choice is sent as auto"
        scope.changes.transformed("tool-choice", "toolConfig", sentence)
        return {"mode": "AUTO"}
    data: JsonObject = {"mode": word}
    if allowed:
        data["allowedFunctionNames"] = [names.get(name, name) for name in allowed]
    return data


def _chosen(choice: Json) -> tuple[str | None, list[str]]:
    """This format's word for a choice in OpenAI's words, and the names that it allows."""
    if isinstance(choice, str):
        return _WORDS.get(choice), []
    if not isinstance(choice, dict):
        return None, []
    inner = choice.get("allowed_tools")
    if isinstance(inner, dict):
        tools, mode = inner.get("tools"), inner.get("mode")
        found = [_name(tool) for tool in tools] if isinstance(tools, list) else []
        word = _WORDS.get(mode) if isinstance(mode, str) else None
        return word, [name for name in found if name]
    name = _name(choice)
    return ("ANY", [name]) if name else (None, [])


def _name(tool: Json) -> str | None:
    """The name in a choice, which stands inside `function` or beside `type`."""
    inner = tool.get("function", tool.get("custom", tool)) if isinstance(tool, dict) else None
    name = inner.get("name") if isinstance(inner, dict) else None
    return name if isinstance(name, str) else None
