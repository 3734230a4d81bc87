"""The ordered list of checks, and the verdict over their findings."""

from joch.api.statecheckpoint import Compatibility, Finding, FindingLevel, Verdict
from joch.decide.portability.context import context_window
from joch.decide.portability.media import audio, documents, images, stored_files
from joch.decide.portability.output import (
    reasoning_effort,
    request_settings,
    sampling,
    structured_output,
)
from joch.decide.portability.reasoning import reasoning
from joch.decide.portability.side_effects import malformed_arguments, unanswered, unknown_outcome
from joch.decide.portability.subject import Check, PortabilityInput, warning
from joch.decide.portability.text import text
from joch.decide.portability.tools import computer_use, mcp_tools, tools, vendor_tools

MAX_FINDINGS = 128

CHECKS: tuple[Check, ...] = (
    text,
    tools,
    mcp_tools,
    context_window,
    structured_output,
    images,
    documents,
    audio,
    stored_files,
    computer_use,
    vendor_tools,
    reasoning,
    reasoning_effort,
    sampling,
    request_settings,
    malformed_arguments,
    unanswered,
    unknown_outcome,
)

_RANK = (FindingLevel.OK, FindingLevel.WARNING, FindingLevel.FAILURE)
_VERDICTS = (Verdict.COMPATIBLE, Verdict.WARNINGS, Verdict.FAILURES)


def judge(subject: PortabilityInput) -> Compatibility:
    """The report over a transcript at a target, in the order of the checks."""
    return _compatibility(tuple(finding for check in CHECKS for finding in check(subject)))


def with_finding(report: Compatibility, finding: Finding) -> Compatibility:
    """The report with one more finding, as where the handoff turns out too large."""
    return _compatibility((*(report.findings or ()), finding))


def _compatibility(findings: tuple[Finding, ...]) -> Compatibility:
    worst = max((_RANK.index(finding.level) for finding in findings), default=0)
    return Compatibility(verdict=_VERDICTS[worst], findings=_limited(findings))


def _limited(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """At most as many as the API takes: the worst stay, and a last one counts the rest."""
    if len(findings) <= MAX_FINDINGS:
        return findings
    by_level = sorted(range(len(findings)), key=lambda i: -_RANK.index(findings[i].level))
    kept = tuple(findings[i] for i in sorted(by_level[: MAX_FINDINGS - 1]))
    more = len(findings) - len(kept)
    return (*kept, warning("more-findings", f"{more} more findings are not listed"))
