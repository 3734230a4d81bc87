"""The shapes of what is carried as it was read: only what the vendor publishes is sent."""

from collections.abc import Callable, Mapping

from joch.transcript.values import Json

Check = Callable[[Json], bool]


def is_text(value: Json) -> bool:
    """Whether the value is a string."""
    return isinstance(value, str)


def is_boolean(value: Json) -> bool:
    """Whether the value is a boolean."""
    return isinstance(value, bool)


def is_whole(value: Json) -> bool:
    """Whether the value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_object(value: Json) -> bool:
    """Whether the value is an object."""
    return isinstance(value, dict)


def one_of(*values: Json) -> Check:
    """Whether the value is one of these."""
    return lambda value: isinstance(value, str) and value in values


def either(*checks: Check) -> Check:
    """Whether any of the checks takes the value."""
    return lambda value: any(check(value) for check in checks)


def each(check: Check) -> Check:
    """Whether the value is a list, and the check takes each of its items."""
    return lambda value: isinstance(value, list) and all(check(item) for item in value)


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Whether the value is an object of these fields and no others; optional ones may be null."""
    other = optional or {}

    def taken(value: Json) -> bool:
        return (
            isinstance(value, dict)
            and required.keys() <= value.keys() <= required.keys() | other.keys()
            and all(check(value[key]) for key, check in required.items())
            and all(value.get(key) is None or check(value[key]) for key, check in other.items())
        )

    return taken


def _said(value: Json) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_null(value: Json) -> bool:
    return value is None


CACHE_CONTROL = record({"type": one_of("ephemeral")}, {"ttl": one_of("5m", "1h")})
CACHE: Mapping[str, Check] = {"cache_control": CACHE_CONTROL}
"""The field of every block that may end a cached prefix."""

CITATIONS_SWITCH = either(record({}), record({"enabled": is_boolean}))

_TEXT = record({"type": one_of("text"), "text": _said}, CACHE)
_IMAGE_SOURCE = either(
    record({"type": one_of("base64"), "media_type": is_text, "data": _said}),
    record({"type": one_of("url"), "url": _said}),
    record({"type": one_of("file"), "file_id": _said}),
)
_IMAGE = record({"type": one_of("image"), "source": _IMAGE_SOURCE}, CACHE)

CONTENT_SOURCE = record(
    {"type": one_of("content"), "content": either(_said, each(either(_TEXT, _IMAGE)))}
)
"""A document's source that is made of blocks."""

SEARCH_RESULT = record(
    {
        "type": one_of("search_result"),
        "title": is_text,
        "source": is_text,
        "content": each(_TEXT),
    },
    {**CACHE, "citations": CITATIONS_SWITCH},
)

THINKING = either(
    record({"type": one_of("adaptive")}, {"display": one_of("summarized", "omitted")}),
    record(
        {"type": one_of("enabled"), "budget_tokens": is_whole},
        {"display": one_of("summarized", "omitted")},
    ),
    record({"type": one_of("disabled", "between_tools")}),
)

_TITLE = either(is_text, _is_null)
_IN_DOCUMENT: Mapping[str, Check] = {
    "cited_text": is_text,
    "document_index": is_whole,
    "document_title": _TITLE,
}
LOCATIONS: Mapping[str, Mapping[str, Check]] = {
    "char_location": {**_IN_DOCUMENT, "start_char_index": is_whole, "end_char_index": is_whole},
    "page_location": {**_IN_DOCUMENT, "start_page_number": is_whole, "end_page_number": is_whole},
    "content_block_location": {
        **_IN_DOCUMENT,
        "start_block_index": is_whole,
        "end_block_index": is_whole,
    },
    "search_result_location": {
        "cited_text": is_text,
        "search_result_index": is_whole,
        "source": is_text,
        "title": _TITLE,
        "start_block_index": is_whole,
        "end_block_index": is_whole,
    },
    "web_search_result_location": {
        "cited_text": is_text,
        "encrypted_index": is_text,
        "title": _TITLE,
        "url": is_text,
    },
}
"""The kinds of citations, each with its fields beside `type`."""
