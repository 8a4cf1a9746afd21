"""The rules that only hint: acronyms that nobody spells out, and words for which a simpler one will do."""

import pytest

from spotlight_notify.model.posts import Finding
from spotlight_notify.rules.lint.linter import lint_text
from spotlight_notify.rules.lint.rules import Policy

TAG = "#SpotlightOnSafety"


def found_in(text: str, rule: str, policy: Policy | None = None) -> list[Finding]:
    """Give what one rule finds in words that stand before the hashtag."""
    return [finding for finding in lint_text(f"{text}\n\n{TAG}", TAG, policy) if finding.rule == rule]


@pytest.mark.parametrize(
    ("text", "named"),
    [("What NCTP does", "NCTP"), ("Two MOUs and a CSEA", "MOU, CSEA"), ("The NCTP’s plan", "NCTP")],
)
def test_an_acronym_that_nobody_spells_out_is_named(text: str, named: str) -> None:
    (finding,) = found_in(text, "acronym")
    assert f"“{named}”" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "The Police Executive Academy (PEA) meets",
        "NCTP: the National Council on Training of Police",
        "The FBI's PDFs for US officers, 9 AM in Austin, TX",
        "VALOR, BJA, DOJ and IACP",
        "COVID-19, M4, II, U.S.C. and Q&A",
        "[NCTP] #NCTP https://nctp.test/NCTP",
        "STAY INFORMED",
        "A WAREHOUSE",
        "Where $CASH goes ($NCTP)",
    ],
)
def test_known_and_spelled_out_acronyms_pass(text: str) -> None:
    assert not found_in(text, "acronym")


def test_acronyms_of_the_configuration_are_known() -> None:
    assert not found_in("What NCTPs do", "acronym", Policy(acronyms=frozenset({"NCTP"})))


def test_simpler_words_are_offered() -> None:
    (finding,) = found_in("Utilizing it prior to the course, in order to notify them", "plain-words")
    for advice in (
        "“utilizing” (use)",
        "“prior to” (before)",
        "“in order to” (to)",
        "“notify” (let know, tell)",
    ):
        assert advice in finding.message


def test_plain_words_pass() -> None:
    assert not found_in("Use it before the course to tell them. A prior order.", "plain-words")
    assert not found_in("https://valor.example.org/utilize #Utilize [UTILIZE]", "plain-words")
