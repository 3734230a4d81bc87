"""JSON schemas as OpenAI takes them in both of its formats: their words, and strict mode."""

from collections.abc import Iterator

from joch.transcript.values import Json, JsonObject
from joch.wire.rendering import Changes
from joch.wire.schemas import mended


def in_words_of_json_schema(
    schema: JsonObject | None, where: str, what: str, changes: Changes
) -> JsonObject | None:
    """The schema without another dialect's words; mending it is declared."""
    if schema is None:
        return None
    try:
        sent = mended(schema)
    except RecursionError:
        changes.lost("schema", where, f"The schema of {what} is nested too deep to be sent")
        return {"type": "object"}
    if sent != schema:
        sentence = f"The schema of {what} is mended to JSON Schema"
        changes.transformed("schema-dialect", where, sentence)
    return sent


def strict_off(where: str, what: str, changes: Changes) -> None:
    """Declare that a schema which does not meet strict mode goes without it."""
    changes.transformed("strict-mode", where, f"JSON schema strict mode differs: off for {what}")


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
