"""Whether a JSON schema meets what OpenAI's strict mode asks of it."""

from collections.abc import Iterator

from joch.transcript.values import Json, JsonObject


def meets_strict(schema: JsonObject | None) -> bool:
    """Whether `strict: true` may be sent with the schema.

    An object at the root and no choice there; every object closed, all its properties required.
    """
    if schema is None or schema.get("type") != "object" or schema.keys() & {"anyOf", "oneOf"}:
        return False
    return all(_is_closed(part) for part in _schemas(schema))


def _is_closed(schema: JsonObject) -> bool:
    properties = schema.get("properties")
    if schema.get("type") != "object" and not isinstance(properties, dict):
        return True
    required = schema.get("required")
    stated = set(map(str, required)) if isinstance(required, list) else set()
    names = properties.keys() if isinstance(properties, dict) else set()
    return schema.get("additionalProperties") is False and stated == names


def _schemas(root: JsonObject) -> Iterator[JsonObject]:
    """The schema and every schema inside it; a loop, because nesting has no limit."""
    waiting: list[Json] = [root]
    while waiting:
        schema = waiting.pop()
        if not isinstance(schema, dict):
            continue
        yield schema
        for key in ("properties", "$defs", "definitions"):
            named = schema.get(key)
            waiting.extend(named.values() if isinstance(named, dict) else ())
        for key in ("anyOf", "oneOf", "allOf", "prefixItems"):
            listed = schema.get(key)
            waiting.extend(listed if isinstance(listed, list) else ())
        waiting.extend((schema.get("items"), schema.get("not")))
