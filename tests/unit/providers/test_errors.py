"""The error objects of the vendors, and what reads none breaks on none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joch.providers.base import Answer, Fault
from joch.providers.errors import error_in
from joch.providers.registry import PROVIDER_TYPES
from joch.providers.verdicts import MAX_WORDS, quoted
from tests.unit.decide.routing_objects import PROPERTY

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.text()
            | st.sampled_from(
                ["error", "code", "type", "message", "details", "data", "id", "has_more", "last_id"]
            ),
            inner,
        )
    ),
)
ANSWERS = st.builds(
    Answer,
    status=st.integers(100, 599),
    headers=st.dictionaries(
        st.sampled_from(["content-type", "location", "retry-after"]), st.text()
    ),
    body=JSON.map(lambda value: json.dumps(value).encode()) | st.binary(),
)


@PROPERTY
@given(ANSWERS)
def test_every_answer_whatever_it_is_gets_a_verdict_and_a_sentence(answer: Answer) -> None:
    for of_type in PROVIDER_TYPES:
        judgement = of_type.judge(answer)
        assert judgement.message
        assert "\n" not in judgement.message
        assert judgement.fault is not None or answer.status == 200


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "m", "type": "t", "code": None}}, "m"),
        ({"type": "error", "error": {"type": "t", "message": "m"}}, "m"),
        ({"error": "m"}, "m"),
        ({"detail": "m"}, "m"),
        ({"message": "m"}, "m"),
        ({"error": {"code": 7}}, ""),
        ({"error": ["m"]}, ""),
        ({"detail": [{"loc": ["query"]}]}, ""),
    ],
)
def test_the_vendors_words_are_found_in_each_shape(body: object, message: str) -> None:
    error = error_in(json.dumps(body).encode())
    assert error is not None
    assert error.message == message


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{}", b'{"error": null}', b'{"data": [], "message": "welcome"}']
)
def test_where_there_is_no_error_none_is_found(body: bytes) -> None:
    assert error_in(body) is None


def test_of_several_kinds_the_gravest_counts() -> None:
    spent = {
        "error": {
            "type": "rate_limit_error",
            "details": {"error_code": "enforced_spend_limit_reached"},
        }
    }
    error = error_in(json.dumps(spent).encode())
    assert error is not None
    assert error.fault is Fault.QUOTA_EXHAUSTED


def test_words_are_put_on_one_line_and_cut_between_words() -> None:
    assert quoted(" a\n\tb\x00c ") == "a b c"
    assert quoted("word " * 100).endswith("word …")
    assert len(quoted("word " * 100)) <= MAX_WORDS + 2


def test_a_word_longer_than_the_limit_is_left_out_rather_than_split() -> None:
    assert quoted("x" * 400) == "…"
