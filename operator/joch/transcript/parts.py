"""The parts of a message. Each keeps in `extra` what its vendor said beyond the canonical fields.

Slotted frozen dataclasses, not pydantic: a transcript of 10,000 messages is read, digested and
rendered within a few times the cost of `json.loads` and `json.dumps`.
"""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from joch.transcript.values import JsonObject


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text."""

    kind: ClassVar[str] = "text"
    text: str
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What a model thought. `text` is readable; signatures and encrypted items stay in `extra`.

    Never replayed at another backend: vendors bind it to their model and prefix.
    """

    kind: ClassVar[str] = "reasoning"
    text: str
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model asks its agent to carry out.

    `arguments` is the text exactly as the model wrote it, which need not be JSON. `id` is empty
    where the format has none (OpenAI's former `function_call`).
    """

    kind: ClassVar[str] = "tool_call"
    id: str
    name: str
    arguments: str
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a call returned. `is_error` None: the format does not say."""

    kind: ClassVar[str] = "tool_result"
    call_id: str
    parts: tuple["Part", ...]
    is_error: bool | None = None
    name: str | None = None
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a medium's bytes are: exactly one of `url`, `data` (base64) and `file_id` is set."""

    url: str | None = None
    data: str | None = None
    file_id: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """An image. `detail` is the sender's wish for resolution."""

    kind: ClassVar[str] = "image"
    source: Source
    detail: str | None = None
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document such as a PDF."""

    kind: ClassVar[str] = "document"
    source: Source
    filename: str | None = None
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Audio:
    """A sound, or the vendor's reference to one (`source.file_id`) with its transcript."""

    kind: ClassVar[str] = "audio"
    source: Source
    format: str | None = None
    transcript: str | None = None
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that an answer names. The vendor's own shape is in `extra`."""

    kind: ClassVar[str] = "citation"
    url: str | None = None
    title: str | None = None
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class ProviderTool:
    """A tool that the vendor itself carried out, with its outcome as text where it is readable."""

    kind: ClassVar[str] = "provider_tool"
    name: str
    arguments: str = ""
    output: str = ""
    id: str | None = None
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The model's words where it refuses."""

    kind: ClassVar[str] = "refusal"
    text: str
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something this version does not know, kept whole. `type` is the vendor's own word for it."""

    kind: ClassVar[str] = "unknown"
    type: str
    payload: JsonObject


Part: TypeAlias = (
    Text
    | Reasoning
    | ToolCall
    | ToolResult
    | Image
    | Document
    | Audio
    | Citation
    | ProviderTool
    | Refusal
    | Unknown
)

Words: TypeAlias = Text | Refusal
"""What a part says in plain words."""

Medium: TypeAlias = Image | Document | Audio
"""What has bytes somewhere."""


def plain_text(parts: tuple[Part, ...]) -> str:
    """The readable text of parts: texts and refusals, one a line."""
    return "\n".join([p.text for p in parts if isinstance(p, Words)])
