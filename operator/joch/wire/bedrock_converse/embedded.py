"""JSON inside text: a call's arguments, a schema sent as a string."""

import json

from joch.transcript.values import Json, JsonObject
from joch.wire.errors import WireError

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def compact(value: Json, index: int | None, field: str) -> str:
    """The value as JSON text without blanks, its keys in their order.

    Raises:
        WireError: it is nested too deep to be written.
    """
    try:
        return _ENCODER.encode(value)
    except RecursionError:
        raise WireError(index, field, "is nested too deep: store it with fewer levels") from None


def an_embedded_object(written: str) -> JsonObject | None:
    """The object that a text holds as JSON; None where it holds none."""
    try:
        value = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
