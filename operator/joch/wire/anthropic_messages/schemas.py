"""JSON schemas as the format takes them: dialects repaired, and what strictness asks for.

Source of the rules: Anthropic's documentation of tool use and of structured outputs.
"""

from collections.abc import Mapping

from joch.transcript.values import Json, JsonObject, canonical_json

_TYPES: Mapping[str, str | None] = {
    **{name: name for name in ("object", "array", "string", "integer", "number", "boolean")},
    **dict.fromkeys(("float", "double", "decimal"), "number"),
    **dict.fromkeys(("int", "long", "int32", "int64"), "integer"),
    **dict.fromkeys(("str", "text"), "string"),
    **dict.fromkeys(("list", "tuple", "set"), "array"),
    **dict.fromkeys(("dict", "map", "record"), "object"),
    **dict.fromkeys(("null", "none", "nonetype"), "null"),
    "bool": "boolean",
    "any": None,
}
_NAMED = frozenset(("properties", "$defs", "definitions", "patternProperties", "dependentSchemas"))
_SEVERAL = frozenset(("anyOf", "oneOf", "allOf", "prefixItems"))
_ONE = frozenset(("items", "additionalProperties", "not", "if", "then", "else", "contains"))
_VALUES = frozenset(("default", "const", "enum", "examples"))
_COMBINED = ("anyOf", "oneOf", "allOf")
_TAKEN_STRICTLY = frozenset(
    (
        *("type", "properties", "required", "additionalProperties", "items", "enum", "const"),
        *("anyOf", "allOf", "$ref", "$defs", "definitions", "default", "description", "title"),
        *("format", "minItems", "$schema", "$id"),
    )
)
_FORMATS = frozenset(
    (
        *("date-time", "time", "date", "duration", "email", "hostname", "uri"),
        *("ipv4", "ipv6", "uuid"),
    )
)


def accepted(schema: JsonObject) -> JsonObject:
    """The schema of a tool's input as the format takes it; equal to it where nothing is to mend.

    An object at the root, without anyOf, oneOf or allOf there; types by JSON Schema's names.
    """
    try:
        mended = _mended(schema)
    except RecursionError:
        return {"type": "object"}
    assert isinstance(mended, dict)
    if any(key in mended for key in _COMBINED):
        mended = _merged(mended)
    if mended.get("type") != "object":
        mended = {**mended, "type": "object"}
    return mended


def closed(schema: JsonObject) -> JsonObject:
    """The schema as strict modes take it; equal to it where it meets them.

    Objects have no further properties; constraints that are not enforced move into the
    description, where the model still reads them.
    """
    try:
        strict = _closed(_mended(schema))
    except RecursionError:
        return {"type": "object", "properties": {}, "additionalProperties": False}
    assert isinstance(strict, dict)
    return strict


def _mended(schema: Json) -> Json:
    if not isinstance(schema, dict):
        return schema
    mended: JsonObject = {}
    for key, value in schema.items():
        if key == "type":
            if (kind := _type(value)) is not None:
                mended["type"] = kind
        elif key in _NAMED and isinstance(value, dict):
            mended[key] = {name: _mended(inner) for name, inner in value.items()}
        elif key in _SEVERAL | _ONE and isinstance(value, list):
            mended[key] = [_mended(inner) for inner in value]
        elif key in _ONE:
            mended[key] = _mended(value)
        elif _says(key, value):
            mended[key] = value
    if schema.get("nullable") is True and isinstance(mended.get("type"), str):
        mended["type"] = [mended["type"], "null"]
    return mended


def _says(key: str, value: Json) -> bool:
    """Whether a keyword is JSON Schema's; a null, and `nullable` of OpenAPI, are not."""
    if key == "nullable" or (key == "required" and not isinstance(value, list)):
        return False
    return value is not None or key in _VALUES


def _type(value: Json) -> Json:
    if isinstance(value, list):
        known = [kind for kind in map(_type, value) if isinstance(kind, str)]
        return list[Json](dict.fromkeys(known)) or None
    return _TYPES.get(value.lower()) if isinstance(value, str) else None


def _merged(schema: JsonObject) -> JsonObject:
    """The root with its alternatives' properties as its own: required is what all of them ask."""
    properties: JsonObject = {}
    for branch in _branches(schema):
        inner = branch.get("properties")
        properties.update(inner if isinstance(inner, dict) else {})
    own = schema.get("properties")
    properties.update(own if isinstance(own, dict) else {})
    required = _required(schema)
    alternatives = [_required(b) for key in ("anyOf", "oneOf") for b in _listed(schema, key)]
    if alternatives:
        required += [n for n in alternatives[0] if all(n in names for names in alternatives)]
    required += [name for branch in _listed(schema, "allOf") for name in _required(branch)]
    merged = {k: v for k, v in schema.items() if k not in _COMBINED}
    merged["properties"] = properties
    if required:
        merged["required"] = list[Json](dict.fromkeys(required))
    return merged


def _branches(schema: JsonObject) -> list[JsonObject]:
    return [branch for key in _COMBINED for branch in _listed(schema, key)]


def _listed(schema: JsonObject, key: str) -> list[JsonObject]:
    value = schema.get(key)
    return [b for b in value if isinstance(b, dict)] if isinstance(value, list) else []


def _required(schema: JsonObject) -> list[str]:
    value = schema.get("required")
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _closed(schema: Json) -> Json:
    if not isinstance(schema, dict):
        return schema
    strict: JsonObject = {}
    told: list[str] = []
    for key, value in schema.items():
        name = "anyOf" if key == "oneOf" else key
        if not _enforced(name, value):
            told.append(f"{key}: {canonical_json(value).decode()}")
        elif name in _NAMED and isinstance(value, dict):
            strict[name] = {inner: _closed(v) for inner, v in value.items()}
        elif name in _SEVERAL | _ONE and isinstance(value, list):
            strict[name] = [_closed(inner) for inner in value]
        else:
            strict[name] = _closed(value) if name in _ONE else value
    if strict.get("type") == "object" or "properties" in strict:
        strict["additionalProperties"] = False
    if told:
        before = [str(strict["description"])] if "description" in strict else []
        strict["description"] = "\n\n".join([*before, "{" + ", ".join(told) + "}"])
    return strict


def _enforced(key: str, value: Json) -> bool:
    if key == "format":
        return value in _FORMATS
    if key == "minItems":
        return value in (0, 1)
    return key in _TAKEN_STRICTLY
