"""Everything that a JSON value says, apart from how it is arranged."""

import json
from collections.abc import Iterator
from typing import Any

_ALPHABETS = str.maketrans("-_", "+/")
_FORM = frozenset(("type", "role", "kind", "object", "status", "format"))


def strings(value: Any) -> Iterator[str]:
    """Every string in the value; of a string that is JSON, those inside it.

    Words that say what form something has, such as types and roles, are left out.
    """
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in _FORM or not isinstance(item, str):
                yield from strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        inner = _opened(value)
        yield from [value] if inner is None else strings(inner)


def _opened(text: str) -> Any:
    """The object or list that the text is the JSON of; None where it is not."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


class Words:
    """What a value says, for asking whether it says something."""

    def __init__(self, value: Any) -> None:
        self._all = "\n".join(_folded(text) for text in strings(value))
        self._run_together = "".join(self._all.split())

    def say(self, text: str) -> bool:
        """Whether the text is in there: as it is, or escaped inside other text.

        Its lines may stand apart, and it may stand in pieces that follow one another.
        """
        if self._holds(text) or all(self._holds(line) for line in text.splitlines()):
            return True
        return "".join(_folded(text).split()) in self._run_together

    def _holds(self, text: str) -> bool:
        forms = (text, _escaped(text, True), _escaped(text, False))
        return any(_folded(form) in self._all for form in forms)


def _escaped(text: str, to_ascii: bool) -> str:
    return json.dumps(text, ensure_ascii=to_ascii)[1:-1]


def _folded(text: str) -> str:
    """Blanks as one, base64 in either alphabet alike, and a lone surrogate as U+FFFD."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(whole.translate(_ALPHABETS).split())
