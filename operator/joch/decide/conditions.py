"""Conditions by kstatus: how a verdict becomes Ready, Reconciling and Stalled.

Ready=True alone: done. Ready=False with Stalled=True: a mistake that the user must fix; a waiting
Flux Kustomization fails at once (measured). Ready=False with Reconciling=True: the world may still
come round by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from joch.api.conditions import Condition, ConditionStatus, ConditionType

MAX_MESSAGE = 1024


@dataclass(frozen=True, slots=True)
class Verdict:
    """One condition to be: its type, status, reason and sentence."""

    type: str
    status: ConditionStatus
    reason: StrEnum
    message: str


def ready(reason: StrEnum, message: str) -> tuple[Verdict, ...]:
    """The object does what its spec says."""
    return (Verdict(ConditionType.READY, "True", reason, message),)


def stalled(reason: StrEnum, message: str) -> tuple[Verdict, ...]:
    """The object cannot work until its user changes something; the message names the field."""
    return (
        Verdict(ConditionType.READY, "False", reason, message),
        Verdict(ConditionType.STALLED, "True", reason, message),
    )


def waiting(reason: StrEnum, message: str) -> tuple[Verdict, ...]:
    """The object does not work now and may do so without a change of its spec."""
    return (
        Verdict(ConditionType.READY, "False", reason, message),
        Verdict(ConditionType.RECONCILING, "True", reason, message),
    )


def settle(
    previous: Iterable[Condition], verdicts: Iterable[Verdict], generation: int, now: str
) -> tuple[Condition, ...]:
    """The conditions after the verdicts, in their order.

    `now` is RFC 3339 text. lastTransitionTime is kept from `previous` while the status is the same
    (API conventions), so equal verdicts give equal conditions and nothing is written.
    """
    before = {condition.type: condition for condition in previous}
    return tuple(_condition(before.get(v.type), v, generation, now) for v in verdicts)


def _condition(old: Condition | None, verdict: Verdict, generation: int, now: str) -> Condition:
    same = old is not None and old.status == verdict.status
    return Condition(
        type=str(verdict.type),
        status=verdict.status,
        reason=verdict.reason.value,
        message=cut(verdict.message),
        observed_generation=generation,
        last_transition_time=old.last_transition_time if old is not None and same else now,
    )


def cut(message: str, limit: int = MAX_MESSAGE) -> str:
    """The message, shortened with an ellipsis where it is longer than `limit` characters."""
    return message if len(message) <= limit else message[: limit - 1] + "…"
