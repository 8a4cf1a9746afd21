"""Faults come in the order of their script, or as often as their odds say, and scripts are read whole."""

import threading
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X
from spotlight_notify.sandbox.fault_scripts import Order, Ways, parse_script
from spotlight_notify.sandbox.faults import OK, Fault, Faults, Odds, Step, Turn, seeded
from spotlight_notify.sandbox.server import Sandbox

ALWAYS, NEVER = 0.0, 1 - 2**-53


def status(sandbox: Sandbox, number: int) -> int:
    """Post on the Page; 0 where the connection breaks."""
    data = {"message": f"Post {number}", "access_token": sandbox.graph.page.access_token}
    url = f"{sandbox.graph_url}/v26.0/{sandbox.page_id}/feed"
    try:
        return requests.post(url, data=data, timeout=60, allow_redirects=False).status_code
    except requests.ConnectionError:
        return 0


def test_a_script_says_for_each_request_what_happens_to_it(sandbox: Sandbox) -> None:
    sandbox.graph.faults.script(["lost-answer", "ok", Fault.HTML_503, "ok", "redirect"])
    assert [status(sandbox, number) for number in range(6)] == [0, 200, 503, 200, 302, 200]
    assert sandbox.graph.faults.happened == {
        (Step.PUBLISH, Fault.LOST_ANSWER): 1,
        (Step.PUBLISH, Fault.HTML_503): 1,
        (Step.PUBLISH, Fault.REDIRECT): 1,
    }
    assert [exchange.fault for exchange in sandbox.journal.exchanges] == [
        Fault.LOST_ANSWER,
        None,
        Fault.HTML_503,
        None,
        Fault.REDIRECT,
        None,
    ]


def test_a_script_in_words_is_carried_out_on_its_network(sandbox: Sandbox) -> None:
    sandbox.faults.carry_out(parse_script("facebook publish: 500-live, ok*2, 429\nx lag: 2m; x limits: off"))
    assert [status(sandbox, number) for number in range(5)] == [500, 200, 200, 403, 200]
    assert (sandbox.x.lag, sandbox.x.limits, sandbox.x.refuses_duplicates) == (
        timedelta(minutes=2),
        False,
        True,
    )
    assert (sandbox.graph.lag, sandbox.graph.limits) == (timedelta(0), True)
    assert sandbox.x.faults.waiting == ()


def test_odds_let_about_as_many_requests_go_wrong_as_they_say(sandbox: Sandbox) -> None:
    sandbox.graph.faults.at_random(0.4, Fault.HTML_503, Fault.REDIRECT)
    seen = Counter(status(sandbox, number) for number in range(100))
    assert set(seen) == {200, 302, 503}
    assert 45 <= seen[200] <= 75
    assert sum(sandbox.graph.faults.happened.values()) == 100 - seen[200]


def test_a_script_goes_before_the_odds() -> None:
    faults = Faults(lambda: ALWAYS)
    faults.at_random(0.5, "429")
    faults.script(["ok", "402"])
    assert [faults.take(Step.PUBLISH) for _ in range(3)] == [None, Fault.NO_CREDITS, Fault.THROTTLED]
    assert faults.take(Step.READ) is None
    faults.clear()
    assert faults.take(Step.PUBLISH) is None
    assert faults.happened == {(Step.PUBLISH, Fault.NO_CREDITS): 1, (Step.PUBLISH, Fault.THROTTLED): 1}


@pytest.mark.parametrize(("roll", "fault"), [(0.0, "429"), (0.7499, "429"), (0.75, "402"), (NEVER, "402")])
def test_weights_share_out_what_goes_wrong(roll: float, fault: str) -> None:
    rolls = iter((ALWAYS, roll))
    faults = Faults(lambda: next(rolls))
    faults.set_odds(
        Odds(step=Step.READ, probability=0.5, faults={Fault.THROTTLED: 3.0, Fault.NO_CREDITS: 1.0})
    )
    assert faults.take(Step.READ) == fault


def test_odds_are_replaced_and_ended_per_step() -> None:
    faults = Faults(lambda: ALWAYS)
    faults.at_random(1, "429")
    faults.at_random(1, "402", on=Step.READ)
    faults.at_random(1, "redirect")
    assert (faults.take(Step.PUBLISH), faults.take(Step.READ)) == (Fault.REDIRECT, Fault.NO_CREDITS)
    faults.at_random(0, "redirect")
    assert (faults.take(Step.PUBLISH), faults.take(Step.READ)) == (None, Fault.NO_CREDITS)


def test_certain_odds_hit_on_the_highest_roll_and_impossible_ones_never() -> None:
    faults = Faults(lambda: NEVER)
    faults.at_random(1, "429")
    assert faults.take(Step.PUBLISH) is Fault.THROTTLED
    faults.at_random(NEVER, "429")  # a roll of exactly the probability is a miss
    assert faults.take(Step.PUBLISH) is None


def test_no_turn_is_given_twice_or_lost_among_many_threads() -> None:
    faults = Faults()
    taken: list[Fault | None] = []
    faults.add("429", times=500)
    faults.add("402", times=500)

    def take() -> None:
        taken.extend(faults.take(Step.PUBLISH) for _ in range(300))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Counter(taken) == {Fault.THROTTLED: 500, Fault.NO_CREDITS: 500, None: 200}


@given(st.integers())
def test_seeded_dice_fall_the_same_way_again_and_within_bounds(seed: int) -> None:
    first, again, other = seeded(seed), seeded(seed), seeded(seed + 1)
    rolls = [first() for _ in range(20)]
    assert rolls == [again() for _ in range(20)]
    assert rolls != [other() for _ in range(20)]
    assert all(0 <= roll < 1 for roll in rolls)
    assert len(set(rolls)) == 20


def test_a_script_and_odds_are_read_from_one_text() -> None:
    first, second = parse_script(
        "x publish: lost-answer, ok*3, 429; facebook publish: 20% lost-answer|500-live*2|reset-before"
    )
    assert first == Order(
        network=X,
        does=(
            Turn(step=Step.PUBLISH, fault=Fault.LOST_ANSWER),
            Turn(step=Step.PUBLISH, fault=None, times=3),
            Turn(step=Step.PUBLISH, fault=Fault.THROTTLED),
        ),
    )
    weights = {Fault.LOST_ANSWER: 1.0, Fault.ERROR_500_LIVE: 2.0, Fault.RESET_BEFORE: 1.0}
    assert second == Order(network=FACEBOOK, does=Odds(step=Step.PUBLISH, probability=0.2, faults=weights))


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("x lag: 30s", Ways(lag=timedelta(seconds=30))),
        ("x lag: 1.5h", Ways(lag=timedelta(minutes=90))),
        ("x limits: on", Ways(limits=True)),
        ("x limits: off", Ways(limits=False)),
        ("x duplicates: refused", Ways(duplicates=True)),
        ("x duplicates: allowed", Ways(duplicates=False)),
        ("x publish: 0%", Odds(step=Step.PUBLISH, probability=0, faults={})),
        ("x reply: 402", (Turn(step=Step.REPLY, fault=Fault.NO_CREDITS),)),
        ("facebook comment: 402", (Turn(step=Step.REPLY, fault=Fault.NO_CREDITS),)),
        ("x remove: 402", (Turn(step=Step.DELETE, fault=Fault.NO_CREDITS),)),
        ("x delete: 402", (Turn(step=Step.DELETE, fault=Fault.NO_CREDITS),)),
        ("x read:429-no-reset", (Turn(step=Step.READ, fault=Fault.THROTTLED_NO_RESET),)),
    ],
)
def test_every_kind_of_clause_is_read(text: str, does: object) -> None:
    (order,) = parse_script(text)
    assert order.does == does


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "at least one clause"),
        (" ; \n", "at least one clause"),
        ("x publish 429", '"x publish 429" cannot be read'),
        ("myspace publish: 429", 'no network "myspace": choose from facebook, x'),
        (
            "x dance: 429",
            'no step "dance": choose from publish, reply, prepare, delete, read, comment, remove, lag',
        ),
        ("x publish: earthquake", 'no fault "earthquake": choose from ok, lost-answer'),
        ("x publish: 429,", '"" is no fault'),
        ("x publish: 429*0", '"429\\*0": the number of times'),
        ("x publish: 429*1.5", "the number of times must be a whole one"),
        ("x publish: 429*100001", "from 1 to 100,000"),
        ("x publish: 101% 429", "101% is more than 100%"),
        ("x publish: 20%", '"" is no fault'),
        ("x publish: 20% ok", 'no fault "ok"'),
        ("x publish: 20% 429*0", "a weight must be more than 0"),
        ("x lag: soon", '"soon" is no length of time'),
        ("x limits: maybe", 'no limits "maybe": choose from on, off'),
        ("x publish: 429; x publish: flood", 'no fault "flood"'),
    ],
)
def test_what_cannot_be_read_is_refused_in_its_own_words(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        parse_script(text)


TURNS = st.lists(st.tuples(st.sampled_from([OK, *Fault]), st.integers(1, 99)), min_size=1, max_size=6)


@given(st.sampled_from(NETWORKS), st.sampled_from(Step), TURNS)
def test_every_script_of_names_and_times_is_read_as_written(
    network: Network, step: Step, turns: list[tuple[str, int]]
) -> None:
    text = f"{network} {step}: " + " , ".join(f"{name} * {times}" for name, times in turns)
    (order,) = parse_script(text)
    assert order.network is network
    assert isinstance(order.does, tuple)
    assert [(turn.name, turn.times) for turn in order.does] == turns
    assert {turn.step for turn in order.does} == {step}


PIECES = [
    "x ",
    "facebook ",
    "publish",
    "lag",
    "limits",
    ":",
    ";",
    ",",
    "*",
    "|",
    "%",
    "9" * 9,
    "0",
    ".",
    "429",
    "é",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40))
def test_no_words_at_all_make_the_reader_stumble(text: str) -> None:
    orders: tuple[Order, ...] = ()
    with suppress(Refused):
        orders = parse_script(text)
    assert all(isinstance(order, Order) for order in orders)
