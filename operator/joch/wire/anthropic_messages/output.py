"""Rendering parts as content blocks of the published schema."""

from typing import TypeGuard

from joch.transcript.conversation import Role
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
from joch.wire.anthropic_messages.scope import Scope
from joch.wire.anthropic_messages.shapes import CACHE, LOCATIONS, SEARCH_RESULT
from joch.wire.anthropic_messages.sources import render_audio, render_document, render_image
from joch.wire.embedded import an_object_in

_RESULT_BLOCKS = frozenset(("tool_reference", "browser_state"))
_OWN_BLOCKS = frozenset(("compaction", "fallback", "mcp_tool_listing"))


def folded(blocks: list[JsonObject]) -> Json:
    """Content in its plainest form: one bare text as a string."""
    if len(blocks) == 1 and blocks[0].keys() == {"type", "text"}:
        return blocks[0]["text"]
    return list[Json](blocks)


def content_blocks(
    parts: tuple[Part, ...], role: Role, where: str, scope: Scope
) -> list[JsonObject]:
    """The blocks of a message's parts, in order, without its calls and results.

    Blank text goes; what a block cannot hold is declared.
    """
    blocks: list[JsonObject] = []
    for place, part in enumerate(parts):
        if is_plain(part):
            blocks.append({"type": "text", "text": part.text})
        elif not isinstance(part, ToolCall | ToolResult):
            add_part(blocks, part, role, f"{where}.parts[{place}]", scope)
    return blocks


def is_plain(part: Part) -> TypeGuard[Text]:
    """Whether the part is text and nothing else, as most are: its block needs no further look."""
    return type(part) is Text and part.extra is None and bool(part.text.strip())


def add_part(blocks: list[JsonObject], part: Part, role: Role, where: str, scope: Scope) -> None:
    """Add the block of a part, if the format has a place for it; a citation joins its text."""
    match part:
        case Text() | Refusal():
            blocks.extend(_said(part, role, where, scope))
        case Image():
            blocks.append(render_image(part, where, scope))
        case Document():
            blocks.append(render_document(part, where, scope))
        case Audio():
            blocks.append(render_audio(part, where, scope))
        case ProviderTool():
            blocks.append(_provider_tool(part, role, where, scope))
        case Reasoning():
            blocks.extend(_reasoning(part, role, where, scope))
        case Unknown():
            blocks.extend(_unknown(part, role, where, scope))
        case Citation():
            _cite(part, role, blocks, where, scope)
        case ToolCall() | ToolResult():
            scope.changes.lost("misplaced-part", where, f"A {part.kind} inside plain content")


def _said(part: Text | Refusal, role: Role, where: str, scope: Scope) -> list[JsonObject]:
    if not part.text.strip():
        scope.changes.lost("blank-text", where, "Blank text is refused, and is left out")
        return []
    if isinstance(part, Refusal):
        scope.changes.transformed("refusal", where, "A refusal is sent as text")
    extra = part.extra or {}
    if (own := _own_form(extra, role, scope)) is not None:
        scope.mark(own, where)
        return [own]
    block: JsonObject = {"type": "text", "text": part.text}
    scope.carry(block, extra, CACHE, where)
    return [block]


def _own_form(extra: JsonObject, role: Role, scope: Scope) -> JsonObject | None:
    """The vendor's block that a text was read from, where it may be sent as that."""
    compaction = extra.get("compaction")
    if isinstance(compaction, dict) and scope.profile.same_backend and role is Role.ASSISTANT:
        return dict(compaction)
    found = extra.get("search_result")
    if isinstance(found, dict) and role in (Role.USER, Role.TOOL) and SEARCH_RESULT(found):
        return dict(found)
    return None


def _cite(part: Citation, role: Role, blocks: list[JsonObject], where: str, scope: Scope) -> None:
    """Put a citation into the text before it: an assistant's only, a user's is refused."""
    data = part.extra or {}
    kind = str(data.get("type"))
    fields = LOCATIONS.get(kind, {})
    here = role is Role.ASSISTANT and bool(blocks) and blocks[-1]["type"] == "text"
    bound = kind == "web_search_result_location" and not scope.profile.same_backend
    whole = all(key in data and check(data[key]) for key, check in fields.items())
    if not fields or not here or bound or not whole:
        scope.changes.lost("citation", where, "The citation is not in a form that is taken here")
        return
    cited = blocks[-1].setdefault("citations", [])
    assert isinstance(cited, list)
    cited.append({"type": kind, **{key: data[key] for key in fields}})
    left = [k for k, value in data.items() if k not in fields and k != "type" and value is not None]
    scope.without(left, where)


def _reasoning(part: Reasoning, role: Role, where: str, scope: Scope) -> list[JsonObject]:
    """Signed thinking, at the backend that signed it only; never as an answer's text."""
    own = _thinking(part) if scope.profile.same_backend and role is Role.ASSISTANT else []
    if not own:
        scope.changes.lost("reasoning", where, "Provider reasoning not portable")
    return own


def _thinking(part: Reasoning) -> list[JsonObject]:
    extra = part.extra or {}
    if isinstance(extra.get("signature"), str) and extra["signature"]:
        return [
            {"type": "thinking", "thinking": part.text, "signature": extra["signature"]},
        ]
    if extra.get("type") == "redacted_thinking" and isinstance(extra.get("data"), str):
        return [{"type": "redacted_thinking", "data": extra["data"]}]
    return []


def _provider_tool(part: ProviderTool, role: Role, where: str, scope: Scope) -> JsonObject:
    own = _server_block(part) if scope.profile.same_backend and role is Role.ASSISTANT else None
    if own is not None:
        scope.mark(own, where)
        return own
    scope.changes.transformed("provider-tool", where, f"{part.name} is sent as text")
    asked = f" {part.arguments}" if part.arguments else ""
    told = f": {part.output}" if part.output else ""
    return {"type": "text", "text": f"[{part.name}{asked}{told}]"}


def _server_block(part: ProviderTool) -> JsonObject | None:
    """The vendor's own block, where the part was read from one."""
    extra = part.extra or {}
    kind = str(extra.get("type"))
    if kind in {"server_tool_use", "mcp_tool_use"} and part.id is not None:
        asked = an_object_in(part.arguments or "{}")
        return {**extra, "id": part.id, "name": part.name, "input": asked}
    if kind.endswith("_tool_result") and part.id is not None:
        return {**extra, "tool_use_id": part.id}
    return None


def _unknown(part: Unknown, role: Role, where: str, scope: Scope) -> list[JsonObject]:
    kinds = _RESULT_BLOCKS if role is Role.TOOL else _OWN_BLOCKS
    if scope.profile.same_backend and part.type in kinds and part.payload.get("type") == part.type:
        return [part.payload]
    scope.changes.lost("unknown-part", where, f"Part of unknown type {part.type!r}")
    return []
