"""Every table, key and list item is found on its own line, however it is written."""

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.text.toml_lines import Place, line_numbers, nearest_line

TEXT = """\
# a comment with [brackets] = "and quotes
title = 'one'        # trailing # twice
long = \"\"\"
[not.a.table]
key = "no"
escaped \\\"\"\" still inside ""\"\"\"
after = 1
raw = '''
x = '' 1
'''''
a.b.c = 2026-11-23 10:00:00
"quoted.key" = 3
'single "quoted"' = 4
"esc\\u0041ped\\t" = 5

[sources."valor.site"]
list = [
  "first", # one

  "second",
  [ 1,
    2 ],
]
inline = { x = 1, y.z = [ { deep = "}" } ], "q" = '#' }
[  sources . other ]
key=1
[[many]]
name = "a"
[[many]]
name = "b"
[many.inner]
value = 1
[[many.nested]]
value = 2
[last]
"""

EXPECTED: dict[Place, int] = {
    ("title",): 2,
    ("long",): 3,
    ("after",): 7,
    ("raw",): 8,
    ("a",): 11,
    ("a", "b"): 11,
    ("a", "b", "c"): 11,
    ("quoted.key",): 12,
    ('single "quoted"',): 13,
    ("escAped\t",): 14,
    ("sources",): 16,
    ("sources", "valor.site"): 16,
    ("sources", "valor.site", "list"): 17,
    ("sources", "valor.site", "list", 0): 18,
    ("sources", "valor.site", "list", 1): 20,
    ("sources", "valor.site", "list", 2): 21,
    ("sources", "valor.site", "list", 2, 0): 21,
    ("sources", "valor.site", "list", 2, 1): 22,
    ("sources", "valor.site", "inline"): 24,
    ("sources", "valor.site", "inline", "x"): 24,
    ("sources", "valor.site", "inline", "y"): 24,
    ("sources", "valor.site", "inline", "y", "z"): 24,
    ("sources", "valor.site", "inline", "y", "z", 0): 24,
    ("sources", "valor.site", "inline", "y", "z", 0, "deep"): 24,
    ("sources", "valor.site", "inline", "q"): 24,
    ("sources", "other"): 25,
    ("sources", "other", "key"): 26,
    ("many",): 27,
    ("many", 0): 27,
    ("many", 0, "name"): 28,
    ("many", 1): 29,
    ("many", 1, "name"): 30,
    ("many", 1, "inner"): 31,
    ("many", 1, "inner", "value"): 32,
    ("many", 1, "nested"): 33,
    ("many", 1, "nested", 0): 33,
    ("many", 1, "nested", 0, "value"): 34,
    ("last",): 35,
}


def places(value: Any, place: Place = ()) -> set[Place]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {place} - {()} | {found for key, v in inner for found in places(v, (*place, key))}


def test_every_way_of_writing_a_key_has_its_line() -> None:
    assert line_numbers(TEXT) == EXPECTED


def test_the_places_are_those_that_tomllib_reads() -> None:
    assert set(EXPECTED) == places(tomllib.loads(TEXT))


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ("[a.b]\nx = 1\n[a]\ny = 1\n", ("a",), 3),
        ("[a]\n[a.b]\n", ("a",), 1),
        ("x = 1", ("x",), 1),
        ("\n\n x = [\n]\n y = 2", ("y",), 5),
    ],
)
def test_a_table_written_out_counts_more_than_one_implied(text: str, place: Place, line: int) -> None:
    assert line_numbers(text)[place] == line


def test_the_nearest_line_is_that_of_the_table_around() -> None:
    lines: dict[Place, int] = {("a",): 1, ("a", "b"): 4}
    assert nearest_line(lines, ("a", "b", "c", 0)) == 4
    assert nearest_line(lines, ("a", "x")) == 1
    assert nearest_line(lines, ("z",)) == 0
    assert nearest_line(lines, ()) == 0


KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.integers() | st.booleans() | st.text(st.characters(codec="utf-8"), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def written(value: Any) -> str:
    """Write a value as TOML in one line; JSON's strings are TOML's but for DEL."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)} = {written(v)}" for key, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


@given(st.dictionaries(KEYS, VALUES, max_size=6), st.lists(st.sampled_from(["", "# [x] = '"]), max_size=3))
def test_any_document_is_read_as_tomllib_reads_it(values: dict[str, Any], between: list[str]) -> None:
    rows = [row for key, value in values.items() for row in (*between, f"{written(key)} = {written(value)}")]
    text = "\n".join(rows)
    assert tomllib.loads(text) == values
    lines = line_numbers(text)
    assert set(lines) == places(values)
    step = len(between) + 1
    assert all(lines[place] == (list(values).index(str(place[0])) + 1) * step for place in lines)
