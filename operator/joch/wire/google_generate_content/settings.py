"""Reading what a request body says beside contents and tools."""

from joch.transcript.conversation import OutputFormat, Settings
from joch.transcript.values import Json, JsonObject
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, items, rest, text
from joch.wire.google_generate_content.schemas import json_schema

MODES = {"AUTO": "auto", "NONE": "none", "ANY": "required"}
"""This format's word for a choice of tool, and the transcript's."""
SHARED = {
    "seed": "seed",
    "topK": "top_k",
    "presencePenalty": "presence_penalty",
    "frequencyPenalty": "frequency_penalty",
}
"""Sampling settings without a canonical place, by the name that the SDKs and other vendors have."""
JSON_TYPE = "application/json"
_BODY = frozenset(("model", "systemInstruction", "tools", "toolConfig", "generationConfig"))
_GENERATION = frozenset(
    (
        *("temperature", "topP", "maxOutputTokens", "stopSequences", "responseMimeType"),
        *("responseSchema", "responseJsonSchema", "thinkingConfig", *SHARED),
    )
)
_AT = "generationConfig."


def read_settings(body: JsonObject) -> Settings:
    """The settings of a request body; what is not canonical stays in `extra`, at its place.

    Raises:
        WireError: a setting is not what the format says.
    """
    if not body:
        return Settings()
    generation = _inner(body, "generationConfig")
    thinking = _inner(generation, "thinkingConfig", _AT)
    level = text(thinking, "thinkingLevel", None, f"{_AT}thinkingConfig.")
    choice, toolbox = _choice(_inner(body, "toolConfig"))
    return Settings(
        model=text(body, "model", None),
        max_tokens=_whole(generation, "maxOutputTokens"),
        temperature=_number(generation, "temperature"),
        top_p=_number(generation, "topP"),
        stop=_stop(generation),
        output=_output(generation),
        tool_choice=choice,
        reasoning_effort=level.lower() if level else None,
        extra=_extra(body, generation, thinking, toolbox),
    )


def _extra(
    body: JsonObject, generation: JsonObject, thinking: JsonObject, toolbox: JsonObject
) -> JsonObject | None:
    kept = rest(body, _BODY) or {}
    kept |= {SHARED[key]: generation[key] for key in SHARED if generation.get(key) is not None}
    inside = rest(generation, _GENERATION) or {}
    if left := rest(thinking, ("thinkingLevel",)):
        inside["thinkingConfig"] = left
    if inside:
        kept["generationConfig"] = inside
    if toolbox:
        kept["toolConfig"] = toolbox
    return kept or None


def _choice(config: JsonObject) -> tuple[Json, JsonObject]:
    """The choice of tool in the transcript's words, which are OpenAI chat's, and what is left."""
    calling = _inner(config, "functionCallingConfig", "toolConfig.")
    at = "toolConfig.functionCallingConfig."
    mode = (text(calling, "mode", None, at) or "").upper()
    names = items(calling, "allowedFunctionNames", None, at)
    left = rest(config, ("functionCallingConfig",)) or {}
    word = MODES.get("AUTO" if mode == "VALIDATED" and names else mode)
    if word is None or not all(isinstance(name, str) for name in names):
        return None, {
            **config,
            **({"functionCallingConfig": {**calling, "mode": mode}} if mode else {}),
        }
    if beside := rest(calling, ("mode", "allowedFunctionNames")):
        left["functionCallingConfig"] = beside
    tools: list[Json] = [{"type": "function", "function": {"name": name}} for name in names]
    if not tools:
        return word, left
    if mode == "ANY" and len(tools) == 1:
        return tools[0], left
    return {"type": "allowed_tools", "allowed_tools": {"mode": word, "tools": tools}}, left


def _output(generation: JsonObject) -> OutputFormat | None:
    kind = text(generation, "responseMimeType", None, _AT)
    extra: JsonObject | None = {"responseMimeType": kind} if kind and kind != JSON_TYPE else None
    if (schema := _schema(generation)) is not None:
        return OutputFormat("json_schema", schema=schema, extra=extra)
    if kind is None:
        return None
    if kind == JSON_TYPE:
        return OutputFormat("json_object")
    return OutputFormat("text", extra=None if kind == "text/plain" else extra)


def _schema(generation: JsonObject) -> JsonObject | None:
    if "responseJsonSchema" in generation:
        return an_object(generation["responseJsonSchema"], None, f"{_AT}responseJsonSchema")
    if "responseSchema" in generation:
        return json_schema(an_object(generation["responseSchema"], None, f"{_AT}responseSchema"))
    return None


def _stop(generation: JsonObject) -> tuple[str, ...]:
    value = generation.get("stopSequences")
    if isinstance(value, str):
        return (value,)
    stops = items(generation, "stopSequences", None, _AT)
    if not all(isinstance(stop, str) for stop in stops):
        raise WireError(None, f"{_AT}stopSequences", "must be a list of strings")
    return tuple([str(stop) for stop in stops])


def _inner(data: JsonObject, key: str, at: str = "") -> JsonObject:
    value = data.get(key)
    return {} if value is None else an_object(value, None, f"{at}{key}")


def _number(data: JsonObject, key: str) -> float | None:
    value = data.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise WireError(None, f"{_AT}{key}", f"must be a number, not {described(value)}")
    return value


def _whole(data: JsonObject, key: str) -> int | None:
    value = _number(data, key)
    return None if value is None else int(value)
