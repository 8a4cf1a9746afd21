"""What goes next on a channel, and when everything will go: choosing and forecasting are the same thing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import reference
from spotlight_notify.model.schedule import Hours, Late, LatePolicy, Order, Pace, Posted, Waiting, Window
from spotlight_notify.rules.schedule.queue import choose, forecast, next_choice_at
from spotlight_notify.rules.schedule.windows import parse_window

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TICK = 5 * MINUTE
NEW_YORK = ZoneInfo("America/New_York")
MONDAY_NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
LATE = Late(policy=LatePolicy.SEND, after=HOUR)
ALWAYS = Hours(zone=NEW_YORK)

PLACES = [
    (ZoneInfo("America/New_York"), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    (ZoneInfo("America/New_York"), datetime(2027, 3, 14, 7, tzinfo=UTC)),
    (ZoneInfo("Europe/Berlin"), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    (ZoneInfo("Australia/Lord_Howe"), datetime(2027, 4, 3, 15, tzinfo=UTC)),
    (ZoneInfo("Asia/Kathmandu"), datetime(2026, 11, 23, 18, 15, tzinfo=UTC)),
    (ZoneInfo("Africa/Casablanca"), datetime(2026, 2, 15, 2, tzinfo=UTC)),
    (ZoneInfo("Pacific/Apia"), datetime(2011, 12, 30, 10, tzinfo=UTC)),
]

fives = st.integers(0, 287).map(lambda n: 5 * n)
windows = st.builds(Window, weekdays=st.just(frozenset(range(7))), opens=fives, closes=fives)


def hours_in(zone: ZoneInfo) -> st.SearchStrategy[Hours]:
    return st.builds(
        Hours,
        zone=st.just(zone),
        windows=st.just(()) | st.lists(windows, min_size=1, max_size=2).map(tuple),
        gap=st.sampled_from([timedelta(0), TICK, 20 * MINUTE, 90 * MINUTE]),
        per_hour=st.none() | st.integers(1, 3),
        per_day=st.none() | st.integers(1, 5),
    )


Queues = tuple[Sequence[Waiting], Mapping[str, Pace], Hours, Sequence[Posted], datetime]


@st.composite
def queues(draw: st.DrawFn) -> tuple[list[Waiting], dict[str, Pace], Hours, list[Posted], datetime]:
    """Draw what waits and what went on a channel of up to three campaigns, near a change of the clocks."""
    zone, change = draw(st.sampled_from(PLACES))
    now = change + draw(st.integers(-200, 50)) * TICK
    campaigns = ["one", "two", "three"][: draw(st.integers(1, 3))]
    themes = st.sampled_from([None, "calm", "night", "wellness"])
    paces = {
        campaign: Pace(campaign=draw(hours_in(zone)), order=draw(st.sampled_from(Order)), late=LATE)
        for campaign in campaigns
    }
    waiting = [
        Waiting(
            id=number,
            campaign=draw(st.sampled_from(campaigns)),
            theme=draw(themes),
            due_at=now + draw(st.integers(-50, 20)) * TICK,
            any_hour=draw(st.sampled_from([False, False, True])),
        )
        for number in draw(st.lists(st.integers(1, 99), unique=True, max_size=9))
    ]
    ago = sorted(draw(st.lists(st.integers(0, 300), max_size=6)), reverse=True)
    posts = [
        Posted(campaign=draw(st.sampled_from(campaigns)), theme=draw(themes), at=now - ticks * TICK)
        for ticks in ago
    ]
    return waiting, paces, draw(hours_in(zone)), posts, now


@settings(deadline=None)
@given(queues())
def test_choose_agrees_with_asking_every_delivery_by_itself(queue: Queues) -> None:
    assert choose(*queue) == reference.choose(*queue)


@settings(deadline=None)
@given(queues())
def test_forecast_agrees_with_time_played_forward_tick_by_tick_with_choose(queue: Queues) -> None:
    waiting, paces, channel, posts, now = queue
    until = now + timedelta(days=2)
    left, went, played = list(waiting), list(posts), {}
    for tick in reference.minutes(now, until, TICK):
        while one := choose(left, paces, channel, went, tick):
            left.remove(one)
            went.append(Posted(campaign=one.campaign, theme=one.theme, at=tick))
            played[one.id] = tick
    told = forecast(waiting, paces, channel, posts, now).goes_at
    assert {one: at for one, at in told.items() if at and at < until} == played
    assert told.keys() == {one.id for one in waiting}


@settings(deadline=None)
@given(queues())
def test_the_next_choice_is_the_first_of_the_forecast(queue: Queues) -> None:
    told = [at for at in forecast(*queue).goes_at.values() if at]
    assert next_choice_at(*queue) == min(told, default=None)


@settings(deadline=None)
@given(queues())
def test_a_forecast_keeps_the_gap_to_what_went_and_between_all_that_will_go(queue: Queues) -> None:
    _, _, channel, posts, now = queue
    times = sorted(at for at in forecast(*queue).goes_at.values() if at)
    assert all(at >= now for at in times)
    assert all(later - sooner >= channel.gap for sooner, later in pairwise(times))
    if posts and times:
        assert times[0] - posts[-1].at >= channel.gap


def one(number: int, campaign: str = "spotlight", due: timedelta = timedelta(0), **changes: Any) -> Waiting:
    fields: dict[str, Any] = {"theme": None, "any_hour": False}
    return Waiting(id=number, campaign=campaign, due_at=MONDAY_NOON + due, **fields | changes)


def pace(*windows: str, order: Order = Order.OLDEST, **changes: Any) -> Pace:
    parsed = tuple(parse_window(words) for words in windows)
    return Pace(campaign=Hours(zone=NEW_YORK, windows=parsed, **changes), order=order, late=LATE)


SPOTLIGHT = {"spotlight": pace()}


def in_order(
    waiting: Sequence[Waiting], paces: Mapping[str, Pace], *posts: Posted, **channel: Any
) -> list[int]:
    """List ids as they go, one every ten minutes."""
    hours = Hours(zone=NEW_YORK, gap=10 * MINUTE, **channel)
    told = forecast(waiting, paces, hours, posts, MONDAY_NOON).goes_at
    return sorted(told, key=lambda number: told[number] or datetime.max.replace(tzinfo=UTC))


def test_accident_4_twelve_at_once_under_a_cap_of_five_an_hour_all_go_oldest_first_over_three_hours() -> None:
    twelve = [one(number) for number in range(12, 0, -1)]
    told = forecast(twelve, SPOTLIGHT, Hours(zone=NEW_YORK, per_hour=5), (), MONDAY_NOON).goes_at
    hours = {number: at - MONDAY_NOON for number, at in told.items() if at}
    assert [hours[number] // HOUR for number in range(1, 13)] == [0] * 5 + [1] * 5 + [2] * 2
    assert len(hours) == 12


def test_accident_4_also_goes_so_when_it_is_chosen_minute_by_minute() -> None:
    left, went = [one(number) for number in range(12, 0, -1)], list[Posted]()
    channel = Hours(zone=NEW_YORK, per_hour=5)
    for minute in reference.minutes(MONDAY_NOON, MONDAY_NOON + 3 * HOUR):
        while chosen := choose(left, SPOTLIGHT, channel, went, minute):
            left.remove(chosen)
            went.append(Posted(campaign="spotlight", at=minute))
            assert chosen.id == len(went)
    assert [(post.at - MONDAY_NOON) // MINUTE for post in went] == [0] * 5 + [60] * 5 + [120] * 2


@pytest.mark.parametrize(
    "change", [datetime(2027, 3, 14, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)]
)
def test_accident_10_one_post_a_morning_across_both_changes_in_new_york_none_skipped_none_doubled(
    change: datetime,
) -> None:
    began = change - timedelta(days=5)
    nightly = [
        Waiting(id=n, campaign="spotlight", theme=None, due_at=began + n * timedelta(days=1), any_hour=False)
        for n in range(10)
    ]
    told = forecast(nightly, {"spotlight": pace("daily 07:00-22:00")}, ALWAYS, (), began).goes_at
    shown = [at.astimezone(NEW_YORK) for at in told.values() if at]
    assert [f"{at:%H:%M}" for at in shown] == ["07:00"] * 10
    assert len({at.date() for at in shown}) == 10


@pytest.mark.parametrize("window", ["daily 01:15-01:45", "daily 02:30-03:30", "daily 22:00-01:30"])
@pytest.mark.parametrize(
    "change", [datetime(2027, 3, 14, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)]
)
def test_accident_10_a_night_window_lets_one_a_day_out_across_both_changes_in_new_york(
    change: datetime, window: str
) -> None:
    began = change - timedelta(days=3)
    ten = [one(number, due=timedelta(days=-999)) for number in range(10)]
    told = forecast(ten, {"spotlight": pace(window, per_day=1)}, ALWAYS, (), began).goes_at
    dates = sorted(at.astimezone(NEW_YORK).date() for at in told.values() if at)
    assert len(dates) == 10
    assert all((later - sooner).days == 1 for sooner, later in pairwise(dates))


def test_what_is_not_due_yet_does_not_hold_up_what_is() -> None:
    waiting = [one(1, due=HOUR), one(2)]
    assert choose(waiting, SPOTLIGHT, ALWAYS, (), MONDAY_NOON) == waiting[1]
    assert choose(waiting[:1], SPOTLIGHT, ALWAYS, (), MONDAY_NOON) is None


def test_the_oldest_goes_first_and_of_the_same_age_the_lowest_id() -> None:
    assert in_order([one(3), one(1), one(2, due=-HOUR)], SPOTLIGHT) == [2, 1, 3]


def test_a_campaign_that_may_not_go_now_lets_others_pass() -> None:
    paces = {"slow": pace(gap=4 * HOUR), "quick": pace()}
    waiting = [one(1, "slow"), one(2, "slow"), one(3, "quick"), one(4, "quick")]
    assert in_order(waiting, paces) == [1, 3, 4, 2]


def test_themes_are_told_to_their_end_one_after_the_other() -> None:
    paces = {"spotlight": pace(order=Order.THEME)}
    waiting = [one(n, theme=theme) for n, theme in enumerate(["calm", "night", "calm", "night", "calm"], 1)]
    assert in_order(waiting, paces) == [1, 3, 5, 2, 4]


def test_the_theme_of_the_last_post_goes_on_first() -> None:
    paces = {"spotlight": pace(order=Order.THEME), "other": pace()}
    waiting = [one(1, theme="calm"), one(2, theme="night"), one(3, theme="calm"), one(4, theme="night")]
    night = Posted(campaign="spotlight", theme="night", at=MONDAY_NOON - HOUR)
    other = Posted(campaign="other", theme="calm", at=MONDAY_NOON - MINUTE)
    assert in_order(waiting, paces, night, other) == [2, 4, 1, 3]


def test_what_has_no_theme_goes_by_its_id_and_is_not_gone_on_with() -> None:
    paces = {"spotlight": pace(order=Order.THEME)}
    waiting = [one(1), one(2, theme="calm"), one(3), one(4, theme="calm")]
    assert in_order(waiting, paces) == [1, 2, 4, 3]


def test_any_hour_goes_while_the_rest_of_its_campaign_waits_for_the_morning() -> None:
    paces = {"spotlight": pace("daily 06:00-07:00")}
    waiting = [one(1), one(2, any_hour=True)]
    assert choose(waiting, paces, ALWAYS, (), MONDAY_NOON) == waiting[1]
    assert choose(waiting[:1], paces, ALWAYS, (), MONDAY_NOON) is None


def test_what_a_person_wants_out_now_goes_before_what_waits() -> None:
    assert in_order([one(1), one(2), one(3, any_hour=True), one(4, any_hour=True)], SPOTLIGHT) == [3, 4, 1, 2]


def test_deliveries_of_unknown_campaigns_wait_and_have_no_time() -> None:
    waiting = [one(1, "forgotten"), one(2)]
    told = forecast(waiting, SPOTLIGHT, ALWAYS, (), MONDAY_NOON).goes_at
    assert told == {1: None, 2: MONDAY_NOON}
    assert choose(waiting[:1], SPOTLIGHT, ALWAYS, (), MONDAY_NOON) is None


def test_what_can_never_go_has_no_time_and_holds_nothing_up() -> None:
    paces = {"never": pace("Sat,Sun 08:00-18:00"), "spotlight": pace()}
    channel = Hours(zone=NEW_YORK, windows=(parse_window("Mon-Fri 08:00-18:00"),))
    waiting = [one(1, "never"), one(2), one(3, "never", any_hour=True)]
    told = forecast(waiting, paces, channel, (), MONDAY_NOON).goes_at
    assert told == {1: None, 2: MONDAY_NOON, 3: MONDAY_NOON}


def test_posts_need_not_come_in_order() -> None:
    channel = Hours(zone=NEW_YORK, gap=HOUR)
    posts = [Posted(campaign="spotlight", at=MONDAY_NOON - ago) for ago in (10 * MINUTE, 3 * HOUR)]
    assert next_choice_at([one(1)], SPOTLIGHT, channel, posts, MONDAY_NOON) == MONDAY_NOON + 50 * MINUTE


def test_what_will_be_over_soon_goes_first_soonest_over_first() -> None:
    """Timing 2."""
    poster = one(1, due=-HOUR)
    webinar, sooner = one(2, over_at=MONDAY_NOON + 3 * HOUR), one(3, over_at=MONDAY_NOON + 2 * HOUR)
    far = one(4, over_at=MONDAY_NOON + timedelta(days=8))
    wanted = one(5, any_hour=True)
    assert in_order([poster, webinar, sooner, far, wanted], SPOTLIGHT) == [5, 3, 2, 1, 4]
    off = {"spotlight": replace(SPOTLIGHT["spotlight"], over_soon=MINUTE)}
    assert in_order([poster, webinar, sooner], off) == [1, 2, 3]


def test_what_will_be_over_soon_goes_before_the_theme_that_goes_on() -> None:
    by_theme = {"spotlight": pace(order=Order.THEME)}
    calm, night = one(1, theme="calm"), one(2, theme="night", over_at=MONDAY_NOON + HOUR)
    assert in_order(
        [calm, night], by_theme, Posted(campaign="spotlight", theme="calm", at=MONDAY_NOON - HOUR)
    ) == [2, 1]


def test_what_is_over_before_its_turn_takes_no_slot() -> None:
    """Timing 2: what stands behind it is foretold right."""
    ahead = [one(number, any_hour=True) for number in range(1, 4)]
    webinar, poster = one(4, over_at=MONDAY_NOON + 25 * MINUTE), one(5, due=MINUTE)
    hours = Hours(zone=NEW_YORK, gap=10 * MINUTE)
    told = forecast([*ahead, webinar, poster], SPOTLIGHT, hours, (), MONDAY_NOON)
    assert told.too_late == {4: MONDAY_NOON + 30 * MINUTE}
    assert (told.goes_at[4], told.goes_at[5]) == (None, MONDAY_NOON + 30 * MINUTE)


@given(queues(), st.data())
@settings(max_examples=60)
def test_what_is_foretold_is_what_is_chosen_whatever_is_over(queue: Queues, data: st.DataObject) -> None:
    waiting, paces, channel, posts, now = queue
    ends = st.none() | st.integers(0, 400).map(lambda ticks: now + ticks * TICK)
    waiting = [replace(each, over_at=data.draw(ends)) for each in waiting]
    told = forecast(waiting, paces, channel, posts, now)
    first = min((at for at in told.goes_at.values() if at), default=None)
    if first is not None:
        left = [each for each in waiting if not each.is_over(first)]
        chosen = choose(left, paces, channel, posts, first)
        assert chosen is not None
        assert told.goes_at[chosen.id] == first
    for each in waiting:
        at = told.goes_at[each.id]
        assert at is None or not each.is_over(at)
        assert each.id not in told.too_late or each.is_over(told.too_late[each.id])
