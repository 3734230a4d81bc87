"""Items that only the backend which wrote them takes back: its reasoning, its own tools' items.

They go back whole and with their ids: an id left out here asks for those around it.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from joch.transcript.conversation import Transcript
from joch.transcript.parts import Image, Part, ProviderTool, Reasoning, Unknown
from joch.transcript.values import Json, JsonObject
from joch.wire.openai_responses.vendor_items import SCREEN, SCREENSHOT, is_vendor_item
from joch.wire.profile import Profile

_REASONING = ("id", "summary", "content", "encrypted_content", "status")
_STATEFUL = frozenset(("compaction", "item_reference", "program", "program_output"))


def item(part: Part) -> JsonObject | None:
    """The item as it was read; None where the part was no item of this format."""
    match part:
        case Reasoning(extra=dict() as extra) if extra.get("encrypted_content"):
            kept: JsonObject = {key: extra[key] for key in _REASONING if key in extra}
            return {"type": "reasoning", "summary": [], **kept}
        case ProviderTool(extra=dict() as extra) if is_vendor_item(extra):
            return extra
        case Unknown(type=kind, payload=payload) if kind in _STATEFUL:
            return payload
    return None


def may_go_back(transcript: Transcript, profile: Profile) -> bool:
    """Whether such items go back: all of them or none, because they ask for one another.

    Reasoning without its encrypted content is only at the vendor, and what was written after it
    is refused without it.
    """
    return profile.same_backend and not any(
        isinstance(part, Reasoning) and item(part) is None for _, part in transcript.parts()
    )


def was_replayed(part: Part) -> bool:
    """Whether the part, or the item that it is a piece of, is one of these."""
    if isinstance(part, Image):
        return part.extra is not None and part.extra.get("type") == SCREENSHOT
    return isinstance(part, ProviderTool) and item(part) is not None


def vendor_items(parts: Sequence[Part]) -> Iterator[Json]:
    """The items that the client answered with, each screen with its picture."""
    for part, following in pairwise((*parts, None)):
        again = item(part) if isinstance(part, ProviderTool) else None
        if again is None:
            continue
        if again.get("type") == SCREEN and isinstance(following, Image) and following.extra:
            yield {**again, "output": following.extra}
        else:
            yield again
