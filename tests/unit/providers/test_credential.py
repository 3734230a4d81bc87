"""What makes a credential one that cannot be sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joch.providers.credential import slip_in
from tests.unit.decide.routing_objects import PROPERTY


@pytest.mark.parametrize(
    ("plain", "slip"),
    [
        ("sk-proj-abc_DEF-123", None),
        ("a+b/c=", None),
        ("", "is empty"),
        ("sk-1\n", "ends with a line break (echo adds one, printf does not)"),
        ("sk-1\r\n", "ends with a line break (echo adds one, printf does not)"),
        ("sk 1", "holds a space or a line break"),
        ("\n", "holds a space or a line break"),
        ("sk\u00a01", "holds a space or a line break"),
        ("'sk-1'", "holds quotation marks"),
        ("sk-ü", "holds characters other than visible ASCII"),
        ("sk\x00", "holds characters other than visible ASCII"),
        ("\ufeffsk-1", "holds characters other than visible ASCII"),
    ],
)
def test_a_slip_is_named_in_words_that_a_person_can_act_on(plain: str, slip: str | None) -> None:
    assert slip_in(plain) == slip


@PROPERTY
@given(st.text())
def test_whatever_passes_can_be_sent_in_a_header(plain: str) -> None:
    if slip_in(plain) is None:
        assert plain
        assert all("!" <= character <= "~" for character in plain)
