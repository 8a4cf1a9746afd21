"""Moments that words name: read where they are clear, left to a person where they are not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from builders import CAMPAIGN, PAGE, aid
from spotlight_notify.model.aids import with_said_event
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Kind, Level, State
from spotlight_notify.networks.x.traits import X
from spotlight_notify.rules.lint.linter import lint
from spotlight_notify.rules.planning import Writing, plan_delivery
from spotlight_notify.text.said_times import embargo_end, event_time, said_times

NEW_YORK = ZoneInfo("America/New_York")
SINCE = datetime(2026, 11, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("on Wednesday, December 9, 2026, from 2:00 p.m. to 3:30 p.m. ET, for a talk", "2026-12-09T19:00"),
        ("Wednesday, December 9, 2:00 to 3:30 p.m. ET", "2026-12-09T19:00"),
        ("Dec. 9 at 10 a.m.", "2026-12-09T15:00"),
        ("10 A.M. DECEMBER 9, 2026", "2026-12-09T15:00"),
        ("12:01 a.m. EST, Dec. 9, 2026", "2026-12-09T05:01"),
        ("noon on Dec. 9", "2026-12-09T17:00"),
        ("March 3, 2-3 p.m. Central", "2027-03-03T20:00"),
        ("July 4, 2027, 9 a.m. Pacific", "2027-07-04T16:00"),
        ("Dec. 9, 2026 | 1:00 PM (PT)", "2026-12-09T21:00"),
        ("at 9 a.m. on Monday, Dec. 7", "2026-12-07T14:00"),
        ("12 p.m. Dec. 9", "2026-12-09T17:00"),
    ],
)
def test_a_moment_is_read(words: str, at: str) -> None:
    """Words w04, w07."""
    assert event_time(words, NEW_YORK, SINCE) == datetime.fromisoformat(f"{at}+00:00")


@pytest.mark.parametrize(
    "words",
    [
        "Apply until January 15, 2027.",
        "9 a.m. Monday in Room B",
        "Thursday, December 9, 2026, 2 p.m.",
        "Feb. 30 at 9 a.m.",
        "Dec. 9 at 13 p.m.",
        "Dec. 9 at 10 a.m. and Dec. 10 at 10 a.m.",
    ],
)
def test_what_is_unclear_is_not_read(words: str) -> None:
    assert event_time(words, NEW_YORK, SINCE) is None


def test_without_a_zone_or_a_year_nothing_is_guessed() -> None:
    assert event_time("Dec. 9, 2026, at 10 a.m.", None, SINCE) is None
    assert event_time("Dec. 9 at 10 a.m. ET", None, None) is None
    assert event_time("Dec. 9, 2026, at 10 a.m. ET", None, None) == datetime(2026, 12, 9, 15, tzinfo=UTC)


def test_a_moment_said_twice_is_one() -> None:
    text = "Dec. 9, 2026, at 10 a.m. ET. Do not miss it: 10:00 a.m. EST on Dec. 9, 2026."
    assert len(said_times(text, NEW_YORK, SINCE)) == 1


def test_hostile_words_take_no_time() -> None:
    assert said_times("Dec. 9, " * 20_000 + "1 " * 20_000, NEW_YORK, SINCE) == ()


WEBINAR = aid(kind=Kind.WEBINAR, title="Words That Work", published_at=SINCE)


def test_an_events_time_is_read_where_its_source_gives_none() -> None:
    """Timing 4."""
    told = replace(WEBINAR, summary="Join us Wednesday, December 9, 2:00 p.m. ET.")
    assert with_said_event(told, None).event_at == datetime(2026, 12, 9, 19, tzinfo=UTC)
    assert with_said_event(replace(told, kind=Kind.ARTICLE), None).event_at is None
    given = datetime(2027, 1, 1, tzinfo=UTC)
    assert with_said_event(replace(told, event_at=given), None).event_at == given


@pytest.mark.parametrize(
    ("summary", "asked"),
    [
        ("Dec. 9, 2026, at 10 a.m. or Dec. 10, 2026, at 2 p.m.", True),
        ("Thursday, December 9, 2026, 2 p.m. ET", True),
        ("A talk on calm words.", False),
    ],
)
def test_an_unclear_time_is_asked_about(summary: str, asked: bool) -> None:
    told = replace(WEBINAR, summary=summary)
    post = Post(text=f"Words {CAMPAIGN.hashtag}", link="https://valor.test/1")
    levels = {each.rule: each.level for each in lint(told, post, CAMPAIGN, X)}
    assert levels.get("event-unclear") is (Level.ERROR if asked else None)


BEGINS = datetime(2026, 12, 9, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("summary", "expires_at", "asked"),
    [
        ("Join us on Wednesday, December 9, at 2:00 p.m. ET.", None, False),
        ("Join us on Thursday, December 10, at 2:00 p.m. ET.", None, True),
        ("Register by Friday, December 4, at 5:00 p.m. ET.", None, False),
        ("A talk on calm words.", BEGINS + timedelta(hours=1), False),
        ("A talk on calm words.", BEGINS - timedelta(hours=1), True),
    ],
)
def test_a_source_that_contradicts_its_words_or_itself_is_asked_about(
    summary: str, expires_at: datetime | None, asked: bool
) -> None:
    told = replace(WEBINAR, summary=summary, event_at=BEGINS, expires_at=expires_at)
    post = Post(text=f"Words {CAMPAIGN.hashtag}", link="https://valor.test/1")
    messages = {each.rule: each.message for each in lint(told, post, CAMPAIGN, X)}
    assert ("event-unclear" in messages) is asked
    assert not asked or "2026-12-09 19:00 UTC" in messages["event-unclear"]


def test_an_embargo_is_read_and_nothing_goes_before_it_ends() -> None:
    """Words w04."""
    ends = datetime(2026, 12, 9, 15, tzinfo=UTC)
    words = "EMBARGOED UNTIL 10 A.M. DECEMBER 9, 2026"
    assert embargo_end(words, NEW_YORK, SINCE) == ends
    assert embargo_end("The trade embargo ended on Dec. 9 at 10 a.m.", NEW_YORK, SINCE) is None
    told = aid(title="Annual Report", summary=f"{words}\nThe report counts deaths.", published_at=SINCE)
    post = Post(text=f"Words https://valor.test/1 {CAMPAIGN.hashtag}", link="https://valor.test/1")
    writing = Writing(render=lambda *_: post, lint=lint, zone=NEW_YORK)
    plan = plan_delivery(told, CAMPAIGN, PAGE, writing, SINCE)
    assert (plan.state, plan.due_at) == (State.PROPOSED, ends)
    assert (plan.reason or "").endswith("; it goes at 2026-12-09 15:00 UTC at the earliest")
