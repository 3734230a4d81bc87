"""JSON schemas of tools and answers, mended where they are written in a dialect.

Frameworks declare parameters with Python's words for types, and SDKs write unset keywords as
null; vendors refuse both (seen in recorded requests).
"""

from joch.transcript.values import Json, JsonObject

_TYPES = frozenset(("string", "number", "integer", "boolean", "object", "array", "null"))
_DIALECTS = {
    "string": ("str", "text", "bytes"),
    "number": ("float", "double", "decimal"),
    "integer": ("int", "long", "int32", "int64"),
    "boolean": ("bool",),
    "null": ("none", "nonetype"),
    "object": ("dict", "map", "struct"),
    "array": ("list", "tuple", "set"),
}
_MEANT = {word: name for name, words in _DIALECTS.items() for word in words}
_NAMED = frozenset(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"))
_LISTS = frozenset(("anyOf", "oneOf", "allOf", "prefixItems"))
_SINGLE = frozenset(
    ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")
)
_MAY_BE_NULL = frozenset(("default", "const", "example"))


def mended(schema: JsonObject) -> JsonObject:
    """The schema in JSON Schema's own words: types of dialects translated, null keywords left out.

    Equal to the schema where nothing needed mending. A type that no dialect explains goes, so
    that any value is taken.
    """
    return {key: _keyword(key, value) for key, value in schema.items() if _stays(key, value)}


def _stays(key: str, value: Json) -> bool:
    if value is None:
        return key in _MAY_BE_NULL
    return key != "type" or _type(value) is not None


def _keyword(key: str, value: Json) -> Json:
    if key == "type":
        return _type(value)
    if key in _NAMED and isinstance(value, dict):
        return {name: _part(inner) for name, inner in value.items()}
    if key in _LISTS and isinstance(value, list):
        return [_part(inner) for inner in value]
    if key in _SINGLE:
        return [_part(v) for v in value] if isinstance(value, list) else _part(value)
    return value


def _part(value: Json) -> Json:
    return mended(value) if isinstance(value, dict) else value


def _type(value: Json) -> Json:
    """The type, or list of types, in JSON Schema's words; None where it says nothing."""
    if isinstance(value, list):
        known = [t for t in map(_type, value) if isinstance(t, str)]
        return list[Json](dict.fromkeys(known)) or None
    if not isinstance(value, str):
        return None
    if value in _TYPES:
        return value
    plain = value.lower()
    return plain if plain in _TYPES else _MEANT.get(plain)
