"""A correction whose answer was lost is found again: ledger, look-up and publisher are the real ones."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from clients import page_on, x_on
from fakes import FakeClock, at_once
from ledgers import PAGE, UNKNOWN, X, claim, furnish, put
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.errors import OutcomeUnknown
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import State
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.networks.x.publisher import XPublisher
from spotlight_notify.operations.resolve import FirstLooks, Patience, Resolving, resolve_channel
from spotlight_notify.rules.proof import UNWITNESSED
from spotlight_notify.sandbox.facebook.stand_in import StandInGraph
from spotlight_notify.sandbox.faults import Fault, Step
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.sandbox.x.stand_in import StandInX
from spotlight_notify.wire.wire import Wire

LINK = "https://site.example/1"
APART = timedelta(minutes=2)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    opened = furnish(open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite3"))
    yield opened
    opened.close()


@pytest.fixture(params=[X, PAGE])
def channel(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def publisher(channel: str, sandbox: Sandbox, wire: Wire, clock: FakeClock) -> XPublisher | FacebookPublisher:
    return (page_on if channel == PAGE else x_on)(sandbox, wire, clock)


@pytest.mark.parametrize(("fault", "live"), [(Fault.LOST_ANSWER, True), (Fault.RESET_BEFORE, False)])
def test_a_correction_whose_answer_was_lost_is_found_or_proven_absent(
    channel: str,
    publisher: XPublisher | FacebookPublisher,
    ledger: SqlLedger,
    sandbox: Sandbox,
    clock: FakeClock,
    fault: Fault,
    live: bool,
) -> None:
    stand_in: StandInX | StandInGraph = sandbox.x if channel == X else sandbox.graph
    above = publisher.publish(Post(text=f"New: {LINK}", link=LINK), (), at_once)
    clock.advance(timedelta(seconds=5))
    correction = Post(text=f"Correction: at 10. {LINK}", link=LINK, reply_to=above.post_id)
    delivery_id = put(ledger, channel=channel, post=correction)
    claimed = claim(ledger, clock(), channel)
    stand_in.faults.add(fault, on=Step.REPLY)
    with pytest.raises(OutcomeUnknown):
        publisher.publish(claimed.post, (), at_once)
    ledger.settle(claimed, UNKNOWN, None, clock())
    parts = Resolving(
        ledger=ledger,
        clock=clock,
        jitter=lambda: 0.5,
        patience=Patience(apart=APART),
        first_looks=FirstLooks(lambda: clock().timestamp()),
    )
    for _ in range(1 + UNWITNESSED):
        resolve_channel(channel, publisher, parts)
        clock.advance(APART)
    delivery = ledger.delivery(delivery_id)
    assert delivery.state is (State.SENT if live else State.PENDING)
    assert [delivery.receipt and delivery.receipt.post_id] == ([stand_in.posts[-1].id] if live else [None])
    assert len(stand_in.posts) == (2 if live else 1)


def test_one_list_serves_all_that_are_in_doubt(
    channel: str,
    publisher: XPublisher | FacebookPublisher,
    ledger: SqlLedger,
    sandbox: Sandbox,
    clock: FakeClock,
) -> None:
    stand_in: StandInX | StandInGraph = sandbox.x if channel == X else sandbox.graph
    ids, links = [], [f"https://site.example/{number}" for number in range(3)]
    for number, (link, fault) in enumerate(
        zip(links, (Fault.LOST_ANSWER, Fault.RESET_BEFORE) * 2, strict=False)
    ):
        ids.append(put(ledger, number, channel=channel, post=Post(text=f"New: {link}", link=link)))
        claimed = claim(ledger, clock(), channel)
        stand_in.faults.add(fault, on=Step.PUBLISH)
        with pytest.raises(OutcomeUnknown):
            publisher.publish(claimed.post, (), at_once)
        ledger.settle(claimed, UNKNOWN, None, clock())
        clock.advance(timedelta(seconds=5))
    parts = Resolving(
        ledger=ledger,
        clock=clock,
        jitter=lambda: 0.5,
        patience=Patience(apart=APART),
        first_looks=FirstLooks(lambda: clock().timestamp()),
    )
    clock.advance(APART)
    asked = len(sandbox.journal.exchanges)
    resolved = resolve_channel(channel, publisher, parts)
    assert len(sandbox.journal.exchanges) - asked == 1
    assert [each.conclusion.state for each in resolved] == [State.SENT, State.UNSURE, State.SENT]
    assert [look_up.read > 0 for each in ids for look_up in ledger.look_ups(each)] == [True, False, False]
    assert [ledger.delivery(each).state for each in ids] == [State.SENT, State.UNSURE, State.SENT]
