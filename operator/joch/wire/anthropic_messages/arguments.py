"""A call's arguments: an object in this format, text in the transcript."""

import json
import math
from typing import NoReturn

from joch.transcript.values import Json, JsonObject
from joch.wire.errors import WireError

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def written(value: Json, index: int | None, field: str) -> str:
    """An input as text: its JSON, keys sorted; text, as clients of a stream store it, as it is.

    Raises:
        WireError: it is nested too deep to be written.
    """
    if value is None:
        return "{}"
    if isinstance(value, str):
        return value
    try:
        return _ENCODER.encode(value)
    except RecursionError:
        raise WireError(index, field, "is nested too deep: store it with fewer levels") from None


def read(text: str) -> JsonObject | None:
    """The object that a text is the JSON of; None where it is none that can be sent."""
    try:
        value = json.loads(text, parse_float=_finite, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _finite(number: str) -> float:
    value = float(number)
    if math.isfinite(value):
        return value
    return _refused(number)


def _refused(number: str) -> NoReturn:
    raise ValueError(f"{number} is no JSON number")
