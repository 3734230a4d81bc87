"""Items that only the backend which wrote them takes back: its reasoning, its own tools' items.

They go back whole and with their ids, all of them or none, because they ask for one another:
reasoning without its encrypted content is only at the vendor, and what was written after it is
refused without it.
"""

from collections.abc import Sequence

from joch.transcript.conversation import Transcript
from joch.transcript.parts import Image, Part, ProviderTool, Reasoning, Unknown
from joch.transcript.values import Json, JsonObject
from joch.wire.openai_responses.vendor_items import (
    ANSWERED_BY_THE_CLIENT,
    FROM_THE_CLIENT,
    SCREEN,
    SCREENSHOT,
    is_vendor_item,
)
from joch.wire.profile import Profile

_REASONING = ("id", "summary", "content", "encrypted_content", "status")
_STATEFUL = frozenset(("compaction", "item_reference", "program", "program_output"))


class Replays:
    """What of a transcript goes back to a backend. `on`: it wrote the conversation itself."""

    def __init__(self, transcript: Transcript, profile: Profile) -> None:
        self.on = profile.same_backend and not any(
            isinstance(part, Reasoning) and _thought(part) is None for _, part in transcript.parts()
        )
        self._both_sides: set[str | None] = set()
        if self.on:
            kinds = (ANSWERED_BY_THE_CLIENT, FROM_THE_CLIENT)
            asked, told = ({tool.id for tool in _of(transcript, kind)} for kind in kinds)
            self._both_sides = asked & told

    def item(self, part: Part) -> JsonObject | None:
        """The item as it was read; None where it does not go back."""
        if not self.on:
            return None
        match part:
            case Reasoning():
                return _thought(part)
            case ProviderTool(extra=dict() as extra) if is_vendor_item(extra):
                paired = extra.get("type") in ANSWERED_BY_THE_CLIENT | FROM_THE_CLIENT
                return extra if not paired or part.id in self._both_sides else None
            case Unknown(type=kind, payload=payload) if kind in _STATEFUL:
                return payload
        return None

    def split(self, parts: Sequence[Part]) -> tuple[list[Json], tuple[Part, ...]]:
        """The client's answers to the vendor's tools as items, and the parts that are left.

        A screen comes back with the picture that follows it.
        """
        items: list[Json] = []
        left: list[Part] = []
        pictures_of: JsonObject | None = None
        for part in parts:
            item = self.item(part) if isinstance(part, ProviderTool) else None
            if item is not None:
                pictures_of = dict(item) if item.get("type") == SCREEN else None
                items.append(item if pictures_of is None else pictures_of)
            elif pictures_of is not None and _is_screenshot(part):
                assert isinstance(part, Image)
                pictures_of["output"] = part.extra
            else:
                left.append(part)
        return items, tuple(left)


def _of(transcript: Transcript, kinds: frozenset[str]) -> list[ProviderTool]:
    tools = (part for _, part in transcript.parts() if isinstance(part, ProviderTool))
    return [tool for tool in tools if (tool.extra or {}).get("type") in kinds]


def _thought(part: Reasoning) -> JsonObject | None:
    extra = part.extra or {}
    if not extra.get("encrypted_content"):
        return None
    kept: JsonObject = {key: extra[key] for key in _REASONING if key in extra}
    return {"type": "reasoning", "summary": [], **kept}


def _is_screenshot(part: Part) -> bool:
    return isinstance(part, Image) and (part.extra or {}).get("type") == SCREENSHOT
