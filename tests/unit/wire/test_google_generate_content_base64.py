"""Base64 comes in two alphabets, padded or not, and goes out so that strict decoders take it."""

import pytest

from joch.wire.google_generate_content.base64_text import as_taken, standard


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ("QUJD", "QUJD"),
        ("QUI=", "QUI="),
        ("QUI", "QUI="),
        ("_-_-", "/+/+"),
        ("QU\nJD", "QUJD"),
        ("QUJD=", "QUJD"),
        ("QUJ=", "QUI="),
        ("", None),
        ("A", None),
        ("no base64!", None),
    ],
)
def test_the_same_bytes_are_sent_in_standard_base64(stored: str, sent: str | None) -> None:
    assert standard(stored) == sent


@pytest.mark.parametrize(
    ("stored", "sent"),
    [("_-_-", "_-_-"), ("/+/+", "/+/+"), ("QUI", "QUI="), ("QUJ=", "QUI="), ("!", None)],
)
def test_a_signature_is_passed_back_as_it_was_where_it_is_well_formed(
    stored: str, sent: str | None
) -> None:
    assert as_taken(stored) == sent
