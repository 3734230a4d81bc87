"""A call's arguments: an object in this format, text in the transcript."""

import json

from joch.transcript.values import Json
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
