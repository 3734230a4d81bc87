"""Bytes as base64 text: whether they are, and how many."""

import binascii

_URL_SAFE = str.maketrans("-_", "+/")


def is_base64(data: str) -> bool:
    """Whether the text is standard base64, padded, without blanks, and not empty."""
    # Strict as it is, the decoder lets padding pass where none is needed.
    if len(data) % 4 or data.endswith("==="):
        return False
    try:
        return bool(binascii.a2b_base64(data, strict_mode=True))
    except ValueError:
        return False


def standard(data: str) -> str | None:
    """The same bytes in standard base64; None where the text is no base64 of anything.

    Data URLs and Google's JSON also come in the URL-safe alphabet, unpadded, or in lines.
    """
    if is_base64(data):
        return data
    plain = "".join(data.split()).translate(_URL_SAFE).rstrip("=")
    padded = plain + "=" * (-len(plain) % 4)
    return padded if is_base64(padded) else None


def size(data: str) -> int:
    """How many bytes standard base64 text holds."""
    return len(data) * 3 // 4 - data.count("=", -2 if len(data) > 1 else 0)
