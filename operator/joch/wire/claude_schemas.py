"""JSON schemas as Claude takes them, at Anthropic and on Bedrock: a tool's input, and strictly.

Source of the rules: Anthropic's documentation of tool use and of structured outputs. Bedrock
answers schemas that break them with the same 400 (`output_config.format.schema: …`).
"""

from joch.transcript.values import Json, JsonObject, canonical_json
from joch.wire.schemas import mended

_COMBINED = ("anyOf", "oneOf", "allOf")
_NAMED = frozenset(("properties", "$defs", "definitions"))
_TAKEN_STRICTLY = frozenset(
    (
        *("type", "properties", "required", "additionalProperties", "items", "enum", "const"),
        *("anyOf", "allOf", "$ref", "$defs", "definitions", "default", "description", "title"),
        *("$schema", "$id"),
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

    An object at the root, without anyOf, oneOf or allOf there. One that is nested too deep to be
    judged takes any object.
    """
    try:
        root = mended(schema)
        deepest_is_readable(root)
    except RecursionError:
        return {"type": "object"}
    if any(key in root for key in _COMBINED):
        root = _merged(root)
    if not isinstance(root.get("properties", {}), dict):
        root = {key: value for key, value in root.items() if key != "properties"}
    return root if root.get("type") == "object" else {**root, "type": "object"}


def closed(schema: JsonObject) -> JsonObject:
    """The schema as strict modes take it; equal to it where it meets them.

    Objects have no further properties; constraints that are not enforced move into the
    description, where the model still reads them.
    """
    try:
        strict = _closed(mended(schema))
        deepest_is_readable(strict)
    except RecursionError:
        return {"type": "object", "properties": {}, "additionalProperties": False}
    assert isinstance(strict, dict)
    return strict


def deepest_is_readable(schema: Json) -> None:
    """Nothing, where the schema can be compared and written.

    Raises:
        RecursionError: it is nested too deep for that.
    """
    canonical_json([schema])


def _merged(schema: JsonObject) -> JsonObject:
    """The root with its alternatives' properties as its own: required is what all of them ask."""
    properties: JsonObject = {}
    for branch in (branch for key in _COMBINED for branch in _branches(schema, key)):
        inner = branch.get("properties")
        properties.update(inner if isinstance(inner, dict) else {})
    own = schema.get("properties")
    properties.update(own if isinstance(own, dict) else {})
    merged = {key: value for key, value in schema.items() if key not in _COMBINED}
    merged["properties"] = properties
    if required := _required_of_all(schema):
        merged["required"] = list[Json](required)
    return merged


def _required_of_all(schema: JsonObject) -> list[str]:
    names = _required(schema)
    for branch in _branches(schema, "allOf"):
        names += _required(branch)
    for key in ("anyOf", "oneOf"):
        first, *others = [_required(branch) for branch in _branches(schema, key)] or [[]]
        names += [name for name in first if all(name in other for other in others)]
    return list(dict.fromkeys(names))


def _branches(schema: JsonObject, key: str) -> list[JsonObject]:
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
        if _enforced(name, value):
            strict[name] = _inside(name, value)
        else:
            told.append(f"{key}: {canonical_json(value).decode()}")
    if strict.get("type") == "object" or "properties" in strict:
        strict["additionalProperties"] = False
    if told:
        before = [str(strict["description"])] if "description" in strict else []
        strict["description"] = "\n\n".join([*before, "{" + ", ".join(told) + "}"])
    return strict


def _inside(key: str, value: Json) -> Json:
    if key in _NAMED and isinstance(value, dict):
        return {name: _closed(inner) for name, inner in value.items()}
    if key in _COMBINED and isinstance(value, list):
        return [_closed(inner) for inner in value]
    return _closed(value) if key == "items" else value


def _enforced(key: str, value: Json) -> bool:
    if key == "format":
        return value in _FORMATS
    if key == "minItems":
        return value in (0, 1)
    return key in _TAKEN_STRICTLY
