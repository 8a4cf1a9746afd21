"""A cursor gives back what was put in, or the beginning."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.sources.database.cursor import ScanState, Strand, read_state, write_state

VALUES = st.one_of(
    st.integers(),
    st.text(),
    st.booleans(),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, UTC])),
    st.uuids(),
    st.binary(),
)


@given(high=VALUES, order=VALUES, key=VALUES, low=st.none() | VALUES, first=st.booleans())
def test_every_place_comes_back_with_its_types(
    high: object, order: object, key: object, low: object, first: bool
) -> None:
    state = ScanState(
        of="table",
        high=high,
        strand=Strand.ORDERED,
        after=(order, key),
        low=low,
        top=order,
        began_at=datetime(2026, 11, 20, tzinfo=UTC),
        first=first,
    )
    again = read_state(write_state(state), "table")
    assert again == state
    assert again.after is not None
    assert [type(part) for part in (again.high, *again.after)] == [type(part) for part in (high, order, key)]


def test_the_first_look_begins_at_the_beginning() -> None:
    assert read_state(None, "table") == ScanState(of="table", first=True)


def test_the_cursor_of_another_table_begins_again_but_is_no_first_look() -> None:
    cursor = write_state(ScanState(of="another", high=7, first=True))
    assert read_state(cursor, "table") == ScanState(of="table", first=False)


@pytest.mark.parametrize(
    "cursor", ["", "{", "7", "null", '{"of": "table", "high": {"odd": "1"}}', '{"strand": "x"}']
)
def test_a_cursor_that_cannot_be_read_begins_again(cursor: str) -> None:
    assert read_state(cursor, "table") == ScanState(of="table", first=False)


@given(st.text())
def test_no_text_at_all_makes_reading_a_cursor_fail(cursor: str) -> None:
    assert read_state(cursor, "table").of == "table"


def test_a_value_that_cannot_be_kept_is_refused() -> None:
    with pytest.raises(TypeError, match="a complex cannot be kept"):
        write_state(ScanState(of="table", after=(1j,)))


def test_types_that_look_alike_stay_apart() -> None:
    kept = (date(2026, 11, 20), Decimal("1.50"), UUID(int=1))
    again = read_state(write_state(ScanState(of="table", high=kept[0], low=kept[1], top=kept[2])), "table")
    assert (again.high, str(again.low), again.top) == (kept[0], "1.50", kept[2])
