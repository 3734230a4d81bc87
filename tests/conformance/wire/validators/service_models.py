"""Judges data by a botocore service model: its own validator, and what that one leaves out.

botocore checks types, required members and unknown ones. Patterns, enumerations, lengths, ranges
and base64 are in the model and looked at here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import Shape
from botocore.validate import ParamValidator

from tests.conformance.wire.validators.media import size


def faults(value: Any, shape: Shape, where: str) -> Iterator[str]:
    """What of the value is not as the service model says, each with its place."""
    report = ParamValidator().validate(value, shape)
    if report.has_errors():
        yield from (f"{where}: {line}" for line in report.generate_report().splitlines())
        return
    yield from _constraints(value, shape, where)


def _constraints(value: Any, shape: Shape, where: str) -> Iterator[str]:
    kind, limits = shape.type_name, shape.metadata
    if kind == "structure" and not limits.get("document"):
        for key, item in value.items():
            yield from _constraints(item, shape.members[key], f"{where}.{key}")
    elif kind == "list":
        yield from _range(len(value), limits, where)
        for place, item in enumerate(value):
            yield from _constraints(item, shape.member, f"{where}[{place}]")
    elif kind == "map":
        yield from _range(len(value), limits, where)
        for key, item in value.items():
            yield from _constraints(key, shape.key, f"{where}.{key}")
            yield from _constraints(item, shape.value, f"{where}.{key}")
    elif kind == "string":
        yield from _string(value, shape, where)
    elif kind in {"integer", "long", "float", "double"}:
        yield from _range(value, limits, where)
    elif kind == "blob" and (not isinstance(value, str) or size(value) is None):
        yield f"{where}: is no base64"


def _string(value: str, shape: Shape, where: str) -> Iterator[str]:
    limits = shape.metadata
    yield from _range(len(value), limits, where)
    if shape.enum and value not in shape.enum:
        yield f"{where}: {value!r} is none of {shape.enum}"
    pattern = limits.get("pattern")
    if pattern and not re.fullmatch(pattern, value):
        yield f"{where}: {value!r} is not of the form {pattern}"


def _range(value: float, limits: Mapping[str, Any], where: str) -> Iterator[str]:
    if value < limits.get("min", value):
        yield f"{where}: {value} is below {limits['min']}"
    if value > limits.get("max", value):
        yield f"{where}: {value} is above {limits['max']}"
