"""JSON inside text: arguments and results are objects in this format, text in the transcript."""

import json

from joch.transcript.values import Json, JsonObject
from joch.wire import embedded

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
    return embedded.an_object_in(text, _once)


def _once(pairs: list[tuple[str, Json]]) -> JsonObject:
    found = dict(pairs)
    return found if len(found) == len(pairs) else embedded.refused("a key that comes twice")
