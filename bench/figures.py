"""What is measured: figures beside their ceilings, and problems that no speed excuses."""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should reach: at most, or at least, `limit`."""

    limit: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    `value` is judged; `samples` are the repetitions behind it. `ceiling` says in words what was
    physically possible in the same minutes, `facts` holds what else was seen.
    """

    name: str
    value: float
    unit: str
    target: Target | None = None
    samples: Sequence[float] = ()
    ceiling: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        return "met" if self.target.met(self.value) else "missed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of one measurement, and what went wrong beyond speed: lost, doubled, failed."""

    figures: tuple[Figure, ...]
    problems: tuple[str, ...] = ()


def median(samples: Iterable[float]) -> float:
    return statistics.median(samples)


def percentile(samples: Sequence[float], percent: float) -> float:
    """The smallest sample that at least `percent` of all samples do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
