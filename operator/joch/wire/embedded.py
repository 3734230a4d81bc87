"""JSON inside text: a call's arguments, a result, a schema sent as a string."""

import json
import math
from collections.abc import Callable
from typing import NoReturn

from joch.transcript.values import Json, JsonObject

Pairs = Callable[[list[tuple[str, Json]]], JsonObject]


def arguments_object(written: str) -> JsonObject | None:
    """The object of a call's arguments that are sent as text; None where they are not one."""
    try:
        value = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def an_object_in(written: str, pairs: Pairs | None = None) -> JsonObject | None:
    """The object that a text holds as JSON; None where it holds none that can be sent as one.

    A number that is not finite cannot. `pairs` makes an object of its members, in their order; a
    ValueError of it says that this object cannot be sent either.
    """
    try:
        value = json.loads(
            written, parse_float=_finite, parse_constant=refused, object_pairs_hook=pairs
        )
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def refused(what: str) -> NoReturn:
    """Say that JSON does not keep this.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"{what} is not kept by JSON")


def _finite(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else refused(number)
