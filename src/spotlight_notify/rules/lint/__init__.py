"""Look through a post for what breaks a rule of good and accessible writing; every finding names its rule."""

from typing import TYPE_CHECKING

from spotlight_notify.later import later

if TYPE_CHECKING:
    from spotlight_notify.rules.lint.checking import lint, lint_text
    from spotlight_notify.rules.lint.policy import Policy
    from spotlight_notify.rules.lint.rules import RULES, Rule, make_finding

__getattr__ = later(
    __name__,
    checking="lint lint_text",
    policy="Policy",
    rules="RULES Rule make_finding",
)
