"""Judges data by a vendor SDK's own types, more strictly than the SDK does.

The SDK's request types are TypedDicts with Iterables: pydantic checks those lazily and lets any
further key pass. Here every element is looked at, and a key that is not published is a fault.
"""

import collections.abc
import functools
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, NotRequired, Required

from typing_extensions import ReadOnly, get_type_hints, is_typeddict

_WRAPPERS = (Required, NotRequired, ReadOnly, typing.Annotated)
_UNIONS = (typing.Union, types.UnionType)
_SEQUENCES = (list, collections.abc.Iterable, collections.abc.Sequence)
_MAPPINGS = (dict, collections.abc.Mapping)


def faults(value: Any, shape: Any, where: str = "") -> Iterator[str]:
    """What of the value is not as the type says, each with its place."""
    origin, inner = typing.get_origin(shape), typing.get_args(shape)
    if origin in _WRAPPERS:
        yield from faults(value, inner[0], where)
    elif is_typeddict(shape):
        yield from _dictionary(value, shape, where)
    elif origin in _UNIONS:
        yield from _union(value, inner, where)
    elif origin is typing.Literal:
        if value not in inner:
            yield f"{where}: {value!r} is none of {inner}"
    elif origin in _SEQUENCES:
        yield from _sequence(value, inner[0], where)
    elif origin in _MAPPINGS:
        yield from _mapping(value, inner[1], where)
    elif not _is_a(value, shape):
        yield f"{where}: {value!r} is no {shape}"


@functools.cache
def _fields(shape: Any) -> Mapping[str, Any]:
    return get_type_hints(shape, include_extras=True)


@functools.cache
def _required(shape: Any) -> frozenset[str]:
    """The SDK's annotations are strings when its classes are made: __required_keys__ is empty."""
    return frozenset(k for k, kind in _fields(shape).items() if typing.get_origin(kind) is Required)


def _dictionary(value: Any, shape: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: {value!r} is no object"
        return
    fields = _fields(shape)
    yield from (f"{where}.{key}: is not published" for key in value if key not in fields)
    yield from (f"{where}.{key}: is missing" for key in sorted(_required(shape) - value.keys()))
    for key in value:
        if key in fields:
            yield from faults(value[key], fields[key], f"{where}.{key}")


def _union(value: Any, shapes: tuple[Any, ...], where: str) -> Iterator[str]:
    """The faults of the shape that fits best, if none fits."""
    found = [list(faults(value, shape, where)) for shape in _candidates(value, shapes)]
    yield from min(found, key=len)


def _candidates(value: Any, shapes: tuple[Any, ...]) -> tuple[Any, ...]:
    """The shapes to compare with: of the value's own kind, and of the type that it names."""
    if isinstance(value, list):
        return tuple(s for s in shapes if typing.get_origin(s) in _SEQUENCES) or shapes
    if not isinstance(value, dict):
        return shapes
    objects = tuple(s for s in shapes if is_typeddict(s) or typing.get_origin(s) in _MAPPINGS)
    return tuple(s for s in objects if _is_named(value, s)) or objects or shapes


def _is_named(value: dict[str, Any], shape: Any) -> bool:
    fields = _fields(shape) if is_typeddict(shape) else {}
    return all(
        not any(faults(value[key], fields[key]))
        for key in ("type", "role")
        if key in fields and key in value
    )


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
    return isinstance(value, typing.get_origin(shape) or shape)
