import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.cli.tables import cut, laid_out, width

CELLS = st.text(alphabet="ab é安全👮🏽\u0301", max_size=60)
TABLES = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5)


def lines_of(table: list[list[str]]) -> list[str]:
    return ["  ".join(cells) for cells in table]


@given(rows=TABLES)
def test_command_line_11_columns_stand_under_each_other_whatever_the_letters(
    rows: list[tuple[str, str, str]],
) -> None:
    table = laid_out([("ID", "KIND", "TITLE"), *rows], None)
    assert len({width(cells[0]) for cells in table}) == 1
    assert len({width(cells[1]) for cells in table}) == 1
    assert [cells[2] for cells in table[1:]] == [row[2] for row in rows]


@given(rows=TABLES, columns=st.integers(40, 120))
def test_command_line_11_a_table_fits_the_terminal(rows: list[tuple[str, str, str]], columns: int) -> None:
    assert max(map(width, lines_of(laid_out([("ID", "KIND", "TITLE"), *rows], columns)))) <= columns


@pytest.mark.parametrize(
    ("text", "most", "left"),
    [
        ("Officer Wellness", 16, "Officer Wellness"),
        ("Officer Wellness", 10, "Officer W…"),
        ("Officer Wellness", 9, "Officer…"),
        ("安全安全", 8, "安全安全"),
        ("安全安全", 7, "安全安…"),
        ("安全安全", 6, "安全…"),
    ],
)
def test_command_line_11_what_is_cut_ends_with_an_ellipsis(text: str, most: int, left: str) -> None:
    assert cut(text, most) == left
