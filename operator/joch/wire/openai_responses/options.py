"""Rendering the settings that stand beside items and tools."""

from joch.transcript.conversation import OutputFormat, Settings
from joch.transcript.values import Json, JsonObject
from joch.wire.openai_responses.strictness import meets_strict
from joch.wire.openai_responses.tools import in_words_of_json_schema, strict_off
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

# Published request fields without a canonical place; the rest of `extra` is some client's own.
_PUBLISHED = frozenset(
    (
        "background",
        "context_management",
        "include",
        "max_tool_calls",
        "metadata",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "safety_identifier",
        "service_tier",
        "stream",
        "stream_options",
        "top_logprobs",
        "truncation",
        "user",
    )
)
_INNER = ("verbosity", "text", "reasoning")  # they have a place inside `text` and `reasoning`
_REASONING = ("context", "generate_summary", "mode", "summary")
_EFFORTS = frozenset(("none", "minimal", "low", "medium", "high", "xhigh", "max"))
_STATE = ("previous_response_id", "conversation", "prompt", "store")
_SAMPLING = ("frequency_penalty", "presence_penalty", "logit_bias", "seed")
_FEWEST_TOKENS = 16  # the API refuses a smaller max_output_tokens
_HOTTEST = 2


def render_settings(settings: Settings, profile: Profile, changes: Changes) -> JsonObject:
    """The settings of the body."""
    extra = settings.extra or {}
    _declare(extra, changes)
    data: JsonObject = {key: extra[key] for key in sorted(extra.keys() & _PUBLISHED)}
    if settings.model is not None:
        data["model"] = settings.model
    if settings.max_tokens is not None:
        data["max_output_tokens"] = _tokens(settings.max_tokens, profile, changes)
    data |= _sampling(settings, profile, changes)
    if settings.stop:
        sentence = f"The format has no stop sequences, here {len(settings.stop)}"
        changes.lost("stop-sequences", "stop", sentence)
    data |= _text(settings, extra, changes)
    data |= _reasoning(settings, extra, profile, changes)
    return data


def _declare(extra: JsonObject, changes: Changes) -> None:
    for key in sorted(extra.keys() - _PUBLISHED - {*_INNER}):
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


def _text(settings: Settings, extra: JsonObject, changes: Changes) -> JsonObject:
    data: JsonObject = {}
    if settings.output:
        data["format"] = _output(settings.output, changes)
    if extra.get("verbosity") in {"low", "medium", "high"}:
        data["verbosity"] = extra["verbosity"]
    elif "verbosity" in extra:
        changes.lost("vendor-fields", "text.verbosity", "This verbosity is not in the format")
    for key in sorted(_keys(extra.get("text"))):
        changes.lost("vendor-fields", f"text.{key}", f"Field text.{key} is not in the format")
    return {"text": data} if data else {}


def _keys(value: Json) -> list[str]:
    return list(value) if isinstance(value, dict) else []


def _output(output: OutputFormat, changes: Changes) -> JsonObject:
    extra = output.extra or {}
    if left := sorted(extra.keys() - {"description"}):
        sentence = f"Fields {', '.join(left)} are not in the format"
        changes.lost("vendor-fields", "text.format", sentence)
    if output.type != "json_schema":
        return {"type": "json_object" if output.type == "json_object" else "text"}
    data: JsonObject = {"type": "json_schema", "name": output.name or "answer"}
    given: JsonObject = output.schema if output.schema is not None else {"type": "object"}
    schema = in_words_of_json_schema(given, "text.format", "the output format", changes)
    data["schema"] = schema
    strict = output.strict
    if strict and not meets_strict(schema):
        strict_off("text.format", "the output format", changes)
        strict = False
    if strict is not None:
        data["strict"] = strict
    if "description" in extra:
        data["description"] = extra["description"]
    return data


def _reasoning(
    settings: Settings, extra: JsonObject, profile: Profile, changes: Changes
) -> JsonObject:
    beside = extra.get("reasoning")
    inner = beside if isinstance(beside, dict) else {}
    for key in sorted(inner.keys() - {*_REASONING}):
        changes.lost("vendor-fields", f"reasoning.{key}", f"Field {key} is not in the format")
    data: JsonObject = {key: inner[key] for key in _REASONING if key in inner}
    if settings.reasoning_effort is not None:
        data["effort"] = settings.reasoning_effort
    if data and (not profile.reasoning_effort or data.get("effort", "low") not in _EFFORTS):
        changes.lost("reasoning-effort", "reasoning", "Reasoning effort ignored")
        return {}
    return {"reasoning": data} if data else {}
