"""How full a Page's quota is, and the pauses that keep it from being refused."""

import json
from datetime import timedelta

import pytest

from spotlight_notify.networks.facebook.rate_limits import LONG_PAUSE, SHORT_PAUSE, pause_after, usage_of

APP = "x-app-usage"
BUSINESS = "x-business-use-case-usage"


def app(**percents: object) -> dict[str, str]:
    return {APP: json.dumps(percents)}


def business(*entries: object) -> dict[str, str]:
    return {BUSINESS: json.dumps({"101": list(entries[:1]), "102": list(entries[1:])})}


def pages(calls: object, minutes: object = 0) -> dict[str, object]:
    return {"type": "pages", "call_count": calls, "total_time": 3, "estimated_time_to_regain_access": minutes}


@pytest.mark.parametrize(
    ("headers", "usage"),
    [
        ({}, 0.0),
        (app(call_count=28, total_time=25, total_cputime=26), 0.28),
        (app(call_count=1, total_time=2, total_cputime=93), 0.93),
        (app(call_count=1, total_time=94), 0.94),
        (business(pages(97)), 0.97),
        (business(pages(5), pages(61)), 0.61),
        ({**app(call_count=40), **business(pages(50))}, 0.5),
        ({**app(call_count=60), **business(pages(50))}, 0.6),
        (app(call_count=120), 1.2),
        (app(call_count="full", total_time=None, total_cputime=[1]), 0.0),
        (app(call_count=10**9, total_time=-5), 0.0),
        ({APP: '{"call_count": NaN}'}, 0.0),
        ({APP: "[99]"}, 0.0),
        ({APP: "99"}, 0.0),
        ({APP: "garbage"}, 0.0),
        ({APP: "[" * 100_000}, 0.0),
        ({BUSINESS: '{"101": {"call_count": 99}}'}, 0.0),
        ({BUSINESS: '{"101": [99, null]}'}, 0.0),
    ],
)
def test_the_fullest_quota_counts(headers: dict[str, str], usage: float) -> None:
    assert usage_of(headers) == pytest.approx(usage)


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({}, None),
        (app(call_count=79), None),
        (app(call_count=80), SHORT_PAUSE),
        (app(call_count=94.9), SHORT_PAUSE),
        (app(call_count=95), LONG_PAUSE),
        (business(pages(79, 30)), None),
        (business(pages(85, 30)), SHORT_PAUSE),
        (business(pages(100, 30)), timedelta(minutes=30)),
        (business(pages(100, 30), pages(96, 45)), timedelta(minutes=45)),
        ({**app(call_count=99), **business(pages(10, 0))}, LONG_PAUSE),
        (business(pages(100, "soon")), LONG_PAUSE),
        (business(pages(100, 10**12)), LONG_PAUSE),
        (business(pages(100, -7)), LONG_PAUSE),
    ],
)
def test_the_fuller_it_is_the_longer_the_pause(headers: dict[str, str], pause: timedelta | None) -> None:
    assert pause_after(headers) == pause


def test_the_pauses_are_a_minute_and_ten() -> None:
    assert (timedelta(minutes=1), timedelta(minutes=10)) == (SHORT_PAUSE, LONG_PAUSE)
