"""Reading `content`: a string, null, or a list of typed parts."""

from collections.abc import Callable, Mapping

from joch.transcript.parts import (
    Audio,
    Document,
    Image,
    Part,
    Reasoning,
    Refusal,
    Source,
    Text,
    Unknown,
)
from joch.transcript.values import Json, JsonObject
from joch.wire.data_urls import source_of
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, rest, text


def read_content(index: int, data: JsonObject) -> tuple[Part, ...]:
    """The parts of a message's content; absent and null content have none.

    Raises:
        WireError: the content, or a known part of it, is not what the format says.
    """
    content = data.get("content")
    if isinstance(content, str):
        return (Text(content),)
    if content is None:
        return ()
    if isinstance(content, dict):  # one part where a list is meant
        content = [content]
    if not isinstance(content, list):
        sentence = f"must be a string or a list of parts, not {described(content)}"
        raise WireError(index, "content", sentence)
    return tuple(_part(index, f"content[{i}]", part) for i, part in enumerate(content))


def _part(index: int, field: str, value: Json) -> Part:
    if isinstance(value, str):
        return Text(value)
    data = an_object(value, index, field)
    kind = text(data, "type", index, f"{field}.") or ("text" if "text" in data else "")
    if not kind:
        raise WireError(index, f"{field}.type", "is missing: name the part's type, such as text")
    reader = _READERS.get(kind)
    return reader(index, field, data) if reader else Unknown(kind, data)


def _text(index: int, field: str, data: JsonObject) -> Part:
    said = text(data, "text", index, f"{field}.")
    if said is None:
        raise WireError(index, f"{field}.text", "is missing: a text part has a text")
    return Text(said, rest(data, ("type", "text")))


def _refusal(index: int, field: str, data: JsonObject) -> Part:
    said = text(data, "refusal", index, f"{field}.") or ""
    return Refusal(said, rest(data, ("type", "refusal")))


def _thinking(index: int, field: str, data: JsonObject) -> Part:
    return Reasoning(text(data, "thinking", index, f"{field}.") or "", data)


def _image(index: int, field: str, data: JsonObject) -> Part:
    named = data.get("image_url")
    told: Json = {"url": named} if isinstance(named, str) else named
    inner = an_object(told, index, f"{field}.image_url")
    url = text(inner, "url", index, f"{field}.image_url.")
    if not url:
        raise WireError(index, f"{field}.image_url.url", "is missing: give a URL or a data URL")
    extra = {
        **(rest(data, ("type", "image_url")) or {}),
        **(rest(inner, ("url", "detail")) or {}),
    }
    detail = text(inner, "detail", index, f"{field}.image_url.")
    return Image(source_of(url), detail, extra or None)


def _sound(index: int, field: str, data: JsonObject) -> Part:
    inner = an_object(data.get("input_audio"), index, f"{field}.input_audio")
    sound = text(inner, "data", index, f"{field}.input_audio.")
    if sound is None:
        raise WireError(index, f"{field}.input_audio.data", "is missing: give the sound in base64")
    form = text(inner, "format", index, f"{field}.input_audio.")
    return Audio(Source(data=sound), form, extra=rest(data, ("type", "input_audio")))


def _file(index: int, field: str, data: JsonObject) -> Part:
    inner = an_object(data.get("file"), index, f"{field}.file")
    said = text(inner, "file_data", index, f"{field}.file.")
    file_id = text(inner, "file_id", index, f"{field}.file.")
    if said is None and file_id is None:
        raise WireError(index, f"{field}.file", "has neither file_data nor file_id: give one")
    source = Source(file_id=file_id) if said is None else source_of(said)
    extra = {
        **(rest(data, ("type", "file")) or {}),
        **(rest(inner, ("file_data", "filename", *(("file_id",) if said is None else ()))) or {}),
    }
    return Document(source, text(inner, "filename", index, f"{field}.file."), extra or None)


Reader = Callable[[int, str, JsonObject], Part]
_READERS: Mapping[str, Reader] = {
    "text": _text,
    "input_text": _text,
    "output_text": _text,
    "refusal": _refusal,
    "thinking": _thinking,
    "image_url": _image,
    "input_audio": _sound,
    "file": _file,
}
