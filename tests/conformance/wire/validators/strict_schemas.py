"""OpenAI's dialect of JSON Schema: what `strict: true` demands, and which types there are."""

from collections.abc import Iterator
from typing import Any

_TYPES = frozenset(("string", "number", "integer", "boolean", "object", "array", "null"))
_SCHEMAS = ("items", "additionalProperties", "not")
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_NAMED = ("properties", "$defs", "definitions", "patternProperties")


def dialect_faults(schema: Any, where: str) -> Iterator[str]:
    """Types that JSON Schema does not know (`float`, `dict`, `any`)."""
    for place, inner in _every(schema, where):
        named = inner.get("type")
        for kind in named if isinstance(named, list) else [named]:
            if kind is not None and kind not in _TYPES:
                yield f"{place}: type {kind!r} is none of JSON Schema's"


def strict_faults(schema: Any, where: str) -> Iterator[str]:
    """What OpenAI refuses in a schema that is declared strict."""
    if not isinstance(schema, dict) or schema.get("type") != "object":
        yield f"{where}: a strict schema is an object at its root"
        return
    for place, inner in _every(schema, where):
        if inner.get("type") != "object" and "properties" not in inner:
            continue
        if inner.get("additionalProperties") is not False:
            yield f"{place}: is strict without additionalProperties false"
        if set(inner.get("required", ())) != set(inner.get("properties", ())):
            yield f"{place}: is strict, and not every property is required"


def _every(schema: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(schema, dict):
        return
    yield where, schema
    for key in _SCHEMAS:
        yield from _every(schema.get(key), f"{where}.{key}")
    for key in _LISTS:
        for place, inner in enumerate(schema.get(key) or ()):
            yield from _every(inner, f"{where}.{key}[{place}]")
    for key in _NAMED:
        for name, inner in (schema.get(key) or {}).items():
            yield from _every(inner, f"{where}.{key}.{name}")
