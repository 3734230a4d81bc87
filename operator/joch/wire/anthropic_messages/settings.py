"""Reading what a request body says beside its messages and tools."""

from joch.transcript.conversation import OutputFormat, Settings
from joch.transcript.values import Json, JsonObject
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, items, rest, text

_KNOWN = frozenset(
    (
        "system",
        "tools",
        "model",
        "max_tokens",
        "temperature",
        "top_p",
        "stop_sequences",
        "tool_choice",
        "output_config",
        "output_format",
    )
)
CHOICES = {"auto": "auto", "any": "required", "none": "none"}
"""This format's word for a choice of tool, and the transcript's."""


def read_settings(body: JsonObject) -> Settings:
    """The settings of a request body; what is not canonical stays in `extra`.

    Raises:
        WireError: a setting is not what the format says.
    """
    if not body:
        return Settings()
    config = _object(body, "output_config")
    kept = rest(body, _KNOWN) or {}
    if left := rest(config, ("effort", "format")):
        kept["output_config"] = left
    choice = _object(body, "tool_choice")
    chosen = _choice(choice)
    if choice and chosen is None:
        kept["tool_choice"] = choice
    return Settings(
        model=text(body, "model", None),
        max_tokens=_whole(body, "max_tokens"),
        temperature=_number(body, "temperature"),
        top_p=_number(body, "top_p"),
        stop=_stop(body),
        output=_output(body, config),
        tool_choice=chosen,
        parallel_tool_calls=_parallel(choice),
        reasoning_effort=text(config, "effort", None, "output_config."),
        extra=kept or None,
    )


def _object(body: JsonObject, key: str) -> JsonObject:
    value = body.get(key)
    return {} if value is None else an_object(value, None, key)


def _choice(choice: JsonObject) -> Json:
    """The choice of tool in the transcript's words, which are OpenAI chat's."""
    kind = choice.get("type")
    if kind == "tool":
        name = text(choice, "name", None, "tool_choice.")
        if not name:
            raise WireError(None, "tool_choice.name", "is missing: name the tool")
        return {"type": "function", "function": {"name": name}}
    return CHOICES.get(kind) if isinstance(kind, str) else None


def _parallel(choice: JsonObject) -> bool | None:
    disabled = choice.get("disable_parallel_tool_use")
    return not disabled if isinstance(disabled, bool) else None


def _output(body: JsonObject, config: JsonObject) -> OutputFormat | None:
    """The form of answers; the vendor always holds them to the schema, which is strict."""
    at = "output_config.format" if config.get("format") is not None else "output_format"
    value = config.get("format", body.get("output_format"))
    if value is None:
        return None
    data = an_object(value, None, at)
    kind = text(data, "type", None, f"{at}.") or "json_schema"
    if kind != "json_schema":
        return OutputFormat(kind, extra=rest(data, ("type",)))
    schema = an_object(data.get("schema"), None, f"{at}.schema")
    return OutputFormat(kind, None, schema, True, rest(data, ("type", "schema")))


def _stop(body: JsonObject) -> tuple[str, ...]:
    stops = items(body, "stop_sequences", None)
    if not all(isinstance(stop, str) for stop in stops):
        raise WireError(None, "stop_sequences", "must be a list of strings")
    return tuple(str(stop) for stop in stops)


def _number(body: JsonObject, key: str) -> float | None:
    value = body.get(key)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise WireError(None, key, f"must be a number, not {described(value)}")


def _whole(body: JsonObject, key: str) -> int | None:
    value = _number(body, key)
    return None if value is None else int(value)
