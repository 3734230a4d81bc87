"""Rendering the settings that stand beside messages and tools."""

from collections.abc import Mapping

from joch.transcript.conversation import OutputFormat, Settings
from joch.transcript.values import Json, JsonObject
from joch.wire.identifiers import tool_names
from joch.wire.openai_fields import EFFORTS, VERBOSITIES, Shape, has_shape
from joch.wire.openai_schemas import in_words_of_json_schema, meets_strict, strict_off
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

# Published request fields without a canonical place; the rest of `extra` is some client's own.
_PUBLISHED: Mapping[str, tuple[Shape, ...]] = {
    "frequency_penalty": (int, float),
    "logit_bias": (dict,),
    "logprobs": (bool,),
    "metadata": (dict,),
    "n": (int,),
    "presence_penalty": (int, float),
    "prompt_cache_key": (str,),
    "safety_identifier": (str,),
    "seed": (int,),
    "service_tier": (frozenset(("auto", "default", "flex", "scale", "priority", "fast")),),
    "store": (bool,),
    "stream": (bool,),
    "stream_options": (dict,),
    "top_logprobs": (int,),
    "user": (str,),
    "verbosity": (VERBOSITIES,),
}
_SAMPLING = ("temperature", "top_p", "frequency_penalty", "presence_penalty", "logit_bias", "seed")


def render_settings(settings: Settings, profile: Profile, changes: Changes) -> JsonObject:
    """The settings of the body."""
    data: JsonObject = {}
    for key, value in {**_stated(settings), **_beside(settings, changes)}.items():
        if key in _SAMPLING and not profile.sampling:
            changes.lost("sampling", key, f"Sampling parameter ignored: {key}")
        else:
            data[key] = value
    data |= _effort(settings.reasoning_effort, profile, changes)
    data |= _stop(settings.stop, profile, changes)
    if settings.output:
        data |= _output(settings.output, profile, changes)
    return data


def _stated(settings: Settings) -> JsonObject:
    fields: JsonObject = {
        "model": settings.model,
        "max_completion_tokens": settings.max_tokens,
        "temperature": settings.temperature,
        "top_p": settings.top_p,
    }
    return {k: v for k, v in fields.items() if v is not None}


def _beside(settings: Settings, changes: Changes) -> JsonObject:
    extra = settings.extra or {}
    taken = {k: v for k, v in extra.items() if any(has_shape(v, s) for s in _PUBLISHED.get(k, ()))}
    for key in sorted(extra.keys() - taken.keys()):
        changes.lost("vendor-fields", key, f"Field {key} is not in the format")
    return taken


def _effort(effort: str | None, profile: Profile, changes: Changes) -> JsonObject:
    if effort is None:
        return {}
    if not profile.reasoning_effort:
        changes.lost("reasoning-effort", "reasoning_effort", "Reasoning effort ignored")
        return {}
    if effort not in EFFORTS:
        sentence = f"Reasoning effort {effort!r} is not in the format"
        changes.lost("reasoning-effort", "reasoning_effort", sentence)
        return {}
    return {"reasoning_effort": effort}


def _stop(stops: tuple[str, ...], profile: Profile, changes: Changes) -> JsonObject:
    if len(stops) > profile.stops:
        sentence = f"The target takes {profile.stops} stop sequences of {len(stops)}"
        changes.lost("stop-sequences", "stop", sentence)
    kept = stops[: profile.stops]
    return {"stop": list[Json](kept)} if kept else {}


def _output(output: OutputFormat, profile: Profile, changes: Changes) -> JsonObject:
    where = "response_format"
    if left := sorted((output.extra or {}).keys() - {"description"}):
        sentence = f"Fields {', '.join(left)} are not in the format"
        changes.lost("vendor-fields", where, sentence)
    if output.type == "json_schema":
        inner = _schema(output, profile, changes)
        return {where: {"type": "json_schema", "json_schema": inner}}
    if output.type in {"text", "json_object"}:
        return {where: {"type": output.type}}
    changes.lost("output-format", where, f"Output of type {output.type!r}")
    return {}


def _schema(output: OutputFormat, profile: Profile, changes: Changes) -> JsonObject:
    where, what = "response_format", "the output format"
    inner: JsonObject = {"name": _name(output.name or "answer", profile, changes)}
    schema = in_words_of_json_schema(output.schema, where, what, changes)
    if schema is not None:
        inner["schema"] = schema
    if output.strict and not meets_strict(schema):
        strict_off(where, what, changes)
        inner["strict"] = False
    elif output.strict is not None:
        inner["strict"] = output.strict
    if output.extra and isinstance(output.extra.get("description"), str):
        inner["description"] = output.extra["description"]
    return inner


def _name(name: str, profile: Profile, changes: Changes) -> str:
    sent = tool_names((name,), profile.tool_names)[name]
    if sent != name:
        sentence = f"{name!r} is sent as {sent!r}"
        changes.transformed("output-name", "response_format.json_schema.name", sentence)
    return sent
