"""Bytes as base64 text, which this format has in two alphabets."""

import binascii

from joch.wire import base64_text

_URL_SAFE = str.maketrans("-_", "+/")


def standard(text: str) -> str | None:
    """The same bytes in standard base64, padded; None where the text is no base64 of anything.

    REST writes the standard alphabet, the SDKs the URL-safe one; the vendor takes both.
    """
    sent = base64_text.standard(text)
    return None if sent is None else _last_bits_cleared(sent)


def as_taken(text: str) -> str | None:
    """The text as it is where it is well-formed base64 of either alphabet, else as `standard`."""
    well_formed = standard(text)
    return text if well_formed == text.translate(_URL_SAFE) else well_formed


def _last_bits_cleared(text: str) -> str:
    """The text with zeros in the bits of its last character that no byte has a part in.

    Strict decoders refuse any other.
    """
    if not text.endswith("="):
        return text
    last = binascii.b2a_base64(binascii.a2b_base64(text[-4:]), newline=False).decode()
    return text if text.endswith(last) else text[:-4] + last
