"""The door of every format: bytes to JSON, with a sentence for whatever is not JSON."""

import json
from math import isfinite
from typing import NoReturn

from joch.transcript.values import Json
from joch.wire.errors import WireError

_EMPTY = "the transcript is empty: store a request body or a list of messages"


def load(data: bytes | str) -> Json:
    """One JSON value, or a list of the values of JSON lines.

    Raises:
        WireError: empty, not UTF-8, not JSON, nested too deep; the sentence says where.
    """
    text = _text(data)
    if not text or text.isspace():
        raise WireError(None, "", _EMPTY)
    try:
        return _decode(text)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise WireError(None, "", _not_json(error)) from None
    return _lines(text)


def _text(data: bytes | str) -> str:
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = f"the transcript is not UTF-8 at byte {error.start}: store it as UTF-8"
        raise WireError(None, "", sentence) from None


def _decode(text: str) -> Json:
    try:
        value: Json = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except RecursionError:
        raise WireError(None, "", "the transcript is nested too deep to be read") from None
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        if isinstance(error, WireError):
            raise
        raise WireError(None, "", "a number in the transcript has too many digits") from None
    return value


def _lines(text: str) -> Json:
    values: list[Json] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values.append(_decode(line))
        except json.JSONDecodeError as error:
            sentence = f"line {number} is not JSON: {error.msg} at column {error.colno}"
            raise WireError(len(values), "", f"{sentence}; store one JSON object a line") from None
    return values


def _finite(written: str) -> float:
    """The number; one beyond all bounds would be read as infinite, and could not be written."""
    number = float(written)
    return number if isfinite(number) else _too_large(written)


def _too_large(written: str) -> NoReturn:
    what = written if len(written) <= 24 else f"{written[:24]}…"
    raise WireError(None, "", f"{what} is too large a number: store null or a number in its place")


def _no_number(name: str) -> NoReturn:
    raise WireError(None, "", f"{name} is no JSON number: store null or a number in its place")


def _not_json(error: json.JSONDecodeError) -> str:
    place = f"line {error.lineno} column {error.colno}"
    cut = error.msg.startswith("Unterminated") or error.pos >= len(error.doc.rstrip())
    end = "it ends early; " if cut else ""
    return f"the transcript is not JSON: {error.msg} at {place}; {end}store it whole and as JSON"
