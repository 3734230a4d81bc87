"""Rendering the settings that stand beside items and tools."""

from collections.abc import Iterable

from joch.transcript.conversation import OutputFormat, Settings
from joch.transcript.values import Json, JsonObject
from joch.wire.identifiers import tool_names
from joch.wire.openai_fields import EFFORTS, VERBOSITIES, has_shape
from joch.wire.openai_responses.published import REASONING, beyond, is_published
from joch.wire.openai_schemas import in_words_of_json_schema, meets_strict, strict_off
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

_STATE = ("previous_response_id", "conversation", "prompt", "store")
_SAMPLING = ("frequency_penalty", "presence_penalty", "logit_bias", "seed")
_FEWEST_TOKENS = 16  # the API refuses a smaller max_output_tokens
_HOTTEST = 2


def render_settings(settings: Settings, profile: Profile, changes: Changes) -> JsonObject:
    """The settings of the body."""
    extra = settings.extra or {}
    data: JsonObject = {k: extra[k] for k in sorted(extra) if is_published(k, extra[k])}
    inner = {key for key in ("text", "reasoning") if isinstance(extra.get(key), dict)}
    _declare(extra.keys() - data.keys() - inner - {"verbosity"}, changes)
    if settings.model is not None:
        data["model"] = settings.model
    if settings.max_tokens is not None:
        data["max_output_tokens"] = _tokens(settings.max_tokens, profile, changes)
    data |= _sampling(settings, profile, changes)
    if settings.stop:
        sentence = f"The format has no stop sequences, here {len(settings.stop)}"
        changes.lost("stop-sequences", "stop", sentence)
    data |= _text(settings, extra, profile, changes)
    data |= _reasoning(settings, extra, profile, changes)
    return data


def _declare(left: Iterable[str], changes: Changes) -> None:
    for key in sorted(left):
        if key in _STATE:
            changes.lost("vendor-state", key, f"{key} names what only the vendor keeps")
        elif key in _SAMPLING:
            changes.lost("sampling", key, f"Sampling parameter ignored: {key}")
        else:
            changes.lost("vendor-fields", key, f"Field {key} is not in the format")


def _tokens(wanted: int, profile: Profile, changes: Changes) -> int:
    most = profile.max_output_tokens
    sent = max(wanted if most is None else min(wanted, most), _FEWEST_TOKENS)
    if sent != wanted:
        sentence = f"Longest answer of {wanted} tokens is clamped to {sent}"
        changes.transformed("max-tokens", "max_output_tokens", sentence)
    return sent


def _sampling(settings: Settings, profile: Profile, changes: Changes) -> JsonObject:
    data: JsonObject = {}
    for key, value in (("temperature", settings.temperature), ("top_p", settings.top_p)):
        if value is None:
            continue
        if not profile.sampling:
            changes.lost("sampling", key, f"Sampling parameter ignored: {key}")
            continue
        data[key] = min(value, _HOTTEST if key == "temperature" else 1)
        if data[key] != value:
            changes.transformed("sampling", key, f"Sampling parameter clamped: {key}")
    return data


def _text(settings: Settings, extra: JsonObject, profile: Profile, changes: Changes) -> JsonObject:
    data: JsonObject = {}
    if settings.output:
        data |= _output(settings.output, profile, changes)
    if has_shape(extra.get("verbosity"), VERBOSITIES):
        data["verbosity"] = extra["verbosity"]
    elif "verbosity" in extra:
        changes.lost("vendor-fields", "text.verbosity", "This verbosity is not in the format")
    for key in sorted(_keys(extra.get("text"))):
        changes.lost("vendor-fields", f"text.{key}", f"Field text.{key} is not in the format")
    return {"text": data} if data else {}


def _keys(value: Json) -> list[str]:
    return list(value) if isinstance(value, dict) else []


def _output(output: OutputFormat, profile: Profile, changes: Changes) -> JsonObject:
    extra = output.extra or {}
    if left := sorted(extra.keys() - {"description"}):
        sentence = f"Fields {', '.join(left)} are not in the format"
        changes.lost("vendor-fields", "text.format", sentence)
    if output.type == "json_schema":
        return {"format": _schema(output, profile, changes)}
    if output.type in {"text", "json_object"}:
        return {"format": {"type": output.type}}
    changes.lost("output-format", "text.format", f"Output of type {output.type!r}")
    return {}


def _schema(output: OutputFormat, profile: Profile, changes: Changes) -> JsonObject:
    given: JsonObject = output.schema if output.schema is not None else {"type": "object"}
    schema = in_words_of_json_schema(given, "text.format", "the output format", changes)
    data: JsonObject = {"type": "json_schema", "name": _name(output, profile, changes)}
    data["schema"] = schema
    strict = output.strict
    if strict and not meets_strict(schema):
        strict_off("text.format", "the output format", changes)
        strict = False
    if strict is not None:
        data["strict"] = strict
    if output.extra and "description" in output.extra:
        data["description"] = output.extra["description"]
    return data


def _name(output: OutputFormat, profile: Profile, changes: Changes) -> str:
    name = output.name or "answer"
    sent = tool_names((name,), profile.tool_names)[name]
    if sent != name:
        changes.transformed("output-name", "text.format.name", f"{name!r} is sent as {sent!r}")
    return sent


def _reasoning(
    settings: Settings, extra: JsonObject, profile: Profile, changes: Changes
) -> JsonObject:
    beside = extra.get("reasoning")
    inner = beside if isinstance(beside, dict) else {}
    left = beyond(inner, REASONING)
    for key in left:
        changes.lost("vendor-fields", f"reasoning.{key}", f"Field {key} is not in the format")
    data: JsonObject = {key: inner[key] for key in REASONING if key in inner and key not in left}
    if settings.reasoning_effort in EFFORTS:
        data["effort"] = settings.reasoning_effort
    elif settings.reasoning_effort is not None:
        changes.lost("reasoning-effort", "reasoning.effort", "This effort is not in the format")
    if data and not profile.reasoning_effort:
        changes.lost("reasoning-effort", "reasoning", "Reasoning effort ignored")
        return {}
    return {"reasoning": data} if data else {}
