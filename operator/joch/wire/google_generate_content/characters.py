"""Lone surrogates: JSON can escape them, the vendor's parser refuses them."""

from joch.transcript.values import Json

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def whole(text: str) -> str:
    """The text with each lone surrogate replaced; the very text where there is none."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join([_REPLACEMENT if "\ud800" <= c <= "\udfff" else c for c in text])
    return text


def whole_value(value: Json) -> Json:
    """The value with each lone surrogate in its keys and texts replaced."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, list):
        return [whole_value(inner) for inner in value]
    if isinstance(value, dict):
        return {whole(key): whole_value(inner) for key, inner in value.items()}
    return value
