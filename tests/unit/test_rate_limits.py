"""When a network wants to be asked again is told by its own clock, which its answer shows."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from spotlight_notify.networks.x.errors import x_reset_at, x_used_up_until
from spotlight_notify.wire.http_dates import answered_at

THERE = datetime(2026, 11, 23, 12, tzinfo=UTC)
IN_TEN = THERE + timedelta(minutes=10)


def answered(at: datetime | None = THERE) -> dict[str, str]:
    limits = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(IN_TEN.timestamp()))}
    return limits | ({"date": format_datetime(at, usegmt=True)} if at else {})


@pytest.mark.parametrize(
    "ahead", [timedelta(minutes=-11), timedelta(), timedelta(minutes=11), timedelta(hours=3)]
)
def test_promise_6_a_limit_ends_when_it_does_whatever_our_clock_says(ahead: timedelta) -> None:
    now = THERE + ahead
    assert x_reset_at(answered(), now) == now + timedelta(minutes=10)
    assert x_used_up_until(answered(), now) == now + timedelta(minutes=10)


def test_without_the_networks_time_its_words_are_taken_as_they_are() -> None:
    assert x_reset_at(answered(None), THERE) == IN_TEN
    assert x_reset_at(answered(None), IN_TEN) is None


@pytest.mark.parametrize("said", ["", "soon", "Mon, 99 Nov 2026 12:00:00 GMT", "\x00"])
def test_a_date_that_is_none_tells_nothing(said: str) -> None:
    assert answered_at({"date": said}) is None
    assert answered_at({}) is None
