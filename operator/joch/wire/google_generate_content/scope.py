"""What rendering carries along: the target, and the changes so far."""

import math
from collections.abc import Callable, Iterable, Mapping

from joch.transcript.values import Json, JsonObject
from joch.wire.google_generate_content.characters import whole, whole_value
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

Check = Callable[[Json], bool]


class Scope:
    """One rendering's target and what it has to declare."""

    def __init__(self, profile: Profile, changes: Changes) -> None:
        self.profile = profile
        self.changes = changes

    def carry(
        self, data: JsonObject, extra: JsonObject | None, known: Mapping[str, Check], where: str
    ) -> None:
        """Add the vendor's fields that the format publishes here; declare the others lost."""
        if not extra:
            return
        left = []
        for key, value in extra.items():
            check = known.get(key)
            if check is not None and check(value):
                data.update(self.value({key: value}, where))
            else:
                left.append(key)
        self.without(left, where)

    def text(self, said: str, where: str) -> str:
        """A text as the vendor's parser takes it."""
        sent = whole(said)
        if sent is not said:
            self._replaced(where)
        return sent

    def value(self, said: JsonObject, where: str) -> JsonObject:
        """An object as the vendor's parser takes it."""
        sent = whole_value(said)
        assert isinstance(sent, dict)
        if sent != said:
            self._replaced(where)
        return sent

    def _replaced(self, where: str) -> None:
        sentence = "Lone surrogates are refused: each is sent as a replacement character"
        self.changes.transformed("lone-surrogate", where, sentence)

    def without(self, keys: Iterable[str], where: str) -> None:
        """Declare that fields are not carried."""
        if named := ", ".join(sorted(keys)):
            self.changes.lost("vendor-fields", where, f"Fields {named} are not in the format")


def is_text(value: Json) -> bool:
    """Whether the value is a string."""
    return isinstance(value, str)


def is_boolean(value: Json) -> bool:
    """Whether the value is a boolean."""
    return isinstance(value, bool)


def is_number(value: Json) -> bool:
    """Whether the value is a finite number."""
    return type(value) is int or (type(value) is float and math.isfinite(value))


def is_whole(value: Json) -> bool:
    """Whether the value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_list(value: Json) -> bool:
    """Whether the value is a list."""
    return isinstance(value, list)


def is_object(value: Json) -> bool:
    """Whether the value is an object."""
    return isinstance(value, dict)


def is_shaped(fields: Mapping[str, Check]) -> Check:
    """A check for objects that have these fields at most, each as its own check wants it."""

    def fits(value: Json) -> bool:
        return isinstance(value, dict) and all(
            key in fields and fields[key](inner) for key, inner in value.items()
        )

    return fits
