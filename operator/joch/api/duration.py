"""Durations as people write them: `30s`, `1h30m`, `24h`, `7d`. The only parser of them."""

import re
from typing import Annotated

from pydantic import Field

from joch.api.grammar import Grammar

MAX_LENGTH = 20
GRAMMAR = Grammar(
    r"([0-9]{1,6}(ms|s|m|h|d))+",
    "must be a duration of whole numbers (six digits at most) with units ms, s, m, h or d, "
    "for example 30s or 1h30m",
)
NOT_ZERO = Grammar(r".*[1-9].*", "must be longer than 0s")

_PART = re.compile(r"([0-9]+)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def seconds(text: str) -> float:
    """The length of a duration in seconds: below 6,000 years, so that it fits any clock.

    Raises:
        ValueError: the text is not a duration; the sentence says what to write.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"a duration of {len(text)} characters is too long: at most {MAX_LENGTH}")
    return sum(int(number) * _SECONDS[unit] for number, unit in _PART.findall(GRAMMAR.check(text)))


Duration = Annotated[str, Field(max_length=MAX_LENGTH), GRAMMAR]
"""A duration in its text form; `seconds` reads it."""

PositiveDuration = Annotated[Duration, NOT_ZERO]
"""A duration longer than nothing."""
