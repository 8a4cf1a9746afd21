"""Write findings for a person."""

from collections.abc import Iterable

from spotlight_notify.model.posts import Finding
from spotlight_notify.model.words import Level


def line_of(finding: Finding) -> str:
    """Write a finding in a line: how grave, which rule, what, and where the rule comes from."""
    return f"{finding.level} {finding.rule}: {finding.message} [{finding.source}]"


def has_error(findings: Iterable[Finding]) -> bool:
    """Tell whether one of these stops a post."""
    return any(finding.level is Level.ERROR for finding in findings)
