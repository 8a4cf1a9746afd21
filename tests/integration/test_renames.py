"""What is found under names that a configuration has no more, and which new names it is offered."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledgers import MINUTE, NOW, PAGE, RECEIPT, SENT, SITE, X, claim, furnish, make_aid, put, sqlite_url
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import Channel, Scope
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.words import Named, ScopeKind, State
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.x.traits import X as X_NETWORK
from spotlight_notify.operations.decide.renames import Configured, refuse_renamed, strays

NAMES = {X: X_NETWORK.name, PAGE: FACEBOOK.name}
ALL = Configured(sources={SITE: "here"}, channels=NAMES, campaigns=["spotlight"])


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    opened = furnish(open_ledger(sqlite_url(tmp_path)))
    yield opened
    opened.close()


def told(ledger: SqlLedger, configured: Configured) -> list[str]:
    return [str(each.said) for each in strays(ledger, configured, NOW)]


def renamed(**channels: str) -> Configured:
    return replace(ALL, channels={PAGE: FACEBOOK.name, **channels})


def test_promise_14_nothing_is_said_of_what_is_configured(ledger: SqlLedger) -> None:
    put(ledger)
    assert told(ledger, ALL) == []


def test_promise_14_only_a_fresh_channel_of_the_same_network_is_offered(ledger: SqlLedger) -> None:
    put(ledger, 1)
    put(ledger, 2, state=State.PROPOSED)
    ledger.register({}, [Channel(name="busy", network=X_NETWORK)], NOW)
    put(ledger, 3, channel="busy")
    configured = renamed(agency=X_NETWORK.name, busy=X_NETWORK.name, other=FACEBOOK.name)
    assert told(ledger, configured) == [
        f"channel {X} is not in the configuration, but 2 deliveries wait under that name; if it has another "
        f"name now, stop the daemon and run: rename channel {X} agency"
    ]


def test_promise_14_where_no_name_is_fresh_it_is_to_be_put_back(ledger: SqlLedger) -> None:
    put(ledger)
    (line,) = told(ledger, renamed())
    assert line.endswith("1 delivery waits under that name: put it back there")


def test_promise_14_a_hold_on_an_old_name_is_told_of(ledger: SqlLedger) -> None:
    for kind, name in ((ScopeKind.CHANNEL, X), (ScopeKind.CAMPAIGN, "old")):
        scope = Scope(kind=kind, name=name)
        ledger.place_hold(scope, who="ada", reason="so", now=NOW, until_at=NOW + MINUTE)
    lines = told(ledger, renamed(agency=X_NETWORK.name))
    assert ["a hold is in force under that name" in line for line in lines] == [True, True]
    assert strays(ledger, renamed(agency=X_NETWORK.name), NOW + MINUTE) == ()


def test_promise_14_what_went_out_is_told_of_as_long_as_its_new_name_is_fresh(ledger: SqlLedger) -> None:
    put(ledger)
    ledger.settle(claim(ledger), SENT, RECEIPT, NOW)
    (line,) = told(ledger, renamed(agency=X_NETWORK.name))
    assert "1 delivery stands under that name" in line
    assert told(ledger, renamed()) == []


@pytest.mark.parametrize(("address", "fresh"), [("here", ("press",)), ("elsewhere", ("news", "press"))])
def test_promise_14_a_source_at_the_same_address_is_offered_alone(
    ledger: SqlLedger, address: str, fresh: tuple[str, ...]
) -> None:
    ledger.register({SITE: "here"}, [], NOW)
    with ledger.recording(SITE) as book:
        book.finish(cursor="c", next_poll_at=NOW, baseline_done=True, now=NOW)
    configured = replace(ALL, sources={"news": "there", "press": address})
    (stray,) = strays(ledger, configured, NOW)
    assert (stray.kind, stray.name, stray.fresh) == (Named.SOURCE, SITE, fresh)
    ledger.register({"press": address}, [], NOW)
    status = ledger.source_status("press")
    if address == "here":
        with pytest.raises(Refused, match=f"run: rename source {SITE} press"):
            refuse_renamed(status, configured, ledger)
    else:
        refuse_renamed(status, configured, ledger)


def test_promise_14_a_source_with_aids_is_no_new_name(ledger: SqlLedger) -> None:
    ledger.register({SITE: "here", "press": "here"}, [], NOW)
    for name in (SITE, "press"):
        with ledger.recording(name) as book:
            book.add(make_aid(1, source=name), baseline=True, now=NOW)
            book.finish(cursor="c", next_poll_at=NOW, baseline_done=True, now=NOW)
    assert told(ledger, replace(ALL, sources={"press": "here"})) == []
    refuse_renamed(ledger.source_status("press"), ALL, ledger)


def test_promise_14_a_source_that_was_never_read_leaves_nothing(ledger: SqlLedger) -> None:
    assert told(ledger, replace(ALL, sources={"press": "here"})) == []
