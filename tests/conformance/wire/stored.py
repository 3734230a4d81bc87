"""The corpus: conversations as clients of each format stored them."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joch.transcript.conversation import Transcript
from joch.wire.registry import FORMATS, WireFormat

CORPUS = Path(__file__).with_name("corpus")


@dataclass(frozen=True, slots=True)
class Stored:
    """One file, and the format it is in."""

    format: WireFormat
    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(CORPUS))

    def read(self) -> Transcript:
        """The conversation in it, read once: transcripts are frozen."""
        return _read(self)

    def messages(self) -> list[Any]:
        """What the file has for messages, as its format has them."""
        text = self.path.read_text(encoding="utf-8")
        if self.path.suffix == ".jsonl":
            return [json.loads(line) for line in text.split("\n") if line]
        value = json.loads(text)
        if isinstance(value, list):
            return value
        return next(value[key] for key in ("messages", "input", "contents") if key in value)


CONVERSATIONS = tuple(
    Stored(known, path)
    for known in FORMATS
    for path in sorted((CORPUS / known.name).rglob("*.json*"))
)


@functools.cache
def _read(stored: Stored) -> Transcript:
    return stored.format.parse(stored.path.read_bytes())
