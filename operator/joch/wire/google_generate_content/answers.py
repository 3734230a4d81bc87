"""Reading whole answers that a client appended: GenerateContentResponse and its candidates."""

from joch.transcript.parts import Citation
from joch.transcript.values import Json, JsonObject
from joch.wire.errors import WireError
from joch.wire.fields import an_object, items, rest
from joch.wire.google_generate_content.spelling import respelled_object

ANSWER = frozenset(
    (
        *("candidates", "promptFeedback", "usageMetadata", "modelVersion", "responseId"),
        *("createTime", "sdkHttpResponse", "automaticFunctionCallingHistory", "parsed"),
    )
)
"""The fields of a GenerateContentResponse."""


def is_answer(data: JsonObject) -> bool:
    """Whether this is a whole answer or a candidate of one, and not a content."""
    if "role" in data or "parts" in data:
        return False
    named = ("candidates", "promptFeedback", "prompt_feedback")
    return any(key in data for key in named) or isinstance(data.get("content"), dict)


def unwrapped(index: int, data: JsonObject) -> tuple[JsonObject, tuple[Citation, ...]]:
    """The content of an answer's first candidate, and the sources that it cites.

    All else that the answer says is kept under `response`. An answer without a candidate, which
    the vendor blocked, is a model content without parts.

    Raises:
        WireError: the answer is not what the format says.
    """
    told = respelled_object(data)
    if "content" in told:  # a candidate by itself
        told = {"candidates": [told]}
    candidates = items(told, "candidates", index)
    first = an_object(candidates[0], index, "candidates[0]") if candidates else {}
    content = dict(an_object(first.get("content", {}), index, "candidates[0].content"))
    content.setdefault("role", "model")
    content.setdefault("parts", [])
    citations, kept = _cited(index, first)
    response = {**(rest(told, ("candidates",)) or {}), **kept}
    if len(candidates) > 1:
        response["candidates"] = candidates[1:]
    if response:
        content["response"] = response
    return content, citations


def _cited(index: int, candidate: JsonObject) -> tuple[tuple[Citation, ...], JsonObject]:
    """A candidate's sources as citations, and what it says beside content and sources."""
    kept = rest(candidate, ("content",)) or {}
    found: list[Citation] = []
    for outer, lists in (
        ("groundingMetadata", ("groundingChunks",)),
        ("citationMetadata", ("citations", "citationSources")),
    ):
        if outer not in candidate:
            continue
        at = f"candidates[0].{outer}."
        told = an_object(candidate[outer], index, at[:-1])
        for key in lists:
            found += [_citation(index, f"{at}{key}", v) for v in items(told, key, index, at)]
        kept.pop(outer)
        if left := rest(told, lists):
            kept[outer] = left
    return tuple(found), kept


def _citation(index: int, field: str, value: Json) -> Citation:
    data = an_object(value, index, field)
    inner = next((v for k in _CHUNKS if isinstance(v := data.get(k), dict)), data)
    uri, title = inner.get("uri"), inner.get("title")
    if uri is not None and not isinstance(uri, str):
        raise WireError(index, field, "has a uri that is no string: store the URI as a string")
    return Citation(uri, title if isinstance(title, str) else None, data)


_CHUNKS = ("web", "retrievedContext", "maps", "image")
