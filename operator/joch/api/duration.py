"""Durations as people write them: `30s`, `1h30m`, `24h`, `7d`. The only parser of them."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

_PATTERN = re.compile(r"([0-9]+)(ms|s|m|h|d)")
_WHOLE = re.compile(r"([0-9]+(ms|s|m|h|d))+")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SENTENCE = "must be a duration of whole numbers with units ms, s, m, h or d, for example 30s or 1h30m"


def seconds(text: str) -> float:
    """The length of a duration in seconds.

    Raises:
        ValueError: the text is not a duration; the sentence says what to write.
    """
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{text!r} {_SENTENCE}")
    return sum(int(number) * _SECONDS[unit] for number, unit in _PATTERN.findall(text))


def _checked(text: str) -> str:
    seconds(text)
    return text


Duration = Annotated[
    str,
    AfterValidator(_checked),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": 32,
            "x-kubernetes-validations": [
                {"rule": "self.matches(r'^([0-9]+(ms|s|m|h|d))+$')", "message": _SENTENCE}
            ],
        }
    ),
    Field(),
]
