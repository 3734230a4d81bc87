"""The story: its steps in order, and how they are run for an audience."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from joch.demo.cluster import Shown
from joch.demo.failure import StepError
from joch.demo.report import Report, StepReport, SwitchReport
from joch.demo.stage import Stage
from joch.local.cluster_reader import Json, ReadError
from joch.local.errors import LocalError


@dataclass(frozen=True, slots=True)
class Told:
    """What a step has to tell: a sentence or a few, and what kubectl shows."""

    text: str
    shown: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Patience:
    """Longest waits, in seconds: each is many times what a busy machine needs.

    Attributes:
        ready: for providers, route and conversation after the operator's start.
        gateway: for LiteLLM to serve what was written; it takes 10 to 20 s to start.
        switch: from the vendor's death; the probes alone take two.
        event: for the event that follows the commit.
    """

    ready: float = 30.0
    gateway: float = 120.0
    switch: float = 20.0
    event: float = 5.0


@dataclass
class Play:
    """One run: the stage, and what earlier steps leave for later ones and for the report.

    Attributes:
        stage: what runs.
        patience: how long is waited.
        killed_at: when the first vendor was killed, seconds since 1970.
        switch: what the switch was.
        handoff: the request that the conversation goes on from.
    """

    stage: Stage
    patience: Patience = Patience()
    killed_at: float | None = None
    switch: SwitchReport | None = None
    reaction_seconds: float | None = None
    outage_seconds: float | None = None
    first_answer: str | None = None
    handoff: Json = field(default_factory=dict)
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step: it does something, checks that it really happened, and tells.

    Attributes:
        name: short and stable, for reports and failures.
        title: what happens, for people.
        perform: raises StepError, LocalError or ReadError when it did not really happen.
        look_at: where to look then: names of logs in the stage's folder.
    """

    name: str
    title: str
    perform: Callable[[Play], Told]
    look_at: tuple[str, ...] = ()


class Audience(Protocol):
    """Whoever watches the story."""

    def begins(self, step: Step, play: Play) -> None:
        """A step is about to be performed."""

    def happened(self, step: Step, told: Told, seconds: float) -> None:
        """It really happened."""

    def failed(self, step: Step, failure: Exception, play: Play) -> None:
        """It did not; the story ends."""


def run(steps: Sequence[Step], play: Play, audience: Audience) -> Report:
    """Perform the steps in order, up to the first that fails."""
    done: list[StepReport] = []
    for step in steps:
        audience.begins(step, play)
        began = time.monotonic()
        try:
            told = step.perform(play)
        except (StepError, LocalError, ReadError) as failure:
            seconds = round(time.monotonic() - began, 3)
            done.append(StepReport(name=step.name, ok=False, seconds=seconds, detail=str(failure)))
            audience.failed(step, failure, play)
            break
        seconds = round(time.monotonic() - began, 3)
        done.append(StepReport(name=step.name, ok=True, seconds=seconds, detail=told.text))
        audience.happened(step, told, seconds)
    return Report(
        ok=all(step.ok for step in done),
        steps=tuple(done),
        switch=play.switch,
        reaction_seconds=play.reaction_seconds,
        outage_seconds=play.outage_seconds,
        first_answer=play.first_answer,
        answer=play.answer,
    )
