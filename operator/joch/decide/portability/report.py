"""The report as people read it."""

from joch.api.statecheckpoint import Compatibility, Finding

HEADING = "Compatibility check:"


def report(compatibility: Compatibility) -> str:
    """One line a finding, its mark before it, below a heading; ends with a newline."""
    lines = [_line(finding) for finding in compatibility.findings or ()]
    return "\n".join((HEADING, *lines)) + "\n"


def _line(finding: Finding) -> str:
    return f"{finding.level.mark} {finding.message}"
