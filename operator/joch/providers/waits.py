"""How long a vendor asks to wait: the headers of an answer with an error."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def wait_seconds(headers: Mapping[str, str]) -> float | None:
    """The wait that the headers ask for, in seconds, at least 0; None: they ask for none.

    In this order (the vendors' SDKs): `retry-after-ms`, `retry-after` as an integer or float of
    seconds, `retry-after` as an HTTP-date. A date is measured against the answer's own `date`, so
    no clock of ours is asked. Header names are in lower case.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    after = headers.get("retry-after")
    seconds = _number(after)
    if seconds is not None:
        return seconds
    until, answered = _date(after), _date(headers.get("date"))
    if until is None or answered is None:
        return None
    return max(0.0, (until - answered).total_seconds())


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None


def _date(text: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
