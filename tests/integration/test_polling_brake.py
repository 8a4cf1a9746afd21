"""A source that suddenly shows too much is held and asked about; an honest one never is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import ALWAYS, CAMPAIGN, NOW, ListedSource, X, aid, delivering_with
from fakes import FakeClock, FakePublisher
from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.model.campaigns import ApprovalPolicy
from spotlight_notify.model.errors import SourceError
from spotlight_notify.model.schedule import Late, LatePolicy, Tempo
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.deliver import deliver_next
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Poll, Polling
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.mass_change import Brake
from spotlight_notify.text.links import link_alias

EVERY = timedelta(minutes=15)
LEASE = timedelta(minutes=5)


def poll(parts: Polling, *looks: list[Aid] | Look | Exception) -> Poll:
    source = ListedSource(*looks)
    while True:
        told = poll_source(source, EVERY, parts)
        if not source.looks:
            return told


def renamed(number: int) -> Aid:
    """Be the same aid at another address and under another guid."""
    link = f"https://www.valor.test/resources/{number}"
    return aid(number, key=f"guid:new-{number}", link=link, aliases=(f"guid:new-{number}", link_alias(link)))


def states(ledger: Ledger) -> set[tuple[State, Cause | None]]:
    return {(d.state, d.cause) for d in ledger.deliveries()}


@pytest.mark.parametrize("count", [4, 30, 230])
def test_promise_26_accident_6_a_site_that_renames_all_it_has_posts_nothing_and_alarms_once(
    ledger: Ledger, parts: Polling, clock: FakeClock, count: int
) -> None:
    poll(parts, [aid(n) for n in range(count)])
    told = poll(parts, [renamed(n) for n in range(count)])
    assert (told.new, told.planned) == (count, 0)
    assert told.alarm == ledger.source_status("site").alarm is not None
    raised_at = ledger.source_status("site").alarm_at
    for _ in range(5):
        clock.advance(EVERY)
        told = poll(parts, [renamed(n) for n in range(count)])
        assert (told.new, told.planned) == (0, 0), "an alarm is told with what is new, so it comes once"
    clock.advance(EVERY)
    assert poll(parts, [renamed(n) for n in range(count + 1)]).new == 1
    status = ledger.source_status("site")
    assert (status.alarm, status.alarm_at) == (told.alarm, raised_at)
    assert len(ledger.deliveries()) == 2 * (count + 1)
    assert states(ledger) == {(State.PROPOSED, Cause.BRAKE)}
    assert not ledger.due_channels(NOW + timedelta(days=1), [CAMPAIGN.name])


def test_a_baseline_takes_what_the_brake_held_as_known(ledger: Ledger, parts: Polling) -> None:
    poll(parts, [aid(n) for n in range(30)])
    poll(parts, [renamed(n) for n in range(30)])
    skipped = ledger.place_baseline("site", latest=0, since_at=None, who="Chief", reason="moved", now=NOW)
    assert (skipped, states(ledger)) == (60, {(State.SKIPPED, Cause.BASELINE)})
    assert ledger.source_status("site").alarm is None
    told = poll(parts, [renamed(n) for n in range(35)])
    assert (told.baseline, told.new) == (5, 0)


def test_the_brake_stands_before_approvals_too(ledger: Ledger, parts: Polling, clock: FakeClock) -> None:
    asking = replace(CAMPAIGN, approval=ApprovalPolicy(everything=True))
    parts = replace(parts, campaigns=(asking,))
    poll(parts, [aid(n) for n in range(30)])
    assert poll(parts, [renamed(n) for n in range(30)]).alarm is not None
    assert states(ledger) == {(State.PROPOSED, Cause.BRAKE)}
    ledger.accept("site", who="Chief", reason="a new site", now=NOW)
    sending = delivering_with(ledger, clock, campaigns={asking.name: asking})
    assert deliver_next(X.name, FakePublisher(), sending) is None
    on_x = {(one.state, one.cause) for one in ledger.deliveries(channel=X.name)}
    assert on_x == {(State.PROPOSED, Cause.APPROVAL)}


def test_what_a_person_wants_of_a_baseline_is_never_too_old(ledger: Ledger, parts: Polling) -> None:
    parts = replace(parts, campaigns=(replace(CAMPAIGN, oldest=timedelta(days=30)),))
    old = [aid(n, published_at=NOW - timedelta(days=90 - n)) for n in range(5)]
    ledger.place_baseline("site", latest=2, since_at=None, who="Chief", reason="start", now=NOW)
    assert poll(parts, old).planned == 4
    assert states(ledger) == {(State.PENDING, None)}


def test_accepting_lets_go_what_the_brake_held(ledger: Ledger, parts: Polling) -> None:
    poll(parts, [aid(n) for n in range(30)])
    poll(parts, [renamed(n) for n in range(30)])
    assert ledger.accept("site", who="Chief", reason="a new site", now=NOW) == 60
    assert states(ledger) == {(State.PENDING, None)}


def test_what_comes_while_an_alarm_is_not_answered_waits_with_it(ledger: Ledger, parts: Polling) -> None:
    poll(parts, [aid(n) for n in range(30)])
    poll(parts, [renamed(n) for n in range(30)])
    told = poll(parts, [renamed(n) for n in range(31)])
    assert (told.new, told.planned) == (1, 0)
    assert states(ledger) == {(State.PROPOSED, Cause.BRAKE)}


def test_a_dozen_aids_on_the_day_a_theme_opens_go_out(ledger: Ledger, parts: Polling) -> None:
    poll(parts, [aid(n) for n in range(4)])
    told = poll(parts, [aid(n) for n in range(16)])
    assert (told.new, told.planned, told.alarm) == (12, 24, None)


def test_pages_of_one_poll_are_counted_together(ledger: Ledger, parts: Polling) -> None:
    poll(parts, [aid(n) for n in range(100)])
    pages = [
        Look(aids=tuple(aid(1000 * page + n) for n in range(20)), cursor=f"page {page}", more=page < 2)
        for page in (1, 2)
    ]
    told = poll(parts, *pages)
    assert told.alarm is not None
    assert states(ledger) == {(State.PROPOSED, Cause.BRAKE)}


def test_recordings_of_one_poll_are_counted_together(ledger: Ledger, parts: Polling) -> None:
    poll(parts, [aid(n) for n in range(24)])
    read, broken = Look(aids=tuple(aid(100 + n) for n in range(10)), cursor="page 1", more=True), "reset"
    told = poll(parts, read, SourceError("site", broken), [aid(200 + n) for n in range(4)])
    assert (told.new, told.planned) == (14, 20)
    assert told.alarm == "14 aids are new at once, where only 24 were known"


def test_a_brake_is_as_the_configuration_wants_it(ledger: Ledger, parts: Polling) -> None:
    patient = replace(parts, brakes={"site": Brake(most=100, few=100)})
    poll(patient, [aid(n) for n in range(4)])
    assert poll(patient, [aid(n) for n in range(64)]).alarm is None


def test_a_poll_that_would_fill_more_than_three_days_is_asked_about(ledger: Ledger, parts: Polling) -> None:
    capped = replace(parts, caps={(CAMPAIGN.name, X.name): 3})
    poll(capped, [aid(n) for n in range(100)])
    assert poll(capped, [aid(n) for n in range(109)]).alarm is None
    assert "more than 3 days at 3 a day" in (poll(capped, [aid(n) for n in range(119)]).alarm or "")


def test_accident_7_an_error_then_nothing_then_all_of_it_posts_nothing(
    ledger: Ledger, parts: Polling
) -> None:
    everything = [aid(n) for n in range(20)]
    poll(parts, everything, SourceError("site", "it answered 502"), [], everything)
    assert not ledger.deliveries()
    assert ledger.source_status("site").alarm is None


@pytest.mark.parametrize(
    ("policy", "late", "rest"),
    [
        (LatePolicy.SEND, [(State.SENDING, None), (State.PENDING, None)], [(State.PENDING, None)] * 2),
        (LatePolicy.SKIP, [(State.SKIPPED, Cause.LATE)] * 2, [(State.SENDING, None), (State.PENDING, None)]),
        (LatePolicy.ASK, [(State.PROPOSED, Cause.LATE)] * 2, [(State.SENDING, None), (State.PENDING, None)]),
    ],
)
def test_promise_26_accident_5_after_three_days_down_the_late_policy_decides_for_each_and_forgets_none(
    ledger: Ledger,
    parts: Polling,
    clock: FakeClock,
    policy: LatePolicy,
    late: list[tuple[State, Cause | None]],
    rest: list[tuple[State, Cause | None]],
) -> None:
    poll(parts, [aid(1)])
    down = clock()
    clock.advance(timedelta(days=3))
    meanwhile = [aid(n, published_at=down + timedelta(hours=5 * n)) for n in range(2, 6)]
    poll(parts, [aid(1), *meanwhile])
    pace = ALWAYS.paces[CAMPAIGN.name]
    pace = replace(pace, late=Late(policy=policy, after=timedelta(hours=55)))
    tempo = Tempo(paces={CAMPAIGN.name: pace}, channel=ALWAYS.channel)
    clock.advance(timedelta(seconds=1))
    ledger.claim_due(X.name, clock(), LEASE, "test:1", tempo)
    found = {d.aid_key: (d.state, d.cause) for d in ledger.deliveries(channel=X.name)}
    assert found == dict(zip((f"guid:{n}" for n in range(2, 6)), (*late, *rest), strict=True))


def test_a_source_that_has_moved_begins_with_a_new_baseline(ledger: Ledger, parts: Polling) -> None:
    ledger.register({"site": "there"}, [], NOW)
    poll(parts, [aid(1)])
    ledger.register({"site": "elsewhere"}, [], NOW)
    assert ledger.source_status("site").has_moved
    told = poll(parts, [renamed(n) for n in range(30)])
    assert (told.baseline, told.new) == (30, 0)
    assert not ledger.deliveries()


def test_a_baseline_can_announce_its_newest(ledger: Ledger, parts: Polling) -> None:
    dated = [aid(n, published_at=NOW - timedelta(days=n)) for n in range(1, 9)]
    poll(parts, dated)
    ledger.place_baseline("site", latest=2, since_at=None, who="Chief", reason="start", now=NOW)
    poll(parts, dated)
    assert [d.aid_key for d in ledger.deliveries(channel=X.name)] == ["guid:1", "guid:2"]


def test_a_baseline_after_the_brake_can_announce_its_newest_too(ledger: Ledger, parts: Polling) -> None:
    poll(parts, [aid(n, published_at=NOW - timedelta(days=100)) for n in range(30)])
    moved = [replace(renamed(n), published_at=NOW - timedelta(days=n)) for n in range(30)]
    poll(parts, moved)
    ledger.place_baseline("site", latest=3, since_at=None, who="Chief", reason="moved", now=NOW)
    told = poll(parts, moved)
    assert told.planned == 6
    pending = {d.aid_key for d in ledger.deliveries(states=[State.PENDING])}
    assert pending == {"guid:new-0", "guid:new-1", "guid:new-2"}


def test_a_source_that_is_seldom_looked_at_is_not_late_for_that(
    ledger: Ledger, parts: Polling, clock: FakeClock
) -> None:
    seldom = timedelta(hours=36)
    poll_source(ListedSource([aid(1)]), seldom, parts)
    early = aid(2, published_at=clock() + timedelta(hours=1))
    clock.advance(seldom)
    poll_source(ListedSource([aid(1), early]), seldom, parts)
    assert {d.due_at for d in ledger.deliveries()} == {clock()}


def test_what_another_source_announced_while_the_brake_held_it_is_not_announced_again(
    ledger: Ledger, parts: Polling, clock: FakeClock
) -> None:
    poll(parts, [aid(n) for n in range(30)])
    poll(parts, [renamed(n) for n in range(30)])
    poll_source(ListedSource([], name="table"), EVERY, parts)
    twin = replace(renamed(7), source="table", key="row:7", aliases=("row:7", renamed(7).aliases[1]))
    poll_source(ListedSource([twin], name="table"), EVERY, parts)
    publisher, delivering = FakePublisher(), delivering_with(ledger, clock)
    assert deliver_next(X.name, publisher, delivering) is not None
    ledger.accept("site", who="Chief", reason="a new site", now=clock())
    while deliver_next(X.name, publisher, delivering):
        pass
    links = [post.link for post in publisher.posts]
    assert len(links) == len(set(links)) == 30
    (skipped,) = ledger.deliveries(channel=X.name, states=[State.SKIPPED])
    assert (skipped.source, skipped.cause) == ("site", Cause.DUPLICATE)
