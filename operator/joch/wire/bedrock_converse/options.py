"""Rendering the settings that stand beside the messages."""

import re
from collections.abc import Iterator, Mapping

from joch.transcript.conversation import OutputFormat, Settings
from joch.transcript.values import Json, JsonObject
from joch.wire.bedrock_converse import native
from joch.wire.bedrock_converse.embedded import compact
from joch.wire.bedrock_converse.extras import declare_extra
from joch.wire.claude_schemas import closed
from joch.wire.embedded import an_object_in
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

_MODEL = re.compile(r"arn:aws[a-z-]*:[A-Za-z0-9:./_-]{1,2000}|[A-Za-z0-9:.-]{1,2048}")
_EFFORTS = frozenset(("low", "medium", "high", "xhigh", "max"))
_SAMPLERS = ("temperature", "top_p", "top_k", "topP", "topK")
_MODEL_FIELDS = "additionalModelRequestFields"


def render_settings(
    settings: Settings,
    profile: Profile,
    tools: list[Json],
    names: Mapping[str, str],
    changes: Changes,
) -> JsonObject:
    """The settings of the body; `tools` are the declared ones, as they are sent."""
    parts: JsonObject = {
        "modelId": _model(settings.model, changes),
        "inferenceConfig": _inference(settings, profile, changes) or None,
        "toolConfig": _tool_config(settings, profile, tools, names, changes) or None,
        "outputConfig": _output_config(settings, profile, changes) or None,
        **_beside(settings.extra or {}, profile, changes),
    }
    return {key: value for key, value in parts.items() if value is not None}


def _model(name: str | None, changes: Changes) -> str | None:
    """The model's id, where it can be one here: `openrouter/x` of another vendor cannot."""
    if name is None or _MODEL.fullmatch(name):
        return name
    changes.lost("model", "modelId", f"Model {name!r} is no id of Bedrock")
    return None


def _inference(settings: Settings, profile: Profile, changes: Changes) -> JsonObject:
    data: JsonObject = {}
    if (longest := _max_tokens(settings.max_tokens, profile, changes)) is not None:
        data["maxTokens"] = longest
    for key, value in (("temperature", settings.temperature), ("topP", settings.top_p)):
        if value is not None and profile.sampling:
            data[key] = _clamped(key, value, changes)
        elif value is not None:
            changes.lost("sampling", key, f"Sampling parameter ignored: {key}")
    if stops := _stops(settings.stop, profile, changes):
        data["stopSequences"] = stops
    return data


def _max_tokens(asked: int | None, profile: Profile, changes: Changes) -> int | None:
    if asked is None:
        return None
    longest = profile.max_output_tokens
    taken = max(1, asked if longest is None else min(asked, longest))
    if taken != asked:
        sentence = f"maxTokens {asked} is clamped to {taken}"
        changes.transformed("max-tokens", "maxTokens", sentence)
    return taken


def _clamped(key: str, value: float, changes: Changes) -> float:
    """Converse takes 0 to 1; OpenAI and Google sample up to a temperature of 2."""
    taken = min(max(value, 0), 1)
    if taken != value:
        changes.transformed("sampling", key, f"{key} {value} is clamped to {taken}")
    return taken


def _stops(stops: tuple[str, ...], profile: Profile, changes: Changes) -> list[Json]:
    said = [stop for stop in stops if stop]
    kept = said[: profile.stops]
    if len(kept) < len(stops):
        sentence = f"The target takes {len(kept)} stop sequences of {len(stops)}"
        changes.lost("stop-sequences", "stopSequences", sentence)
    return list[Json](kept)


def _tool_config(
    settings: Settings,
    profile: Profile,
    tools: list[Json],
    names: Mapping[str, str],
    changes: Changes,
) -> JsonObject:
    if settings.parallel_tool_calls is not None:
        changes.lost("parallel-tool-calls", "parallelToolCalls", "Parallel tool calls ignored")
    choice = settings.tool_choice
    if not tools:
        if choice is not None:
            changes.lost("tool-choice", "toolChoice", "There is no tool to choose")
        return {}
    data: JsonObject = {"tools": tools}
    if choice == "auto":
        data["toolChoice"] = {"auto": {}}
    elif choice is not None and (taken := _forced(_named(choice, tools, names), profile, changes)):
        data["toolChoice"] = taken
    return data


def _named(choice: Json, tools: list[Json], names: Mapping[str, str]) -> JsonObject | None:
    """Converse's choice for one in the words of OpenAI chat; None: it has none such."""
    if choice == "required":
        return {"any": {}}
    inner = choice.get("function", choice) if isinstance(choice, dict) else None
    name = inner.get("name") if isinstance(inner, dict) else None
    sent = names.get(name, name) if isinstance(name, str) else None
    specs = (spec for tool in tools if isinstance(tool, dict) for spec in tool.values())
    known = any(isinstance(spec, dict) and spec.get("name") == sent for spec in specs)
    return {"tool": {"name": sent}} if sent is not None and known else None


def _forced(wanted: JsonObject | None, profile: Profile, changes: Changes) -> JsonObject | None:
    if wanted is None:
        changes.lost("tool-choice", "toolChoice", "Tool choice ignored: it is none of Converse's")
        return None
    if profile.forced_tool_choice:
        return wanted
    changes.transformed("tool-choice", "toolChoice", "Forced tool choice is sent as auto")
    return {"auto": {}}


def _output_config(settings: Settings, profile: Profile, changes: Changes) -> JsonObject:
    data: JsonObject = {}
    if settings.output and (form := _text_format(settings.output, changes)):
        data["textFormat"] = form
    effort = settings.reasoning_effort
    if effort is not None and profile.reasoning_effort and effort in _EFFORTS:
        data["effort"] = effort
    elif effort is not None:
        changes.lost("reasoning-effort", "outputConfig.effort", "Reasoning effort ignored")
    return data


def _text_format(output: OutputFormat, changes: Changes) -> JsonObject | None:
    """The schema as a string. Converse always enforces it, so it must be one it can enforce."""
    where = "outputConfig.textFormat"
    if output.type == "text":
        return None
    if output.type != "json_schema" or output.schema is None:
        changes.lost("output-format", where, f"Output format {output.type} is not in the format")
        return None
    declare_extra(output.extra, where, changes, ("schema", "description"))
    schema = closed(output.schema)
    if output.strict is False or schema != output.schema:
        sentence = "JSON schema strict mode differs: Converse enforces the schema"
        changes.transformed("strict-mode", where, sentence)
    extra = output.extra or {}
    inner: JsonObject = {"schema": _written(schema, extra.get("schema"))}
    if output.name is not None:
        inner["name"] = output.name
    if isinstance(extra.get("description"), str):
        inner["description"] = extra["description"]
    return {"type": "json_schema", "structure": {"jsonSchema": inner}}


def _written(schema: JsonObject, as_read: Json) -> str:
    if isinstance(as_read, str) and an_object_in(as_read) == schema:
        return as_read
    return compact(schema, None, "outputConfig.textFormat.structure.jsonSchema.schema")


def _beside(extra: JsonObject, profile: Profile, changes: Changes) -> JsonObject:
    """Published fields without a canonical place; the rest is some client's own."""
    data: JsonObject = {}
    fields = extra.get(_MODEL_FIELDS)
    if isinstance(fields, dict):
        data[_MODEL_FIELDS] = dict(_model_fields(fields, profile, changes)) or None
    for key, shape in native.SETTINGS.items():
        if (own := native.published(extra.get(key), shape)) is not None:
            data[key] = own
    whole = isinstance(fields, dict)
    for key in sorted(key for key in extra if data.get(key) != extra[key]):
        if key == _MODEL_FIELDS and whole:
            continue
        changes.lost("vendor-fields", key, f"Field {key} is not in the format")
    return data


def _model_fields(
    fields: JsonObject, profile: Profile, changes: Changes
) -> Iterator[tuple[str, Json]]:
    for key, value in fields.items():
        if key in _SAMPLERS and not profile.sampling:
            changes.lost("sampling", f"{_MODEL_FIELDS}.{key}", f"Sampling parameter ignored: {key}")
        else:
            yield key, value
