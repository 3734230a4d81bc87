"""Portability: what a transcript would keep and lose at a target, said before it moves.

Every finding is a small check over transcript and target; marks appear only for features that the
transcript uses. What nobody stated about the target counts as no.
"""

from joch.decide.portability.deltas import capability_deltas
from joch.decide.portability.judge import CHECKS, judge, with_finding
from joch.decide.portability.report import report
from joch.decide.portability.subject import Check, PortabilityInput, subject_of

__all__ = [
    "CHECKS",
    "Check",
    "PortabilityInput",
    "capability_deltas",
    "judge",
    "report",
    "subject_of",
    "with_finding",
]
