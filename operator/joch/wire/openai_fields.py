"""Values that OpenAI published for fields of both of its formats.

Other vendors have fields of the same names with other values: those do not go.
"""

from joch.transcript.values import Json

Shape = type | frozenset[str]

EFFORTS = frozenset(("none", "minimal", "low", "medium", "high", "xhigh", "max"))
VERBOSITIES = frozenset(("low", "medium", "high"))


def has_shape(value: Json, shape: Shape) -> bool:
    """Whether the value is of the type, or one of the words."""
    if isinstance(shape, frozenset):
        return isinstance(value, str) and value in shape
    return type(value) is shape
