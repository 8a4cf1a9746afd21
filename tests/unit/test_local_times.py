"""Times in sentences, written by the clocks of whoever reads them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.text.times import local_minute, on_local_clocks, utc_minute

EAST = ZoneInfo("America/New_York")
MOMENTS = st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01"))
ZONES = st.sampled_from(("America/New_York", "Asia/Kathmandu", "America/Sao_Paulo", "UTC"))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "moved from 2026-12-01 14:00 UTC to 2026-12-01 15:30 UTC",
            "moved from Tue 2026-12-01 09:00 EST to Tue 2026-12-01 10:30 EST",
        ),
        (
            "since 2026-11-01 06:30Z (old records)",
            "since Sun 2026-11-01 01:30 EST (the second 01:30 of two) (old records)",
        ),
        ("2026-13-01 14:00 UTC is none", "2026-13-01 14:00 UTC is none"),
        ("2026-12-01T14:00:00Z is for programs", "2026-12-01T14:00:00Z is for programs"),
    ],
)
def test_timing_12_times_in_sentences_are_written_by_local_clocks(said: str, shown: str) -> None:
    assert on_local_clocks(said, EAST) == shown


@given(moment=MOMENTS, name=ZONES)
def test_what_is_written_by_local_clocks_once_stays(moment: datetime, name: str) -> None:
    at, zone = moment.replace(tzinfo=UTC), ZoneInfo(name)
    shown = on_local_clocks(f"since {utc_minute(at)}.", zone)
    assert shown == f"since {local_minute(at, zone)}."
    assert on_local_clocks(shown, zone) == shown


def test_a_zone_without_a_name_is_told_by_its_distance() -> None:
    at = datetime(2026, 12, 1, 14, tzinfo=UTC)
    assert local_minute(at, ZoneInfo("America/Sao_Paulo")) == "Tue 2026-12-01 11:00 UTC-03"
