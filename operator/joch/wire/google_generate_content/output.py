"""Rendering parts as the parts of a content; calls and results are rendered elsewhere."""

from collections.abc import Mapping

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
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import Json, JsonObject
from joch.wire.google_generate_content.attachments import medium
from joch.wire.google_generate_content.base64_text import as_taken
from joch.wire.google_generate_content.scope import (
    Check,
    Scope,
    is_number,
    is_object,
    is_shaped,
    is_text,
    is_whole,
)

SIGNATURE = "thoughtSignature"
# What the published schema has beside a part's data.
_BESIDE: Mapping[str, Check] = {
    "mediaResolution": is_shaped({"level": is_text, "numTokens": is_whole}),
    "partMetadata": is_object,
    "videoMetadata": is_shaped({"startOffset": is_text, "endOffset": is_text, "fps": is_number}),
}
_CARRIED_OUT: Mapping[str, Check] = {
    "executableCode": is_shaped({"id": is_text, "language": is_text, "code": is_text}),
    "codeExecutionResult": is_shaped({"id": is_text, "outcome": is_text, "output": is_text}),
    "toolCall": is_shaped({"id": is_text, "toolType": is_text, "args": is_object}),
    "toolResponse": is_shaped({"id": is_text, "toolType": is_text, "response": is_object}),
}


def add_part(
    parts: list[Json], part: Part, where: str, scope: Scope, *, model: bool = False
) -> None:
    """Add a part; what a content cannot hold is declared. `model`: it stands among the model's."""
    data = _part(part, where, scope, replayed=model and scope.profile.same_backend)
    if data is not None:
        parts.append(data)


def beside(data: JsonObject, extra: JsonObject | None, where: str, scope: Scope) -> None:
    """Add what stands beside a part's data: its signature only where it was made."""
    if not extra:
        return
    if SIGNATURE in extra:
        signature, extra = extra[SIGNATURE], {k: v for k, v in extra.items() if k != SIGNATURE}
        taken = as_taken(signature) if isinstance(signature, str) else None
        if scope.profile.same_backend and taken is not None:
            data[SIGNATURE] = taken
        else:
            scope.changes.lost("reasoning", where, "Provider reasoning not portable")
    scope.carry(data, extra, _BESIDE, where)


def _part(part: Part, where: str, scope: Scope, *, replayed: bool) -> JsonObject | None:
    match part:
        case Text():
            data: JsonObject = {"text": scope.text(part.text, where)}
            beside(data, part.extra, where, scope)
            return data
        case Refusal():
            scope.changes.transformed("refusal", where, "A refusal is sent as text")
            scope.without(part.extra or (), where)
            return {"text": scope.text(part.text, where)}
        case Image() | Document() | Audio():
            sent, left = medium(part, where, scope)
            data = scope.value(sent, where)
            beside(data, left, where, scope)
            return data
        case Reasoning():
            return _reasoning(part, where, scope, replayed)
        case ProviderTool():
            return _provider_tool(part, where, scope, replayed)
        case _:
            _leave_out(part, where, scope)
            return None


def _leave_out(part: Citation | Unknown | ToolCall | ToolResult, where: str, scope: Scope) -> None:
    match part:
        case Citation():
            scope.changes.lost("citation", where, "Citations are not part of a request")
        case Unknown():
            scope.changes.lost("unknown-part", where, f"Part of unknown type {part.type!r}")
        case ToolCall() | ToolResult():
            scope.changes.lost("misplaced-part", where, f"A {part.kind} inside plain content")


def _reasoning(part: Reasoning, where: str, scope: Scope, replayed: bool) -> JsonObject | None:
    """The vendor's own thought where it was thought; nobody else's."""
    extra = part.extra or {}
    if not replayed or not (extra.get("thought") is True or SIGNATURE in extra):
        scope.changes.lost("reasoning", where, "Provider reasoning not portable")
        return None
    data: JsonObject = {"text": scope.text(part.text, where)}  # empty beside a lone signature
    if extra.get("thought") is True:
        data["thought"] = True
    beside(data, {key: extra[key] for key in extra if key != "thought"}, where, scope)
    return data


def _provider_tool(part: ProviderTool, where: str, scope: Scope, replayed: bool) -> JsonObject:
    """What the vendor itself carried out: again as it was where it did so, else as text."""
    extra = part.extra or {}
    own = next((key for key, check in _CARRIED_OUT.items() if check(extra.get(key))), None)
    if own is not None and replayed:
        data = scope.value({own: extra[own]}, where)
        beside(data, {k: v for k, v in extra.items() if k != own}, where, scope)
        return data
    scope.changes.transformed("provider-tool", where, f"{part.name} is sent as text")
    asked = f" {part.arguments}" if part.arguments else ""
    told = f": {part.output}" if part.output else ""
    return {"text": scope.text(f"[{part.name}{asked}{told}]", where)}
