"""Dates are read in whatever form databases write them."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.sources.database.rows import moment, names_no_zone

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        NOON,
        NOON.replace(tzinfo=None),
        NOON.astimezone(timezone(timedelta(hours=-5))),
        "2026-11-20 12:00:00",
        "2026-11-20T12:00:00Z",
        " 2026-11-20 12:00 ",
        "2026-11-20 12:00:00+00",
        "2026-11-20T07:00:00.000-05:00",
        "20261120T120000Z",
        1_795_176_000,
        1_795_176_000.0,
        1_795_176_000_000,
        Decimal(1_795_176_000),
        "1795176000",
        "1795176000000",
    ],
)
def test_every_way_to_write_noon_is_noon(value: object) -> None:
    assert moment(value, UTC) == NOON


@pytest.mark.parametrize("value", [date(2026, 11, 20), "2026-11-20", "20261120"])
def test_a_bare_day_is_its_beginning_or_its_end(value: object) -> None:
    new_york = ZoneInfo("America/New_York")
    assert moment(value, new_york) == datetime(2026, 11, 20, 5, tzinfo=UTC)
    assert moment(value, new_york, end_of_day=True) == datetime(2026, 11, 21, 5, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, "", "  ", "infinity", "-infinity"])
def test_what_never_comes_is_none(value: object) -> None:
    assert moment(value, UTC) is None


@pytest.mark.parametrize(
    "value",
    ["soon", "2026-02-30", "0044-03-15 BC", "10000-01-01", True, b"x", [], 1e300, "0001-01-01T00:00+05"],
)
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"(?s).+"):
        moment(value, UTC)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.decimals(), st.binary()))
def test_nothing_but_a_date_or_a_refusal_comes_out(value: object) -> None:
    try:
        found = moment(value, UTC)
    except ValueError:
        return
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize("zero", ["0000-00-00", "0000-00-00 00:00:00"])
def test_database_11_the_day_zero_of_mysql_is_no_time(zero: str) -> None:
    assert moment(zero, UTC) is None


@pytest.mark.parametrize(
    ("value", "naive"),
    [
        ("2026-11-20 12:00:00", True),
        ("2026-11-20T12:00", True),
        ("2026-11-20T12:00Z", False),
        ("2026-11-20", False),
        ("noon: lunch", False),
        (datetime(2026, 11, 20, tzinfo=UTC), False),
        (datetime.fromisoformat("2026-11-20 12:00"), True),
        (1_795_000_000, False),
        (None, False),
    ],
)
def test_database_4_a_time_of_day_without_a_zone_is_told_from_all_else(value: object, naive: bool) -> None:
    assert names_no_zone(value) is naive
