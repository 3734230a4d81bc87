"""Reading what a request body says beside its messages: tools and settings."""

from joch.transcript.conversation import OutputFormat, Settings, ToolDeclaration
from joch.transcript.values import Json, JsonObject
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, items, rest, text

_KNOWN = frozenset(
    (
        "model",
        "max_tokens",
        "max_completion_tokens",
        "temperature",
        "top_p",
        "stop",
        "response_format",
        "tools",
        "functions",
        "tool_choice",
        "function_call",
        "parallel_tool_calls",
        "reasoning_effort",
    )
)


def read_settings(body: JsonObject) -> Settings:
    """The settings of a request body; what is not canonical stays in `extra`.

    Raises:
        WireError: a setting is not what the format says.
    """
    if not body:
        return Settings()
    return Settings(
        model=text(body, "model", None),
        max_tokens=_longest(body),
        temperature=_number(body, "temperature"),
        top_p=_number(body, "top_p"),
        stop=_stop(body),
        output=_output(body),
        tool_choice=body.get("tool_choice", body.get("function_call")),
        parallel_tool_calls=_flag(body, "parallel_tool_calls"),
        reasoning_effort=text(body, "reasoning_effort", None),
        extra=rest(body, _KNOWN),
    )


def read_tools(body: JsonObject) -> tuple[ToolDeclaration, ...]:
    """The declared tools, the former `functions` among them.

    Raises:
        WireError: a declaration has no name or is not an object.
    """
    declared = [_tool(f"tools[{i}]", tool) for i, tool in enumerate(items(body, "tools", None))]
    former = items(body, "functions", None)
    declared += [_function(f"functions[{i}]", tool, None) for i, tool in enumerate(former)]
    return tuple(declared)


def _tool(field: str, value: Json) -> ToolDeclaration:
    data = an_object(value, None, field)
    kind = text(data, "type", None, f"{field}.") or "function"
    if kind == "function":
        inner = data.get("function", rest(data, ("type",)))
        return _function(f"{field}.function", inner, rest(data, ("type", "function")))
    inner = data.get(kind, data.get("function"))
    named = inner.get("name") if isinstance(inner, dict) else data.get("name")
    return ToolDeclaration(named if isinstance(named, str) and named else kind, kind, extra=data)


def _function(field: str, value: Json, beside: JsonObject | None) -> ToolDeclaration:
    data = an_object(value, None, field)
    name = text(data, "name", None, f"{field}.")
    if not name:
        raise WireError(None, f"{field}.name", "is missing: name the tool")
    parameters = data.get("parameters")
    if parameters is not None:
        parameters = an_object(parameters, None, f"{field}.parameters")
    known = ("name", "description", "parameters", "strict")
    flat = beside if beside and not beside.keys() & set(known) else None
    extra = {**(flat or {}), **(rest(data, known) or {})}
    return ToolDeclaration(
        name,
        description=text(data, "description", None, f"{field}."),
        parameters=parameters,
        strict=_flag(data, "strict", f"{field}."),
        extra=extra or None,
    )


def _output(body: JsonObject) -> OutputFormat | None:
    if body.get("response_format") is None:
        return None
    data = an_object(body["response_format"], None, "response_format")
    kind = text(data, "type", None, "response_format.") or "text"
    if kind != "json_schema":
        return OutputFormat(kind, extra=rest(data, ("type",)))
    inner = an_object(data.get("json_schema"), None, "response_format.json_schema")
    schema = inner.get("schema")
    if schema is not None:
        schema = an_object(schema, None, "response_format.json_schema.schema")
    at = "response_format.json_schema."
    extra = rest(inner, ("name", "schema", "strict"))
    return OutputFormat(
        kind, text(inner, "name", None, at), schema, _flag(inner, "strict", at), extra
    )


def _stop(body: JsonObject) -> tuple[str, ...]:
    value = body.get("stop")
    if isinstance(value, str):
        return (value,)
    stops = items(body, "stop", None)
    if not all(isinstance(stop, str) for stop in stops):
        raise WireError(None, "stop", "must be a string or a list of strings")
    return tuple(str(stop) for stop in stops)


def _number(body: JsonObject, key: str) -> float | None:
    value = body.get(key)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise WireError(None, key, f"must be a number, not {described(value)}")


def _longest(body: JsonObject) -> int | None:
    """The longest answer asked for, by the name that counts where both stand."""
    longest = _whole(body, "max_completion_tokens")
    return _whole(body, "max_tokens") if longest is None else longest


def _whole(body: JsonObject, key: str) -> int | None:
    value = _number(body, key)
    return None if value is None else int(value)


def _flag(data: JsonObject, key: str, at: str = "") -> bool | None:
    value = data.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise WireError(None, f"{at}{key}", f"must be a boolean, not {described(value)}")
