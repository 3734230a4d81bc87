"""Bytes as base64 text, which this format has in two alphabets."""

import binascii

_URL_SAFE = str.maketrans("-_", "+/")


def standard(text: str) -> str | None:
    """The same bytes in standard base64, padded; None where the text is no base64 of anything.

    REST writes the standard alphabet, the SDKs the URL-safe one; the vendor takes both.
    """
    if _is_base64(text):
        return _last_bits_cleared(text)
    plain = "".join(text.split()).translate(_URL_SAFE).rstrip("=")
    padded = plain + "=" * (-len(plain) % 4)
    return _last_bits_cleared(padded) if _is_base64(padded) else None


def as_taken(text: str) -> str | None:
    """The text as it is where it is well-formed base64 of either alphabet, else as `standard`."""
    well_formed = standard(text)
    return text if well_formed == text.translate(_URL_SAFE) else well_formed


def _is_base64(text: str) -> bool:
    if len(text) % 4:  # strict as it is, the decoder lets padding pass where none is needed
        return False
    try:
        return bool(binascii.a2b_base64(text, strict_mode=True))
    except ValueError:
        return False


def _last_bits_cleared(text: str) -> str:
    """The text with zeros in the bits of its last character that no byte has a part in.

    Strict decoders refuse any other.
    """
    if not text.endswith("="):
        return text
    last = binascii.b2a_base64(binascii.a2b_base64(text[-4:]), newline=False).decode()
    return text if text.endswith(last) else text[:-4] + last
