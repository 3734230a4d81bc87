"""Reading `content` and `output`: a string, null, or a list of typed parts."""

from collections.abc import Callable, Iterator, Mapping

from joch.transcript.parts import (
    Audio,
    Citation,
    Document,
    Image,
    Part,
    Refusal,
    Source,
    Text,
    Unknown,
)
from joch.transcript.values import Json, JsonObject
from joch.wire.base64_text import is_base64
from joch.wire.data_urls import source_of
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, items, rest, text

_OTHER_FORMATS = frozenset(("tool_use", "tool_result", "toolUse", "toolResult", "tool_call"))


def read_content(index: int | None, field: str, content: Json) -> tuple[Part, ...]:
    """The parts of a content; absent and null content have none.

    Raises:
        WireError: the content, or a known part of it, is not what the format says.
    """
    if isinstance(content, str):
        return (Text(content),)
    if content is None:
        return ()
    if isinstance(content, dict):  # one part where a list is meant
        content = [content]
    if not isinstance(content, list):
        sentence = f"must be a string or a list of parts, not {described(content)}"
        raise WireError(index, field, sentence)
    parts: list[Part] = []
    for place, value in enumerate(content):
        parts.extend(_parts(index, f"{field}[{place}]", value))
    return tuple(parts)


def _parts(index: int | None, field: str, value: Json) -> Iterator[Part]:
    if isinstance(value, str):
        yield Text(value)
        return
    data = an_object(value, index, field)
    kind = text(data, "type", index, f"{field}.") or ("text" if "text" in data else "")
    if not kind:
        raise WireError(index, f"{field}.type", "is missing: name the part's type: input_text")
    if kind in _OTHER_FORMATS:
        sentence = f"{kind!r} is another format's: store one format, or name the one stored"
        raise WireError(index, f"{field}.type", sentence)
    reader = _READERS.get(kind)
    yield reader(index, field, data) if reader else Unknown(kind, data)
    if data.get("annotations") and reader is _text:
        for place, cited in enumerate(items(data, "annotations", index, f"{field}.")):
            yield _citation(an_object(cited, index, f"{field}.annotations[{place}]"))


def _text(index: int | None, field: str, data: JsonObject) -> Part:
    said = text(data, "text", index, f"{field}.")
    if said is None:
        raise WireError(index, f"{field}.text", "is missing: a text part has a text")
    extra = rest(data, ("type", "text", "annotations"))
    if extra and extra.get("logprobs") == []:
        extra = rest(extra, ("logprobs",))
    return Text(said, extra)


def _citation(data: JsonObject) -> Citation:
    url, title = data.get("url"), data.get("title")
    return Citation(
        url if isinstance(url, str) else None, title if isinstance(title, str) else None, data
    )


def _refusal(index: int | None, field: str, data: JsonObject) -> Part:
    said = text(data, "refusal", index, f"{field}.") or ""
    return Refusal(said, rest(data, ("type", "refusal")))


def _image(index: int | None, field: str, data: JsonObject) -> Part:
    named = data.get("image_url")
    inner: JsonObject = named if isinstance(named, dict) else {"url": named}  # as Chat nests it
    url = text(inner, "url", index, f"{field}.image_url.")
    file_id = text(data, "file_id", index, f"{field}.")
    if not url and not file_id:
        sentence = "has neither image_url nor file_id: give a URL, a data URL or a file"
        raise WireError(index, field, sentence)
    known = ("type", "image_url", "detail") if url else ("type", "file_id", "detail")
    detail = text(data, "detail", index, f"{field}.") or text(inner, "detail", index, field)
    source = source_of(url) if url else Source(file_id=file_id)
    _check(index, f"{field}.image_url", source)
    return Image(source, detail, rest(data, known))


def _check(index: int | None, field: str, source: Source) -> None:
    if source.data is not None and not is_base64(source.data):
        sentence = "is neither a web address nor base64: give a URL or a data URL of the bytes"
        raise WireError(index, field, sentence)


def _file(index: int | None, field: str, data: JsonObject) -> Part:
    """A file by its bytes, else its URL, else its id; what else it names stays in `extra`."""
    said, url, file_id = (
        text(data, key, index, f"{field}.") for key in ("file_data", "file_url", "file_id")
    )
    if said is not None:
        source, key = source_of(said), "file_data"
    elif url is not None:
        source, key = Source(url=url), "file_url"
    elif file_id is not None:
        source, key = Source(file_id=file_id), "file_id"
    else:
        sentence = "has neither file_data, file_url nor file_id: give one"
        raise WireError(index, field, sentence)
    _check(index, f"{field}.{key}", source)
    name = text(data, "filename", index, f"{field}.")
    return Document(source, name, rest(data, ("type", "filename", key)))


def _sound(index: int | None, field: str, data: JsonObject) -> Part:
    inner = an_object(data.get("input_audio"), index, f"{field}.input_audio")
    sound = text(inner, "data", index, f"{field}.input_audio.")
    if sound is None:
        raise WireError(index, f"{field}.input_audio.data", "is missing: give the sound in base64")
    form = text(inner, "format", index, f"{field}.input_audio.")
    return Audio(Source(data=sound), form, extra=rest(data, ("type", "input_audio")))


Reader = Callable[[int | None, str, JsonObject], Part]
_READERS: Mapping[str, Reader] = {
    "text": _text,
    "input_text": _text,
    "output_text": _text,
    "refusal": _refusal,
    "input_image": _image,
    "image_url": _image,
    "input_file": _file,
    "input_audio": _sound,
}
