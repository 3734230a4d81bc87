"""Money: people write a number, Joch compares whole micro-dollars and writes decimal text."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer, WithJsonSchema

MAX_USD = 1_000_000_000


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _text(amount: Decimal) -> str:
    return f"{amount:f}"


_Amount = Annotated[Decimal, Field(ge=0, le=MAX_USD, allow_inf_nan=False)]

Usd = Annotated[
    _Amount,
    PlainSerializer(_number, when_used="json"),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": MAX_USD}),
]
"""US dollars that people write. pydantic reads a number by its shortest text: 0.1 stays 0.1."""

UsdText = Annotated[
    _Amount,
    PlainSerializer(_text, when_used="json"),
    WithJsonSchema({"type": "string", "maxLength": 32}),
]
"""US dollars that the operator writes, as decimal text."""


def micro_dollars(amount: Decimal) -> int:
    """The amount in whole millionths of a dollar, halves rounded up."""
    return int((amount * 1_000_000).to_integral_value(ROUND_HALF_UP))
