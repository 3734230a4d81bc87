"""What each format must carry, and whether it did.

The table says which media a format must carry as what they are. Everywhere else the rules are the
same for all: what was said is said, calls and results are paired as they were, and what is neither
is declared at its message.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from joch.transcript.canonical import to_data
from joch.transcript.conversation import Message, Role, Transcript
from joch.transcript.exchanges import Exchange, exchanges
from joch.transcript.parts import (
    Audio,
    Document,
    Image,
    Part,
    ProviderTool,
    Refusal,
    Source,
    Text,
    ToolCall,
    ToolResult,
)
from joch.transcript.values import canonical_json
from joch.wire.rendered import Change, Rendered
from tests.conformance.wire.validators.media import size
from tests.conformance.wire.words import Words, strings

_STILLS = ("image/png", "image/jpeg", "image/webp")
_PICTURES = (*_STILLS, "image/gif")
_SOUNDS = ("wav", "mp3")

Taken = Callable[[Any], bool]


def _inline(source: Source, *media_types: str) -> bool:
    known = not media_types or (source.media_type or "").lower() in media_types
    return source.data is not None and known and size(source.data) is not None


def _picture(image: Image) -> bool:
    return _inline(image.source, *_PICTURES)


def _still(image: Image) -> bool:
    return _inline(image.source, *_STILLS)


def _picture_or_address(image: Image) -> bool:
    return _picture(image) or (image.source.url or "").startswith("https://")


def _pdf(document: Document) -> bool:
    return _inline(document.source, "application/pdf")


def _sound(audio: Audio) -> bool:
    return audio.source.data is not None and audio.format in _SOUNDS and not audio.source.file_id


def _never(_: Part) -> bool:
    return False


MUST_CARRY: Mapping[str, Mapping[type[Part], Taken]] = {
    "openai_chat": {Image: _picture_or_address, Document: _pdf, Audio: _sound},
    "openai_responses": {Image: _picture_or_address, Document: _pdf, Audio: _never},
    "anthropic_messages": {Image: _picture_or_address, Document: _pdf, Audio: _never},
    "google_generate_content": {Image: _still, Document: _pdf, Audio: _sound},
    "bedrock_converse": {Image: _picture, Document: _pdf, Audio: _never},
}
"""A row a format, a column a medium: which of them come out as what they went in.

Only what a person or a tool showed counts: no vendor takes an image of the assistant's back.
"""


def silently_lost(read: Transcript, rendered: Rendered) -> list[str]:
    """Parts of which something is neither in the body nor declared at their message."""
    body = Words(rendered.body)
    sentences = "\n".join(change.sentence for change in rendered.changes)
    found = []
    for index, message in enumerate(read.messages):
        told = strings(_told(to_data(Transcript((message,)))["messages"], body))
        missing = [text for text in told if not body.say(text) and text not in sentences]
        if missing and not _declared(index, rendered.changes):
            found.append(f"messages[{index}]: {[text[:60] for text in missing]}")
    return found


_NOWHERE = "\0"
_ITS_STORES_OWN = ("id", "call_id", "created_at", "media_type")


def _told(value: Any, body: Words) -> Any:
    """What a message tells, without ids, times and words that only name a form.

    A sound that the vendor keeps is told by its id, and a detail left to the vendor by nothing.
    """
    if isinstance(value, list):
        return [_told(item, body) for item in value]
    if not isinstance(value, dict):
        return value
    left = {k: _told(v, body) for k, v in value.items() if k not in _ITS_STORES_OWN}
    if left.get("detail") == "auto":
        del left["detail"]
    source = value.get("source")
    if "kind" in value and isinstance(source, dict):
        is_text = str(source.get("media_type")).startswith("text/") and "data" in source
        if is_text and not body.say(source["data"]):
            left["source"] = _text_of(source["data"])
        # How Converse had a document written down: as text, or in pieces.
        left["extra"] = {k: v for k, v in (left.get("extra") or {}).items() if k != "source"}
        if value["kind"] == "audio" and body.say(source.get("file_id", _NOWHERE)):
            left.pop("transcript", None)
    return left


def _declared(index: int, changes: tuple[Change, ...]) -> bool:
    here = re.compile(rf"messages\[{index}\](\D|$)")
    return any(here.match(change.where) for change in changes)


def everything(read: Transcript) -> Any:
    """The conversation's data, with the words of texts that are kept in base64 beside it."""
    sources = [part.source for _, part in read.parts() if isinstance(part, Document)]
    return [to_data(read), [_text_of(s.data) for s in sources if s.data and _is_text(s)]]


def _is_text(source: Source) -> bool:
    return (source.media_type or "").startswith("text/")


def _text_of(data: str) -> str:
    return base64.b64decode(data).decode()


def not_said(read: Transcript, rendered: Rendered) -> list[str]:
    """Words of people, models and tools that the body does not hold, whatever is declared."""
    body = Words(rendered.body)
    answered = {id(exchange.result) for exchange in exchanges(read)}
    found = []
    for index, message in enumerate(read.messages):
        for part in message.parts:
            if isinstance(part, ToolResult) and id(part) not in answered:
                continue
            missing = [text[:80] for text in _spoken(part) if not body.say(text)]
            found += [f"messages[{index}]: {text!r}" for text in missing]
    return found


def _spoken(part: Part) -> Iterator[str]:
    match part:
        case Text() | Refusal():
            yield from strings(part.text)
        case ToolCall():
            yield from strings(part.arguments)
        case ToolResult():
            for inner in part.parts:
                yield from _spoken(inner)
        case ProviderTool():
            yield from strings(part.output)
        case _:
            return


def not_carried(read: Transcript, again: Transcript, format_name: str) -> list[str]:
    """Media that the table says must be carried, and were not."""
    found = []
    for kind, taken in MUST_CARRY[format_name].items():
        wanted = sum(taken(part) for part in _shown(read) if isinstance(part, kind))
        carried = sum(isinstance(part, kind) for part in _shown(again))
        if carried < wanted:
            found.append(f"{kind.__name__}: {carried} of {wanted}")
    return found


def _shown(read: Transcript) -> Iterator[Part]:
    """What a person or a tool showed; results that answer nothing are not theirs."""
    answered = {id(exchange.result) for exchange in exchanges(read)}
    for message in read.messages:
        if message.role not in {Role.USER, Role.TOOL}:
            continue
        for part in message.parts:
            if not isinstance(part, ToolResult):
                yield part
            elif id(part) in answered:
                yield from part.parts


def mispaired(read: Transcript, again: Transcript) -> list[str]:
    """Calls that came out with other arguments, or with another call's result."""
    before, after = exchanges(read), exchanges(again)
    if len(before) != len(after):
        return [f"{len(before)} calls went in, {len(after)} came out"]
    return [
        f"call {place} of {one.call.name}"
        for place, (one, other) in enumerate(zip(before, after, strict=True))
        if not _same(one, other)
    ]


def _same(one: Exchange, other: Exchange) -> bool:
    if not _same_arguments(one.call, other.call):
        return False
    if one.result is None:
        return other.result is not None
    said = Words([] if other.result is None else list(_spoken(other.result)))
    return all(said.say(text) for text in _spoken(one.result))


def canonical(read: Transcript) -> bytes:
    """The conversation in one form: each result with its call, whatever stood between them.

    Formats that have no name or error flag for a result say both in other ways, and one demands
    `max_tokens` of everybody: these three are left out. No detail is the same as `auto`, and a
    result of nothing the same as one of an empty text.
    """
    spoken = [
        replace(message, parts=tuple(_level(part) for part in message.parts))
        for message in read.messages
        if not any(isinstance(part, ToolResult) for part in message.parts)
    ]
    results = [_plain(exchange) for exchange in exchanges(read)]
    data = to_data(Transcript(tuple(spoken), read.tools, replace(read.settings, max_tokens=None)))
    return canonical_json([data, results])


def _plain(exchange: Exchange) -> Any:
    if exchange.result is None:
        return None
    parts = tuple(_level(part) for part in exchange.result.parts if part != Text(""))
    plain = replace(exchange.result, name=None, is_error=None, parts=parts)
    return to_data(Transcript((Message(Role.TOOL, (plain,)),)))["messages"]


def _level(part: Part) -> Part:
    if isinstance(part, Image) and part.detail == "auto":
        return replace(part, detail=None)
    return part


def _same_arguments(one: ToolCall, other: ToolCall) -> bool:
    """Equal objects; or the text of a tool that takes one, inside the other's object."""
    text = one.extra is not None and one.extra.get("type") == "custom"
    return (
        Words(other.arguments).say(one.arguments) if text else _arguments(one) == _arguments(other)
    )


def _arguments(call: ToolCall) -> Any:
    try:
        value = json.loads(call.arguments)
    except ValueError:
        return {"_raw": call.arguments} if call.arguments.strip() else {}
    return value if isinstance(value, dict) else {"_raw": call.arguments}


def is_told(rendered: Rendered) -> bool:
    """Whether tool exchanges were declared to be told as text."""
    return any(change.id in {"tool-history", "told-call"} for change in rendered.changes)
