"""What was left out, or was over, when it was new, and is put right at its source."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import ALWAYS, CAMPAIGN, NOW, PAGE, ListedSource, X, aid, polling_with
from fakes import FakeClock
from ledgers import BOTH, RECEIPT, SENT, fresh_url
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import Choice, Selection
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, Kind, State
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.operations.status import standings_of
from spotlight_notify.rules.mass_change import Brake

EVERY, DAY, MINUTE = timedelta(minutes=15), timedelta(days=1), timedelta(minutes=1)
WHO: dict[str, Any] = {"who": "Desk 4", "reason": "seen"}


@pytest.fixture(params=BOTH)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlLedger]:
    with closing(open_ledger(fresh_url(request, tmp_path))) as opened:
        opened.register({"site": "", "on-demand": ""}, CAMPAIGN.channels, NOW)
        poll(opened, [], now=NOW)
        yield opened


def poll(ledger: SqlLedger, *looks: Sequence[Aid], now: Any = NOW + MINUTE, **changes: Any) -> Poll:
    source, parts = ListedSource(*looks), replace(polling_with(ledger, FakeClock(now)), **changes)
    for _ in looks:
        told = poll_source(source, EVERY, parts)
        assert told.error is None
    return told


def choosing(**selection: Choice) -> Any:
    return (replace(CAMPAIGN, selection=Selection(**selection)),)


def stands(ledger: SqlLedger) -> list[tuple[State, Cause | None]]:
    return [(one.state, one.cause) for one in ledger.deliveries()]


def on_x(ledger: SqlLedger) -> Delivery:
    return ledger.deliveries(channel=X.name)[0]


ONLY_BELTS = choosing(only=Choice(categories=("Belts",)))
NO_DRAFTS = choosing(without=Choice(words=("draft",)))
NO_PODCASTS = choosing(without=Choice(kinds=(Kind.PODCAST,)))
PENDING = [(State.PENDING, None)] * 2
FILTERED = [(State.SKIPPED, Cause.FILTERED)] * 2


@pytest.mark.parametrize(
    ("campaigns", "wrong", "right"),
    [
        (ONLY_BELTS, aid(1, categories=("Betls",)), aid(1, categories=("Belts",))),
        (NO_DRAFTS, aid(1, title="Draft: number 1"), aid(1)),
        (NO_PODCASTS, aid(1, kind=Kind.PODCAST), aid(1)),
        ((CAMPAIGN,), aid(1, expires_at=NOW - 300 * DAY), aid(1, expires_at=NOW + 65 * DAY)),
        ((CAMPAIGN,), aid(1, event_at=NOW - DAY), aid(1, event_at=NOW + 9 * DAY)),
    ],
    ids=["only", "except", "kind", "expired", "begun"],
)
def test_left_out_is_planned_as_new_once_that_is_put_right(
    ledger: SqlLedger, campaigns: Any, wrong: Aid, right: Aid
) -> None:
    poll(ledger, [wrong], campaigns=campaigns)
    assert {state for state, _ in stands(ledger)} == {State.SKIPPED}
    told = poll(ledger, [right], now=NOW + DAY, campaigns=campaigns)
    assert (stands(ledger), told.planned) == (PENDING, 2)
    one = on_x(ledger)
    assert (one.due_at, one.post and right.title in one.post.text) == (NOW + DAY, True)
    (place,) = standings_of([one], ledger=ledger, campaigns=(), tempos={X.name: ALWAYS}, now=NOW + DAY)
    assert "It was left out at first, and planned anew, since its aid was changed" in place.why.sentence
    last = ledger.changes(delivery_id=one.id)[0]
    assert last.action == "skipped -> pending"
    poll(ledger, [right], now=NOW + DAY, campaigns=campaigns)
    assert len(ledger.deliveries()) == 2


def test_left_out_and_put_right_waits_for_its_own_date(ledger: SqlLedger) -> None:
    at = NOW + 9 * DAY
    wrong, right = (aid(1, published_at=at, expires_at=NOW + days * DAY) for days in (-300, 65))
    poll(ledger, [wrong], [right])
    one = on_x(ledger)
    assert (one.state, one.due_at) == (State.PENDING, at)
    (place,) = standings_of([one], ledger=ledger, campaigns=(), tempos={X.name: ALWAYS}, now=NOW + DAY)
    assert "It waits for its own date" in place.why.sentence
    assert place.why.sentence.count("planned anew") == 1


def test_left_out_stays_so_while_anything_else_is_changed(ledger: SqlLedger) -> None:
    poll(ledger, [aid(1, categories=("Shoes",))], [aid(1, categories=("Boots",))], campaigns=ONLY_BELTS)
    poll(ledger, [aid(1, categories=("Boots",), summary="More")], campaigns=ONLY_BELTS)
    assert stands(ledger) == FILTERED


def test_left_out_and_let_in_by_the_configuration_alone_stays_left_out(ledger: SqlLedger) -> None:
    poll(ledger, [aid(1)], campaigns=ONLY_BELTS)
    poll(ledger, [aid(1, summary="More")])
    assert stands(ledger) == FILTERED


def test_left_out_and_put_right_too_late_is_not_announced(ledger: SqlLedger) -> None:
    campaigns = (replace(ONLY_BELTS[0], oldest=30 * DAY),)
    dated = aid(1, published_at=NOW)
    poll(ledger, [dated], campaigns=campaigns)
    poll(ledger, [replace(dated, categories=("Belts",))], now=NOW + 40 * DAY, campaigns=campaigns)
    assert {state for state, _ in stands(ledger)} == {State.SKIPPED}


def test_left_out_at_the_first_look_stays_so(ledger: SqlLedger) -> None:
    wrong, right = aid(1), aid(1, categories=("Belts",))
    ledger.place_baseline("site", now=NOW, latest=1, since_at=None, **WHO)
    poll(ledger, [wrong], campaigns=ONLY_BELTS)
    assert stands(ledger) == FILTERED
    poll(ledger, [right], campaigns=ONLY_BELTS)
    assert stands(ledger) == FILTERED


def test_left_out_and_put_right_together_is_held_by_the_brake(ledger: SqlLedger) -> None:
    wrong = [aid(n) for n in range(8)]
    right = [replace(each, categories=("Belts",)) for each in wrong]
    poll(ledger, wrong, campaigns=ONLY_BELTS)
    told = poll(ledger, right, campaigns=ONLY_BELTS, brakes={"site": Brake(most=5)})
    assert told.alarm is not None
    assert set(stands(ledger)) == {(State.PROPOSED, Cause.BRAKE)}


def test_over_before_its_turn_and_put_off_goes_where_it_has_not_been(ledger: SqlLedger) -> None:
    begun, put_off = aid(1, event_at=NOW + 2 * MINUTE), aid(1, event_at=NOW + 9 * DAY)
    poll(ledger, [begun])
    assert ledger.claim_due(X.name, NOW + DAY, MINUTE, "test", ALWAYS) is None
    assert on_x(ledger).cause is Cause.OVER
    poll(ledger, [put_off], now=NOW + DAY)
    assert ledger.claim_due(X.name, NOW + DAY, MINUTE, "test", ALWAYS) is not None


@pytest.mark.parametrize("decided", ["sent", "cancelled"])
def test_over_before_its_turn_is_left_alone_where_its_campaign_has_decided(
    ledger: SqlLedger, decided: str
) -> None:
    poll(ledger, [aid(1, event_at=NOW + DAY)])
    if decided == "sent":
        claimed = ledger.claim_due(PAGE.name, NOW + MINUTE, MINUTE, "test", ALWAYS)
        assert claimed is not None
        ledger.settle(claimed, SENT, RECEIPT, NOW + MINUTE)
    else:
        other = ledger.deliveries(channel=PAGE.name)[0].id
        ledger.change_delivery(other, (State.PENDING,), State.CANCELLED, now=NOW + MINUTE, **WHO)
    assert ledger.claim_due(X.name, NOW + 2 * DAY, MINUTE, "test", ALWAYS) is None
    poll(ledger, [aid(1, event_at=NOW + 9 * DAY)], now=NOW + 2 * DAY)
    assert on_x(ledger).cause is Cause.OVER
