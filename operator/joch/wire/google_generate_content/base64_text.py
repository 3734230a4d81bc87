"""Bytes as base64 text, which this format has in two alphabets."""

import binascii

_URL_SAFE = str.maketrans("-_", "+/")


def standard(text: str) -> str | None:
    """The same bytes in standard base64, padded; None where the text is no base64 of anything.

    REST writes the standard alphabet, the SDKs the URL-safe one; the vendor takes both.
    """
    if _is_standard(text):
        return text
    plain = "".join(text.split()).translate(_URL_SAFE).rstrip("=")
    padded = plain + "=" * (-len(plain) % 4)
    return padded if _is_standard(padded) else None


def _is_standard(text: str) -> bool:
    try:
        return bool(binascii.a2b_base64(text, strict_mode=True))
    except ValueError:
        return False
