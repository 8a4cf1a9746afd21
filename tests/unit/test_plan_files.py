"""Plan files: what can be read of them, and how their mistakes are told."""

from datetime import timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.model.errors import Refused
from spotlight_notify.operations.announce.times import read_time
from spotlight_notify.operations.plan_file.reading import Found, read_plan
from spotlight_notify.operations.plan_file.rows import read_row

NINE = read_time("2026-12-01 09:00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, text: str | bytes, name: str = "plan.csv") -> Found:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_plan(path)


def mistakes(found: Found) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in found.problems]


def test_a_table_is_read_with_its_lines(folder: Path) -> None:
    text = (
        "at,aid,title,url,summary,kind,theme,sign_in,image,alt,to\n"
        "2026-12-01 09:00,12,,,,,,,,,\n"
        "\n"
        '2026-12-01 09:00,,Keep Calm,https://a.gov/1,"In two\nlines, here",poster,Calm,yes,'
        'a.png,Green.,"x, page"\n'
        ",,,,,,,,,,\n"
        "2026-12-01 09:00,,,,,,Calm,,,,page\n"
    )
    found = read(folder, text)
    assert found.problems == ()
    known, new, digest = found.rows
    assert (known.line, known.at, known.wanted.words, known.to) == (2, NINE, "12", ())
    assert (new.line, new.to) == (4, ("x", "page"))
    assert (new.wanted.title, new.wanted.kind, new.wanted.theme) == ("Keep Calm", "poster", "Calm")
    assert (new.wanted.sign_in, new.wanted.image, new.wanted.alt) == (True, "a.png", "Green.")
    assert new.wanted.summary == "In two lines, here"
    assert (digest.line, digest.wanted.is_digest, digest.to) == (7, True, ("page",))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_may_come_from_any_spreadsheet(folder: Path, delimiter: str) -> None:
    lines = ["At , AID,to", "2026-12-01 09:00, 12 ,x"]
    text = "\ufeff" + "\r\n".join(line.replace(",", delimiter) for line in lines)
    (row,) = read(folder, text).rows
    assert (row.line, row.wanted.words, row.to) == (2, "12", ("x",))


def test_toml_is_read_with_its_lines(folder: Path) -> None:
    text = """
# January
[[announcements]]
at = 2026-12-01 09:00:00
aid = 12
to = ["x", "page"]

[[announcements]]
title = "Keep Calm"
url = "https://a.gov/1"
at = "2026-12-01 09:00"
sign_in = true

[[announcements]]
at = 2026-12-01T09:00:00-05:00
theme = "Calm"
"""
    found = read(folder, text, "plan.toml")
    assert found.problems == ()
    known, new, digest = found.rows
    assert (known.line, known.at, known.wanted.words, known.to) == (3, NINE, "12", ("x", "page"))
    assert (new.line, new.wanted.sign_in) == (8, True)
    assert digest.at.offset == timezone(timedelta(hours=-5))
    assert digest.wanted.is_digest


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",12,,,,,,,,,", "at: say when"),
        ("soon,12,,,,,,,,,", "at: soon is no time"),
        ("2026-12-01,12,,,,,,,,,", "has no time of day"),
        ("2026-12-01 09:00,,,,,,,,,,x", "name an aid, or title and url, or a theme"),
        ("2026-12-01 09:00,,Calm,,,,,,,,", "a new aid needs both title and url"),
        ("2026-12-01 09:00,,,https://a.gov,,,,,,,", "a new aid needs both title and url"),
        ("2026-12-01 09:00,12,Calm,,,,Theme,,,,", "so leave out title, theme"),
        ("2026-12-01 09:00,,,,Short.,,Theme,,,,", "a digest has nothing but its theme, so leave out summary"),
        ("2026-12-01 09:00,,Calm,https://a.gov,,song,,,,,", "kind: there is no song; there is: article"),
        ("2026-12-01 09:00,,Calm,https://a.gov,,,,maybe,,,", "sign_in: maybe is neither yes nor no"),
        ("2026-12-01 09:00,,Calm,https://a.gov,,,,,a.png,,", "image needs alt: words"),
        ("2026-12-01 09:00,12,,,,,,,,,x,y", "more cells than columns"),
        ('2026-12-01 09:00,"12" 3,,,,,,,,,', "this is not CSV"),
    ],
)
def test_a_mistake_in_a_row_is_told_with_its_line(folder: Path, row: str, says: str) -> None:
    header = "at,aid,title,url,summary,kind,theme,sign_in,image,alt,to"
    found = read(folder, f"{header}\n2026-12-01 09:00,1,,,,,,,,,\n{row}\n")
    assert len(found.rows) == 1
    ((line, words),) = mistakes(found)
    assert line == 3
    assert says in words
    assert "--" not in words


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    text = "at,aid,colour,aid\nsoon,,,\n2026-12-01 09:00,5,,\n,6,,\n"
    assert [line for line, _ in mistakes(read(folder, text))] == [1, 1, 2, 2, 4]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[[announcements]]\nat = 3\naid = 1\n", 1, "at must be a date with a time of day"),
        ("[[announcements]]\nat = 2026-12-01\naid = 1\n", 1, "has no time of day"),
        (
            "[[announcements]]\nat = 2026-12-01 09:00:00\naid = 1\nto = [1]\n",
            1,
            "to must be a list of channels",
        ),
        ("[[announcements]]\nat = 2026-12-01 09:00:00\naid = 1\ncolour = 1\n", 4, "there is no colour"),
        ("[[announcements]]\nat = 2026-12-01 09:00:00\naid = 1\n[[aids]]\n", 4, "there is no aids"),
        ("announcements = [1]\n", 1, "an announcement is a table [[announcements]]"),
        ("[announcements]\nat = 2026-12-01 09:00:00\naid = 1\n", 0, None),
        ("[[announcements]]\nat = 2026-12-01 09:00:00\naid = 1\nsign_in = 5\n", 1, "must be true or false"),
        ("[[announcements]]\nat = \n", 2, "this is not TOML"),
        ("", 0, "there is no announcement in it"),
    ],
)
def test_a_mistake_in_toml_is_told_with_its_line(
    folder: Path, text: str, line: int, says: str | None
) -> None:
    found = read(folder, text, "plan.toml")
    if says is None:
        assert len(found.rows) == 1
        return
    ((where, words),) = mistakes(found)
    assert where == line
    assert says in words


@pytest.mark.parametrize("text", ["", "at,aid\n", "\n\n"])
def test_a_file_with_nothing_in_it_is_a_mistake(folder: Path, text: str) -> None:
    found = read(folder, text)
    assert found.rows == ()
    assert found.problems


def test_a_table_without_a_header_is_told(folder: Path) -> None:
    found = read(folder, "2026-12-01 09:00,12\n")
    assert "the first line must name the columns, at among them" in mistakes(found)[0][1]


def test_what_cannot_be_read_is_refused_in_a_line(folder: Path) -> None:
    with pytest.raises(Refused, match=r"gone\.csv: cannot be read: No such file"):
        read_plan(folder / "gone.csv")
    with pytest.raises(Refused, match="cannot be read"):
        read_plan(folder)
    with pytest.raises(Refused, match=r"plan\.csv:2: this line is not text in UTF-8"):
        read(folder, b"at,aid\n\xff\xfe\n")
    with pytest.raises(Refused, match="split it"):
        read(folder, "a" * 5_000_001)


@given(
    text=st.text(alphabet=st.sampled_from('at,aid\n\r";\t\x00 12=[]é'), max_size=80), is_toml=st.booleans()
)
def test_nothing_is_read_without_a_time_or_a_word_why(
    tmp_path_factory: pytest.TempPathFactory, text: str, is_toml: bool
) -> None:
    folder = tmp_path_factory.getbasetemp()
    found = read(folder, text, "any.toml" if is_toml else "any.csv")
    assert found.rows or found.problems


@given(
    cells=st.dictionaries(
        st.sampled_from(("at", "aid", "title", "url", "theme", "sign_in", "image", "alt", "to", "kind")),
        st.none()
        | st.booleans()
        | st.integers()
        | st.text()
        | st.lists(st.text())
        | st.datetimes()
        | st.floats(),
    )
)
def test_a_row_of_anything_is_a_row_or_mistakes(cells: dict[str, object]) -> None:
    row, words = read_row(1, cells)
    assert (row is None) == bool(words)


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("12/02/2026 9:00 AM", "2026-12-02 09:00"),
        ("12/2/2026 9:00", "2026-12-02 09:00"),
        ("1/9/2027 12:05 am", "2027-01-09 00:05"),
        ("1/9/2027 12:05:30 PM", "2027-01-09 12:05:30"),
        ("12/02/26 1:15\u202fPM", "2026-12-02 13:15"),
        (" 12/31/2026  23:59 ", "2026-12-31 23:59"),
    ],
)
def test_command_line_18_times_as_a_spreadsheet_in_the_us_saves_them(
    folder: Path, words: str, iso: str
) -> None:
    found = read(folder, f"at,aid\r\n{words},12\r\n")
    assert found.problems == ()
    assert [row.at for row in found.rows] == [read_time(iso)]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("31/12/2026 9:00", "the month comes first"),
        ("02/30/2026 9:00", "is no time"),
        ("12/02/2026 13:00 PM", "is no time"),
        ("12/02/2026 0:30 AM", "is no time"),
        ("12/02/2026", "has no time of day"),
        ("12/02/2026 9:75", "is no time"),
    ],
)
def test_command_line_18_what_is_no_time_in_the_us_either(folder: Path, words: str, says: str) -> None:
    ((line, told),) = mistakes(read(folder, f"at,aid\n{words},12\n"))
    assert (line, says in told) == (2, True), told


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("first", ["", "sep={}\r\n"])
def test_command_line_18_a_plan_in_whatever_form_a_spreadsheet_saves_it(
    folder: Path, coding: str, delimiter: str, first: str
) -> None:
    lines = ("At,Title,Url,Summary", "12/02/2026 9:00 AM,Officers\u2019 Day,https://a.gov/1,Short.")
    text = first.format(delimiter) + "".join(line.replace(",", delimiter) + "\r\n" for line in lines)
    bom = "\ufeff" if coding.endswith("-bom") else ""
    found = read(folder, f"{bom}{text}".encode(coding.removesuffix("-bom")))
    assert found.problems == ()
    (row,) = found.rows
    assert (row.at, row.wanted.title) == (read_time("2026-12-02 09:00"), "Officers\u2019 Day")
    assert row.line == (3 if first else 2)


@pytest.mark.parametrize("name", ["plan.csv", "plan.toml", "plan"])
@pytest.mark.parametrize(
    "text",
    [
        "# Plan\n\n" + "Some words, and more of them.\n" * 200,
        "<rss><channel>\n" + "<item><title>a, b</title></item>\n" * 200,
        "name,colour\n" + "a,b\n" * 200,
        '{"a": [1, 2],\n"b": 3}\n' * 200,
        '[ledger]\nurl = "sqlite:///a"\n[wire]\n[sources.a]\nkind = "feed"\n',
        'a "quoted" word,\n"b" c,d\n' * 200,
    ],
    ids=["words", "feed", "table", "json", "configuration", "quotes"],
)
def test_command_line_18_of_a_wrong_file_one_line_says_that_it_is_no_plan(
    folder: Path, name: str, text: str
) -> None:
    found = read(folder, text, name)
    assert found.rows == ()
    ((_, words),) = mistakes(found)
    assert "is no plan" in words or "this is not TOML" in words


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04" + b"\0" * 99, b"%PDF-1.7\n\xe2\xe3\xcf\xd3", b"\x89PNG\r\n\x1a\n\0"]
)
def test_command_line_18_a_workbook_or_a_picture_is_refused_with_the_way_out(
    folder: Path, content: bytes
) -> None:
    with pytest.raises(Refused, match=r'CSV UTF-8 \(Comma delimited\)"$'):
        read(folder, content)
