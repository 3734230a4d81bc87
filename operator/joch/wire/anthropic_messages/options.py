"""Rendering what stands beside the messages and tools: settings."""

from collections.abc import Mapping

from joch.transcript.conversation import OutputFormat, Settings
from joch.transcript.values import Json, JsonObject
from joch.wire.anthropic_messages.scope import Scope
from joch.wire.anthropic_messages.settings import CHOICES
from joch.wire.anthropic_messages.shapes import (
    CACHE,
    THINKING,
    Check,
    each,
    either,
    is_boolean,
    is_object,
    is_text,
    one_of,
    record,
)
from joch.wire.claude_schemas import closed

DEFAULT_MAX_TOKENS = 4096
"""The longest answer where nobody states one: every Claude model takes it."""

_WORDS = {canonical: word for word, canonical in CHOICES.items()}
_EFFORTS = frozenset(("low", "medium", "high", "xhigh", "max"))
_NEAREST_EFFORT = {"minimal": "low"}
_SAMPLING = ("temperature", "top_p", "top_k")
_OTHERS_SAMPLING = frozenset(("frequency_penalty", "presence_penalty", "logit_bias", "seed"))
# Published request fields without a canonical place; the rest of `extra` is some client's own.
_PUBLISHED: Mapping[str, Check] = {
    **CACHE,
    "inference_geo": is_text,
    "metadata": record({}, {"user_id": is_text}),
    "service_tier": one_of("auto", "standard_only"),
    "speed": one_of("standard", "fast"),
    "stream": is_boolean,
    "user_profile_id": is_text,
}
# What names the vendor's own state: it is known to the backend that wrote the conversation only.
_OWN: Mapping[str, Check] = {
    "container": either(is_object, is_text),
    "context_management": is_object,
    "diagnostics": is_object,
    "mcp_servers": each(is_object),
}


def render_settings(
    settings: Settings,
    names: Mapping[str, str],
    messages: list[Json],
    tools: list[Json],
    scope: Scope,
) -> JsonObject:
    """The settings of the body. `messages` and `tools` are those that it has."""
    data: JsonObject = {"max_tokens": _max_tokens(settings, scope)}
    if settings.model is not None:
        data["model"] = settings.model
    _beside(settings, data, scope)
    _thinking(settings, data, messages, scope)
    _sampling(settings, data, scope)
    _stop(settings.stop, data, scope)
    _output_config(settings, data, scope)
    _tool_choice(settings, names, tools, data, scope)
    return data


def _max_tokens(settings: Settings, scope: Scope) -> int:
    limit = scope.profile.max_output_tokens
    if settings.max_tokens is None:
        return limit or DEFAULT_MAX_TOKENS
    if settings.max_tokens < 1:
        sentence = f"max_tokens {settings.max_tokens} asks for no answer, and is left out"
        scope.changes.transformed("max-tokens", "max_tokens", sentence)
        return limit or DEFAULT_MAX_TOKENS
    if limit is not None and settings.max_tokens > limit:
        sentence = f"max_tokens {settings.max_tokens} is clamped to {limit}"
        scope.changes.transformed("max-tokens", "max_tokens", sentence)
        return limit
    return settings.max_tokens


def _beside(settings: Settings, data: JsonObject, scope: Scope) -> None:
    known = {**_PUBLISHED, **(_OWN if scope.profile.same_backend else {})}
    elsewhere = {"thinking", "output_config", *_SAMPLING}
    for key, value in sorted((settings.extra or {}).items()):
        if key in known and known[key](value):
            data[key] = value
        elif key in _OTHERS_SAMPLING:
            scope.changes.lost("sampling", key, f"Sampling parameter ignored: {key}")
        elif key not in elsewhere:
            scope.changes.lost("vendor-fields", key, f"Field {key} is not in the format")


def _thinking(settings: Settings, data: JsonObject, messages: list[Json], scope: Scope) -> None:
    thinking = (settings.extra or {}).get("thinking")
    if thinking is None:
        return
    if not isinstance(thinking, dict) or not THINKING(thinking):
        scope.without(["thinking"], "thinking")
        return
    refused = None
    budget = thinking.get("budget_tokens")
    if not scope.profile.reasoning_effort:
        refused = "Thinking ignored: the target does not think"
    elif isinstance(budget, int) and budget >= int(str(data["max_tokens"])):
        refused = f"Thinking ignored: its budget {budget} leaves no room for an answer"
    elif thinking.get("type") == "enabled" and _unthought_round(messages):
        refused = "Thinking ignored: the last tool round has no thinking to go on from"
    if refused:
        scope.changes.lost("thinking", "thinking", refused)
    else:
        data["thinking"] = thinking


def _unthought_round(messages: list[Json]) -> bool:
    """Whether the conversation waits inside a tool round that does not begin with thinking.

    The vendor refuses that with manual thinking (documentation of extended thinking).
    """
    if len(messages) < 2:
        return False
    asked, told = _first_type(messages[-2]), _first_type(messages[-1])
    return told == "tool_result" and asked not in {"thinking", "redacted_thinking"}


def _first_type(message: Json) -> Json:
    content = message.get("content") if isinstance(message, dict) else None
    first = content[0] if isinstance(content, list) else None
    return first.get("type") if isinstance(first, dict) else None


def _sampling(settings: Settings, data: JsonObject, scope: Scope) -> None:
    stated = {
        "temperature": settings.temperature,
        "top_p": settings.top_p,
        "top_k": (settings.extra or {}).get("top_k"),
    }
    refused = not scope.profile.sampling or _thinks(data)
    for key, value in stated.items():
        if value is None:
            continue
        if refused:
            scope.changes.lost("sampling", key, f"Sampling parameter ignored: {key}")
        elif key == "temperature" and isinstance(value, int | float) and not 0 <= value <= 1:
            data[key] = min(max(value, 0), 1)
            sentence = f"Temperature {value} is clamped to {data[key]}"
            scope.changes.transformed("sampling", key, sentence)
        else:
            data[key] = value


def _thinks(data: JsonObject) -> bool:
    """Whether thinking is on by hand, which refuses sampling and a forced choice of tool."""
    thinking = data.get("thinking")
    return isinstance(thinking, dict) and thinking.get("type") == "enabled"


def _stop(stops: tuple[str, ...], data: JsonObject, scope: Scope) -> None:
    taken = [stop for stop in stops if stop.strip()]
    if len(taken) < len(stops):
        sentence = "A stop sequence of blanks is refused"
        scope.changes.lost("stop-sequences", "stop_sequences", sentence)
    if len(taken) > scope.profile.stops:
        sentence = f"The target takes {scope.profile.stops} stop sequences of {len(taken)}"
        scope.changes.lost("stop-sequences", "stop_sequences", sentence)
    if kept := taken[: scope.profile.stops]:
        data["stop_sequences"] = list[Json](kept)


def _output_config(settings: Settings, data: JsonObject, scope: Scope) -> None:
    config: JsonObject = {}
    own = (settings.extra or {}).get("output_config")
    if isinstance(own, dict) and scope.profile.same_backend:
        config.update(own)
    elif own is not None:
        scope.without(["output_config"], "output_config")
    if (effort := _effort(settings.reasoning_effort, scope)) is not None:
        config["effort"] = effort
    if settings.output is not None and (form := _format(settings.output, scope)) is not None:
        config["format"] = form
    if config:
        data["output_config"] = config


def _effort(asked: str | None, scope: Scope) -> str | None:
    if asked is None:
        return None
    effort = _NEAREST_EFFORT.get(asked, asked)
    where = "output_config.effort"
    if effort not in _EFFORTS or not scope.profile.reasoning_effort:
        scope.changes.lost("reasoning-effort", where, f"Reasoning effort {asked} ignored")
        return None
    if effort != asked:
        sentence = f"Reasoning effort {asked} is sent as {effort}"
        scope.changes.transformed("reasoning-effort", where, sentence)
    return effort


def _format(output: OutputFormat, scope: Scope) -> Json:
    where = "output_config.format"
    if output.type == "text":
        return None
    if output.type != "json_schema" or output.schema is None:
        sentence = f"Output of type {output.type} needs a schema here, and is not asked for"
        scope.changes.lost("structured-output", where, sentence)
        return None
    left = [*(output.extra or {}), *(["name"] if output.name else [])]
    scope.without(left, where)
    schema = closed(output.schema)
    if schema != output.schema or output.strict is not True:
        sentence = "JSON schema strict mode differs: answers are always held to the schema"
        scope.changes.transformed("json-schema-strict", where, sentence)
    return {"type": "json_schema", "schema": schema}


def _tool_choice(
    settings: Settings,
    names: Mapping[str, str],
    tools: list[Json],
    data: JsonObject,
    scope: Scope,
) -> None:
    stated = settings.tool_choice is not None or settings.parallel_tool_calls is not None
    if not stated:
        return
    if not tools:
        scope.changes.lost("tool-choice", "tool_choice", "There is no tool to choose")
        return
    choice = _choice(settings.tool_choice, names, tools, scope)
    forced = choice["type"] in {"any", "tool"}
    if forced and (not scope.profile.forced_tool_choice or _thinks(data)):
        sentence = "A forced choice of tool is refused: the model chooses"
        scope.changes.transformed("tool-choice", "tool_choice", sentence)
        choice = {"type": "auto"}
    if settings.parallel_tool_calls is not None and choice["type"] != "none":
        choice["disable_parallel_tool_use"] = not settings.parallel_tool_calls
    data["tool_choice"] = choice


def _choice(asked: Json, names: Mapping[str, str], tools: list[Json], scope: Scope) -> JsonObject:
    """The choice in this format's words; one that it has no words for becomes `auto`."""
    if asked is None:
        return {"type": "auto"}
    if isinstance(asked, str) and asked in _WORDS:
        return {"type": _WORDS[asked]}
    inner = asked.get("function", asked) if isinstance(asked, dict) else {}
    named = inner.get("name") if isinstance(inner, dict) else None
    sent = names.get(named, named) if isinstance(named, str) else None
    if any(isinstance(tool, dict) and tool.get("name") == sent is not None for tool in tools):
        return {"type": "tool", "name": sent}
    scope.changes.lost("tool-choice", "tool_choice", f"The choice {asked!r} has no counterpart")
    return {"type": "auto"}
