"""Bytes as base64 text, strictly and as people store them."""

import pytest

from joch.wire.base64_text import is_base64, size, standard


@pytest.mark.parametrize("data", ["", "QUJ", "QUJ D", "QUJD=", "QUJD====", "_-__", "no base64!"])
def test_only_padded_standard_base64_of_something_is_base64(data: str) -> None:
    assert is_base64("QUJD")
    assert not is_base64(data)


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ("QUJD", "QUJD"),
        ("QUI", "QUI="),
        ("QU\nJD\n", "QUJD"),
        ("_-__", "/+//"),
        ("QUJD====", "QUJD"),
        ("no base64!", None),
        ("", None),
    ],
)
def test_what_is_meant_as_base64_is_sent_as_standard_base64(stored: str, sent: str | None) -> None:
    assert standard(stored) == sent


@pytest.mark.parametrize(("data", "count"), [("QUJD", 3), ("QUI=", 2), ("QQ==", 1), ("", 0)])
def test_a_size_counts_bytes_and_no_padding(data: str, count: int) -> None:
    assert size(data) == count
