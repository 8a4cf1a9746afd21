"""What is late: what could have gone and did not; pace, closed hours and bursts make nothing late."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import reference
from spotlight_notify.model.schedule import Hours, Late, LatePolicy, Order, Pace, Posted, Waiting
from spotlight_notify.rules.schedule.queue import choose, forecast, late_deliveries
from spotlight_notify.rules.schedule.windows import parse_window

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TICK = 10 * MINUTE
NEW_YORK = ZoneInfo("America/New_York")
MONDAY_EIGHT = datetime(2026, 11, 23, 13, tzinfo=UTC)
ALWAYS = Hours(zone=NEW_YORK)


def hours(*windows: str, **changes: Any) -> Hours:
    return Hours(zone=NEW_YORK, windows=tuple(parse_window(words) for words in windows), **changes)


def paces(
    after: timedelta, campaign: Hours = ALWAYS, policy: LatePolicy = LatePolicy.SKIP
) -> dict[str, Pace]:
    return {"spotlight": Pace(campaign=campaign, order=Order.OLDEST, late=Late(policy=policy, after=after))}


def backlog(count: int, due_at: datetime = MONDAY_EIGHT, first: int = 1) -> list[Waiting]:
    return [
        Waiting(id=number, campaign="spotlight", theme=None, due_at=due_at, any_hour=False)
        for number in range(first, first + count)
    ]


def test_after_three_days_down_with_50_waiting_and_10_a_day_30_are_late_and_20_are_not() -> None:
    channel = hours("daily 08:00-18:00", per_day=10)
    back = MONDAY_EIGHT + 3 * DAY
    late = late_deliveries(backlog(50), paces(12 * HOUR), channel, (), back)
    assert [one.id for one in late] == list(range(1, 31))
    assert [(one.slot - MONDAY_EIGHT) // DAY for one in late] == [0] * 10 + [1] * 10 + [2] * 10


def test_the_20_that_are_left_do_not_become_late_by_the_skipping_of_the_30() -> None:
    channel = hours("daily 08:00-18:00", per_day=10)
    back = MONDAY_EIGHT + 3 * DAY
    late = late_deliveries(backlog(50), paces(12 * HOUR), channel, (), back)
    skipped = [Posted(campaign="spotlight", at=one.slot) for one in late]
    left = backlog(20, first=31)
    assert late_deliveries(left, paces(12 * HOUR), channel, skipped, back) == ()
    went: list[Posted] = []
    for hour in range(48):
        now = back + hour * HOUR
        while chosen := choose(left, paces(12 * HOUR), channel, went, now):
            left.remove(chosen)
            went.append(Posted(campaign="spotlight", at=now))
        assert late_deliveries(left, paces(12 * HOUR), channel, [*skipped, *went], now) == ()
    assert not left


def test_a_burst_that_is_let_out_slowly_is_never_late() -> None:
    channel = hours("Mon-Fri 08:00-18:00", gap=30 * MINUTE, per_day=6)
    left, went = backlog(25), list[Posted]()
    for minute in reference.minutes(MONDAY_EIGHT, MONDAY_EIGHT + 7 * DAY):
        while chosen := choose(left, paces(timedelta(0)), channel, went, minute):
            left.remove(chosen)
            went.append(Posted(campaign="spotlight", at=minute))
        if minute.minute % 30 == 0:
            assert late_deliveries(left, paces(timedelta(0)), channel, went, minute) == ()
    assert not left


def test_posts_that_come_a_little_after_their_time_make_what_is_behind_them_not_late() -> None:
    channel = hours(gap=30 * MINUTE)
    went = [Posted(campaign="spotlight", at=MONDAY_EIGHT + n * 33 * MINUTE) for n in range(40)]
    now = went[-1].at + 29 * MINUTE
    assert late_deliveries(backlog(20), paces(10 * MINUTE), channel, went, now) == ()


def test_due_on_friday_evening_and_gone_on_monday_morning_is_not_late() -> None:
    channel = hours("Mon-Fri 08:00-18:00")
    friday_evening = MONDAY_EIGHT - 3 * DAY + 12 * HOUR
    waiting = backlog(1, due_at=friday_evening)
    assert late_deliveries(waiting, paces(HOUR), channel, (), MONDAY_EIGHT) == ()
    assert choose(waiting, paces(HOUR), channel, (), MONDAY_EIGHT) == waiting[0]
    assert late_deliveries(waiting, paces(HOUR), channel, (), MONDAY_EIGHT + HOUR) == ()
    late = late_deliveries(waiting, paces(HOUR), channel, (), MONDAY_EIGHT + HOUR + MINUTE)
    assert [one.slot for one in late] == [MONDAY_EIGHT]


def test_a_weekend_closed_by_the_campaign_alone_makes_nothing_late_either() -> None:
    friday_evening = MONDAY_EIGHT - 3 * DAY + 12 * HOUR
    waiting = backlog(3, due_at=friday_evening)
    assert late_deliveries(waiting, paces(HOUR, hours("Mon-Fri 08:00-18:00")), ALWAYS, (), MONDAY_EIGHT) == ()


def test_accident_5_of_four_published_in_three_days_down_each_is_late_by_its_own_time() -> None:
    four = [one for n in range(4) for one in backlog(1, due_at=MONDAY_EIGHT + n * DAY, first=n)]
    back = MONDAY_EIGHT + 3 * DAY + HOUR
    late = late_deliveries(four, paces(26 * HOUR), ALWAYS, (), back)
    assert [(one.id, one.slot) for one in late] == [(0, MONDAY_EIGHT), (1, MONDAY_EIGHT + DAY)]


def test_an_hour_down_makes_nothing_late_that_may_be_late_by_more() -> None:
    assert late_deliveries(backlog(3), paces(HOUR), ALWAYS, (), MONDAY_EIGHT + HOUR) == ()
    assert len(late_deliveries(backlog(3), paces(HOUR), ALWAYS, (), MONDAY_EIGHT + HOUR + MINUTE)) == 3


def test_a_hold_of_a_day_makes_late_what_would_have_gone_in_it_and_nothing_else() -> None:
    channel = hours("daily 08:00-18:00", gap=HOUR)
    went = [Posted(campaign="spotlight", at=MONDAY_EIGHT + n * HOUR) for n in range(4)]
    lifted = MONDAY_EIGHT + DAY + 4 * HOUR
    late = late_deliveries(backlog(15, first=5), paces(3 * HOUR), channel, went, lifted)
    assert [one.id for one in late] == list(range(5, 12))
    assert [(one.slot - MONDAY_EIGHT) // HOUR for one in late] == [4, 5, 6, 7, 8, 9, 24]


def test_each_campaign_has_its_own_patience_and_shares_the_channel() -> None:
    both = {**paces(2 * HOUR), "patient": Pace(campaign=ALWAYS, order=Order.OLDEST, late=LONG)}
    patient = Waiting(id=9, campaign="patient", theme=None, due_at=MONDAY_EIGHT - DAY, any_hour=False)
    channel = hours(gap=HOUR)
    late = late_deliveries([*backlog(6), patient], both, channel, (), MONDAY_EIGHT + 5 * HOUR)
    assert [one.id for one in late] == [1, 2, 3]
    two_days = MONDAY_EIGHT + DAY
    assert 9 not in [one.id for one in late_deliveries([*backlog(6), patient], both, channel, (), two_days)]
    assert 9 in [
        one.id for one in late_deliveries([*backlog(6), patient], both, channel, (), two_days + MINUTE)
    ]


LONG = Late(policy=LatePolicy.SEND, after=2 * DAY)


def test_late_ones_that_are_sent_after_all_make_others_not_late_when_their_slots_are_remembered() -> None:
    """One campaign sends what is late, the other skips it; the first one takes the room of the next day."""
    both = {
        **paces(6 * HOUR, policy=LatePolicy.SEND),
        "other": Pace(campaign=ALWAYS, order=Order.OLDEST, late=Late(policy=LatePolicy.SKIP, after=6 * HOUR)),
    }
    channel = hours("daily 08:00-18:00", per_day=10)
    others = [
        Waiting(id=n, campaign="other", theme=None, due_at=MONDAY_EIGHT + MINUTE, any_hour=False)
        for n in range(100, 105)
    ]
    back = MONDAY_EIGHT + DAY
    late = late_deliveries([*backlog(10), *others], both, channel, (), back)
    assert [one.id for one in late] == list(range(1, 11))
    remembered = [Posted(campaign="spotlight", at=one.slot) for one in late]
    went = [Posted(campaign="spotlight", at=back) for _ in late]
    assert late_deliveries(others, both, channel, [*remembered, *went], back + 9 * HOUR) == ()


def test_all_that_is_late_is_found_at_once_also_where_a_patient_campaign_and_a_theme_come_between() -> None:
    """Once number 5 counts as a post, its theme does not hide number 6 any more, which is older than 7."""
    both = {
        "patient": Pace(campaign=ALWAYS, order=Order.OLDEST, late=LONG),
        "spotlight": Pace(campaign=ALWAYS, order=Order.THEME, late=Late(policy=LatePolicy.SKIP, after=HOUR)),
    }
    patient = [
        Waiting(id=number, campaign="patient", theme=None, due_at=MONDAY_EIGHT, any_hour=False)
        for number in (1, 7)
    ]
    calm = Waiting(id=5, campaign="spotlight", theme="Calm", due_at=MONDAY_EIGHT + HOUR, any_hour=False)
    waiting = [*patient, calm, *backlog(1, first=6)]
    late = late_deliveries(waiting, both, hours(gap=2 * HOUR), (), MONDAY_EIGHT + 5 * HOUR + MINUTE)
    assert [(one.id, (one.slot - MONDAY_EIGHT) // HOUR) for one in late] == [(6, 2), (5, 4)]


def test_nothing_that_waits_is_nothing_late() -> None:
    assert late_deliveries((), {}, ALWAYS, (), MONDAY_EIGHT) == ()
    assert late_deliveries(backlog(2), {}, ALWAYS, (), MONDAY_EIGHT + 9 * DAY) == ()


ZONES = [
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("America/New_York", datetime(2027, 3, 14, 7, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2027, 4, 3, 15, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 11, 23, 18, 15, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
]
Situation = tuple[Sequence[Waiting], Mapping[str, Pace], Hours, Sequence[Posted], datetime]


def hours_in(zone: str) -> st.SearchStrategy[Hours]:
    windows = st.sampled_from(
        ["daily 08:00-18:00", "daily 22:00-02:30", "Mon-Fri 01:00-03:00", "Sat,Sun 10:00-14:00"]
    )
    return st.builds(
        Hours,
        zone=st.just(ZoneInfo(zone)),
        windows=st.just(()) | st.tuples(windows.map(parse_window), windows.map(parse_window)),
        gap=st.sampled_from([timedelta(0), TICK, 40 * MINUTE, 3 * HOUR]),
        per_hour=st.none() | st.integers(1, 3),
        per_day=st.none() | st.integers(1, 4),
    )


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Draw what waits and what went in the two days before now, on a channel of up to three campaigns."""
    zone, change = draw(st.sampled_from(ZONES))
    now = change + draw(st.integers(-30, 250)) * TICK
    names = ["one", "two", "three"][: draw(st.integers(1, 3))]
    ages, themes = st.integers(-6, 288), st.sampled_from([None, "calm", "night"])
    after = st.sampled_from([timedelta(0), HOUR, 5 * HOUR, DAY])
    pace = st.builds(
        Pace,
        campaign=hours_in(zone),
        order=st.sampled_from(Order),
        late=st.builds(Late, policy=st.just(LatePolicy.SKIP), after=after),
    )
    waiting = [
        Waiting(
            id=number,
            campaign=draw(st.sampled_from(names)),
            theme=draw(themes),
            due_at=now - draw(ages) * TICK,
            any_hour=draw(st.sampled_from([False, False, True])),
        )
        for number in draw(st.lists(st.integers(1, 99), unique=True, max_size=8))
    ]
    posts = [
        Posted(campaign=draw(st.sampled_from(names)), theme=draw(themes), at=now - ago * TICK)
        for ago in sorted(draw(st.lists(st.integers(0, 400), max_size=8)), reverse=True)
    ]
    return waiting, {name: draw(pace) for name in names}, draw(hours_in(zone)), posts, now


@settings(deadline=None)
@given(situations())
def test_late_ones_agree_with_time_played_again_tick_by_tick(situation: Situation) -> None:
    waiting, paces, channel, posts, now = situation
    expected = reference.late(waiting, paces, channel, posts, now, TICK)
    found = late_deliveries(waiting, paces, channel, posts, now)
    assert {one.id: one.slot for one in found} == expected
    assert [one.slot for one in found] == sorted(one.slot for one in found)


@settings(deadline=None)
@given(situations())
def test_what_is_left_is_not_late_when_the_late_ones_count_as_posts_at_their_slots(
    situation: Situation,
) -> None:
    waiting, paces, channel, posts, now = situation
    slots = {one.id: one.slot for one in late_deliveries(waiting, paces, channel, posts, now)}
    skipped = [
        Posted(campaign=one.campaign, theme=one.theme, at=slots[one.id]) for one in waiting if one.id in slots
    ]
    left = [one for one in waiting if one.id not in slots]
    assert late_deliveries(left, paces, channel, [*posts, *skipped], now) == ()


@settings(deadline=None)
@given(situations(), st.integers(0, 288))
def test_nothing_is_late_of_what_goes_as_the_forecast_says(situation: Situation, ticks: int) -> None:
    waiting, paces, channel, _, now = situation
    began = min((one.due_at for one in waiting), default=now)
    told = forecast(waiting, paces, channel, (), began).goes_at
    later = began + ticks * TICK
    went = [
        Posted(campaign=one.campaign, theme=one.theme, at=at)
        for one in waiting
        if (at := told[one.id]) and at <= later
    ]
    left = [one for one in waiting if (at := told[one.id]) is None or at > later]
    assert late_deliveries(left, paces, channel, went, later) == ()
