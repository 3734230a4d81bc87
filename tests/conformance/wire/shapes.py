"""Judges data by a vendor SDK's own types, more strictly than the SDK does.

The SDK's request types are TypedDicts with Iterables: pydantic checks those lazily and lets any
further key pass. Here every element is looked at, and a key that is not published is a fault.
"""

import collections.abc
import types
import typing
from collections.abc import Iterator
from typing import Any, NotRequired, Required

from typing_extensions import ReadOnly, get_type_hints, is_typeddict

_WRAPPERS = (Required, NotRequired, ReadOnly)
_SEQUENCES = (list, collections.abc.Iterable, collections.abc.Sequence)


def faults(value: Any, shape: Any, where: str = "") -> Iterator[str]:
    """What of the value is not as the type says, each with its place."""
    origin, inner = _origin(shape), typing.get_args(shape)
    if origin in _WRAPPERS or origin is typing.Annotated:
        yield from faults(value, inner[0], where)
    elif is_typeddict(shape):
        yield from _dictionary(value, shape, where)
    elif origin in (typing.Union, types.UnionType):
        yield from _union(value, inner, where)
    elif origin is typing.Literal:
        if value not in inner:
            yield f"{where}: {value!r} is none of {inner}"
    elif origin in _SEQUENCES:
        yield from _sequence(value, inner[0], where)
    elif origin in (dict, collections.abc.Mapping):
        yield from _mapping(value, inner[1], where)
    elif not _is_a(value, shape):
        yield f"{where}: {value!r} is no {shape}"


def _origin(shape: Any) -> Any:
    return typing.get_origin(shape)


def _dictionary(value: Any, shape: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: {value!r} is no object"
        return
    fields = get_type_hints(shape, include_extras=True)
    yield from (f"{where}.{key}: is not published" for key in value if key not in fields)
    # The SDK's annotations are strings when its classes are made: __required_keys__ is empty then.
    required = {key for key, field in fields.items() if _origin(field) is Required}
    yield from (f"{where}.{key}: is missing" for key in sorted(required - value.keys()))
    for key in value.keys() & fields.keys():
        yield from faults(value[key], fields[key], f"{where}.{key}")


def _union(value: Any, shapes: tuple[Any, ...], where: str) -> Iterator[str]:
    """The faults of the shape that fits best, if none fits."""
    found = [list(faults(value, shape, where)) for shape in shapes]
    yield from min(found, key=len)


def _sequence(value: Any, shape: Any, where: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{where}: {value!r} is no list"
        return
    for place, item in enumerate(value):
        yield from faults(item, shape, f"{where}[{place}]")


def _mapping(value: Any, shape: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: {value!r} is no object"
        return
    for key, item in value.items():
        yield from faults(item, shape, f"{where}.{key}")


def _is_a(value: Any, shape: Any) -> bool:
    if shape in (Any, object):
        return True
    if shape is None or shape is types.NoneType:
        return value is None
    if isinstance(value, bool):
        return shape is bool
    if shape is float:
        return isinstance(value, int | float)
    return isinstance(value, shape)
