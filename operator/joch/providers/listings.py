"""Reading a model list, whichever vendor's: JSON with `data`, a list of rows with an `id`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joch.providers.base import Answer, ListingError
from joch.providers.verdicts import Api, is_html

MAX_ID = 253
"""The longest id that `Model.spec.model` takes."""
_MAX_TOKENS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: its id, and everything that it states."""

    id: str
    fields: Mapping[str, Any]


def unreadable(api: Api, what: str) -> ListingError:
    """The error for a list that is not one; `what` says what is there instead."""
    return ListingError(f"the model list is not that of {api.name}: {what}")


def document(answer: Answer, api: Api) -> Any:
    """The JSON of a 200 answer.

    Raises:
        ListingError: the status is another, or the body is not JSON.
    """
    if answer.status != 200:
        raise unreadable(api, f"the status is {answer.status}")
    if is_html(answer):
        raise unreadable(api, f"it is HTML. Is spec.baseUrl right? {api.base_url_hint}")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise unreadable(api, "it is not JSON") from None


def rows(parsed: Any, api: Api) -> tuple[Row, ...]:
    """The rows of a list; a bare array is one too (Together), and null is empty (Ollama).

    Raises:
        ListingError: there is no list, or a row without a usable id.
    """
    listed = parsed
    if isinstance(parsed, dict):
        listed = [] if parsed.get("data", ...) is None else parsed.get("data")
    if not isinstance(listed, list):
        raise unreadable(api, "it has no data array")
    return tuple(_row(number, entry, api) for number, entry in enumerate(listed))


def _row(number: int, entry: Any, api: Api) -> Row:
    identity = entry.get("id") if isinstance(entry, dict) else None
    if not isinstance(identity, str) or not identity.strip():
        raise unreadable(api, f"row {number} has no id")
    if len(identity) > MAX_ID:
        raise unreadable(api, f"the id in row {number} is longer than {MAX_ID} characters")
    return Row(identity, entry)


def tokens(stated: object) -> int | None:
    """A number of tokens, or None where the row states none that a Model could hold."""
    if not isinstance(stated, int) or isinstance(stated, bool):
        return None
    return stated if 1 <= stated <= _MAX_TOKENS else None
