"""A file that is missing, unreadable or not TOML is told in plain words, with its line."""

from pathlib import Path

import pytest

from spotlight_notify.app.configuration import load_config
from spotlight_notify.model.errors import ConfigError, Problem


def problems(file: Path, text: str) -> tuple[Problem, ...]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(file, {})
    assert "hunter2" not in str(caught.value)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[programme]\nname = VALOR\n", 2, "text stands in quotation marks"),
        ("[programme]\nname = \n", 2, "text stands in quotation marks"),
        ("[programme\nname = 'x'\n", 1, "a line is a [table] or a setting = value"),
        ("[programme]\nname 'x'\n", 2, "a line is a [table] or a setting = value"),
        ("[programme]\n\nname = 'hunter2\n", 3, "not closed"),
        ('[programme]\nname = "hunter2\n', 2, "not closed"),
        ("[programme]\nname = 'x'\nname = 'y'\n", 3, "twice"),
        ("[a]\n[b]\n[a]\n", 3, "twice"),
        ("x = { a = 1, a = 2 }\n", 1, "twice"),
        ('x = "C:\\path"\n', 1, "backslash"),
        ("x = [1,\n2,\n", 2, "ends too early"),
        ('x = """\nhunter2\n', 2, "not closed"),
        ("x = 2026-02-30\n", 1, "is not a date"),
    ],
)
def test_a_syntax_error_has_its_line_and_plain_words(file: Path, text: str, line: int, words: str) -> None:
    (problem,) = problems(file, text)
    assert words in problem.message
    assert problem.line == line


def test_a_file_that_is_not_there_says_what_writes_one(file: Path) -> None:
    with pytest.raises(ConfigError, match='there is no such file; "spotlight-notify init" writes one'):
        load_config(file, {})


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: is a directory"):
        load_config(tmp_path, {})


def test_a_file_that_is_not_utf_8_has_the_line_of_the_first_bad_byte(file: Path) -> None:
    file.write_bytes(b"[programme]\nname = 'caf\xe9'\n")
    with pytest.raises(ConfigError) as caught:
        load_config(file, {})
    assert str(caught.value) == f"{file}:2: this line is not text in UTF-8; save the file as UTF-8"


def test_a_file_nested_without_end_is_refused(file: Path) -> None:
    (problem,) = problems(file, "x = " + "[" * 20_000 + "]" * 20_000)
    assert "nested too deeply" in problem.message


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf[programme]\r\nname = 'x'\r\n\r\n[wire]\r\ncolour = 1\r\n")
    with pytest.raises(ConfigError) as caught:
        load_config(file, {})
    assert f'{file}:5: there is no setting "colour"' in str(caught.value)
