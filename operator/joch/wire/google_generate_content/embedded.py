"""JSON inside text: arguments and results are objects in this format, text in the transcript."""

import json
import math
from typing import NoReturn

from joch.transcript.values import Json, JsonObject

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def written(value: Json) -> str:
    """The value as JSON text without blanks, its keys in their order."""
    return _ENCODER.encode(value)


def an_object_in(text: str) -> JsonObject | None:
    """The object that a text is the JSON of.

    None where it is none, or where the object would say less than the text: a number that is not
    finite, a key that comes twice.
    """
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(
            text, parse_float=_finite, parse_constant=_refused, object_pairs_hook=_once
        )
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _once(pairs: list[tuple[str, Json]]) -> JsonObject:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _refused("a key that comes twice")


def _finite(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _refused(number)


def _refused(what: str) -> NoReturn:
    raise ValueError(f"{what} is not kept by JSON")
