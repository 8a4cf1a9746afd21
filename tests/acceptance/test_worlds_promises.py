"""The smallest worlds in which the promise was broken; each must hold."""

from collections.abc import Iterator
from typing import Any

import pytest

from worlds.judge import Fault
from worlds.program.ledgers import Ledgers, open_ledgers
from worlds.scripts import PAGE, Aid, Deed, Event, Ill, Machine, Net, Script, Trouble, Words, X
from worlds.trying import try_script

MINUTE, HOUR, DAY = 60, 3600, 86400
PUBLISH = Event(at=10, deed=Deed.PUBLISH, aid=0)
BOTH = pytest.mark.parametrize("name", [X, PAGE])


@pytest.fixture(scope="module")
def ledgers() -> Iterator[Ledgers]:
    with open_ledgers() as held:
        yield held


def faults(ledgers: Ledgers, *nets: Net, **changes: Any) -> tuple[Fault, ...]:
    """Let a world of one aid happen; returns what is wrong in the end."""
    values: dict[str, Any] = {"seed": 1, "aids": (Aid(),), "events": (PUBLISH,)}
    failure = try_script(Script(nets=nets, **values | changes), ledgers)
    assert failure.surprises == ()
    return failure.faults


def on_create(name: str, ill: Ill, amount: int = 0) -> tuple[Trouble, ...]:
    return (Trouble(channel=name, call="create", nth=0, ill=ill, amount=amount),)


def test_promise_1_the_site_s_page_shared_by_hand_announces_no_aid(ledgers: Ledgers) -> None:
    shared = Event(at=-HOUR, deed=Deed.HAND, aid=0, channel=PAGE, words=Words.SITE)
    net = Net(name=PAGE, adopt=True)
    assert faults(ledgers, net, aids=(Aid(own_link=False),), events=(shared, PUBLISH)) == ()


@BOTH
def test_promise_1_nor_does_it_after_a_lost_request(ledgers: Ledgers, name: str) -> None:
    shared = Event(at=20, deed=Deed.HAND, aid=0, channel=name, words=Words.SITE)
    events, aids = (PUBLISH, shared), (Aid(own_link=False),)
    lost = on_create(name, Ill.LOST_REQUEST)
    assert faults(ledgers, Net(name=name), aids=aids, events=events, troubles=lost) == ()


@BOTH
def test_promise_2_a_theme_s_page_shared_by_hand_is_no_digest(ledgers: Ledgers, name: str) -> None:
    shared = Event(at=-3 * DAY, deed=Deed.HAND, channel=name, words=Words.THEME)
    events = (shared, Event(at=200, deed=Deed.DIGEST))
    assert faults(ledgers, Net(name=name, adopt=True), events=events) == ()


def test_two_people_who_order_a_digest_at_once_get_one(ledgers: Ledgers) -> None:
    twice = (Event(at=200, deed=Deed.DIGEST),) * 2
    assert [faults(ledgers, Net(name=X), seed=seed, events=twice) for seed in range(12)] == [()] * 12


def test_promise_3_a_date_to_save_is_not_the_announcement(ledgers: Ledgers) -> None:
    save = Event(at=-6 * DAY, deed=Deed.HAND, aid=0, channel=PAGE, words=Words.OWN_LINK)
    assert faults(ledgers, Net(name=PAGE, adopt=True), events=(save, PUBLISH)) == ()


@BOTH
def test_promise_4_an_old_ledger_that_knows_no_receipt_looks_before_it_sends(
    ledgers: Ledgers, name: str
) -> None:
    published = tuple(Event(at=10 + n, deed=Deed.PUBLISH, aid=n) for n in range(3))
    back = (Event(at=5, deed=Deed.BACK_UP), Event(at=2 * HOUR, deed=Deed.RESTORE))
    assert faults(ledgers, Net(name=name), aids=(Aid(),) * 3, events=(*published, *back)) == ()


@BOTH
@pytest.mark.parametrize("days", [8, 30])
def test_promise_5_it_looks_back_as_far_as_it_is_old(ledgers: Ledgers, name: str, days: int) -> None:
    events = (
        Event(at=5, deed=Deed.PUBLISH, aid=0),
        Event(at=2 * MINUTE, deed=Deed.BACK_UP),
        Event(at=10 * MINUTE, deed=Deed.PUBLISH, aid=1),
        Event(at=days * DAY, deed=Deed.RESTORE),
    )
    net = Net(name=name, adopt=name == PAGE)
    assert faults(ledgers, net, aids=(Aid(), Aid()), events=events) == ()


@BOTH
@pytest.mark.parametrize("skew", [180, -180, 700])
def test_promise_6_a_post_is_found_though_this_clock_is_wrong(ledgers: Ledgers, name: str, skew: int) -> None:
    lost, machines = on_create(name, Ill.LOST_ANSWER), (Machine(skew=skew),)
    assert faults(ledgers, Net(name=name), troubles=lost, machines=machines) == ()


@BOTH
@pytest.mark.parametrize("at", [45, 50, 60, 90])
def test_promise_7_two_looks_lie_apart_though_the_clock_steps(ledgers: Ledgers, name: str, at: int) -> None:
    step = Event(at=at, deed=Deed.STEP_CLOCK, machine=0, amount=3 * DAY)
    lost, net = on_create(name, Ill.LOST_ANSWER), Net(name=name, lag=150)
    assert faults(ledgers, net, troubles=lost, events=(PUBLISH, step), looks_apart=180) == ()


@pytest.mark.parametrize("seed", range(3))
def test_promise_8_nothing_leaves_after_the_lease_when_uploads_were_slow(ledgers: Ledgers, seed: int) -> None:
    slow = {"aids": (Aid(pictures=4),), "machines": (Machine(), Machine()), "lease": 120, "looks_apart": 60}
    assert faults(ledgers, Net(name=X, slow=28), seed=seed, **slow) == ()


@BOTH
def test_promise_8_nothing_leaves_in_a_hold_when_uploads_were_slow(ledgers: Ledgers, name: str) -> None:
    hold = Event(at=20, deed=Deed.HOLD)
    net, aids = Net(name=name, slow=28), (Aid(pictures=4),)
    assert faults(ledgers, net, aids=aids, events=(PUBLISH, hold), lease=1200) == ()


@BOTH
def test_promise_9_a_duplicate_is_looked_up_though_nothing_was_in_doubt(ledgers: Ledgers, name: str) -> None:
    twice = on_create(name, Ill.TWICE)
    assert faults(ledgers, Net(name=name, refuses_repeats=True), troubles=twice) == ()


@BOTH
def test_promise_9_nor_is_it_sent_again_by_a_person_who_is_told_that_it_failed(
    ledgers: Ledgers, name: str
) -> None:
    events = (PUBLISH, Event(at=HOUR, deed=Deed.RETRY))
    assert faults(ledgers, Net(name=name), troubles=on_create(name, Ill.TWICE), events=events) == ()


@BOTH
def test_promise_10_a_post_under_forty_others_is_found_or_asked_about(ledgers: Ledgers, name: str) -> None:
    events = (
        Event(at=-2 * DAY, deed=Deed.HAND, aid=0, channel=name, words=Words.VERY),
        Event(at=-DAY, deed=Deed.CHATTER, channel=name, amount=41),
        PUBLISH,
    )
    assert faults(ledgers, Net(name=name, adopt=True, page_size=7), events=events) == ()


@pytest.mark.parametrize("ahead", [660, -660])
def test_promise_22_one_of_two_machines_whose_clocks_differ_sends(ledgers: Ledgers, ahead: int) -> None:
    slow = {"aids": (Aid(pictures=4),), "machines": (Machine(), Machine(skew=ahead))}
    found = [faults(ledgers, Net(name=X, slow=28), seed=seed, **slow) for seed in range(12)]
    assert found == [()] * 12


@pytest.mark.parametrize("form", range(5))
def test_answers_1_a_post_that_could_not_be_read_back_is_public(ledgers: Ledgers, form: int) -> None:
    failed = on_create(PAGE, Ill.READ_FAILED, form)
    assert faults(ledgers, Net(name=PAGE), troubles=failed) == ()


def test_answers_6_an_id_of_0_is_no_receipt(ledgers: Ledgers) -> None:
    assert faults(ledgers, Net(name=PAGE), troubles=on_create(PAGE, Ill.NO_ID, 1)) == ()


def test_answers_7_a_link_with_an_empty_media_key_is_a_link(ledgers: Ledgers) -> None:
    assert faults(ledgers, Net(name=X, odd=True), troubles=on_create(X, Ill.LOST_ANSWER)) == ()


def test_answers_8_an_empty_page_with_empty_errors_is_empty(ledgers: Ledgers) -> None:
    assert faults(ledgers, Net(name=X, odd=True), troubles=on_create(X, Ill.SERVER_ERROR)) == ()


@pytest.mark.parametrize("form", range(4))
def test_answers_9_and_10_a_duplicate_is_known_in_every_form(ledgers: Ledgers, form: int) -> None:
    assert faults(ledgers, Net(name=X), troubles=on_create(X, Ill.TWICE, form)) == ()


@BOTH
@pytest.mark.parametrize("step", [-3600, 3600, -2 * DAY])
def test_promise_7_a_clock_that_steps_before_a_ledger_is_put_back_makes_nothing_known(
    ledgers: Ledgers, name: str, step: int
) -> None:
    events = (
        Event(at=10, deed=Deed.PUBLISH, aid=1),
        Event(at=400, deed=Deed.BACK_UP),
        Event(at=3000, deed=Deed.PUBLISH, aid=0),
        Event(at=3066, deed=Deed.STEP_CLOCK, amount=step),
        Event(at=13866, deed=Deed.RESTORE),
    )
    assert faults(ledgers, Net(name=name), aids=(Aid(), Aid()), events=events) == ()
