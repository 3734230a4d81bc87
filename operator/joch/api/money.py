"""Money: people write a number, Joch compares whole micro-dollars and writes decimal text."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import Field, WithJsonSchema

Usd = Annotated[
    Decimal,
    Field(ge=0, allow_inf_nan=False),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1_000_000_000}),
]
"""US dollars, not negative. pydantic reads a JSON number by its shortest text, so 0.1 stays 0.1."""


def micro_dollars(amount: Decimal) -> int:
    """The amount in whole millionths of a dollar, halves rounded up."""
    return int((amount * 1_000_000).to_integral_value(ROUND_HALF_UP))
