"""How long a vendor asks to wait: the headers, in the order of the vendors' own SDKs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joch.providers.waits import wait_seconds
from tests.unit.decide.routing_objects import PROPERTY

NOON = "Sat, 21 Nov 2026 12:00:00 GMT"
HALF_PAST = "Sat, 21 Nov 2026 12:30:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "20"}, 20.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "60"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "60"}, 60.0),
        ({"retry-after": HALF_PAST, "date": NOON}, 1800.0),
        ({"retry-after": NOON, "date": HALF_PAST}, 0.0),
        ({"retry-after": HALF_PAST}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": ""}, None),
        ({"x-ratelimit-reset-requests": "6m0s"}, None),
    ],
)
def test_the_wait_is_read_in_the_order_of_the_vendors_sdks(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert wait_seconds(headers) == seconds


@PROPERTY
@given(st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms", "date"]), st.text()))
def test_no_header_breaks_the_reading_and_no_wait_is_negative(headers: dict[str, str]) -> None:
    wait = wait_seconds(headers)
    assert wait is None or wait >= 0
