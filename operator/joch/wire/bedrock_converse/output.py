"""Rendering parts as content blocks of the published model."""

from collections.abc import Iterable

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
from joch.wire.bedrock_converse import native
from joch.wire.bedrock_converse.attachments import Attachments
from joch.wire.bedrock_converse.extras import declare_extra
from joch.wire.bedrock_converse.native import published_object
from joch.wire.bedrock_converse.survey import Medium
from joch.wire.embedded import an_object_in
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

Blocks = list[JsonObject]


class Output:
    """Renders the parts of one request, all but calls and results."""

    def __init__(self, profile: Profile, attachments: Attachments, changes: Changes) -> None:
        self._profile = profile
        self._attachments = attachments
        self._changes = changes

    def blocks(
        self,
        parts: tuple[Part, ...],
        at: str,
        role: Role,
        calls: Iterable[JsonObject | None] = (),
    ) -> Blocks:
        """The blocks of a message's parts, or with the role `tool` of a result's.

        `at` names what holds the parts, as `messages[3]`. `calls` are the blocks of its calls, in
        order; None: told elsewhere. What this format does not hold is declared. Results are not
        here: their place is beside their calls'.
        """
        rendered: Blocks = []
        waiting = iter(calls)
        before: Part | None = None
        for place, part in enumerate(parts):
            if isinstance(part, Citation):
                self._cite(rendered, before, part, f"{at}.parts[{place}]", role)
            elif isinstance(part, Text) and part.extra is None and part.text.strip():
                rendered.append({"text": part.text})
            elif isinstance(part, ToolCall) and role is not Role.TOOL:
                if (call := next(waiting, None)) is not None:
                    rendered.append(call)
            elif (block := self._block(part, f"{at}.parts[{place}]", role)) is not None:
                rendered.append(block)
            before = part
        return rendered

    def sounds(self, parts: tuple[Part, ...], at: str) -> Blocks:
        """The sounds of a result, for the user's message: a result takes none."""
        rendered: Blocks = []
        for place, part in enumerate(parts):
            if isinstance(part, Audio):
                where = f"{at}.parts[{place}]"
                sentence = "A sound in a tool result moved to the user message around it"
                self._changes.transformed("result-media", where, sentence)
                rendered.append(self._attachments.audio(part, where, Role.USER))
        return rendered

    def _block(self, part: Part, where: str, role: Role) -> JsonObject | None:
        if role is Role.TOOL and isinstance(part, ToolCall | ToolResult):
            self._changes.lost("misplaced-part", where, f"A {part.kind} inside a tool result")
        match part:
            case Text() | Refusal():
                return self._text(part, where, role)
            case Audio() if role is Role.TOOL:
                return None
            case Image() | Document() | Audio():
                return self._medium(part, where, role)
            case ProviderTool():
                return self._carried_out(part, where, role)
            case Reasoning():
                return self._reasoning(part, where, role)
            case Unknown():
                return self._unknown(part, where, role)
        return None

    def _text(self, part: Text | Refusal, where: str, role: Role) -> JsonObject | None:
        if not part.text.strip():
            self._changes.lost("empty-text", where, "Blank text is refused and left out")
            return None
        own = _own_text(part, role)
        declare_extra(part.extra, where, self._changes, own or ())
        if isinstance(part, Refusal):
            self._changes.transformed("refusal", where, "A refusal is sent as text")
        if own is None:
            return {"text": part.text}
        for key in own.keys() & {"searchResult", "citationsContent"}:
            self._cut(own[key], (part.extra or {})[key], where)
        return own

    def _cut(self, sent: Json, read: Json, where: str) -> None:
        if sent != read:
            self._changes.lost("vendor-fields", where, "Fields within are not in the format")

    def _medium(self, part: Medium, where: str, role: Role) -> JsonObject:
        match part:
            case Image():
                return self._attachments.image(part, where, role)
            case Document():
                return self._attachments.document(part, where, role)
            case Audio():
                return self._attachments.audio(part, where, role)

    def _cite(
        self, rendered: Blocks, before: Part | None, part: Citation, where: str, role: Role
    ) -> None:
        """Put a citation of this format beside the text that it stands behind."""
        own = published_object(part.extra, native.CITATION)
        whole = own and own.keys() == (part.extra or {}).keys()
        if not own or not whole or role is not Role.ASSISTANT or not _follows(rendered, before):
            self._changes.lost("citation", where, "Citations of other vendors are not sent")
            return
        last = rendered[-1]
        if "text" in last:
            said: JsonObject = {"text": last.pop("text")}
            last["citationsContent"] = {"content": [said]}
        cited = last["citationsContent"]
        assert isinstance(cited, dict)
        standing = cited.setdefault("citations", [])
        assert isinstance(standing, list)
        standing.append(own)

    def _carried_out(self, part: ProviderTool, where: str, role: Role) -> JsonObject:
        """A vendor's own tool: replayed at the backend that carried it out, else told."""
        if self._profile.same_backend and role is Role.ASSISTANT and (own := _server_block(part)):
            return own
        self._changes.transformed("provider-tool", where, f"{part.name} is sent as text")
        asked = f"({part.arguments})" if part.arguments else ""
        told = f": {part.output}" if part.output else ""
        return {"text": f"[{part.name}{asked}{told}]"}

    def _reasoning(self, part: Reasoning, where: str, role: Role) -> JsonObject | None:
        if self._profile.same_backend and role is Role.ASSISTANT and (own := _thought(part)):
            return {"reasoningContent": own}
        self._changes.lost("reasoning", where, "Provider reasoning not portable")
        return None

    def _unknown(self, part: Unknown, where: str, role: Role) -> JsonObject | None:
        shape = native.BLOCKS.get(part.type)
        fits = role in native.PLACES.get(part.type, ())
        read = part.payload.get(part.type)
        if shape and fits and (own := published_object(read, shape)):
            self._cut(own, read, where)
            declare_extra(part.payload, where, self._changes, (part.type,))
            return {part.type: own}
        self._changes.lost("unknown-part", where, f"Part of unknown type {part.type!r}")
        return None


def _own_text(part: Text | Refusal, role: Role) -> JsonObject | None:
    """The block that a text was read from, where it may stand here; None: it is a plain text."""
    extra = part.extra or {}
    if "guardContent" in extra and role in {Role.USER, Role.SYSTEM}:
        marks = published_object(extra["guardContent"], native.QUALIFIERS) or {}
        return {"guardContent": {"text": {"text": part.text, **marks}}}
    if role is Role.ASSISTANT:
        cited = published_object(extra.get("citationsContent"), native.CITED)
        return {"citationsContent": cited} if cited else None
    if role is Role.TOOL and extra.get("json") is True:
        data = an_object_in(part.text)
        return None if data is None else {"json": data}
    found = published_object(extra.get("searchResult"), native.SEARCH_RESULT)
    return {"searchResult": found} if found and role is not Role.SYSTEM else None


def _follows(rendered: Blocks, before: Part | None) -> bool:
    """Whether the last block is the text that a citation stands behind."""
    said = isinstance(before, Citation) or (isinstance(before, Text) and bool(before.text.strip()))
    return said and bool(rendered) and not rendered[-1].keys().isdisjoint(_CITABLE)


_CITABLE = ("text", "citationsContent")


def _thought(part: Reasoning) -> JsonObject | None:
    """A thought as this format had it; None where another vendor's fields are in it."""
    extra = part.extra or {}
    if extra.keys() <= {"signature"} and part.text:
        return {"reasoningText": {"text": part.text, **extra}}
    if extra.keys() == {"signature"}:
        return {"reasoningText": {"text": "", **extra}}
    return extra if extra.keys() == {"redactedContent"} else None


def _server_block(part: ProviderTool) -> JsonObject | None:
    """The call or the result of a tool that Bedrock's model carried out; None for others."""
    extra = part.extra or {}
    if extra == {"type": "server_tool_use"} and part.id:
        data = an_object_in(part.arguments)
        call: JsonObject = {"toolUseId": part.id, "name": part.name, "type": extra["type"]}
        return None if data is None else {"toolUse": {**call, "input": data}}
    result = published_object(extra.get("toolResult"), native.SERVER_RESULT)
    return {"toolResult": result} if result else None
