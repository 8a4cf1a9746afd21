"""What Ledger promises about holds: what lies in their scope waits, until they end, and all is on record."""

import unicodedata
from datetime import datetime

import pytest

from ledgers import (
    CAMPAIGNS,
    MINUTE,
    NOW,
    PAGE,
    SITE,
    TEMPO,
    X,
    claim,
    make_aid,
    put,
    run_sql,
    snapshot,
    tempo,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.errors import ClaimLost, LedgerError, UnknownName
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.model.words import ScopeKind, State

ALL = Scope(kind=ScopeKind.ALL)
SCOPES = (
    ALL,
    Scope(kind=ScopeKind.CAMPAIGN, name="spotlight"),
    Scope(kind=ScopeKind.CHANNEL, name=X),
    Scope(kind=ScopeKind.THEME, name="calm"),
)
ELSEWHERE = (
    Scope(kind=ScopeKind.CAMPAIGN, name="other"),
    Scope(kind=ScopeKind.CHANNEL, name=PAGE),
    Scope(kind=ScopeKind.THEME, name="calmer"),
    Scope(kind=ScopeKind.THEME, name="spotlight"),
    Scope(kind=ScopeKind.CAMPAIGN, name=X),
)


def place(ledger: SqlLedger, scope: Scope = ALL, until_at: datetime | None = None) -> Hold:
    return ledger.place_hold(scope, who="ada", reason="an incident", now=NOW, until_at=until_at)


def lift(ledger: SqlLedger, hold: Hold, now: datetime = NOW) -> bool:
    return ledger.lift_hold(hold.id, who="bo", reason="it is over", now=now)


def nothing_to_claim(ledger: SqlLedger, now: datetime = NOW) -> bool:
    return ledger.claim_due(X, now, MINUTE, "tester", TEMPO) is None


# --- placing and lifting


def test_a_hold_tells_who_placed_it_when_and_why(ledger: SqlLedger) -> None:
    hold = place(ledger, SCOPES[2], until_at=NOW + MINUTE)
    assert hold == Hold(
        id=1, scope=SCOPES[2], reason="an incident", who="ada", placed_at=NOW, until_at=NOW + MINUTE
    )
    assert ledger.holds() == ledger.holds(NOW) == (hold,)


def test_a_lifted_hold_tells_how_it_ended(ledger: SqlLedger) -> None:
    hold = place(ledger)
    assert lift(ledger, hold, NOW + MINUTE)
    assert ledger.holds(NOW + MINUTE) == ()
    (ended,) = ledger.holds()
    assert (ended.lifted_at, ended.lifted_by, ended.lift_reason) == (NOW + MINUTE, "bo", "it is over")
    assert not ended.holds_at(NOW + MINUTE)


def test_both_are_on_record(ledger: SqlLedger) -> None:
    hold = place(ledger)
    assert lift(ledger, hold, NOW + MINUTE)
    lifted, placed = ledger.changes()
    assert (placed.changed_at, placed.who, placed.reason, placed.action) == (
        NOW,
        "ada",
        "an incident",
        "placed",
    )
    assert (lifted.changed_at, lifted.who, lifted.reason, lifted.action) == (
        NOW + MINUTE,
        "bo",
        "it is over",
        "lifted",
    )
    for change in (placed, lifted):
        assert (change.hold_id, change.delivery_id, change.channel, change.source) == (
            hold.id,
            None,
            None,
            None,
        )


def test_what_has_ended_is_not_lifted_again(ledger: SqlLedger, url: str) -> None:
    lifted, ended = place(ledger), place(ledger, until_at=NOW + MINUTE)
    assert lift(ledger, lifted)
    before = snapshot(url)
    assert not lift(ledger, lifted)
    assert not lift(ledger, ended, NOW + MINUTE)
    assert snapshot(url) == before
    assert lift(ledger, ended, NOW + MINUTE / 2)


@pytest.mark.parametrize("unknown", [0, -1, 5, 10**18, 2**63, 10**30])
def test_an_unknown_hold_is_named(ledger: SqlLedger, unknown: int) -> None:
    place(ledger)
    with pytest.raises(UnknownName, match=f"no hold {unknown}"):
        ledger.lift_hold(unknown, who="ada", reason="so", now=NOW)


def test_holds_come_newest_first(ledger: SqlLedger) -> None:
    first, second, third = place(ledger), place(ledger, until_at=NOW + MINUTE), place(ledger, SCOPES[1])
    assert [each.id for each in ledger.holds()] == [third.id, second.id, first.id]
    assert [each.id for each in ledger.holds(NOW + MINUTE)] == [third.id, first.id]


@pytest.mark.parametrize("scope", [Scope(kind=ScopeKind.ALL, name="x"), Scope(kind=ScopeKind.THEME)])
def test_a_scope_that_names_nothing_or_too_much_is_refused(ledger: SqlLedger, url: str, scope: Scope) -> None:
    before = snapshot(url)
    with pytest.raises(LedgerError, match="ck_hold_scope"):
        place(ledger, scope)
    assert snapshot(url) == before


# --- what is held


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_nothing_of_a_scope_is_claimed_until_its_hold_is_lifted(ledger: SqlLedger, scope: Scope) -> None:
    delivery_id = put(ledger, aid={"theme": "calm"})
    hold = place(ledger, scope)
    assert nothing_to_claim(ledger)
    assert ledger.claim_due(X, NOW, MINUTE, "tester", TEMPO, delivery_id=delivery_id) is None
    assert ledger.queue(X, NOW).held == {delivery_id: hold}
    assert ledger.queue(X, NOW).waiting == ()
    assert lift(ledger, hold)
    assert ledger.queue(X, NOW).held == {}
    assert claim(ledger).delivery_id == delivery_id


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_a_hold_ends_by_itself(ledger: SqlLedger, scope: Scope) -> None:
    delivery_id = put(ledger, aid={"theme": "calm"})
    hold = place(ledger, scope, until_at=NOW + MINUTE)
    almost = NOW + MINUTE - MINUTE / 60
    assert nothing_to_claim(ledger, almost)
    assert ledger.queue(X, almost).held == {delivery_id: hold}
    assert ledger.queue(X, NOW + MINUTE).held == {}
    assert claim(ledger, NOW + MINUTE).delivery_id == delivery_id


@pytest.mark.parametrize("spelt", ["calm", "Calm", " CALM "])
def test_a_theme_is_held_however_a_site_spells_it(ledger: SqlLedger, spelt: str) -> None:
    put(ledger, aid={"theme": spelt})
    place(ledger, Scope(kind=ScopeKind.THEME, name="Calm"))
    assert nothing_to_claim(ledger)


SPELT = [
    unicodedata.normalize("NFD", "Résumé - Officers' ❤\ufe0f"),
    "RÉSUMÉ \u2011 Officers’ ❤",
    "Résu\u200bmé – Officers' ❤\ufe0f",
    "Ｒésumé — Ｏｆｆｉｃｅｒｓ' ❤",
]


@pytest.mark.parametrize("spelt", SPELT)
def test_promise_23_a_theme_is_held_however_it_is_written(ledger: SqlLedger, spelt: str) -> None:
    delivery_id = put(ledger, aid={"theme": spelt})
    hold = place(ledger, Scope(kind=ScopeKind.THEME, name="Résumé - Officers' ❤"))
    assert nothing_to_claim(ledger)
    assert ledger.queue(X, NOW).held == {delivery_id: hold}


@pytest.mark.parametrize("scope", ELSEWHERE, ids=str)
def test_what_lies_outside_of_a_scope_goes_on(ledger: SqlLedger, scope: Scope) -> None:
    delivery_id = put(ledger, aid={"theme": "calm"})
    place(ledger, scope)
    assert ledger.queue(X, NOW).held == {}
    assert [one.id for one in ledger.queue(X, NOW).waiting] == [delivery_id]
    assert claim(ledger).delivery_id == delivery_id


def test_what_is_not_held_goes_past_what_is(ledger: SqlLedger) -> None:
    held, themeless = put(ledger, 1, aid={"theme": "calm"}), put(ledger, 2)
    other = put(ledger, 3, campaign="other", aid={"theme": "risk"})
    place(ledger, Scope(kind=ScopeKind.THEME, name="calm"))
    assert claim(ledger).delivery_id == themeless
    assert ledger.strand(NOW + MINUTE) == (themeless,)
    queue = ledger.queue(X, NOW)
    assert (set(queue.held), [one.id for one in queue.waiting]) == ({held}, [other])
    assert claim(ledger, at=tempo("other")).delivery_id == other


def test_of_several_holds_the_newest_is_told(ledger: SqlLedger) -> None:
    delivery_id = put(ledger)
    place(ledger)
    newest = place(ledger, SCOPES[1])
    place(ledger, ELSEWHERE[0])
    assert ledger.queue(X, NOW).held == {delivery_id: newest}


def test_what_is_on_its_way_can_ask_whether_it_is_held(ledger: SqlLedger) -> None:
    put(ledger)
    claimed = claim(ledger)
    assert ledger.confirm(claimed, NOW) is None
    place(ledger)
    newest = place(ledger, SCOPES[2])
    assert ledger.confirm(claimed, NOW) == newest
    lift(ledger, newest)
    assert ledger.confirm(claimed, NOW) != newest


def test_promise_8_a_claim_whose_lease_is_over_or_that_was_given_up_is_not_confirmed(
    ledger: SqlLedger,
) -> None:
    put(ledger)
    claimed = claim(ledger)
    almost = NOW + MINUTE - MINUTE / 60
    assert ledger.confirm(claimed, almost) is None
    with pytest.raises(ClaimLost, match="given up before its post could leave"):
        ledger.confirm(claimed, NOW + MINUTE)
    assert ledger.strand(NOW + MINUTE)
    with pytest.raises(ClaimLost):
        ledger.confirm(claimed, almost)
    ledger.change_delivery(
        claimed.delivery_id, [State.UNSURE], State.PENDING, who="ada", reason="looked", now=NOW
    )
    again = claim(ledger)
    assert ledger.confirm(again, NOW) is None
    with pytest.raises(ClaimLost):
        ledger.confirm(claimed, NOW)


def test_a_refused_claim_of_what_is_held_writes_nothing(ledger: SqlLedger, url: str) -> None:
    put(ledger)
    place(ledger)
    before = snapshot(url)
    assert nothing_to_claim(ledger)
    assert snapshot(url) == before
    assert ledger.due_channels(NOW, CAMPAIGNS) == (X,)  # a cheap question: the queue tells of holds


def test_what_is_held_is_skipped_all_the_same_once_it_is_over(ledger: SqlLedger) -> None:
    over = put(ledger, aid={"event_at": NOW + MINUTE})
    place(ledger)
    assert nothing_to_claim(ledger, NOW + MINUTE)
    assert ledger.delivery(over).state is State.SKIPPED


@pytest.mark.parametrize("lifted", ["lifted_at = placed_at", "lifted_by = 'bo'", "lift_reason = 'so'"])
def test_the_database_itself_wants_who_and_why_of_a_lifted_hold(
    ledger: SqlLedger, url: str, lifted: str
) -> None:
    place(ledger)
    with pytest.raises(Exception, match="ck_hold_lifted"):
        run_sql(url, f"UPDATE hold SET {lifted}")


def test_promise_24_a_hold_holds_what_waits_though_its_source_moves_it_to_another_theme(
    ledger: SqlLedger,
) -> None:
    delivery_id = put(ledger, aid={"theme": "Water Safety"})
    place(ledger, Scope(kind=ScopeKind.THEME, name="water safety"))
    moved = make_aid(1, theme="Summer")
    for _ in range(2):
        with ledger.recording(SITE) as book:
            book.refresh(ledger.delivery(delivery_id).aid_id, moved)
    assert nothing_to_claim(ledger)
    (known,) = ledger.aids(source=SITE)
    assert known.aid.themes == ("Summer", "Water Safety")
    ledger.change_delivery(delivery_id, [State.PENDING], State.CANCELLED, who="ada", reason="so", now=NOW)
    with ledger.recording(SITE) as book:
        book.refresh(known.id, moved)
    (known,) = ledger.aids(source=SITE)
    assert known.aid.themes == ("Summer",)
