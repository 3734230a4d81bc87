"""What a vendor said beyond the canonical fields and this format does not carry."""

from collections.abc import Container

from joch.transcript.values import JsonObject
from joch.wire.rendering import Changes


def declare_extra(
    extra: JsonObject | None, where: str, changes: Changes, carried: Container[str] = ()
) -> None:
    """Declare the fields that are not carried, all of one place in one change."""
    fields = sorted(key for key in extra or () if key not in carried)
    if fields:
        sentence = f"Fields {', '.join(fields)} are not in the format"
        changes.lost("vendor-fields", where, sentence)
