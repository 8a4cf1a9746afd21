"""What an office would not have published, or not yet: a person is asked. And what only sounds like it."""

import pytest

from builders import CAMPAIGN, aid
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Level
from spotlight_notify.networks.x.traits import X
from spotlight_notify.rules.lint.linter import lint, lint_text
from spotlight_notify.rules.lint.rules import Policy

TAG = CAMPAIGN.hashtag


def rules_of(title: str, summary: str | None = None, policy: Policy | None = None) -> dict[str, Level]:
    one = aid(title=title, summary=summary or "")
    post = Post(text=f"{title} https://valor.example.org/1 {TAG}", link="https://valor.example.org/1")
    return {each.rule: each.level for each in lint(one, post, CAMPAIGN, X, policy)}


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Annual Report", "EMBARGOED UNTIL 10 A.M. DECEMBER 9, 2026\nThe report counts deaths."),
        ("Annual Report", "This news is under embargo until Monday."),
        ("Annual Report", "Not for release before December 9."),
        ("[DRAFT] New Poster - do not publish", "Draft for review by legal."),
        ("DRAFT: New Poster", None),
        ("New Poster (Draft 2)", None),
        ("New Poster", "This is a draft."),
        ("TEST - please ignore", "Lorem ipsum dolor sit amet."),
        ("Test", None),
        ("[TEST] New Poster", None),
        ("Test post", "Ignore this post."),
        ("New Poster", "Lorem ipsum dolor sit amet."),
        ("New Poster", "Summary goes here"),
        ("New Poster", "[Insert summary]"),
        ("Hello world!", "Welcome to WordPress."),
        ("Officer Safety Bulletin", "UNCLASSIFIED//FOR OFFICIAL USE ONLY"),
        ("Officer Safety Bulletin", "Law enforcement sensitive. Do not share on social media."),
        ("Officer Safety Bulletin (FOUO)", None),
        ("Officer Safety Bulletin (U//LES)", None),
        ("Officer Safety Bulletin", "TLP:AMBER"),
        ("Officer Safety Bulletin", "Not for public release."),
        ("Officer Safety Bulletin", "For internal use only."),
        ("CONFIDENTIAL Bulletin", None),
        ("Traffic Stops", "This webinar is canceled."),
        ("Traffic Stops", "The free online class has been postponed."),
        ("Boletín", "Solo para uso oficial."),
        ("Borrador: Cartel", None),
    ],
)
def test_stop_words_of_publication_stop_a_post(title: str, summary: str | None) -> None:
    """Words w04, x15, x16, x17, x18 and their like."""
    assert rules_of(title, summary)["stop-words"] is Level.ERROR


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("OFFICER SAFETY ALERT: NEW FENTANYL TEST STRIPS RECALLED BY MAKER", "Stop using lot 5."),
        ("Draft Guidance on Body Armor Is Open for Comment", "Comment by May 1."),
        ("What the NFL Draft Teaches About Teams", None),
        ("How to Pass the Fitness Test", "The test takes ten minutes."),
        ("Testing Body Armor", "We test ten vests."),
        ("Do Not Share Your Password", "Do not post your address. Do not share needles."),
        ("A Confidential Hotline for Officers", "Calls are confidential."),
        ("Sensitive Conversations", "How law enforcement talks about loss."),
        ("Internal Affairs: A Guide", "For internal and external complaints."),
        ("When an Event Is Canceled", "What to tell people when an event is called off."),
        ("Holding Until Help Comes", "Hold the line until backup arrives."),
        ("Releasing the Brake", "Do not release the brake before the wheels stop."),
        ("Distribution of Naloxone", "Kits are distributed in ten counties."),
    ],
)
def test_what_only_sounds_like_stop_words_passes(title: str, summary: str | None) -> None:
    assert "stop-words" not in rules_of(title, summary)


def test_the_message_says_what_was_found() -> None:
    (finding,) = [f for f in lint_text(f"Keep calm. FOUO {TAG}", TAG) if f.rule == "stop-words"]
    assert finding.message == "“FOUO” may mean that it is not for the public, or not yet (marking)"


def test_the_configuration_adds_stop_words_and_takes_some_off() -> None:
    policy = Policy(stop_words={"legal": r"\bcounsel only\b", "draft": ""})
    assert "stop-words" in rules_of("For Counsel Only", None, policy)
    assert "stop-words" not in rules_of("[DRAFT] New Poster", None, policy)


def test_a_pattern_that_takes_too_long_asks_a_person() -> None:
    policy = Policy(stop_words={"slow": r"(?:a|a)+\Z!"})
    assert "stop-words" in rules_of("A title", "a" * 4_000, policy)


@pytest.mark.parametrize(
    "summary", ["Details to follow.", "N/A", "Coming soon", "You are currently not signed in.", "TBD"]
)
def test_a_summary_that_says_nothing_is_asked_about(summary: str) -> None:
    assert rules_of("A Guide for Dispatchers", summary)["says-nothing"] is Level.ERROR


@pytest.mark.parametrize("summary", [None, "See how it works.", "News from the range.", "Details matter."])
def test_a_summary_that_says_something_passes(summary: str | None) -> None:
    assert "says-nothing" not in rules_of("A Guide for Dispatchers", summary)


def test_a_lone_acronym_is_no_title() -> None:
    assert rules_of("CIT", "A course.")["title-acronym"] is Level.ERROR
    assert "title-acronym" not in rules_of("CIT Basics", "A course.")


def test_a_summary_that_is_cut_within_a_sentence_is_told() -> None:
    one = aid(
        title="A Report", summary="This report summarizes research presented at a summit in the capital."
    )
    cut = Post(text=f"A Report\nThis report summarizes research…\n{TAG}", link="https://valor.example.org/1")
    assert "cut-short" in {each.rule for each in lint(one, cut, CAMPAIGN, X)}
    own = aid(title="A Report", summary="It goes on and on…")
    whole = Post(text=f"A Report\nIt goes on and on…\n{TAG}", link="https://valor.example.org/1")
    assert "cut-short" not in {each.rule for each in lint(own, whole, CAMPAIGN, X)}
