"""Taking a secret out of a vendor's words."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from joch.observe.redaction import redacted
from tests.unit.decide.routing_objects import PROPERTY

SECRETS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=60)


@PROPERTY
@given(SECRETS, st.text(), st.text())
def test_the_secret_is_never_left_whole(secret: str, before: str, after: str) -> None:
    assert (
        secret not in redacted(before + secret + after, SecretStr(secret)) or secret in "[redacted]"
    )


@PROPERTY
@given(SECRETS, st.binary(max_size=7))
def test_nor_is_its_base64_whatever_stands_before_it(secret: str, before: bytes) -> None:
    encoded = base64.b64encode(before + secret.encode()).decode()
    own = base64.b64encode(bytes(len(before) % 3) + secret.encode()).decode()[4:-4]
    assert own not in redacted(f"got {encoded}", SecretStr(secret)) or not own


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("key sk-abcdefghij is wrong", "key [redacted] is wrong"),
        ("key SK-ABCDEFGHIJ is wrong", "key [redacted] is wrong"),
        ("key sk-ab*****ij. Go on", "key [redacted] Go on"),
        ("starts with sk-abcde only", "starts with [redacted] only"),
        ("the model is gone", "the model is gone"),
    ],
)
def test_what_a_vendor_quotes_of_a_key_goes_and_the_rest_stays(said: str, kept: str) -> None:
    assert redacted(said, SecretStr("sk-abcdefghij")) == kept


def test_without_a_secret_nothing_is_taken_out() -> None:
    assert redacted("as it is ***", None) == "as it is ***"
    assert redacted("as it is", SecretStr("")) == "as it is"
