"""Settings of the lint: rules left out, known acronyms, stop words of publication."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from spotlight_notify.config.validation import TABLE, wrong
from spotlight_notify.config.words import Acronym, each_once
from spotlight_notify.rules.lint.rules import RULES


def rule_name(name: str) -> str:
    """Check that there is a rule of this name."""
    if name not in RULES:
        raise wrong(f"there is no such rule; there are: {', '.join(sorted(RULES))}")
    return name


def known_rule(name: str) -> str:
    """Check that there is a rule of this name, and that it may be left out."""
    if not RULES[rule_name(name)].optional:
        raise wrong("this rule cannot be left out")
    return name


RuleName = Annotated[str, AfterValidator(known_rule)]


def stop_pattern(pattern: str) -> str:
    """Check a pattern that finds stop words; an empty one takes its name off the list."""
    import regex  # which no other setting needs

    from spotlight_notify.rules.lint.stop_words import compiled

    try:
        compiled(pattern)
    except regex.error as error:
        raise wrong(
            f"is no regular expression: {error}; put \\ before a sign that is meant as such"
        ) from error
    if pattern and compiled(pattern).search(""):
        raise wrong("would be found in every text; say the words that it is to find")
    return pattern


StopName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
StopPattern = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(stop_pattern)]


class LintSettings(BaseModel):
    """How strictly posts are looked through."""

    model_config = TABLE

    ignore: Annotated[tuple[RuleName, ...], AfterValidator(each_once)] = ()
    """Rules that are left out; those whose findings stop a post cannot be."""
    ask: Annotated[tuple[Annotated[str, AfterValidator(rule_name)], ...], AfterValidator(each_once)] = ()
    """Rules whose findings stop a post until a person has looked, though they only warn or hint."""
    acronyms: Annotated[tuple[Acronym, ...], AfterValidator(each_once)] = ()
    """Acronyms that your followers know, beside those that everybody does."""
    stop_words: dict[StopName, StopPattern] = Field(default_factory=dict)
    """Words that say that an aid is not for the public, so that a person is asked: a name and a regular
    expression each, beside the list that is built in; "" takes a name off that list."""
