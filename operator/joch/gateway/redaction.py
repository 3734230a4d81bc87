"""LiteLLM's own words, without credentials."""

import re
from collections.abc import Iterable

from pydantic import SecretStr

HIDDEN = "[hidden]"
_SHORTEST = 6
_KEY_SHAPED = re.compile(r"\b(sk-|sk_|AIza|gsk_|Bearer )[A-Za-z0-9_\-.]{8,}")


class Redactor:
    """Hides the values of these secrets, and whatever is shaped like a vendor's key."""

    def __init__(self, secrets: Iterable[SecretStr]) -> None:
        values = (secret.get_secret_value() for secret in secrets)
        self._values = sorted((v for v in values if len(v) >= _SHORTEST), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text with every secret hidden."""
        for value in self._values:
            text = text.replace(value, HIDDEN)
        return _KEY_SHAPED.sub(HIDDEN, text)
