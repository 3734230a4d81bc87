"""Writing JSON as text: a call's arguments, a schema sent as a string."""

import json

from joch.transcript.values import Json
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
