"""Conditions as kstatus and the API conventions mean them."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

ConditionStatus = Literal["True", "False", "Unknown"]


class ConditionType(StrEnum):
    """The condition types that every kind has (kstatus)."""

    READY = "Ready"
    RECONCILING = "Reconciling"
    STALLED = "Stalled"


class Condition(BaseModel):
    """A metav1.Condition. `lastTransitionTime` moves only when `status` changes."""

    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        json_schema_extra={
            "required": ["type", "status", "reason", "message", "lastTransitionTime"]
        },
    )

    type: Annotated[str, Field(max_length=316, min_length=1)] = Field(
        description="What the condition is about, in CamelCase."
    )
    status: ConditionStatus = Field(description="True, False or Unknown.")
    reason: Annotated[str, Field(max_length=1024, min_length=1)] = Field(
        description="Why, as one word in CamelCase from a closed list."
    )
    message: Annotated[str, Field(max_length=32768)] = Field(
        default="", description="Why, as a sentence that names object, field and remedy."
    )
    observed_generation: int = Field(
        default=0, description="The generation of the spec that the condition speaks about."
    )
    last_transition_time: Annotated[
        str, Field(json_schema_extra={"format": "date-time"}, max_length=64)
    ] = Field(default="", description="When status last changed.")
