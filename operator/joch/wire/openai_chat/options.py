"""Rendering what stands beside the messages: tools and settings."""

from collections.abc import Mapping

from joch.transcript.conversation import OutputFormat, Settings, ToolDeclaration
from joch.transcript.values import Json, JsonObject
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

# Published request fields without a canonical place; the rest of `extra` is some client's own.
_PUBLISHED = frozenset(
    (
        "frequency_penalty",
        "logit_bias",
        "logprobs",
        "metadata",
        "n",
        "presence_penalty",
        "prompt_cache_key",
        "safety_identifier",
        "seed",
        "service_tier",
        "store",
        "stream",
        "stream_options",
        "top_logprobs",
        "user",
        "verbosity",
    )
)
_SAMPLING = ("temperature", "top_p", "frequency_penalty", "presence_penalty", "logit_bias", "seed")


def render_tools(
    tools: tuple[ToolDeclaration, ...], names: Mapping[str, str], changes: Changes
) -> JsonObject:
    """`tools`, or nothing where none can be declared."""
    declared: list[Json] = []
    seen: set[str] = set()
    for tool in tools:
        if tool.name in seen:
            changes.lost("duplicate-tool", "tools", f"Tool {tool.name!r} is declared twice")
            continue
        seen.add(tool.name)
        data = _tool(tool, names, changes)
        if data is not None:
            declared.append(data)
    return {"tools": declared} if declared else {}


def _tool(tool: ToolDeclaration, names: Mapping[str, str], changes: Changes) -> Json:
    if tool.type == "custom" and tool.extra and isinstance(tool.extra.get("custom"), dict):
        return {"type": "custom", "custom": tool.extra["custom"]}
    if tool.type != "function":
        changes.lost("vendor-tool", "tools", f"Tool {tool.name!r} of type {tool.type!r}")
        return None
    if tool.extra:
        fields = ", ".join(sorted(tool.extra))
        changes.lost("vendor-fields", "tools", f"Fields {fields} of tool {tool.name!r}")
    function: JsonObject = {"name": names[tool.name]}
    if tool.description is not None:
        function["description"] = tool.description
    if tool.parameters is not None:
        function["parameters"] = tool.parameters
    if tool.strict is not None:
        function["strict"] = tool.strict
    return {"type": "function", "function": function}


def render_settings(
    settings: Settings,
    profile: Profile,
    names: Mapping[str, str],
    tools: bool,
    changes: Changes,
) -> JsonObject:
    """The settings of the body. `tools`: the body declares some, so that a choice has a sense."""
    data: JsonObject = {}
    for key in sorted((settings.extra or {}).keys() - _PUBLISHED):
        changes.lost("vendor-fields", key, f"Field {key} is not in the format")
    for key, value in _stated(settings).items():
        if key in _SAMPLING and not profile.sampling:
            changes.lost("sampling", key, f"Sampling parameter ignored: {key}")
        elif key == "reasoning_effort" and not profile.reasoning_effort:
            changes.lost("reasoning-effort", key, "Reasoning effort ignored")
        else:
            data[key] = value
    _stop(settings.stop, profile, changes, data)
    if settings.output:
        data["response_format"] = _output(settings.output)
    if tools:
        data.update(_choice(settings, names))
    elif settings.tool_choice is not None:
        changes.lost("tool-choice", "tool_choice", "There is no tool to choose")
    return data


def _stated(settings: Settings) -> JsonObject:
    fields: JsonObject = {
        "model": settings.model,
        "max_completion_tokens": settings.max_tokens,
        "temperature": settings.temperature,
        "top_p": settings.top_p,
        "reasoning_effort": settings.reasoning_effort,
    }
    beside = {k: v for k, v in (settings.extra or {}).items() if k in _PUBLISHED}
    return {k: v for k, v in (fields | beside).items() if v is not None}


def _stop(stops: tuple[str, ...], profile: Profile, changes: Changes, data: JsonObject) -> None:
    if len(stops) > profile.stops:
        sentence = f"The target takes {profile.stops} stop sequences of {len(stops)}"
        changes.lost("stop-sequences", "stop", sentence)
    if kept := stops[: profile.stops]:
        data["stop"] = list[Json](kept)


def _output(output: OutputFormat) -> JsonObject:
    if output.type != "json_schema":
        return {"type": output.type}
    inner: JsonObject = {"name": output.name or "answer"}
    if output.schema is not None:
        inner["schema"] = output.schema
    if output.strict is not None:
        inner["strict"] = output.strict
    if output.extra and "description" in output.extra:
        inner["description"] = output.extra["description"]
    return {"type": "json_schema", "json_schema": inner}


def _choice(settings: Settings, names: Mapping[str, str]) -> JsonObject:
    data: JsonObject = {}
    if settings.parallel_tool_calls is not None:
        data["parallel_tool_calls"] = settings.parallel_tool_calls
    choice = settings.tool_choice
    inner = choice.get("function", choice) if isinstance(choice, dict) else None
    if isinstance(inner, dict) and isinstance(inner.get("name"), str):
        name = str(inner["name"])
        data["tool_choice"] = {"type": "function", "function": {"name": names.get(name, name)}}
    elif choice is not None:
        data["tool_choice"] = choice
    return data
