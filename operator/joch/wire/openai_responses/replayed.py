"""Items that only the backend which wrote them takes back: its reasoning, its own tools' items.

They go back whole and with their ids, all of a turn or none, because they ask for one another:
reasoning without its encrypted content is only at the vendor, and what was written after it is
refused without it.
"""

from collections.abc import Sequence

from joch.transcript.conversation import Message, Transcript
from joch.transcript.parts import Image, Part, ProviderTool, Reasoning, Unknown
from joch.transcript.values import Json, JsonObject
from joch.wire.data_urls import data_url
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
    """What of a transcript goes back to a backend that wrote the conversation itself."""

    def __init__(self, transcript: Transcript, profile: Profile) -> None:
        messages = transcript.messages if profile.same_backend else ()
        self._messages = frozenset(i for i, m in enumerate(messages) if _is_whole(m))
        asked, told = set[str | None](), set[str | None]()
        for index in self._messages:
            for part in messages[index].parts:
                if isinstance(part, ProviderTool):
                    asked |= {part.id} if _kind(part) in ANSWERED_BY_THE_CLIENT else set()
                    told |= {part.id} if _kind(part) in FROM_THE_CLIENT else set()
        self._both_sides = asked & told

    def takes(self, index: int) -> bool:
        """Whether the message at this index goes back with its ids."""
        return index in self._messages

    def item(self, index: int, part: Part) -> JsonObject | None:
        """The item of the message as it was read; None where it does not go back."""
        if index not in self._messages:
            return None
        match part:
            case Reasoning():
                return _thought(part)
            case ProviderTool(extra=dict() as extra) if is_vendor_item(extra):
                paired = _kind(part) in ANSWERED_BY_THE_CLIENT | FROM_THE_CLIENT
                return extra if not paired or part.id in self._both_sides else None
            case Unknown(type=kind, payload=payload) if kind in _STATEFUL:
                return payload
        return None

    def split(self, index: int, parts: Sequence[Part]) -> tuple[list[Json], tuple[Part, ...]]:
        """The client's answers to the vendor's tools as items, and the parts that are left.

        A screen comes back with the picture that follows it.
        """
        items: list[Json] = []
        left: list[Part] = []
        pictures_of: JsonObject | None = None
        for part in parts:
            item = self.item(index, part) if isinstance(part, ProviderTool) else None
            if item is not None:
                pictures_of = dict(item) if item.get("type") == SCREEN else None
                items.append(item if pictures_of is None else pictures_of)
            elif pictures_of is not None and isinstance(part, Image) and _is_screenshot(part):
                pictures_of["output"] = _screenshot(part)
            else:
                left.append(part)
        return items, tuple(left)


def _is_whole(message: Message) -> bool:
    thoughts = (part for part in message.parts if isinstance(part, Reasoning))
    return all(_thought(part) is not None for part in thoughts)


def _kind(part: ProviderTool) -> Json:
    return (part.extra or {}).get("type")


def _thought(part: Reasoning) -> JsonObject | None:
    extra = part.extra or {}
    if not extra.get("encrypted_content"):
        return None
    kept: JsonObject = {key: extra[key] for key in _REASONING if key in extra}
    return {"type": "reasoning", "summary": [], **kept}


def _is_screenshot(part: Image) -> bool:
    return (part.extra or {}).get("type") == SCREENSHOT


def _screenshot(part: Image) -> JsonObject:
    url = data_url(part.source, "image/png")
    place: JsonObject = {"file_id": part.source.file_id} if url is None else {"image_url": url}
    return {**(part.extra or {}), **place}
