"""Reading declared tools: functions, and tools that the vendor carries out."""

from collections.abc import Iterator

from joch.transcript.conversation import ToolDeclaration
from joch.transcript.values import Json, JsonObject
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, rest, text
from joch.wire.google_generate_content.schemas import json_schema

_KNOWN = ("name", "description", "parameters", "parametersJsonSchema")


def read_tools(body: JsonObject) -> tuple[ToolDeclaration, ...]:
    """The declared tools; each tool of the vendor's own is a declaration of its own.

    Raises:
        WireError: a declaration has no name or is not what the format says.
    """
    declared: list[ToolDeclaration] = []
    for place, value in enumerate(_listed(body.get("tools"), "tools")):
        data = an_object(value, None, f"tools[{place}]")
        for key, inner in data.items():
            if key == "functionDeclarations":
                declared.extend(_functions(f"tools[{place}].{key}", inner))
            else:
                declared.append(ToolDeclaration(key, key, extra={key: inner}))
    return tuple(declared)


def _functions(field: str, value: Json) -> Iterator[ToolDeclaration]:
    for place, told in enumerate(_listed(value, field)):
        yield _function(f"{field}[{place}]", an_object(told, None, f"{field}[{place}]"))


def _listed(value: Json, field: str) -> list[Json]:
    """A list; the vendor takes one object where it is meant."""
    if isinstance(value, list):
        return value
    if value is None or isinstance(value, dict):
        return [] if value is None else [value]
    raise WireError(None, field, f"must be a list, not {described(value)}")


def _function(field: str, data: JsonObject) -> ToolDeclaration:
    name = text(data, "name", None, f"{field}.")
    if not name:
        raise WireError(None, f"{field}.name", "is missing: name the function")
    return ToolDeclaration(
        name,
        description=text(data, "description", None, f"{field}."),
        parameters=_parameters(field, data),
        extra=rest(data, _KNOWN),
    )


def _parameters(field: str, data: JsonObject) -> JsonObject | None:
    if "parametersJsonSchema" in data:
        return an_object(data["parametersJsonSchema"], None, f"{field}.parametersJsonSchema")
    if "parameters" in data:
        return json_schema(an_object(data["parameters"], None, f"{field}.parameters"))
    return None
