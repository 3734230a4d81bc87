"""What the supervisor does next: pure, from what is asked for, what runs and what went wrong."""

from collections.abc import Mapping
from dataclasses import dataclass

from joch.gateway.launch import Launch, NotYet

REJECTED_WAIT = 30.0
"""Seconds before a rejected launch is tried again: it costs a start, and seldom helps."""
CRASHED_WAIT = 1.0
"""Seconds before one that has served is started again."""
_LONGEST_WAIT = 300.0
MAX_DRAINING = 2
"""Old generations that may finish their answers at a time: each keeps its 350 MB until then."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How often a launch failed in a row, and when it may be tried again (monotonic seconds)."""

    count: int
    retry_at: float
    message: str


def next_failure(
    before: Failure | None, message: str, now: float, first_wait: float, jitter: float
) -> Failure:
    """The failure after another one: waits double up to five minutes; `jitter` is 0.75 to 1.25."""
    count = 1 if before is None else before.count + 1
    wait = min(_LONGEST_WAIT, first_wait * 2.0 ** min(count - 1, 16)) * jitter
    return Failure(count, now + wait, message)


@dataclass(frozen=True, slots=True)
class Situation:
    """What a choice depends on.

    Attributes:
        asked: what the given files ask for.
        running: the launch that serves, if any.
        last_good: the last launch that ever served.
        failures: by the digest of a launch.
        draining: old generations that still finish their answers.
    """

    asked: Launch | NotYet
    running: Launch | None
    last_good: Launch | None
    failures: Mapping[str, Failure]
    draining: int = 0


def choose(situation: Situation, now: float) -> Launch | None:
    """The launch to bring up now, or None.

    What is asked for comes first. While it can't be had, the last good one serves.
    """
    asked, running = situation.asked, situation.running
    if running is not None and situation.draining >= MAX_DRAINING:
        return None
    wanted = isinstance(asked, Launch) and (running is None or running.digest != asked.digest)
    if isinstance(asked, Launch) and wanted and _due(situation, asked, now):
        return asked
    if running is None and situation.last_good is not None:
        return situation.last_good if _due(situation, situation.last_good, now) else None
    return None


def _due(situation: Situation, launch: Launch, now: float) -> bool:
    failure = situation.failures.get(launch.digest)
    return failure is None or now >= failure.retry_at
