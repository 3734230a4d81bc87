"""A body with one thing changed: how the validators' tests break what is good."""

import copy
from typing import Any

GONE = object()
"""In the place of a value: the key goes."""

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""One red pixel."""


def changed(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy in which `value` stands at `path`, as `messages.0.content`."""
    broken: dict[str, Any] = copy.deepcopy(body)
    *outer, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    holder: Any = broken
    for step in outer:
        holder = holder[step]
    if value is GONE:
        del holder[last]
    elif isinstance(holder, list) and last == len(holder):
        holder.append(value)
    else:
        holder[last] = value
    return broken
