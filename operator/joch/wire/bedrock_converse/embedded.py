"""JSON inside text: a call's arguments, a schema sent as a string."""

import json
import math
from typing import NoReturn

from joch.transcript.values import Json, JsonObject
from joch.wire.errors import WireError

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def compact(value: Json, index: int | None, field: str) -> str:
    """The value as JSON text without blanks, its keys in their order.

    Raises:
        WireError: it is nested too deep to be written, or holds a number beyond all bounds.
    """
    try:
        return _ENCODER.encode(value)
    except RecursionError:
        raise WireError(index, field, "is nested too deep: store it with fewer levels") from None
    except ValueError:
        sentence = "holds a number beyond all bounds: store null or a number in its place"
        raise WireError(index, field, sentence) from None


def an_embedded_object(written: str) -> JsonObject | None:
    """The object that a text holds as JSON; None where it holds none that can be sent."""
    try:
        value = json.loads(written, parse_float=_finite, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _finite(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _refused(number)


def _refused(number: str) -> NoReturn:
    raise ValueError(f"{number} is no JSON number")
