"""Reading what a request body says beside its messages: tools and settings."""

import json

from joch.transcript.conversation import OutputFormat, Settings, ToolDeclaration
from joch.transcript.values import Json, JsonObject
from joch.wire.bedrock_converse.embedded import compact
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, items, rest, text

_KNOWN = ("modelId", "system", "inferenceConfig", "toolConfig", "outputConfig")
_SCHEMA = "outputConfig.textFormat.structure.jsonSchema"


def read_settings(body: JsonObject) -> Settings:
    """The settings of a request body; what is not canonical stays in `extra`, at its place.

    Raises:
        WireError: a setting is not what the format says.
    """
    if not body:
        return Settings()
    inference = _object(body, "inferenceConfig")
    tools, output = _object(body, "toolConfig"), _object(body, "outputConfig")
    beside = {
        "inferenceConfig": rest(inference, ("maxTokens", "temperature", "topP", "stopSequences")),
        "toolConfig": rest(tools, ("tools", "toolChoice")),
        "outputConfig": rest(output, ("textFormat", "effort")),
    }
    extra = {**(rest(body, _KNOWN) or {}), **{k: v for k, v in beside.items() if v}}
    return Settings(
        model=text(body, "modelId", None),
        max_tokens=_whole(inference, "maxTokens"),
        temperature=_number(inference, "temperature"),
        top_p=_number(inference, "topP"),
        stop=_stop(inference),
        output=_output(output),
        tool_choice=_choice(tools),
        reasoning_effort=text(output, "effort", None, "outputConfig."),
        extra=extra or None,
    )


def read_tools(body: JsonObject) -> tuple[ToolDeclaration, ...]:
    """The declared tools. A cache point stays with the tool that it stands behind.

    Raises:
        WireError: a declaration has no name or is not what the format says.
    """
    config = _object(body, "toolConfig")
    declared: list[ToolDeclaration] = []
    for place, value in enumerate(items(config, "tools", None, "toolConfig.")):
        field = f"toolConfig.tools[{place}]"
        data = rest(an_object(value, None, field), ()) or {}
        if not data:
            raise WireError(None, field, "is empty: give it a toolSpec")
        kind = next((k for k in ("toolSpec", "systemTool") if k in data), next(iter(data)))
        declared.append(
            _function(field, data) if kind == "toolSpec" else _vendors(field, kind, data)
        )
    return tuple(declared)


def _function(field: str, block: JsonObject) -> ToolDeclaration:
    field = f"{field}.toolSpec"
    data = an_object(block["toolSpec"], None, field)
    schema = an_object(data.get("inputSchema", {}), None, f"{field}.inputSchema")
    parameters = schema.get("json")
    if isinstance(parameters, str):  # as the schema is written where it is passed as a string
        parameters = _embedded(parameters, f"{field}.inputSchema.json")
    if parameters is not None:
        parameters = an_object(parameters, None, f"{field}.inputSchema.json")
    extra: JsonObject = {
        **(rest(block, ("toolSpec",)) or {}),
        **(rest(data, ("name", "description", "inputSchema", "strict")) or {}),
        **(rest(schema, ("json",)) or {}),
    }
    return ToolDeclaration(
        _name(field, data),
        description=text(data, "description", None, f"{field}."),
        parameters=parameters,
        strict=_flag(data, "strict", f"{field}."),
        extra=extra or None,
    )


def _vendors(field: str, kind: str, block: JsonObject) -> ToolDeclaration:
    """A system tool, a cache point, or something new: kept whole under the vendor's word for it."""
    if kind == "systemTool":
        name = _name(f"{field}.systemTool", an_object(block[kind], None, f"{field}.systemTool"))
        return ToolDeclaration(name, kind, extra=block)
    return ToolDeclaration(kind, kind, extra=block)


def _name(field: str, data: JsonObject) -> str:
    name = text(data, "name", None, f"{field}.")
    if not name:
        raise WireError(None, f"{field}.name", "is missing: name the tool")
    return name


def _choice(config: JsonObject) -> Json:
    """The choice in the words of OpenAI chat, which the transcript uses for every vendor."""
    if config.get("toolChoice") is None:
        return None
    choice = an_object(config["toolChoice"], None, "toolConfig.toolChoice")
    for kind, word in (("auto", "auto"), ("any", "required")):
        if choice.get(kind) is not None:
            return word
    tool = choice.get("tool")
    if not isinstance(tool, dict):
        return choice
    return {"type": "function", "function": {"name": _name("toolConfig.toolChoice.tool", tool)}}


def _output(config: JsonObject) -> OutputFormat | None:
    if config.get("textFormat") is None:
        return None
    data = an_object(config["textFormat"], None, "outputConfig.textFormat")
    kind = text(data, "type", None, "outputConfig.textFormat.") or "json_schema"
    structure = an_object(data.get("structure", {}), None, "outputConfig.textFormat.structure")
    if structure.get("jsonSchema") is None:
        return OutputFormat(kind, extra=rest(data, ("type",)))
    inner = an_object(structure["jsonSchema"], None, _SCHEMA)
    written = text(inner, "schema", None, f"{_SCHEMA}.")
    schema = None if written is None else _embedded(written, f"{_SCHEMA}.schema")
    extra = rest(inner, ("schema", "name")) or {}
    if schema is not None and written != compact(schema, None, f"{_SCHEMA}.schema"):
        extra["schema"] = written
    name = text(inner, "name", None, f"{_SCHEMA}.")
    return OutputFormat(kind, name, schema, extra=extra or None)


def _embedded(written: str, field: str) -> JsonObject:
    try:
        value = json.loads(written)
    except (ValueError, RecursionError):
        sentence = "is no JSON: write the schema as the text of a JSON object"
        raise WireError(None, field, sentence) from None
    return an_object(value, None, field)


def _object(body: JsonObject, key: str) -> JsonObject:
    value = body.get(key)
    return {} if value is None else an_object(value, None, key)


def _stop(inference: JsonObject) -> tuple[str, ...]:
    stops = items(inference, "stopSequences", None, "inferenceConfig.")
    if not all(isinstance(stop, str) for stop in stops):
        raise WireError(None, "inferenceConfig.stopSequences", "must be a list of strings")
    return tuple(str(stop) for stop in stops)


def _number(inference: JsonObject, key: str) -> float | None:
    value = inference.get(key)
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise WireError(None, f"inferenceConfig.{key}", f"must be a number, not {described(value)}")
    return value


def _whole(inference: JsonObject, key: str) -> int | None:
    value = _number(inference, key)
    return None if value is None else int(value)


def _flag(data: JsonObject, key: str, at: str) -> bool | None:
    value = data.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise WireError(None, f"{at}{key}", f"must be a boolean, not {described(value)}")
