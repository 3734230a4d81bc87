"""What `joch demo --report FILE` writes: the steps, the switch, and how long it took."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class StepReport(_Part):
    """One step: whether it really happened, and how long it took.

    Attributes:
        name: short and stable.
        ok: False for the step that failed; later ones are not in the report.
        seconds: wall time.
        detail: what happened, or what was expected and seen instead.
    """

    name: str
    ok: bool
    seconds: float
    detail: str


class SwitchReport(_Part):
    """The switch, as its record and the Conversation's status have it."""

    from_backend: str = Field(alias="from")
    to_backend: str = Field(alias="to")
    checkpoint: str
    reason: str
    capability_deltas: tuple[str, ...]


class Report(_Part):
    """One run of the demo.

    Attributes:
        ok: every step really happened.
        steps: in order.
        switch: None if the story did not come that far.
        reaction_seconds: from the moment at which the provider's probes tell of the death (the
            last probe that the vendor answered + failureThreshold x interval) to the moment at
            which a watch showed the Conversation at its new backend. Below zero only by the
            jitter of the probes.
        outage_seconds: from the kill to that same moment, the probes' own time included.
        first_answer: of the first vendor's model, before the outage.
        answer: of the second vendor's model, after it.
    """

    ok: bool
    steps: tuple[StepReport, ...]
    switch: SwitchReport | None = None
    reaction_seconds: float | None = None
    outage_seconds: float | None = None
    first_answer: str | None = None
    answer: str | None = None

    @property
    def failed_step(self) -> str | None:
        """The name of the step that failed."""
        return next((step.name for step in self.steps if not step.ok), None)
