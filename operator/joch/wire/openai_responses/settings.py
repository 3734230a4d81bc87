"""Reading what a request body says beside its items: tools and settings."""

from joch.transcript.conversation import OutputFormat, Settings, ToolDeclaration
from joch.transcript.values import Json, JsonObject
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, items, rest, text

_KNOWN = frozenset(
    (
        "input",
        "output",
        "object",
        "instructions",
        "model",
        "max_output_tokens",
        "temperature",
        "top_p",
        "text",
        "reasoning",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
    )
)
_FUNCTION = ("type", "name", "description", "parameters", "strict")


def read_settings(body: JsonObject) -> Settings:
    """The settings of a request body; what is not canonical stays in `extra`.

    Raises:
        WireError: a setting is not what the format says.
    """
    if not body:
        return Settings()
    thought = _inner(body, "reasoning")
    shaped = _inner(body, "text")
    return Settings(
        model=text(body, "model", None),
        max_tokens=_whole(body, "max_output_tokens"),
        temperature=_number(body, "temperature"),
        top_p=_number(body, "top_p"),
        output=_output(shaped),
        tool_choice=_choice(body.get("tool_choice")),
        parallel_tool_calls=_flag(body, "parallel_tool_calls"),
        reasoning_effort=text(thought, "effort", None, "reasoning."),
        extra=_extra(body, thought, shaped),
    )


def _inner(body: JsonObject, key: str) -> JsonObject:
    value = body.get(key)
    return {} if value is None else an_object(value, None, key)


def _extra(body: JsonObject, thought: JsonObject, shaped: JsonObject) -> JsonObject | None:
    """What is not canonical; `verbosity` by the name that Chat has for it."""
    extra = rest(body, _KNOWN) or {}
    if (verbosity := shaped.get("verbosity")) is not None:
        extra["verbosity"] = verbosity
    if kept := rest(shaped, ("format", "verbosity")):
        extra["text"] = kept
    if kept := rest(thought, ("effort",)):
        extra["reasoning"] = kept
    return extra or None


def read_tools(body: JsonObject) -> tuple[ToolDeclaration, ...]:
    """The declared tools.

    Raises:
        WireError: a declaration has no name or is not an object.
    """
    return tuple(_tool(f"tools[{i}]", tool) for i, tool in enumerate(items(body, "tools", None)))


def _tool(field: str, value: Json) -> ToolDeclaration:
    data = an_object(value, None, field)
    kind = text(data, "type", None, f"{field}.") or "function"
    if kind == "custom":
        return _custom(field, data)
    if kind != "function":
        label = data.get("name") or data.get("server_label")
        return ToolDeclaration(
            label if isinstance(label, str) and label else kind, kind, extra=data
        )
    if isinstance(data.get("function"), dict):  # as Chat nests it
        data = {**an_object(data["function"], None, field), **(rest(data, ("function",)) or {})}
    return _function(field, data)


def _function(field: str, data: JsonObject) -> ToolDeclaration:
    parameters = data.get("parameters")
    if parameters is not None:
        parameters = an_object(parameters, None, f"{field}.parameters")
    extra = rest(data, _FUNCTION) or {}
    strict = _flag(data, "strict", f"{field}.")
    if strict is None:
        extra["strict"] = None  # says something: here a tool is strict where its schema allows it
    return ToolDeclaration(
        _tool_name(field, data),
        description=text(data, "description", None, f"{field}."),
        parameters=parameters,
        strict=strict,
        extra=extra or None,
    )


def _custom(field: str, data: JsonObject) -> ToolDeclaration:
    """A custom tool in the shape that Chat has: all of it in `custom`, the grammar nested."""
    inner: JsonObject = {k: v for k, v in data.items() if k != "type" and v is not None}
    if isinstance(data.get("custom"), dict):
        inner = an_object(data["custom"], None, f"{field}.custom")
    form = inner.get("format")
    if isinstance(form, dict) and form.get("type") == "grammar" and "grammar" not in form:
        grammar: JsonObject = {k: v for k, v in form.items() if k != "type"}
        inner = {**inner, "format": {"type": "grammar", "grammar": grammar}}
    name = _tool_name(field, inner)
    return ToolDeclaration(name, "custom", extra={"type": "custom", "custom": inner})


def _tool_name(field: str, data: JsonObject) -> str:
    name = text(data, "name", None, f"{field}.")
    if not name:
        raise WireError(None, f"{field}.name", "is missing: name the tool")
    return name


def _output(shaped: JsonObject) -> OutputFormat | None:
    if shaped.get("format") is None:
        return None
    data = an_object(shaped["format"], None, "text.format")
    at = "text.format."
    kind = text(data, "type", None, at) or "text"
    if kind != "json_schema":
        return OutputFormat(kind, extra=rest(data, ("type",)))
    schema = data.get("schema")
    if schema is not None:
        schema = an_object(schema, None, "text.format.schema")
    name, strict = text(data, "name", None, at), _flag(data, "strict", at)
    return OutputFormat(
        kind, name, schema, strict, rest(data, ("type", "name", "schema", "strict"))
    )


def _choice(value: Json) -> Json:
    """The choice of tools in the shape that Chat has, which nests what is allowed."""
    if not isinstance(value, dict):
        return value
    if value.get("type") == "allowed_tools" and "allowed_tools" not in value:
        named = value.get("tools")
        tools: list[Json] = [_nested(tool) for tool in named] if isinstance(named, list) else []
        inner: JsonObject = {"mode": value.get("mode"), "tools": tools}
        return {"type": "allowed_tools", "allowed_tools": inner}
    return _nested(value)


def _nested(value: Json) -> Json:
    if not isinstance(value, dict) or value.get("type") not in {"function", "custom"}:
        return value
    kind = str(value["type"])
    return {"type": kind, kind: {"name": value.get("name")}} if "name" in value else value


def _number(body: JsonObject, key: str) -> float | None:
    value = body.get(key)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise WireError(None, key, f"must be a number, not {described(value)}")


def _whole(body: JsonObject, key: str) -> int | None:
    value = _number(body, key)
    return None if value is None else int(value)


def _flag(data: JsonObject, key: str, at: str = "") -> bool | None:
    value = data.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise WireError(None, f"{at}{key}", f"must be a boolean, not {described(value)}")
