"""Read plan files: dated announcements as CSV with a header, or as TOML with [[announcements]]."""

import codecs
import csv
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spotlight_notify.model.errors import Problem, Refused
from spotlight_notify.operations.plan_file.rows import COLUMNS, Row, read_row
from spotlight_notify.text.toml_lines import line_numbers, nearest_line

TABLE = "announcements"
LARGEST = 5_000_000
"""Bytes: some ten thousand rows with long summaries."""
DELIMITERS = ",;\t"
"""What spreadsheets put between cells, depending on where they are."""

WORKBOOK = b"PK\x03\x04"
AS_CSV = '"CSV UTF-8 (Comma delimited)"'
"""What spreadsheets call the kind of file that loses no letter."""

NO_PLAN = "this is no plan"
THERE_IS = f"there is: {', '.join(COLUMNS)}"

Cells = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a file holds: the rows that can be read, and every mistake."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read_plan(path: Path) -> Found:
    """Read a plan file, TOML by its name's ending, else CSV; Refused when it cannot be read at all."""
    text = _text(path)
    problems: list[Problem] = []
    lines = _toml_cells(text) if path.suffix.lower() == ".toml" else _csv_cells(text)
    rows = []
    for line, cells in lines:
        if isinstance(cells, str):
            problems.append(Problem(str(path), line, cells))
            continue
        row, mistakes = read_row(line, cells)
        problems += [Problem(str(path), line, words) for words in mistakes]
        rows += [row] if row else []
    if not rows and not problems:
        problems.append(Problem(str(path), 0, "there is no announcement in it"))
    return Found(rows=tuple(rows), problems=tuple(problems))


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise Refused(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(content) > LARGEST:
        raise Refused(f"{path}: is {len(content):,} bytes long, and {LARGEST:,} are read: split it")
    if content.startswith(WORKBOOK):
        raise Refused(f"{path}: is no plan, but a workbook: save it as {AS_CSV}")
    coding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(coding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(f"{path}:{line}: this line is not text in UTF-8; save the file as {AS_CSV}") from error


def _csv_cells(text: str) -> Iterator[tuple[int, Cells | str]]:
    """Yield each row's line and cells, empty ones left out, or what is wrong; one thing if it is no plan."""
    file = io.StringIO(text, newline="")
    line = 1
    if text[:4].lower() == "sep=":  # some spreadsheets begin with what stands between cells
        file.readline()
        line += 1
    first = text.splitlines()[line - 1 : line]
    delimiter = max(DELIMITERS, key="".join(first).count)
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    skipped = line - 1
    try:
        for cells in reader:
            if header is None:
                header = [cell.strip().lower() for cell in cells]
                if "at" not in header:
                    yield line, f"{NO_PLAN}: the first line must name the columns, at among them; {THERE_IS}"
                    return
                yield from ((line, words) for words in _header_mistakes(header))
            elif any(cell.strip() for cell in cells):
                yield line, _named(header, cells)
            line = reader.line_num + skipped + 1
    except csv.Error as error:
        yield line, f"this is not CSV: {error}" if header else f"{NO_PLAN}, and not CSV: {error}"


def _header_mistakes(header: Sequence[str]) -> Iterator[str]:
    for name in dict.fromkeys(header):
        if name and name not in COLUMNS:
            yield f"there is no column {name}; {THERE_IS}"
        if name and header.count(name) > 1:
            yield f"the column {name} is there twice"


def _named(header: Sequence[str], cells: Sequence[str]) -> Cells | str:
    if any(cell.strip() for cell in cells[len(header) :]):
        return "there are more cells than columns: put text with a comma in it into quotation marks"
    named = zip(header, cells, strict=False)
    return {name: cell.strip() for name, cell in named if name in COLUMNS and cell.strip()}


def _toml_cells(text: str) -> Iterator[tuple[int, Cells | str]]:
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        words, _, position = str(error).partition(" (at line ")
        yield int(position.partition(",")[0] or 0), f"this is not TOML: {words}"
        return
    if values and TABLE not in values:
        yield 0, f"{NO_PLAN}: each announcement is a table [[{TABLE}]]"
        return
    lines = line_numbers(text)
    for name in values:
        if name != TABLE:
            yield (
                nearest_line(lines, (name,)),
                f"there is no {name}; each announcement is a table [[{TABLE}]]",
            )
    tables = values.get(TABLE, [])
    for number, table in enumerate(tables if isinstance(tables, list) else [tables]):
        line = nearest_line(lines, (TABLE, number)) or nearest_line(lines, (TABLE,))
        yield line, table if isinstance(table, dict) else f"an announcement is a table [[{TABLE}]]"
        for name in table if isinstance(table, dict) else ():
            if name not in COLUMNS:
                place = nearest_line(lines, (TABLE, number, name))
                yield place, f"there is no {name}; {THERE_IS}"
