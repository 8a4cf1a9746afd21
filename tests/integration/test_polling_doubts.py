"""New aids of a feed that may be old ones: under another address, or slid back into the feed's window."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from builders import CAMPAIGN, NOW, ListedSource, X, aid
from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.model.campaigns import Choice, Selection
from spotlight_notify.model.posts import Finding
from spotlight_notify.model.words import Cause, Level, State
from spotlight_notify.operations.decide.retries import retry
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Poll, Polling
from spotlight_notify.ports.ledger import Ledger

EVERY = timedelta(minutes=15)
DAY = timedelta(days=1)


def shown(parts: Polling, *aids: Aid, whole: bool = True) -> Poll:
    """Look once at a feed that shows these."""
    return poll_source(ListedSource(Look(aids=aids, cursor="c", whole=whole)), EVERY, parts)


def dated(number: int, at: datetime, **changes: object) -> Aid:
    return aid(number, published_at=at, **changes)


def moved(old: Aid, number: int, **changes: object) -> Aid:
    """Be an aid under another guid and another link."""
    return aid(number, title=old.title, published_at=old.published_at, **changes)


def states(ledger: Ledger) -> set[tuple[str, State, Cause | None]]:
    return {(each.aid_key, each.state, each.cause) for each in ledger.deliveries()}


OLD = dated(1, NOW - 3 * DAY, title="Rest betwen shifts")
BESIDE, OLDER = dated(2, NOW - 2 * DAY), dated(3, NOW - 9 * DAY)


def test_feeds_slug_corrected_a_person_is_asked(ledger: Ledger, parts: Polling) -> None:
    shown(parts, OLD, BESIDE)
    poll = shown(parts, moved(OLD, 8), BESIDE)
    assert (poll.new, poll.planned) == (1, 0)
    assert states(ledger) == {("guid:8", State.PROPOSED, Cause.FOUND)}
    assert "aid 1 had its title" in (ledger.deliveries()[0].reason or "")


def test_feeds_slug_corrected_in_a_feed_of_one_entry(ledger: Ledger, parts: Polling) -> None:
    shown(parts, OLD)
    shown(parts, moved(OLD, 8))
    assert states(ledger) == {("guid:8", State.PROPOSED, Cause.FOUND)}


def test_feeds_slug_corrected_not_while_the_old_entry_is_there(ledger: Ledger, parts: Polling) -> None:
    shown(parts, OLD, BESIDE)
    assert shown(parts, OLD, BESIDE, moved(OLD, 8)).planned == 2
    assert states(ledger) == {("guid:8", State.PENDING, None)}


@pytest.mark.parametrize(
    "other",
    [
        dated(8, NOW - DAY, title=OLD.title),
        dated(8, NOW - 3 * DAY, title="Another"),
        dated(8, NOW - DAY, title=OLD.title, link=OLD.link, aliases=("guid:8",)),
        aid(8, title=OLD.title),
    ],
    ids=["other date", "other title", "other date, same link", "no date, other link"],
)
def test_feeds_slug_corrected_not_where_it_is_another_aid(ledger: Ledger, parts: Polling, other: Aid) -> None:
    shown(parts, OLDER, OLD, BESIDE)
    assert shown(parts, OLDER, BESIDE, other).planned == 2
    assert states(ledger) == {("guid:8", State.PENDING, None)}


def test_feeds_slug_corrected_not_in_a_source_that_shows_only_what_is_new(
    ledger: Ledger, parts: Polling
) -> None:
    shown(parts, OLD, BESIDE)
    assert shown(parts, moved(OLD, 8), whole=False).planned == 2


def test_feeds_same_guid_and_link_stay_what_they_are_when_another_comes(
    ledger: Ledger, parts: Polling
) -> None:
    """One entry alone is known by its guid; beside others that share it by its title."""
    page = "https://valor.test/spotlight"
    first = aid(1, link=page, published_at=NOW - DAY)
    told_apart = aid(1, link=page, published_at=NOW - DAY, key="hash:1", aliases=("hash:1",))
    second = aid(2, link=page, published_at=NOW - DAY, key="hash:2", aliases=("hash:2",))
    shown(parts, first)
    assert shown(parts, told_apart, second).new == 1
    assert shown(parts, first).new == 0
    assert {key for key, _, _ in states(ledger)} == {"hash:2"}


def test_an_undated_namesake_under_the_same_link_is_asked_about(ledger: Ledger, parts: Polling) -> None:
    link = "https://valor.test/bulletin"
    shown(parts, aid(1, title="Bulletin", link=link, aliases=("guid:1",)))
    shown(parts, aid(2, title="Bulletin", link=link, aliases=("guid:2",)))
    assert states(ledger) == {("guid:2", State.PROPOSED, Cause.FOUND)}


WINDOW = tuple(dated(number, NOW - number * 7 * DAY) for number in range(9, -1, -1))
"""The newest ten, one a week."""


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (70, ("guid:10", State.SKIPPED, Cause.BASELINE)),
        (64, ("guid:10", State.SKIPPED, Cause.BASELINE)),
    ],
)
def test_feeds_slid_into_the_window_is_not_announced(
    ledger: Ledger, parts: Polling, days: int, expected: tuple[str, State, Cause]
) -> None:
    shown(parts, *WINDOW)
    slid = dated(10, NOW - timedelta(days=days))
    assert shown(parts, slid, *WINDOW[:4], *WINDOW[5:]).planned == 0
    assert states(ledger) == {expected}


def test_feeds_slid_into_the_window_is_asked_about_if_it_may_be_new(ledger: Ledger, parts: Polling) -> None:
    shown(parts, *WINDOW[-3:])
    shown(parts, dated(10, NOW - 20 * DAY), *WINDOW[-2:])
    assert states(ledger) == {("guid:10", State.PROPOSED, Cause.DATE)}


def test_feeds_slid_into_the_window_beside_a_pinned_entry(ledger: Ledger, parts: Polling) -> None:
    pinned = dated(99, NOW - 900 * DAY)
    shown(parts, pinned, *WINDOW)
    shown(parts, pinned, dated(10, NOW - 70 * DAY), *WINDOW[1:])
    assert states(ledger) == {("guid:10", State.SKIPPED, Cause.BASELINE)}


@pytest.mark.parametrize("days", [0.5, 10, 40])
def test_feeds_slid_into_the_window_not_what_lies_between(
    ledger: Ledger, parts: Polling, days: float
) -> None:
    """A draft of some weeks ago bears the date when it was begun."""
    shown(parts, *WINDOW)
    assert shown(parts, *WINDOW, dated(10, NOW - timedelta(days=days))).planned == 2


def test_feeds_slid_into_the_window_not_where_there_was_none(ledger: Ledger, parts: Polling) -> None:
    shown(parts)
    shown(parts, dated(1, NOW))
    assert shown(parts, dated(2, NOW - 100 * DAY), dated(1, NOW)).planned == 2


def test_what_a_source_that_was_empty_shows_first_is_judged_by_its_date(
    ledger: Ledger, parts: Polling
) -> None:
    """A site that is being moved serves an empty feed, and then all it had."""
    shown(parts)
    shown(parts, dated(1, NOW - 90 * DAY), dated(2, NOW - 3 * DAY), dated(3, NOW - DAY / 2))
    assert states(ledger) == {
        ("guid:1", State.PROPOSED, Cause.DATE),
        ("guid:2", State.PENDING, None),
        ("guid:3", State.PENDING, None),
    }


# --- what is asked about a new aid is asked about a changed one


def on_x(ledger: Ledger) -> list[tuple[str, State, Cause | None]]:
    return [(each.aid_title, each.state, each.cause) for each in ledger.deliveries(channel=X.name)]


SLID = dated(10, NOW - 20 * DAY, title="Night shifts and slepe")
MENDED = replace(SLID, title="Night shifts and sleep")


def test_a_mended_typo_says_nothing_about_a_doubtful_date(ledger: Ledger, parts: Polling) -> None:
    shown(parts, *WINDOW[-3:])
    shown(parts, SLID, *WINDOW[-2:])
    shown(parts, MENDED, *WINDOW[-2:])
    assert on_x(ledger) == [(MENDED.title, State.PROPOSED, Cause.DATE)]
    one = ledger.deliveries(channel=X.name)[0]
    assert one.post is not None
    assert MENDED.title in one.post.text


@pytest.mark.parametrize(("days", "expected"), [(15, State.PROPOSED), (0, State.PENDING)])
def test_another_date_is_weighed_anew(ledger: Ledger, parts: Polling, days: int, expected: State) -> None:
    shown(parts, *WINDOW[-3:])
    shown(parts, SLID, *WINDOW[-2:])
    shown(parts, replace(MENDED, published_at=NOW - days * DAY), *WINDOW[-2:])
    assert [state for _, state, _ in on_x(ledger)] == [expected]


def test_a_mended_rule_is_followed_by_the_doubt_about_its_date(ledger: Ledger, parts: Polling) -> None:
    typo = Finding(rule="typo", level=Level.ERROR, message="a typo", source="our style")

    def lint(aid: Aid, *_: object) -> tuple[Finding, ...]:
        return () if "sleep" in aid.title else (typo,)

    parts = replace(parts, writing=replace(parts.writing, lint=lint))
    shown(parts, *WINDOW[-3:])
    shown(parts, SLID, *WINDOW[-2:])
    assert [cause for _, _, cause in on_x(ledger)] == [Cause.RULE]
    shown(parts, MENDED, *WINDOW[-2:])
    assert on_x(ledger) == [(MENDED.title, State.PROPOSED, Cause.DATE)]


@pytest.mark.parametrize("days", [20, 40])
def test_what_slid_in_while_it_was_left_out_is_asked_about(ledger: Ledger, parts: Polling, days: int) -> None:
    internal = Selection(without=Choice(categories=("Internal",)))
    parts = replace(parts, campaigns=(replace(CAMPAIGN, selection=internal),))
    slid = replace(SLID, published_at=NOW - days * DAY)
    shown(parts, *WINDOW[-3:])
    shown(parts, replace(slid, categories=("Internal",)), *WINDOW[-2:])
    assert [cause for _, _, cause in on_x(ledger)] == [Cause.FILTERED]
    shown(parts, slid, *WINDOW[-2:])
    assert [(state, cause) for _, state, cause in on_x(ledger)] == [(State.PROPOSED, Cause.DATE)]


def test_what_a_person_let_go_is_not_asked_about_again_for_its_date(ledger: Ledger, parts: Polling) -> None:
    shown(parts, *WINDOW[-3:])
    shown(parts, SLID, *WINDOW[-2:])
    (one,) = ledger.deliveries(channel=X.name)
    retry(one.id, ledger=ledger, campaigns={}, who="Desk 4", reason="it is new", now=NOW)
    shown(parts, MENDED, *WINDOW[-2:])
    assert on_x(ledger) == [(MENDED.title, State.PENDING, None)]


def test_a_waiting_aid_that_gets_the_title_of_one_announced_under_its_link_is_asked_about(
    ledger: Ledger, parts: Polling
) -> None:
    """Rows that share a page, and are numbered anew."""
    page = {"link": "https://valor.test/training"}
    rows = [aid(n, aliases=(f"guid:{n}",), **page) for n in (1, 2, 3)]
    shown(parts, *rows[:1])
    shown(parts, *rows)
    shown(parts, rows[0], rows[1], replace(rows[2], title=rows[1].title))
    asked = {(each.aid_key, each.cause) for each in ledger.deliveries(states=[State.PROPOSED])}
    assert asked == {("guid:3", Cause.FOUND)}


# --- positions that serve as keys


def numbered(*titles: str, is_dated: bool = False) -> list[Aid]:
    """Number these, which share one page, as a table does that is loaded anew each night."""
    days = {title: NOW - place * DAY for place, title in enumerate(sorted(titles))} if is_dated else {}
    page = "https://valor.test/training"
    return [
        aid(n, title=title, link=page, aliases=(f"guid:{n}",), published_at=days.get(title))
        for n, title in enumerate(titles, 1)
    ]


@pytest.mark.parametrize("is_dated", [False, True])
def test_what_moves_on_to_a_new_number_is_asked_about(ledger: Ledger, parts: Polling, is_dated: bool) -> None:
    """The last of what was there at the first look has a number that is new."""
    old = ["Driving in winter", "Talking in crisis", "Night shifts"]
    shown(parts, *numbered(*old, is_dated=is_dated))
    assert shown(parts, *numbered("Dogs on patrol", *old, is_dated=is_dated)).planned == 0
    assert {(each.aid_key, each.state, each.cause) for each in ledger.deliveries()} >= {
        ("guid:4", State.PROPOSED, Cause.FOUND)
    }


def test_what_waits_when_numbers_move_on_is_asked_about_and_so_is_its_new_number(
    ledger: Ledger, parts: Polling
) -> None:
    """A table's look shows what waits and what is new; its dates move on with its numbers."""
    page = {"link": "https://valor.test/training", "aliases": ()}
    night, dogs = "Night shifts", "Dogs on patrol"
    shown(parts, dated(3, NOW - DAY, title=night, **page))
    shown(parts, dated(4, NOW, title=dogs, **page), whole=False)
    shown(parts, dated(4, NOW, title=night, **page), dated(5, NOW, title=dogs, **page), whole=False)
    assert states(ledger) == {(f"guid:{n}", State.PROPOSED, Cause.FOUND) for n in (4, 5)}


def test_a_weekly_title_that_passes_to_another_page_and_date_is_no_renumbering(
    ledger: Ledger, parts: Polling
) -> None:
    this_week = dated(1, NOW - 7 * DAY, title="This week in training")
    shown(parts, this_week)
    last_week = replace(this_week, title="Training in week 47")
    assert shown(parts, last_week, dated(2, NOW, title="This week in training")).planned == 2
