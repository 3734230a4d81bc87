"""Parsing: the envelope, and the contents in order."""

from dataclasses import replace

from joch.transcript.conversation import Message, Role, Transcript
from joch.transcript.values import Json, JsonObject
from joch.wire.door import load
from joch.wire.errors import WireError
from joch.wire.fields import described, rest
from joch.wire.google_generate_content.answers import ANSWER, is_answer, unwrapped
from joch.wire.google_generate_content.content import read_content, read_parts
from joch.wire.google_generate_content.pairing import Pairing
from joch.wire.google_generate_content.settings import read_settings
from joch.wire.google_generate_content.spelling import respelled_object
from joch.wire.google_generate_content.tools import read_tools

_SHAPES = "store a request body with contents, or a list of contents"
# The SDKs hand these over inside `config`, beside the fields of REST's generationConfig.
_LIFTED = frozenset(
    (
        *("systemInstruction", "tools", "toolConfig", "safetySettings", "cachedContent"),
        *("labels", "serviceTier"),
    )
)


def parse(data: bytes | str) -> Transcript:
    """Read a transcript in Google's generateContent format.

    `systemInstruction` becomes the first message, so the transcript's indices are one above those
    of `contents` where it is present; errors count as the input does.

    Raises:
        WireError: what is wrong, at which content and field, and how to mend it.
    """
    try:
        return _read(load(data))
    except RecursionError:
        raise WireError(None, "", "the transcript is nested too deep to be read") from None


def _read(value: Json) -> Transcript:
    body, raw = _envelope(value)
    if not raw:
        raise WireError(None, "contents", f"the transcript has no contents: {_SHAPES}")
    told = _flattened(body)
    pairing = Pairing()
    contents = [_content(index, value, pairing) for index, value in enumerate(_grouped(raw))]
    messages = (*_system(told.get("systemInstruction")), *contents)
    return Transcript(messages, read_tools(told), read_settings(told))


def _envelope(value: Json) -> tuple[JsonObject, list[Json]]:
    """The request body as REST spells it (empty for a bare list), and the contents as stored."""
    if isinstance(value, list):
        return _lines(value)
    if not isinstance(value, dict):
        raise WireError(None, "", f"must not be {described(value)}: {_SHAPES}")
    if "contents" not in value:
        if "parts" in value or is_answer(value):
            return {}, [value]
        sentence = f"is missing: {_SHAPES} in generateContent format"
        raise WireError(None, "contents", sentence)
    contents = value["contents"]
    if isinstance(contents, dict | str):
        contents = [contents]
    if not isinstance(contents, list):
        raise WireError(None, "contents", f"must be a list, not {described(contents)}")
    body = respelled_object({k: v for k, v in value.items() if k != "contents"})
    answer: JsonObject = {k: v for k, v in body.items() if k in ANSWER}
    if not is_answer(answer):
        return body, contents
    return {k: v for k, v in body.items() if k not in ANSWER}, [*contents, answer]


def _lines(values: list[Json]) -> tuple[JsonObject, list[Json]]:
    """Contents and answers; the first line may be the request that they go on from."""
    first = values[0] if values else None
    if not isinstance(first, dict) or "contents" not in first:
        return {}, values
    body, contents = _envelope(first)
    return body, [*contents, *values[1:]]


def _flattened(body: JsonObject) -> JsonObject:
    """The body as REST has it: what the SDKs put into `config` in its place."""
    config = body.get("config")
    if not isinstance(config, dict):
        return body
    told = {k: v for k, v in body.items() if k != "config"}
    told |= {k: v for k, v in config.items() if k in _LIFTED}
    if generation := rest(config, _LIFTED):
        told["generationConfig"] = generation
    return told


def _grouped(raw: list[Json]) -> list[Json]:
    """The contents; bare texts and parts in a row, as the SDKs take them, are one user content."""
    grouped: list[Json] = []
    loose: list[Json] | None = None
    for value in raw:
        if not _is_part(value):
            grouped.append(value)
            loose = None
        elif loose is None:
            loose = [value]
            grouped.append({"role": "user", "parts": loose})
        else:
            loose.append(value)
    return grouped


def _is_part(value: Json) -> bool:
    if not isinstance(value, dict):
        return isinstance(value, str)
    if "parts" in value or "role" in value:
        return False
    return "text" in value or any(key in value for key in _MEDIA)


_MEDIA = ("inlineData", "inline_data", "fileData", "file_data")


def _content(index: int, value: Json, pairing: Pairing) -> Message:
    if not isinstance(value, dict):
        sentence = f"must be a content with role and parts, not {described(value)}"
        raise WireError(index, "", sentence)
    if not is_answer(value):
        if "parts" not in value and "role" not in value:
            raise WireError(index, "parts", f"is missing: {_SHAPES} in generateContent format")
        return read_content(index, value, pairing)
    content, citations = unwrapped(index, value)
    message = read_content(index, content, pairing)
    return replace(message, parts=(*message.parts, *citations)) if citations else message


def _system(value: Json) -> tuple[Message, ...]:
    """The instructions as one message: a content, a text, a part, or a list of these."""
    if value is None:
        return ()
    if not isinstance(value, dict):
        told: JsonObject = {"parts": value}
    else:
        told = value if "parts" in value else {"parts": [value]}
    parts = read_parts(None, told, Role.SYSTEM, Pairing(), "systemInstruction.")
    return (Message(Role.SYSTEM, parts, extra=rest(told, ("parts",))),)
