"""Bytes as base64 text: whether they are."""

import binascii


def is_base64(data: str) -> bool:
    """Whether the text is standard base64, padded, without blanks, and not empty."""
    try:
        return bool(binascii.a2b_base64(data, strict_mode=True))
    except ValueError:
        return False
