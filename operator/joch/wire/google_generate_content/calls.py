"""Reading function calls and their responses."""

from joch.transcript.parts import Part, Text, ToolCall, ToolResult, Unknown
from joch.transcript.values import Json, JsonObject
from joch.wire.errors import WireError
from joch.wire.fields import an_object, items, rest, text
from joch.wire.google_generate_content.embedded import an_object_in, written
from joch.wire.google_generate_content.media import read_file, read_inline
from joch.wire.google_generate_content.pairing import Pairing
from joch.wire.google_generate_content.spelling import respelled_object


def read_call(index: int, field: str, data: JsonObject, pairing: Pairing) -> ToolCall:
    """A `functionCall` part; text as arguments, as clients of a stream store it, stays as it is.

    Raises:
        WireError: it has no name.
    """
    field = f"{field}.functionCall"
    inner = an_object(data["functionCall"], index, field)
    name = text(inner, "name", index, f"{field}.")
    if not name:
        raise WireError(index, f"{field}.name", "is missing: name the function that was called")
    args = inner.get("args")
    arguments = args if isinstance(args, str) else written({} if args is None else args)
    identity = pairing.call(text(inner, "id", index, f"{field}."), name)
    return ToolCall(identity, name, arguments, _extra(data, "functionCall", inner, _CALL))


def read_result(index: int, field: str, data: JsonObject, pairing: Pairing) -> ToolResult:
    """A `functionResponse` part, with the id of the call that it answers.

    Raises:
        WireError: nobody asked for it, or a field is not what the format says.
    """
    field = f"{field}.functionResponse"
    inner = an_object(data["functionResponse"], index, field)
    name = text(inner, "name", index, f"{field}.")
    identity = text(inner, "id", index, f"{field}.")
    if not name and not identity:
        raise WireError(index, f"{field}.name", "is missing: name the function that it answers")
    called = pairing.result(index, f"{field}.{'id' if identity else 'name'}", identity, name)
    texts, error = _response(inner.get("response"))
    within = items(inner, "parts", index, f"{field}.")
    media = [_medium(index, f"{field}.parts[{i}]", value) for i, value in enumerate(within)]
    extra = _extra(data, "functionResponse", inner, _RESULT)
    return ToolResult(called, (*texts, *media), error, name, extra)


_CALL = ("id", "name", "args")
_RESULT = ("id", "name", "response", "parts")


def _extra(
    data: JsonObject, key: str, inner: JsonObject, known: tuple[str, ...]
) -> JsonObject | None:
    """What stands beside the object, and inside it beyond the canonical fields."""
    if len(data) == 1 and all(name in known for name in inner):
        return None
    return {**(rest(data, (key,)) or {}), **(rest(inner, known) or {})} or None


def _response(value: Json) -> tuple[tuple[Part, ...], bool | None]:
    """The texts of a response, and whether it tells an error.

    The vendor's documentation names `output` and `error` as its keys; any other object is kept
    as the JSON of it.
    """
    if value is None or value == {}:
        return (), None
    if not isinstance(value, dict):
        return (Text(value if isinstance(value, str) else written(value)),), None
    error = True if "error" in value else None
    if len(value) == 1:
        inner = next(iter(value.values()))
        if "output" in value or error:
            texts = inner if isinstance(inner, list) and len(inner) > 1 else [inner]
            if all(isinstance(said, str) and an_object_in(said) is None for said in texts):
                return tuple([Text(str(said)) for said in texts]), error
    return (Text(written(value)),), error


def _medium(index: int, field: str, value: Json) -> Part:
    data = respelled_object(an_object(value, index, field))
    if "inlineData" in data:
        return read_inline(index, field, data)
    if "fileData" in data:
        return read_file(index, field, data)
    return Unknown(next(iter(data), "empty"), data)
