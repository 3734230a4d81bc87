"""Times are text with a zone; nothing here asks what time it is."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joch.decide.clock import after, elapsed, parse, render
from tests.unit.decide.routing_objects import PROPERTY

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001


@PROPERTY
@given(MOMENTS)
def test_a_rendered_time_reads_back_and_has_six_digits(moment: datetime) -> None:
    text = render(moment)

    assert parse(text) == moment
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text)


def test_whole_seconds_keep_their_six_digits() -> None:
    assert render(datetime(2026, 11, 21, 12, tzinfo=UTC)) == "2026-11-21T12:00:00.000000Z"


@pytest.mark.parametrize("text", ["2026-11-21T12:00:00", "yesterday", ""])
def test_a_time_without_a_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time zone|isoformat"):
        parse(text)


def test_a_clock_that_went_backwards_has_passed_no_time() -> None:
    assert elapsed("2026-11-21T12:00:00Z", "2026-11-21T12:00:01.5Z") == 1.5
    assert elapsed("2026-11-21T12:00:01Z", "2026-11-21T12:00:00Z") == 0


def test_after_compares_moments_and_not_text() -> None:
    assert after("2026-11-21T12:00:00+01:00", "2026-11-21T10:59:59.999999Z")
    assert not after("2026-11-21T12:00:00.000000Z", "2026-11-21T12:00:00Z")
