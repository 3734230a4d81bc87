"""Rendering what the assistant said: a plain message, or an output message where that holds more.

A plain one has a string and no id; texts with citations, refusals and several texts want the output
message, whose id the published schema demands. It is made from what is said: the vendor's own id
would ask for the reasoning item that was written before it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from joch.transcript.conversation import Message
from joch.transcript.parts import (
    Audio,
    Citation,
    Document,
    Image,
    Part,
    ProviderTool,
    Reasoning,
    Refusal,
    Text,
)
from joch.transcript.values import Json, JsonObject, canonical_json
from joch.wire.openai_responses.media import referenced
from joch.wire.openai_responses.output import carried, declare_lost, told
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

SPOKEN = (Text, Refusal, Citation, Image, Document, Audio, ProviderTool)
_STATUSES = ("in_progress", "completed", "incomplete")
_PHASES = ("commentary", "final_answer")
_OF_A_FILE = {
    "file_citation": ("file_id", "filename", "index"),
    "container_file_citation": ("container_id", "end_index", "file_id", "filename", "start_index"),
    "file_path": ("file_id", "index"),
}
_OF_A_URL = ("end_index", "start_index", "title", "url")


class MessageIds:
    """Ids for output messages: each of the vendor's own once, others by what is said.

    The same conversation has the same ids.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._seen: Counter[str] = Counter()

    def take(self, own: str) -> bool:
        """Whether the vendor's own id may be sent: it is one, and new in the request."""
        fits = own.startswith("msg_") and own not in self._taken
        self._taken.add(own)
        return fits

    def made(self, content: list[JsonObject]) -> str:
        """An id that is new in the request."""
        said = hashlib.sha256(canonical_json(list[Json](content))).hexdigest()
        self._seen[said] += 1
        numbered = f"{said}\n{self._seen[said]}".encode()
        return "msg_" + hashlib.sha256(numbered).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Speech:
    """An assistant message of the transcript, of which a run of parts is rendered.

    `keeps_ids`: it goes back to its writer, ids and all.
    """

    index: int
    message: Message
    profile: Profile
    changes: Changes
    ids: MessageIds
    keeps_ids: bool

    @property
    def where(self) -> str:
        """The message's place in the transcript."""
        return f"messages[{self.index}]"

    def item(self, parts: list[Part]) -> JsonObject | None:
        """The message item of the parts; None: nothing was said."""
        content = self._content(parts)
        if not content:
            return None
        own = self.message.id if self.keeps_ids else None
        identity = own if own and self.ids.take(own) else None
        first = content[0]
        if identity is None and len(content) == 1 and self._is_plain(first):
            data: JsonObject = {"role": "assistant", "content": first["text"]}
        else:
            data = {
                "type": "message",
                "id": identity or self.ids.made(content),
                "role": "assistant",
                "status": self._status() or "completed",
                "content": list[Json](content),
            }
        if phase := self._phase():
            data["phase"] = phase
        return data

    def _is_plain(self, only: JsonObject) -> bool:
        if self._status() or self._follows_a_thought():
            return False
        return only.keys() == {"type", "text", "annotations"} and only["annotations"] == []

    def _follows_a_thought(self) -> bool:
        """Whether reasoning goes back with its id: the vendor then wants one of its message too."""
        thoughts = (part for part in self.message.parts if isinstance(part, Reasoning))
        return self.keeps_ids and any((part.extra or {}).get("id") for part in thoughts)

    def _status(self) -> Json:
        status = (self.message.extra or {}).get("status")
        if status is None or status in _STATUSES:
            return status
        self.changes.lost("vendor-fields", self.where, "This status is not in the format")
        return None

    def _phase(self) -> Json:
        phase = (self.message.extra or {}).get("phase")
        if phase is None or (self.profile.phases and phase in _PHASES):
            return phase
        self.changes.lost("phase", self.where, "Execution phase is not taken by the target")
        return None

    def _content(self, parts: list[Part]) -> list[JsonObject]:
        content: list[JsonObject] = []
        cited: JsonObject | None = None
        for part in parts:
            match part:
                case Text() | Refusal() if not part.text.strip():
                    self.changes.lost("blank-text", self.where, "Blank text is left out")
                case Text():
                    cited = self._text(part)
                    content.append(cited)
                case Citation():
                    self._cite(part, cited)
                case _:
                    content.extend(self._other(part))
        return content

    def _text(self, part: Text) -> JsonObject:
        beside = carried(part.extra, self.where, self.changes, "logprobs")
        return {**_plain(part.text), **beside}

    def _other(self, part: Part) -> Iterator[JsonObject]:
        match part:
            case Refusal():
                carried(part.extra, self.where, self.changes)
                yield {"type": "refusal", "refusal": part.text}
            case Image() | Document() | Audio():
                carried(part.extra, self.where, self.changes)
                yield _plain(referenced(part, self.where, self.changes))
            case ProviderTool():
                yield _plain(told(part, self.where, self.changes))

    def _cite(self, part: Citation, cited: JsonObject | None) -> None:
        annotation = self._annotation(part)
        if annotation is None and part.url and cited is not None:
            sentence = "A citation is sent as one of the whole text before it"
            self.changes.transformed("citation", self.where, sentence)
            whole: JsonObject = {"start_index": 0, "end_index": len(str(cited["text"]))}
            title = part.title or part.url
            annotation = {"type": "url_citation", "url": part.url, "title": title, **whole}
        if annotation is None or cited is None:
            declare_lost(part, self.where, self.changes)
            return
        annotations = cited["annotations"]
        assert isinstance(annotations, list)
        annotations.append(annotation)

    def _annotation(self, part: Citation) -> JsonObject | None:
        """The annotation as the vendor has it; None where the part is none, or of another's file.

        Chat nests what a URL's citation says.
        """
        data = part.extra or {}
        named = data.get("url_citation")
        inner = named if isinstance(named, dict) else data
        kind = data.get("type")
        if kind == "url_citation" and all(key in inner for key in _OF_A_URL):
            return {"type": kind, **{key: inner[key] for key in _OF_A_URL}}
        keys = _OF_A_FILE.get(kind) if isinstance(kind, str) else None
        if not keys or not self.profile.same_backend or not all(key in data for key in keys):
            return None
        return {"type": kind, **{key: data[key] for key in keys}}


def _plain(text: str) -> JsonObject:
    return {"type": "output_text", "text": text, "annotations": []}
