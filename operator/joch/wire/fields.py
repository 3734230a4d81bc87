"""Reading fields of a JSON object, with the message index in every complaint."""

from collections.abc import Iterable, Mapping

from joch.transcript.values import Json, JsonObject
from joch.wire.errors import WireError

_NAMES: Mapping[type, str] = {
    type(None): "null",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "a list",
    dict: "an object",
}


def described(value: Json) -> str:
    """A value's JSON type in words, for sentences."""
    return _NAMES[type(value)]


def an_object(value: Json, index: int | None, field: str) -> JsonObject:
    """The value if it is an object.

    Raises:
        WireError: it is something else.
    """
    if isinstance(value, dict):
        return value
    raise WireError(index, field, f"must be an object, not {described(value)}")


def text(data: JsonObject, key: str, index: int | None, at: str = "") -> str | None:
    """The string under `key`; None where it is absent or null.

    Raises:
        WireError: it is something else.
    """
    value = data.get(key)
    if value is None or isinstance(value, str):
        return value
    raise WireError(index, f"{at}{key}", f"must be a string, not {described(value)}")


def items(data: JsonObject, key: str, index: int | None, at: str = "") -> list[Json]:
    """The list under `key`; empty where it is absent or null.

    Raises:
        WireError: it is something else.
    """
    value = data.get(key)
    if value is None:
        return []
    if isinstance(value, list):
        return value
    raise WireError(index, f"{at}{key}", f"must be a list, not {described(value)}")


def rest(data: JsonObject, known: Iterable[str]) -> JsonObject | None:
    """The fields beyond the known ones; None where there are none. Nulls say nothing and go."""
    left: JsonObject = {k: v for k, v in data.items() if k not in known and v is not None}
    return left or None
