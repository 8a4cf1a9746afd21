"""Which moments people may name, and how."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
import pytest

from spotlight_notify.cli.times import parse_since, parse_until
from spotlight_notify.model.errors import Refused

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("2h", datetime(2026, 11, 23, 14, tzinfo=UTC)),
        ("90m", datetime(2026, 11, 23, 13, 30, tzinfo=UTC)),
        ("2026-12-01 09:00", datetime(2026, 12, 1, 14, tzinfo=UTC)),
        ("2026-12-01T09:00", datetime(2026, 12, 1, 14, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 12, 1, 5, tzinfo=UTC)),
        ("2026-12-01 09:00+01:00", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("2027-07-01 09:00", datetime(2027, 7, 1, 13, tzinfo=UTC)),
        ("2027-11-07 01:30", datetime(2027, 11, 7, 5, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_to_come_is_a_duration_or_a_time_on_the_wall(words: str, at: datetime) -> None:
    assert parse_until("--until", words, ZONE, NOW) == at


@pytest.mark.parametrize(
    "words",
    ["soon", "", "2", "2 h", "-2h", "0s", "2026-13-01", "2027-03-14 02:30", "9999-12-31 23:59", "1e9h"],
)
def test_what_is_no_moment_is_wrong_usage(words: str) -> None:
    with pytest.raises(click.UsageError, match=r"^--until: "):
        parse_until("--until", words, ZONE, NOW)


@pytest.mark.parametrize("words", ["2026-11-23 07:00", "2026-11-23", "2020-01-01", "0001-01-02"])
def test_a_moment_to_come_has_not_passed(words: str) -> None:
    with pytest.raises(Refused, match="has passed"):
        parse_until("--until", words, ZONE, NOW)


def test_a_moment_gone_by_is_a_date_or_a_time_that_is_not_to_come() -> None:
    assert parse_since("--since", "2026-11-01", ZONE, NOW) == datetime(2026, 11, 1, 4, tzinfo=UTC)
    with pytest.raises(Refused, match="still to come"):
        parse_since("--since", "2026-11-24", ZONE, NOW)
    with pytest.raises(click.UsageError, match="is no time"):
        parse_since("--since", "2h", ZONE, NOW)
