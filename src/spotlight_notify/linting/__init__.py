"""Look through a post for what breaks a rule of good and accessible writing; every finding names its rule."""

from spotlight_notify.linting.checking import lint, lint_text
from spotlight_notify.linting.policy import Policy
from spotlight_notify.linting.rules import RULES, Rule, make_finding

__all__ = ["RULES", "Policy", "Rule", "lint", "lint_text", "make_finding"]
