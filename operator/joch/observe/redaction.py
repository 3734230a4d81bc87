"""Taking a secret out of what a vendor said, in every form in which it may come back."""

import base64
import re
from urllib.parse import quote, quote_plus

from pydantic import SecretStr

REDACTED = "[redacted]"
FRAGMENT = 8
"""A vendor may quote a part of a key: this many characters of it in a row are taken out too."""

_MASKED = re.compile(r"\S*\*{3}\S*")


def redacted(text: str, secret: SecretStr | None) -> str:
    """The text without the secret: plain, in parts, percent-encoded, base64 or hex.

    Words that the vendor itself masked (`sk-ab***yz`) go whole: their ends are the key's own.
    """
    if secret is None or not (plain := secret.get_secret_value()):
        return text
    for form in sorted(_forms(plain), key=len, reverse=True):
        text = re.sub(re.escape(form), REDACTED, text, flags=re.IGNORECASE)
    return _MASKED.sub(REDACTED, _without_fragments(text, plain))


def _forms(plain: str) -> set[str]:
    raw = plain.encode()
    forms = {plain, quote(plain, safe=""), quote_plus(plain), raw.hex()}
    for shift in range(3):
        forms |= _base64_forms(raw, shift)
    return forms


def _base64_forms(raw: bytes, shift: int) -> set[str]:
    """Base64 of the secret behind `shift` other bytes, without the characters they share."""
    encoded = base64.b64encode(bytes(shift) + raw).decode().rstrip("=")
    start = (0, 2, 3)[shift]
    end = len(encoded) - (1 if (shift + len(raw)) % 3 else 0)
    stable = encoded[start:end]
    return {stable, stable.translate(str.maketrans("+/", "-_"))} if len(stable) >= 4 else set()


def _without_fragments(text: str, plain: str) -> str:
    """The text without stretches of at least FRAGMENT characters that the secret holds as well."""
    kept: list[str] = []
    at = 0
    while at < len(text):
        length = _shared(text, at, plain)
        kept.append(REDACTED if length else text[at])
        at += length or 1
    return "".join(kept)


def _shared(text: str, at: int, plain: str) -> int:
    """How many characters from `at` on are in the secret too; 0 below FRAGMENT."""
    length = FRAGMENT
    if text[at : at + length] not in plain or at + length > len(text):
        return 0
    while at + length < len(text) and text[at : at + length + 1] in plain:
        length += 1
    return length
