"""Arithmetic on RFC 3339 times given as text. No clock: `now` is always an argument."""

from datetime import UTC, datetime


def parse(text: str) -> datetime:
    """A time with its zone.

    Raises:
        ValueError: the text is not RFC 3339.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment


def render(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds: always six digits, as MicroTime wants them."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def elapsed(since: str, now: str) -> float:
    """Seconds from one time to another; 0 where a clock went backwards."""
    return max(0.0, (parse(now) - parse(since)).total_seconds())


def after(one: str, other: str) -> bool:
    """Whether `one` is strictly later than `other`."""
    return parse(one) > parse(other)
