"""JSON values, their canonical bytes and digests."""

import hashlib
import json
from typing import TypeAlias

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
JsonObject: TypeAlias = dict[str, Json]


def canonical_json(value: Json) -> bytes:
    """The one byte form of a JSON value: keys sorted, no blanks, everything beyond ASCII escaped.

    Escaping keeps lone surrogates, which JSON allows and UTF-8 does not.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def sha256(data: bytes) -> str:
    """The digest of bytes as `sha256:<hex>`."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
