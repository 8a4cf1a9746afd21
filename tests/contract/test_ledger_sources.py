"""What Ledger and Book promise about sources that move, start anew or show too much."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from ledgers import (
    MINUTE,
    NOW,
    PAGE,
    SITE,
    make_aid,
    make_plan,
    put,
    snapshot,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.errors import UnknownName
from spotlight_notify.model.records.standing import SourceStatus
from spotlight_notify.model.words import Cause, State

DAY, LATER = timedelta(days=1), NOW + MINUTE
ALARM = "40 aids are new at once"
BY: dict[str, Any] = {"who": "ada", "reason": "they moved"}


def look(ledger: SqlLedger, cursor: str = "here", now: datetime = NOW) -> SourceStatus:
    """Record a look that found nothing new, and that ends a baseline."""
    with ledger.recording(SITE) as book:
        book.finish(cursor=cursor, next_poll_at=now + DAY, baseline_done=True, now=now)
    return ledger.source_status(SITE)


def raise_alarm(ledger: SqlLedger, reason: str = ALARM, now: datetime = NOW) -> None:
    with ledger.recording(SITE) as book:
        book.raise_alarm(reason, now)


def put_braked(ledger: SqlLedger, number: int, **changes: Any) -> int:
    """Record a delivery that the brake held, and the alarm; returns its id."""
    raise_alarm(ledger)
    return put(ledger, number, state=State.PROPOSED, cause=Cause.BRAKE, reason=ALARM, **changes)


# --- sources that move


def test_a_source_that_is_elsewhere_is_due_and_begins_anew_only_by_order(ledger: SqlLedger) -> None:
    ledger.register({"feed": "here"}, [], NOW)
    with ledger.recording("feed") as book:
        book.finish(cursor="left here", next_poll_at=NOW + DAY, baseline_done=True, now=NOW)
    ledger.register({"feed": "there"}, [], LATER)
    moved = ledger.source_status("feed")
    assert (moved.baseline_at, moved.has_moved, moved.next_poll_at) == (NOW, True, LATER)
    assert ledger.begin_anew(moved, LATER)
    status = ledger.source_status("feed")
    assert (status.baseline_at, status.cursor, status.has_moved) == (None, None, False)
    assert not ledger.begin_anew(moved, LATER)
    anew, move = ledger.changes()
    assert {(each.who, each.source, each.changed_at) for each in (anew, move)} == {
        ("configuration", "feed", LATER)
    }
    assert (move.action, move.reason) == ("moved", "it is elsewhere than before")
    assert json.loads(move.detail or "") == {"address": "here"}
    assert (anew.action, json.loads(anew.detail or "")) == ("baseline", {"baseline_at": NOW.isoformat()})


@pytest.mark.parametrize("address", ["here", ""])
def test_a_source_that_stays_where_it_is_or_is_nowhere_keeps_its_baseline(
    ledger: SqlLedger, url: str, address: str
) -> None:
    ledger.register({SITE: "here"}, [], NOW)
    look(ledger)
    before = snapshot(url)
    ledger.register({SITE: address}, [], LATER)
    assert snapshot(url) == before


def test_a_source_that_was_nowhere_takes_its_address_and_keeps_its_baseline(ledger: SqlLedger) -> None:
    before = look(ledger)
    for address in ("", "here", "here"):
        ledger.register({SITE: address}, [], LATER)
        assert replace(ledger.source_status(SITE), address=None) == before
    assert ledger.source_status(SITE).address == "here"
    assert ledger.changes() == ()
    ledger.register({SITE: "there"}, [], LATER)
    assert ledger.source_status(SITE).has_moved


def test_sources_that_are_not_configured_any_more_are_left_alone(ledger: SqlLedger) -> None:
    ledger.register({"feed": "here"}, [], NOW)
    before = ledger.source_status("feed")
    ledger.register({SITE: "there"}, [], LATER)
    assert ledger.source_status("feed") == before


# --- looks that were overtaken


def move_elsewhere(ledger: SqlLedger) -> None:
    ledger.register({SITE: "there"}, [], NOW)


def place_baseline(ledger: SqlLedger) -> None:
    ledger.place_baseline(SITE, latest=0, since_at=None, now=NOW, **BY)


def look_further(ledger: SqlLedger) -> None:
    look(ledger, cursor="further")


def begin_anew_up_to_the_same_cursor(ledger: SqlLedger) -> None:
    place_baseline(ledger)
    look(ledger, now=LATER)


OVERTAKINGS = (move_elsewhere, place_baseline, look_further, begin_anew_up_to_the_same_cursor)


@pytest.mark.parametrize("overtake", OVERTAKINGS)
def test_a_look_that_was_overtaken_writes_nothing(
    ledger: SqlLedger, url: str, overtake: Callable[[SqlLedger], None]
) -> None:
    ledger.register({SITE: "here"}, [], NOW)
    left = look(ledger)
    assert left.follows(left)
    overtake(ledger)
    before = snapshot(url)
    assert not ledger.source_status(SITE).follows(left)
    assert not ledger.poll_idle(left, NOW + DAY, LATER)
    assert not ledger.poll_failed(left, "it answers 502", NOW + DAY, LATER)
    assert snapshot(url) == before


def test_a_first_look_is_overtaken_by_a_move_although_nothing_else_changes(
    ledger: SqlLedger, url: str
) -> None:
    ledger.register({SITE: "here"}, [], NOW)
    left = ledger.source_status(SITE)
    move_elsewhere(ledger)
    before = snapshot(url)
    assert not ledger.poll_failed(left, "it answers 502", NOW + DAY, LATER)
    assert snapshot(url) == before


@pytest.mark.parametrize("address", ["here", ""])
def test_failures_alarms_and_due_times_overtake_nothing(ledger: SqlLedger, address: str) -> None:
    ledger.register({SITE: address}, [], NOW)
    left = look(ledger)
    assert ledger.poll_failed(left, "it answers 502", NOW, NOW)
    raise_alarm(ledger)
    assert ledger.claim_poll(SITE, LATER, NOW + DAY)
    assert ledger.poll_idle(left, NOW + DAY, LATER)
    assert ledger.source_status(SITE).succeeded_at == LATER


def test_nobody_takes_a_source_that_is_elsewhere(ledger: SqlLedger) -> None:
    assert ledger.claim_poll(SITE, NOW, LATER, "here")
    ledger.register({SITE: "here"}, [], NOW)
    assert not ledger.claim_poll(SITE, LATER, NOW + DAY, "there")
    assert ledger.source_status(SITE).next_poll_at == LATER
    assert ledger.claim_poll(SITE, LATER, NOW + DAY, "here")


def test_an_address_is_not_shown_by_accident(ledger: SqlLedger) -> None:
    ledger.register({SITE: "0f0f0f"}, [], NOW)
    status = ledger.source_status(SITE)
    assert (status.address, "0f0f0f" in repr(status)) == ("0f0f0f", False)


# --- a new baseline


def test_a_new_baseline_is_due_now_with_a_persons_wishes(ledger: SqlLedger) -> None:
    look(ledger)
    assert ledger.place_baseline(SITE, latest=3, since_at=NOW - DAY, now=LATER, **BY) == 0
    status = ledger.source_status(SITE)
    assert (status.baseline_at, status.cursor, status.next_poll_at) == (None, None, LATER)
    assert (status.latest, status.since_at) == (3, NOW - DAY)
    assert ledger.due_sources(LATER) == (SITE,)
    done = look(ledger, now=LATER)
    assert (done.baseline_at, done.latest, done.since_at) == (LATER, 0, None)


def test_its_wishes_stand_until_the_baseline_is_complete(ledger: SqlLedger) -> None:
    ledger.place_baseline(SITE, latest=3, since_at=NOW - DAY, now=NOW, **BY)
    with ledger.recording(SITE) as book:
        book.finish(cursor="half", next_poll_at=NOW, baseline_done=False, now=NOW)
        assert (book.status().latest, book.status().since_at) == (3, NOW - DAY)
        assert book.status().baseline_at is None


@pytest.mark.parametrize(
    ("latest", "since_at", "action"),
    [
        (0, None, "baseline"),
        (3, None, "baseline, but for the latest 3"),
        (0, NOW, "baseline, but for those since 2026-11-23 12:00 UTC"),
        (3, NOW, "baseline, but for the latest 3 and those since 2026-11-23 12:00 UTC"),
    ],
)
def test_a_new_baseline_is_on_record_with_what_it_replaces(
    ledger: SqlLedger, latest: int, since_at: datetime | None, action: str
) -> None:
    look(ledger)
    raise_alarm(ledger)
    ledger.place_baseline(SITE, latest=latest, since_at=since_at, now=LATER, **BY)
    (change,) = ledger.changes()
    assert (change.who, change.reason, change.action, change.source) == ("ada", "they moved", action, SITE)
    assert json.loads(change.detail or "") == {
        "baseline_at": NOW.isoformat(),
        "alarm": ALARM,
        "alarm_at": NOW.isoformat(),
    }


def test_a_new_baseline_skips_what_the_brake_held_and_nothing_else(ledger: SqlLedger) -> None:
    proposed, held = put(ledger, 1, state=State.PROPOSED, cause=Cause.RULE), put_braked(ledger, 2)
    waiting = put(ledger, 3)
    assert ledger.place_baseline(SITE, latest=0, since_at=None, now=LATER, **BY) == 1
    shown = ledger.delivery(held)
    assert (shown.state, shown.cause, shown.changed_at) == (State.SKIPPED, Cause.BASELINE, LATER)
    assert shown.reason == "its source was given a new baseline: they moved"
    assert [ledger.delivery(each).state for each in (proposed, waiting)] == [State.PROPOSED, State.PENDING]
    status = ledger.source_status(SITE)
    assert (status.alarm, status.alarm_at) == (None, None)


# --- the brake


def test_an_alarm_lasts_and_keeps_the_time_it_was_first_raised(ledger: SqlLedger) -> None:
    raise_alarm(ledger)
    status = ledger.source_status(SITE)
    assert (status.alarm, status.alarm_at) == (ALARM, NOW)
    raise_alarm(ledger, "more and more", now=LATER)
    assert look(ledger, now=LATER).alarm == "more and more"
    assert ledger.source_status(SITE).alarm_at == NOW


def test_an_alarm_is_of_its_source_alone(ledger: SqlLedger) -> None:
    ledger.register({"other": ""}, [], NOW)
    raise_alarm(ledger)
    assert ledger.source_status("other").alarm is None


def test_what_is_accepted_goes_and_the_alarm_ends(ledger: SqlLedger) -> None:
    held, later = put_braked(ledger, 1), put_braked(ledger, 2, due_at=NOW + DAY)
    proposed = put(ledger, 3, state=State.PROPOSED, cause=Cause.RULE)
    assert ledger.accept(SITE, now=LATER, **BY) == 2
    for delivery_id, due_at in ((held, LATER), (later, NOW + DAY)):
        shown = ledger.delivery(delivery_id)
        assert (shown.state, shown.cause, shown.reason) == (State.PENDING, None, None)
        assert shown.due_at == due_at
    assert ledger.delivery(proposed).state is State.PROPOSED
    status = ledger.source_status(SITE)
    assert (status.alarm, status.alarm_at) == (None, None)
    change, *let_go = ledger.changes()
    assert (change.who, change.reason, change.action, change.source) == (
        "ada",
        "they moved",
        "accepted",
        SITE,
    )
    why = "ada accepted what its source showed: they moved"
    moved = [(each.who, each.reason, each.action, each.delivery_id) for each in let_go]
    assert moved == [("policy", why, "proposed -> pending", each) for each in (later, held)]
    assert json.loads(change.detail or "") == {"alarm": ALARM, "alarm_at": NOW.isoformat()}


def test_where_nothing_was_asked_there_is_nothing_to_accept(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1)
    before = snapshot(url)
    assert ledger.accept(SITE, now=LATER, **BY) == 0
    assert snapshot(url) == before


def test_an_alarm_over_nothing_that_waits_is_accepted_too(ledger: SqlLedger) -> None:
    raise_alarm(ledger)
    assert ledger.accept(SITE, now=LATER, **BY) == 0
    assert ledger.source_status(SITE).alarm is None
    assert [each.action for each in ledger.changes()] == ["accepted"]


def test_unknown_sources_are_named(ledger: SqlLedger) -> None:
    with pytest.raises(UnknownName, match="nobody"):
        ledger.accept("nobody", now=NOW, **BY)
    with pytest.raises(UnknownName, match="nobody"):
        ledger.place_baseline("nobody", latest=0, since_at=None, now=NOW, **BY)


# --- what a source has shown


def test_aids_and_titles_of_one_source_are_counted(ledger: SqlLedger) -> None:
    ledger.register({"other": ""}, [], NOW)
    for number, title in enumerate(("One", "One", "", "Two")):
        put(ledger, number, aid={"title": title})
    with ledger.recording("other") as book:
        assert (book.known_count(), book.familiar(["One"])) == (0, 0)
    with ledger.recording(SITE) as book:
        assert book.known_count() == 4
        assert book.familiar([]) == book.familiar(["", "one", "Three"]) == 0
        assert book.familiar(["One", "Two", "One", "Three", ""]) == 3
        book.add(make_aid(9, title="Three"), baseline=False, now=NOW)
        assert (book.known_count(), book.familiar(["Three"])) == (5, 1)


def test_known_aids_of_a_source_are_found_by_their_titles(ledger: SqlLedger) -> None:
    for number, title in enumerate(("One", "Two", "One", "")):
        put(ledger, number, aid={"title": title})
    with ledger.recording(SITE) as book:
        assert [known.aid.title for known in book.namesakes(["Two", "One", "One", "Three"])] == [
            "One",
            "Two",
            "One",
        ]
        assert book.namesakes([]) == ()
        assert len(book.namesakes([f"Aid {number}" for number in range(40_000)])) == 0


def test_more_titles_are_asked_about_than_a_database_takes_parameters(ledger: SqlLedger) -> None:
    put(ledger, 1)
    with ledger.recording(SITE) as book:
        assert book.familiar([f"Aid {number}" for number in range(40_000)]) == 1


def newest(ledger: SqlLedger, count: int, since: datetime | None = None) -> list[str]:
    with ledger.recording(SITE) as book:
        return [known.aid.key.removeprefix("guid:") for known in book.newest(count, since)]


def test_the_newest_are_told_by_their_own_date_or_by_when_they_were_seen(ledger: SqlLedger) -> None:
    put(ledger, "dated", now=NOW, aid={"published_at": NOW - 5 * DAY})
    put(ledger, "seen early", now=NOW - 3 * DAY)
    put(ledger, "old", now=NOW, aid={"published_at": NOW - 9 * DAY})
    put(ledger, "ahead", now=NOW - DAY, aid={"published_at": NOW + DAY})
    put(ledger, "seen now", now=NOW)
    assert newest(ledger, 9) == ["old", "dated", "seen early", "seen now", "ahead"]
    assert newest(ledger, 2) == ["seen now", "ahead"]
    assert newest(ledger, 0) == []


def test_what_was_published_since_then_is_among_the_newest(ledger: SqlLedger) -> None:
    for days in range(6):
        put(ledger, days, aid={"published_at": NOW - days * DAY})
    put(ledger, "undated", now=NOW - DAY / 2)
    assert newest(ledger, 0, NOW - 2 * DAY) == ["2", "1", "0"]
    assert newest(ledger, 2, NOW - 2 * DAY) == ["2", "1", "undated", "0"]
    assert newest(ledger, 5, NOW) == ["3", "2", "1", "undated", "0"]


def test_of_aids_of_one_moment_the_last_recorded_is_the_newest(ledger: SqlLedger) -> None:
    ledger.register({"other": ""}, [], NOW)
    for number in range(4):
        put(ledger, number)
    with ledger.recording("other") as book:
        book.add(make_aid(9, source="other"), baseline=True, now=LATER)
        assert len(book.newest(9, None)) == 1
    assert newest(ledger, 2) == ["2", "3"]


# --- digests


def test_a_digest_absorbs_what_waits_of_its_aids_where_it_goes(ledger: SqlLedger) -> None:
    pending, proposed = put(ledger, 1), put(ledger, 2, state=State.PROPOSED, cause=Cause.BRAKE)
    failed, stays = put(ledger, 3, state=State.FAILED), put(ledger, 4)
    page, other = put(ledger, 1, channel=PAGE), put(ledger, 1, campaign="other")
    digest = put(ledger, 5)
    aids = [ledger.delivery(each).aid_id for each in (pending, proposed, failed, digest)]
    with ledger.recording(SITE) as book:
        assert book.absorb(aids, digest, LATER) == 2
        assert book.absorb(aids, digest, LATER) == 0
        assert book.absorb([], digest, LATER) == 0
        with pytest.raises(UnknownName, match="no delivery 77"):
            book.absorb(aids, 77, LATER)
    for delivery_id in (pending, proposed):
        shown = ledger.delivery(delivery_id)
        assert (shown.state, shown.cause, shown.changed_at) == (State.SKIPPED, Cause.DIGEST, LATER)
        assert shown.reason == f"it is part of a digest, delivery {digest}"
    left = [ledger.delivery(each).state for each in (failed, stays, page, other, digest)]
    assert left == [State.FAILED, *[State.PENDING] * 4]


def test_a_digest_absorbs_more_aids_than_a_database_takes_parameters(ledger: SqlLedger) -> None:
    absorbed, digest = put(ledger, 1), put(ledger, 2)
    with ledger.recording(SITE) as book:
        assert book.absorb(range(1, 40_000), digest, NOW) == 1
    assert ledger.delivery(absorbed).state is State.SKIPPED


# --- causes of plans


def test_a_plan_says_its_cause_and_whether_it_keeps_hours(ledger: SqlLedger) -> None:
    old = put(ledger, 1, state=State.SKIPPED, cause=Cause.TOO_OLD, any_hour=True)
    shown = ledger.delivery(old)
    assert (shown.cause, shown.any_hour, shown.theme) == (Cause.TOO_OLD, True, None)
    with ledger.recording(SITE) as book:
        assert book.replan(old, make_plan(), NOW)
    assert (ledger.delivery(old).cause, ledger.delivery(old).any_hour) == (None, False)
    assert ledger.delivery(put(ledger, 2, aid={"theme": "calm"})).theme == "calm"
