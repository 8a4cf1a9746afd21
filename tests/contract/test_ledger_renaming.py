"""What Ledger promises about another name for a source, channel or campaign: all of it moves, or nothing."""

from datetime import timedelta
from typing import Any

import pytest

from ledgers import (
    MINUTE,
    NOW,
    PAGE,
    RECEIPT,
    SENT,
    SITE,
    X,
    claim,
    make_aid,
    make_plan,
    put,
    put_approved,
    run_sql,
    snapshot,
    tempo,
)
from spotlight_notify.ledger.renames import pointing_at
from spotlight_notify.ledger.schema import channel, metadata, source
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import Channel, Scope
from spotlight_notify.model.errors import Refused, UnknownName
from spotlight_notify.model.records.orders import Renamed
from spotlight_notify.model.records.standing import Tally
from spotlight_notify.model.words import Named, ScopeKind, State
from spotlight_notify.networks.x.traits import X as X_NETWORK

NEW = "agency-x"
WHO: dict[str, Any] = {"who": "ada", "reason": "renamed in the configuration", "now": NOW}
HOUR = timedelta(hours=1)


def send(ledger: SqlLedger, number: int, **changes: Any) -> int:
    """Record a delivery that went out now; returns its id."""
    delivery_id = put(ledger, number, **changes)
    ledger.settle(claim(ledger, delivery_id=delivery_id), SENT, RECEIPT, NOW)
    return delivery_id


def hold(ledger: SqlLedger, kind: ScopeKind, name: str) -> int:
    scope = Scope(kind=kind, name=name)
    return ledger.place_hold(scope, who="ada", reason="so", now=NOW, until_at=None).id


@pytest.mark.parametrize("known", [True, False], ids=["registered", "unheard of"])
def test_promise_14_a_channel_moves_with_all_that_waits_and_went(ledger: SqlLedger, known: bool) -> None:
    if known:
        ledger.register({}, [Channel(name=NEW, network=X_NETWORK)], NOW)
    sent, waiting, approved = send(ledger, 1), put(ledger, 2), put_approved(ledger, 3)
    held = hold(ledger, ScopeKind.CHANNEL, X)
    ledger.remember_draft(X, "words", "1_2")
    assert ledger.pause_channel(X, "an incident", NOW, "ada")
    assert ledger.rename(Named.CHANNEL, X, NEW, **WHO) == Renamed(deliveries=3, holds=1)
    assert [each.channel for each in ledger.deliveries()] == [NEW] * 3
    assert [each.name for each in ledger.channels()] == [NEW, PAGE]
    assert ledger.channels()[0].paused_reason == "an incident"
    assert set(ledger.queue(NEW, NOW).held) == {waiting, approved}
    assert ledger.holds(NOW)[0].scope == Scope(kind=ScopeKind.CHANNEL, name=NEW)
    assert (held, ledger.recall_draft(NEW, "words")) == (1, "1_2")
    assert ledger.receipts(NEW, ["99"]) == {"99"}
    assert ledger.delivery(sent).receipt == RECEIPT


def test_promise_14_what_went_out_under_the_old_name_paces_the_new_one(ledger: SqlLedger) -> None:
    send(ledger, 1)
    put(ledger, 2)
    ledger.rename(Named.CHANNEL, X, NEW, **WHO)
    ledger.rename(Named.CAMPAIGN, "spotlight", "valor", **WHO)
    paced = tempo("valor", gap=HOUR)
    assert ledger.claim_due(NEW, NOW + HOUR - MINUTE, MINUTE, "tester", paced) is None
    assert claim(ledger, NOW + HOUR, NEW, at=paced).delivery_id == 2
    capped = tempo("valor", per_day=1)
    put(ledger, 3, campaign="valor", channel=NEW)
    assert ledger.claim_due(NEW, NOW + 2 * HOUR, MINUTE, "tester", capped) is None


def test_promise_14_what_went_out_under_the_old_names_is_a_duplicate_under_the_new(ledger: SqlLedger) -> None:
    sent = send(ledger, 1)
    ledger.rename(Named.CHANNEL, X, NEW, **WHO)
    ledger.rename(Named.CAMPAIGN, "spotlight", "valor", **WHO)
    ledger.register({"table": ""}, [], NOW)
    with ledger.recording("table") as book:
        twin = make_aid(1, source="table")
        earlier = book.decided_elsewhere(twin, "valor", NEW)
    assert earlier
    assert earlier.id == sent
    with ledger.recording(SITE) as book:
        known = book.match([make_aid(1)])["guid:1"]
        assert book.plan(known.id, make_plan(campaign="valor", channel=NEW), NOW) is None


def test_promise_14_a_campaign_moves_with_its_holds_and_each_move_is_on_record(ledger: SqlLedger) -> None:
    one, other = put(ledger, 1), put(ledger, 2, campaign="other")
    held = hold(ledger, ScopeKind.CAMPAIGN, "spotlight")
    assert ledger.rename(Named.CAMPAIGN, "spotlight", "valor", **WHO) == Renamed(deliveries=1, holds=1)
    assert (ledger.delivery(one).campaign, ledger.delivery(other).campaign) == ("valor", "other")
    assert set(ledger.queue(X, NOW).held) == {one}
    (change,) = ledger.changes(delivery_id=one)
    assert (change.who, change.action, change.detail) == ("ada", "renamed", '{"campaign": "spotlight"}')
    assert ledger.changes()[0].hold_id == held


@pytest.mark.parametrize("known", [True, False], ids=["registered", "unheard of"])
def test_promise_14_a_source_keeps_its_baseline_and_its_aids(ledger: SqlLedger, known: bool) -> None:
    ledger.register({"news": "there"}, [], NOW)
    with ledger.recording("news") as book:
        old = book.add(make_aid(1, source="news"), baseline=True, now=NOW)
        book.finish(cursor="c1", next_poll_at=NOW + HOUR, baseline_done=True, now=NOW)
    if known:
        ledger.register({"press": "there"}, [], NOW + MINUTE)
    before = ledger.source_status("news")
    assert ledger.rename(Named.SOURCE, "news", "press", **WHO) == Renamed(aids=1)
    after = ledger.source_status("press")
    assert (after.cursor, after.baseline_at, after.address) == ("c1", before.baseline_at, "there")
    assert "news" not in [each.name for each in ledger.sources()]
    with ledger.recording("press") as book:
        assert book.match([make_aid(1, source="press")])["guid:1"].id == old.id
    assert ledger.known("press", ["guid:1"]) == {"guid:1"}
    change = ledger.changes()[0]
    assert (change.source, change.action, change.detail) == ("press", "renamed", '{"name": "news"}')


def clash_of_channels(ledger: SqlLedger) -> tuple[Named, str, str]:
    ledger.register({}, [Channel(name=NEW, network=X_NETWORK)], NOW)
    put(ledger, 1)
    put(ledger, 1, channel=NEW)
    return Named.CHANNEL, X, NEW


def clash_of_campaigns(ledger: SqlLedger) -> tuple[Named, str, str]:
    put(ledger, 1)
    put(ledger, 1, campaign="valor")
    return Named.CAMPAIGN, "spotlight", "valor"


def clash_of_sources(ledger: SqlLedger) -> tuple[Named, str, str]:
    ledger.register({"press": ""}, [], NOW)
    with ledger.recording("press") as book:
        book.add(make_aid(2, source="press"), baseline=True, now=NOW)
    return Named.SOURCE, SITE, "press"


def other_network(ledger: SqlLedger) -> tuple[Named, str, str]:
    return Named.CHANNEL, X, PAGE


def on_its_way(ledger: SqlLedger) -> tuple[Named, str, str]:
    put(ledger, 1)
    claim(ledger)
    return Named.CAMPAIGN, "spotlight", "valor"


CLASHES = {
    clash_of_channels: "deliveries of its own for the same aids, such as 2, which is 1 of x-account",
    clash_of_campaigns: "deliveries of its own for the same aids",
    clash_of_sources: "aids of its own already",
    other_network: "it is another",
    on_its_way: "on its way just now",
}


@pytest.mark.parametrize("clash", CLASHES, ids=lambda clash: str(clash.__name__))
def test_promise_14_a_name_that_clashes_is_refused_and_nothing_moves(
    ledger: SqlLedger, url: str, clash: Any
) -> None:
    kind, old, new = clash(ledger)
    before = snapshot(url)
    with pytest.raises(Refused, match=CLASHES[clash]):
        ledger.rename(kind, old, new, **WHO)
    assert snapshot(url) == before


@pytest.mark.parametrize("kind", Named)
def test_promise_14_a_name_that_the_ledger_does_not_know_is_told(ledger: SqlLedger, kind: Named) -> None:
    with pytest.raises(UnknownName, match=f"the ledger knows no {kind} gone"):
        ledger.rename(kind, "gone", "new", **WHO)


def test_promise_14_two_channels_that_are_one_are_joined(ledger: SqlLedger, url: str) -> None:
    ledger.register({}, [Channel(name=NEW, network=X_NETWORK)], NOW)
    old, new = put(ledger, 1), put(ledger, 2, channel=NEW)
    run_sql(url, f"UPDATE channel SET epoch = 9 WHERE name = '{NEW}'")
    assert ledger.pause_channel(NEW, "an incident", NOW, "ada")
    for name in (X, NEW):
        ledger.remember_draft(name, "words", name)
    assert ledger.rename(Named.CHANNEL, X, NEW, **WHO) == Renamed(deliveries=1)
    assert [each.id for each in ledger.queue(NEW, NOW).waiting] == [old, new]
    (joined,) = (each for each in ledger.channels() if each.name == NEW)
    assert (joined.epoch, joined.paused_reason) == (9, "an incident")
    assert ledger.recall_draft(NEW, "words") == NEW


def test_deliveries_are_counted_by_place_and_state(ledger: SqlLedger) -> None:
    put(ledger, 1)
    put(ledger, 2)
    put(ledger, 3, state=State.CANCELLED)
    put(ledger, 4, channel=PAGE)
    assert [(each.channel, each.state, each.count) for each in ledger.tallies()] == [
        (PAGE, State.PENDING, 1),
        (X, State.CANCELLED, 1),
        (X, State.PENDING, 2),
    ]
    assert ledger.tallies()[0] == Tally(campaign="spotlight", channel=PAGE, state=State.PENDING, count=1)


def test_promise_14_every_column_that_names_one_of_them_is_moved() -> None:
    """A new table that names a source, channel or campaign must point at it, or be thought of here."""
    moved = {*pointing_at(source.c.name), *pointing_at(channel.c.name)}
    names = {"source", "channel", "campaign", "scope_name"}
    found = {each for table in metadata.sorted_tables for each in table.columns if each.name in names}
    rest = {f"{each.table.name}.{each.name}" for each in found - moved}
    assert rest == {"delivery.campaign", "hold.scope_name"}
