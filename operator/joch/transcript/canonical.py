"""The canonical JSON of a transcript and the digest over it."""

from dataclasses import fields
from typing import Any

from joch.transcript.conversation import (
    Message,
    OutputFormat,
    Settings,
    ToolDeclaration,
    Transcript,
)
from joch.transcript.parts import (
    Audio,
    Citation,
    Document,
    Image,
    Part,
    ProviderTool,
    Reasoning,
    Refusal,
    Source,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import Json, JsonObject, canonical_json, sha256

VERSION = "joch.dev/transcript/v1"

_PARTS: tuple[type[Any], ...] = (
    Text,
    Reasoning,
    ToolCall,
    ToolResult,
    Image,
    Document,
    Audio,
    Citation,
    ProviderTool,
    Refusal,
    Unknown,
)
_PLAIN: tuple[type[Any], ...] = (Source, ToolDeclaration, OutputFormat, Settings)


def _names(of: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(of))


_FIELDS = {of: _names(of) for of in (*_PARTS, *_PLAIN, Message)}
_KINDS: dict[type[Any], str] = {of: of.kind for of in _PARTS}
_NESTED = frozenset((Source, OutputFormat))


def to_data(transcript: Transcript) -> JsonObject:
    """The transcript as JSON-ready data; unset fields are left out, so new ones change nothing."""
    return {
        "version": VERSION,
        "messages": [_message(m) for m in transcript.messages],
        "tools": [_flat(t) for t in transcript.tools],
        "settings": _flat(transcript.settings),
    }


def digest(transcript: Transcript) -> str:
    """`sha256:<hex>` over the canonical JSON: equal conversations, equal digests."""
    return sha256(canonical_json(to_data(transcript)))


def _message(message: Message) -> JsonObject:
    data: JsonObject = {"role": message.role.value, "parts": [_part(p) for p in message.parts]}
    for name in ("name", "id", "created_at", "backend", "extra"):
        value: Json = getattr(message, name)
        if value is not None:
            data[name] = value
    return data


def _part(part: Part) -> JsonObject:
    if type(part) is Text and part.extra is None:
        return {"kind": "text", "text": part.text}
    data = _flat(part)
    data["kind"] = _KINDS[type(part)]
    return data


def _flat(record: Any) -> JsonObject:
    data: JsonObject = {}
    for name in _FIELDS[type(record)]:
        value = getattr(record, name)
        if value is not None and value != ():
            data[name] = _value(value)
    return data


def _value(value: Any) -> Json:
    if type(value) is tuple:
        return [_part(v) if type(v) in _KINDS else v for v in value]
    converted: Json = _flat(value) if type(value) in _NESTED else value
    return converted
