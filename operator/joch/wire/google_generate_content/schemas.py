"""Schemas: the format's own dialect (OpenAPI 3.0, types in capitals) into JSON Schema."""

from joch.transcript.values import Json, JsonObject

_COUNTS = frozenset(
    ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties")
)
_SPELLED = {
    "any_of": "anyOf",
    "min_items": "minItems",
    "max_items": "maxItems",
    "min_length": "minLength",
    "max_length": "maxLength",
    "min_properties": "minProperties",
    "max_properties": "maxProperties",
    "property_ordering": "propertyOrdering",
    "additional_properties": "additionalProperties",
}


def json_schema(schema: JsonObject) -> JsonObject:
    """The schema of `parameters` or `responseSchema` in JSON Schema's words.

    `nullable` becomes a type, counts are numbers, and `propertyOrdering` orders the properties.
    """
    told = {_SPELLED.get(key, key): value for key, value in schema.items() if value is not None}
    made: JsonObject = {key: _keyword(key, value) for key, value in told.items()}
    if made.pop("nullable", None) is True:
        _let_null(made)
    ordering = made.pop("propertyOrdering", None)
    properties = made.get("properties")
    if isinstance(ordering, list) and isinstance(properties, dict):
        made["properties"] = _ordered(properties, ordering)
    return made


def _keyword(key: str, value: Json) -> Json:
    if key == "type" and isinstance(value, str):
        return value.lower()
    if key in _COUNTS and isinstance(value, str) and value.isdecimal():
        return int(value)
    if key in {"properties", "$defs", "defs"} and isinstance(value, dict):
        return {name: _schema(inner) for name, inner in value.items()}
    if key in {"anyOf", "oneOf", "allOf", "prefixItems"} and isinstance(value, list):
        return [_schema(inner) for inner in value]
    if key in {"items", "additionalProperties"}:
        return _schema(value)
    return value


def _schema(value: Json) -> Json:
    return json_schema(value) if isinstance(value, dict) else value


def _let_null(schema: JsonObject) -> None:
    kind = schema.get("type")
    if isinstance(kind, str):
        schema["type"] = [kind, "null"]
    options = schema.get("enum")
    if isinstance(options, list) and None not in options:
        schema["enum"] = [*options, None]
    choices = schema.get("anyOf")
    if isinstance(choices, list):
        schema["anyOf"] = [*choices, {"type": "null"}]


def _ordered(properties: JsonObject, ordering: list[Json]) -> JsonObject:
    first = [name for name in ordering if isinstance(name, str) and name in properties]
    return {name: properties[name] for name in dict.fromkeys([*first, *properties])}
