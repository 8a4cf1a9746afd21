"""Reckoning along an order column never steps over a row."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.sources.database.order_column import farthest, not_ahead, step_back, why_disordered

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("high", "overlap", "number", "low"),
    [
        (100, 7, False, 93),
        (100, 0.5, False, 99),
        (1.5, 1, False, 0.5),
        (Decimal("1.5"), 0.1, False, Decimal("1.4")),
        ("100", 7, True, "93"),
        ("100", 0.5, True, "99"),
        ("-5", 10, True, "-15"),
        ("1.50", 1, True, "0.50"),
        (NOON, HOUR, False, NOON - HOUR),
        (date(2026, 11, 20), HOUR, False, date(2026, 11, 19)),
        ("2026-11-20 12:00:00.25+00", HOUR, False, "2026-11-20 11:00:00"),
        ("2026-11-20T12:00:00Z", HOUR, False, "2026-11-20T11:00:00"),
        ("2026-11-20 12:00", HOUR, False, "2026-11-20 11:00"),
        ("2026-11-20", HOUR, False, "2026-11-19"),
        ("infinity", HOUR, False, "infinity"),
        ("0044-03-15 12:00:00 BC", HOUR, False, "0044-03-15 12:00:00 BC"),
        ("anything", None, False, "anything"),
        (100, None, False, -900),
        ("5000", None, True, "4000"),
        (NOON, None, False, NOON - HOUR),
        ("2026-11-20T12:00:00Z", None, False, "2026-11-20T11:00:00"),
    ],
)
def test_a_step_back_keeps_the_form_of_the_value(high: Any, overlap: Any, number: bool, low: Any) -> None:
    found = step_back(high, overlap, number=number)
    assert (found, type(found)) == (low, type(low))


@pytest.mark.parametrize(
    ("high", "overlap", "number"),
    [(100, HOUR, False), ("100", HOUR, True), ("100", 7, False), (NOON, 7, False), ("zebra", HOUR, False)],
)
def test_an_overlap_of_the_wrong_kind_is_refused(high: Any, overlap: Any, number: bool) -> None:
    with pytest.raises(ValueError, match=r"^it holds"):
        step_back(high, overlap, number=number)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (["1", "10", "2"], "its text sorts '10' before '2'"),
        (["-5", "1", "2", "2", "30"], ""),
        (
            ["2026-11-20 12:00", "2026-11-20T09:00"],
            "its text sorts '2026-11-20 12:00' before '2026-11-20T09:00'",
        ),
        (["2026-11-20", "2026-11-20T09:00Z", "2026-11-21T09:00+02:00"], ""),
        (["1795176000", "2026-11-20"], "it holds numbers beside times: '1795176000' and '2026-11-20'"),
        (["a-10", "a-9", "zebra", "infinity"], ""),
        ([10, 9.5, None, NOON, b"x"], ""),
        (["9999-99-99", "0001-01-01"], ""),
    ],
)
def test_database_13_text_that_does_not_sort_as_it_grows_is_told(values: list[Any], why: str) -> None:
    assert why_disordered(values) == why


MOMENTS = st.datetimes(datetime.fromisoformat("1990-01-01 00:00"), datetime.fromisoformat("2090-01-01 00:00"))


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=400)), st.sampled_from([" ", "T"]))
def test_text_of_every_time_within_the_overlap_sorts_at_or_after_the_step(
    high: datetime, back: timedelta, separator: str
) -> None:
    late = high - back
    written = high.isoformat(sep=separator)
    assert late.isoformat(sep=separator) >= step_back(written, back, number=False)


@pytest.mark.parametrize(
    ("top", "held"),
    [
        (NOON + HOUR, NOON),
        (NOON - HOUR, NOON - HOUR),
        (datetime.fromisoformat("2026-11-20 08:00"), datetime.fromisoformat("2026-11-20 07:00")),
        (datetime.fromisoformat("2026-11-20 06:00"), datetime.fromisoformat("2026-11-20 06:00")),
        (date(2026, 12, 1), date(2026, 11, 20)),
        ("2026-12-01 00:00:00+00", "2026-11-20 12:00:00"),
        ("2026-12-01T00:00:00", "2026-11-20T07:00:00"),
        ("2026-12-01T00:00:00+02:00", "2026-11-20T14:00:00"),
        ("2026-11-20T06:59:59", "2026-11-20T06:59:59"),
        ("2026-12-01", "2026-11-20"),
        ("infinity", "2026-11-20 07:00:00"),
        ("zebra", "zebra"),
        (10**12, 10**12),
    ],
)
def test_a_time_that_has_not_come_is_held_back_to_now(top: Any, held: Any) -> None:
    assert not_ahead(top, NOON, NEW_YORK) == held


@pytest.mark.parametrize(
    ("values", "like", "overlap", "number", "fit"),
    [
        ([1, 2, "abc"], None, 10, False, 2),
        ([1, 2, "abc"], None, None, False, 2),
        ([1, 2, float("inf")], 1, 10, False, 2),
        (["2026-01-01", "garbage", b"\x00"], None, HOUR, False, "2026-01-01"),
        ([1_700_000_000, "2026-01-01"], None, HOUR, False, "2026-01-01"),
        (["7", "NaN"], None, None, True, "7"),
        (["abc"], 5, None, False, None),
        ([float("nan")], None, 1, False, None),
    ],
)
def test_the_farthest_value_is_one_that_can_be_reckoned_with(
    values: list[Any], like: Any, overlap: Any, number: bool, fit: Any
) -> None:
    found, odd = farthest(values, like, overlap, number=number)
    assert found == fit
    assert odd


def test_values_that_all_fit_leave_nothing_to_say() -> None:
    assert farthest([1, 2.5, Decimal(3)], 1, 1, number=False) == (Decimal(3), "")
