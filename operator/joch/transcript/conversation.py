"""The canonical conversation: messages in order, tool declarations, settings."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from joch.transcript.parts import Part
from joch.transcript.values import Json, JsonObject


class Role(StrEnum):
    """Who speaks. `tool` answers calls; `system` and `developer` instruct."""

    SYSTEM = "system"
    DEVELOPER = "developer"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


INSTRUCTING = (Role.SYSTEM, Role.DEVELOPER)


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `created_at` is the time text as stored, `backend` who wrote it, if known.

    `extra` keeps the vendor's fields beyond the canonical ones, by their own names.
    """

    role: Role
    parts: tuple[Part, ...]
    name: str | None = None
    id: str | None = None
    created_at: str | None = None
    backend: str | None = None
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class ToolDeclaration:
    """A tool that the model may call.

    `type` is `function`, or the vendor's own word for a tool that it carries out or shapes itself
    (`web_search`, `computer_use_preview`); such a tool's definition is whole in `extra`.
    """

    name: str
    type: str = "function"
    description: str | None = None
    parameters: JsonObject | None = None
    strict: bool | None = None
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """The form that answers must have. `type` is `text`, `json_object` or `json_schema`."""

    type: str
    name: str | None = None
    schema: JsonObject | None = None
    strict: bool | None = None
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Sampling and output settings of the request. None: not stated."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    output: OutputFormat | None = None
    tool_choice: Json = None
    parallel_tool_calls: bool | None = None
    reasoning_effort: str | None = None
    extra: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A whole conversation, free of any vendor's wire format."""

    messages: tuple[Message, ...]
    tools: tuple[ToolDeclaration, ...] = ()
    settings: Settings = Settings()

    @property
    def prelude(self) -> int:
        """How many leading messages are instructions (system, developer)."""
        return next(
            (i for i, m in enumerate(self.messages) if m.role not in INSTRUCTING),
            len(self.messages),
        )

    def parts(self) -> Iterator[tuple[int, Part]]:
        """Every part with the index of its message."""
        for index, message in enumerate(self.messages):
            for part in message.parts:
                yield index, part
