"""Items that only the backend which wrote them takes back: its reasoning, its own tools' items.

They go back whole and with their ids: an id left out here asks for those around it.
"""

from collections.abc import Iterator, Sequence

from joch.transcript.parts import Image, Part, ProviderTool, Reasoning, Unknown
from joch.transcript.values import Json, JsonObject
from joch.wire.openai_responses.vendor_items import SCREEN, SCREENSHOT, is_vendor_item

_REASONING = ("id", "summary", "content", "encrypted_content", "status")
_STATEFUL = frozenset(("compaction", "item_reference", "program", "program_output"))


def item(part: Part) -> JsonObject | None:
    """The item as it was read; None where the part was no item of this format."""
    match part:
        case Reasoning(extra=dict() as extra) if extra.get("encrypted_content") or extra.get("id"):
            kept: JsonObject = {key: extra[key] for key in _REASONING if key in extra}
            return {"type": "reasoning", "summary": [], **kept}
        case ProviderTool(extra=dict() as extra) if is_vendor_item(extra):
            return extra
        case Unknown(type=kind, payload=payload) if kind in _STATEFUL:
            return payload
    return None


def was_replayed(part: Part) -> bool:
    """Whether the part, or the item that it is a piece of, is one of these."""
    if isinstance(part, Image):
        return part.extra is not None and part.extra.get("type") == SCREENSHOT
    return isinstance(part, ProviderTool) and item(part) is not None


def vendor_items(parts: Sequence[Part]) -> Iterator[Json]:
    """The items that the client answered with, each screen with its picture."""
    for part, following in zip(parts, (*parts[1:], None), strict=True):
        again = item(part) if isinstance(part, ProviderTool) else None
        if again is None:
            continue
        if again.get("type") == SCREEN and isinstance(following, Image) and following.extra:
            yield {**again, "output": following.extra}
        else:
            yield again
