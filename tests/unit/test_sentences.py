"""Where sentences end in what offices write: a bar stands where one does."""

from pathlib import Path

import pytest

from spotlight_notify.text.sentences import sentences

TABLE = Path(__file__).parent.parent / "words" / "sentences.txt"
ROWS = [row for row in TABLE.read_text(encoding="utf-8").splitlines() if not row.startswith("#")]


@pytest.mark.parametrize("line", ROWS)
def test_sentences_end_where_they_end(line: str) -> None:
    """Words w06, w24, x06, x08."""
    wanted = line.split(" | ")
    text = " ".join(wanted)
    assert [said.strip() for said in sentences(text)] == wanted
    assert "".join(sentences(text)) == text


def test_a_lines_end_ends_a_sentence() -> None:
    assert [said.strip() for said in sentences("A headline\nThe text. More")] == [
        "A headline",
        "The text.",
        "More",
    ]


def test_scripts_without_spaces_have_their_own_stops() -> None:
    assert list(sentences("冷静に。続き。")) == ["冷静に。", "続き。"]
