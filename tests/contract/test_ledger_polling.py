"""What Ledger promises about sources and channels: registering, due times, failures, what was seen."""

from datetime import timedelta

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
    put,
    run_sql,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import Channel
from spotlight_notify.model.errors import LedgerError, UnknownName
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.words import Cause, Outcome, State
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.x.traits import X as X_NETWORK
from spotlight_notify.ports.ledger import Ledger


def test_the_ledger_fulfils_the_port(ledger: SqlLedger) -> None:
    as_port: Ledger = ledger  # the type checker proves it
    assert as_port.counts() == {}


def test_a_registered_source_is_due_at_once_and_a_channel_is_open(ledger: SqlLedger) -> None:
    status = ledger.source_status(SITE)
    assert (status.cursor, status.baseline_at, status.failures, status.error) == (None, None, 0, None)
    assert status.next_poll_at == NOW
    assert ledger.due_sources(NOW) == (SITE,)
    page, account = ledger.channels()
    assert (page.name, page.network) == (PAGE, FACEBOOK.name)
    assert (account.name, account.network) == (X, X_NETWORK.name)
    assert (page.epoch, page.due_at, page.paused_at, page.paused_reason) == (0, None, None, None)


def test_registering_again_changes_nothing_and_adds_what_is_missing(ledger: SqlLedger) -> None:
    assert ledger.poll_failed(ledger.source_status(SITE), "gone", NOW + MINUTE, NOW)
    ledger.register({"second": "", SITE: ""}, [Channel(name=X, network=X_NETWORK)], NOW + 2 * MINUTE)
    assert ledger.source_status(SITE).failures == 1
    assert [status.name for status in ledger.sources()] == ["second", SITE]
    assert len(ledger.channels()) == 2
    ledger.register({}, [], NOW)


def test_a_look_that_found_nothing_changed_forgets_failures_and_keeps_the_cursor(ledger: SqlLedger) -> None:
    with ledger.recording(SITE) as book:
        book.finish(cursor="left here", next_poll_at=NOW, baseline_done=True, now=NOW)
    left = ledger.source_status(SITE)
    assert ledger.poll_failed(left, "gone", NOW, NOW)
    assert ledger.poll_idle(left, NOW + MINUTE, NOW)
    status = ledger.source_status(SITE)
    assert (status.cursor, status.failures, status.error) == ("left here", 0, None)
    assert (status.next_poll_at, status.succeeded_at) == (NOW + MINUTE, NOW)


def test_due_sources_come_longest_waiting_first(ledger: SqlLedger) -> None:
    ledger.register({"early": ""}, [], NOW - MINUTE)
    ledger.register({"late": ""}, [], NOW + MINUTE)
    assert ledger.due_sources(NOW) == ("early", SITE)
    assert ledger.due_sources(NOW - 2 * MINUTE) == ()


def test_a_paused_source_is_not_due(ledger: SqlLedger, url: str) -> None:
    run_sql(url, "UPDATE source SET paused_reason = 'by hand'")
    assert ledger.due_sources(NOW) == ()
    assert not ledger.claim_poll(SITE, NOW, NOW + MINUTE)
    assert ledger.source_status(SITE).paused_reason == "by hand"


def test_a_due_source_is_taken_once(ledger: SqlLedger) -> None:
    assert ledger.claim_poll(SITE, NOW, NOW + MINUTE)
    assert not ledger.claim_poll(SITE, NOW, NOW + MINUTE)
    assert ledger.source_status(SITE).next_poll_at == NOW + MINUTE
    assert ledger.claim_poll(SITE, NOW + MINUTE, NOW + 2 * MINUTE)
    assert not ledger.claim_poll("nobody", NOW, NOW + MINUTE)


def test_a_microsecond_decides_what_is_due(ledger: SqlLedger) -> None:
    moment = NOW + timedelta(microseconds=1)
    assert ledger.claim_poll(SITE, NOW, moment)
    assert ledger.due_sources(NOW) == ()
    assert ledger.due_sources(moment) == (SITE,)


def test_a_failed_look_counts_and_leaves_the_cursor(ledger: SqlLedger) -> None:
    with ledger.recording(SITE) as book:
        book.finish(cursor="there", next_poll_at=NOW, baseline_done=True, now=NOW)
    for _ in range(2):
        assert ledger.poll_failed(ledger.source_status(SITE), "it answers 502", NOW + MINUTE, NOW)
    status = ledger.source_status(SITE)
    assert (status.failures, status.error, status.cursor) == (2, "it answers 502", "there")
    assert (status.polled_at, status.succeeded_at, status.next_poll_at) == (NOW, NOW, NOW + MINUTE)


def test_unknown_sources_are_named(ledger: SqlLedger) -> None:
    with pytest.raises(UnknownName, match="nobody"):
        ledger.source_status("nobody")
    with pytest.raises(UnknownName, match="nobody"), ledger.recording("nobody"):
        pytest.fail("no recording of a source without a row")


def test_known_tells_keys_and_aliases_of_this_source_only(ledger: SqlLedger) -> None:
    ledger.register({"other": ""}, [], NOW)
    put(ledger, 1)
    with ledger.recording("other") as book:
        book.add(make_aid(2, source="other"), baseline=True, now=NOW)
    asked = ["guid:1", "link:https://site.example/1", "guid:2", "guid:3"]
    assert ledger.known(SITE, asked) == {"guid:1", "link:https://site.example/1"}
    assert ledger.known(SITE, []) == frozenset()


def test_known_takes_more_keys_than_a_database_takes_parameters(ledger: SqlLedger) -> None:
    put(ledger, 1)
    asked = [f"guid:{number}" for number in range(40_000)]
    assert ledger.known(SITE, asked) == {"guid:1"}


def test_a_time_without_zone_is_refused(ledger: SqlLedger) -> None:
    with pytest.raises(LedgerError, match="no time zone"):
        ledger.poll_failed(ledger.source_status(SITE), "?", NOW.replace(tzinfo=None), NOW)
    assert ledger.source_status(SITE).failures == 0


def test_what_waits_of_a_source_is_told_oldest_first(ledger: SqlLedger) -> None:
    put(ledger, 2, state=State.PROPOSED, cause=Cause.BRAKE, reason="too much at once")
    put(ledger, 1)
    put(ledger, 3, state=State.SKIPPED, cause=Cause.TOO_OLD, reason="it is old")
    assert ledger.waiting_aids(SITE) == (make_aid(2), make_aid(1))
    put(ledger, 4, state=State.SKIPPED, cause=Cause.OVER, reason="its event began")
    assert ledger.waiting_aids(SITE) == (make_aid(2), make_aid(1), make_aid(4))
    ledger.register({"second": ""}, [], NOW)
    assert ledger.waiting_aids("second") == ()


def test_what_is_on_its_way_may_still_go_out(ledger: SqlLedger) -> None:
    sending = put(ledger, 1)
    given = claim(ledger, delivery_id=sending)
    assert ledger.waiting_aids(SITE) == (make_aid(1),)
    ledger.settle(given, Verdict(state=State.UNSURE, outcome=Outcome.UNKNOWN), None, NOW)
    assert ledger.waiting_aids(SITE) == (make_aid(1),)


def test_an_aid_waits_as_long_as_the_digest_that_tells_of_it(ledger: SqlLedger) -> None:
    told, digest = put(ledger, 1), put(ledger, 2)
    with ledger.recording(SITE) as book:
        assert book.absorb([ledger.delivery(told).aid_id], digest, NOW) == 1
    assert ledger.waiting_aids(SITE) == (make_aid(1), make_aid(2))
    ledger.settle(claim(ledger, delivery_id=digest), SENT, RECEIPT, NOW)
    assert ledger.waiting_aids(SITE) == ()
