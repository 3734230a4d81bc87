"""Rules about bytes inside JSON: base64 that is base64, and sizes."""

import base64
import binascii

KIB = 1024
MIB = 1024 * KIB


def size(data: str) -> int | None:
    """How many bytes the base64 text holds; None where it is none, or holds nothing."""
    try:
        return len(base64.b64decode(data, validate=True)) or None
    except (binascii.Error, ValueError):
        return None


def data_url_fault(url: str, prefix: str) -> str | None:
    """What is wrong with a data URL or a web address; `prefix` is that of its media type."""
    if url.startswith(("https://", "http://")):
        return None
    head, comma, data = url.partition(",")
    if not comma or not head.startswith(f"data:{prefix}") or not head.endswith(";base64"):
        return f"{url[:40]!r} is neither a web address nor a data URL of {prefix}…"
    return None if size(data) else f"{url[:40]!r} holds no base64"
