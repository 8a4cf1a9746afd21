"""Words from strangers: cleaned where they come in, and shown, never obeyed, where they are printed."""

import io
import json
import logging
import re
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
import pytest
import structlog
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.cli import main
from spotlight_notify.cli.options import by_option, reason_option
from spotlight_notify.cli.output import echo, echo_text, print_json, print_table
from spotlight_notify.model.aids import Aid, Reading
from spotlight_notify.networks.failures import REJECTED, Evidence, error_for
from spotlight_notify.networks.redaction import Redactor
from spotlight_notify.operations.decide.edits import readable
from spotlight_notify.sources.database.rows import RowReader
from spotlight_notify.sources.feed.aids import aids_from
from spotlight_notify.sources.feed.dates import DateReader
from spotlight_notify.sources.feed.json import read_json
from spotlight_notify.text.aliases import former_names, name_of
from spotlight_notify.text.invisible import escaped_json, in_one_line, visible, without_invisible
from spotlight_notify.worker.logs import set_up_logs

TAGS = "\U000e0068\U000e0069"
HOSTILE = f"Offi\x1b[2Jcer\b \x9bW\u202eell\u2066ness\u2028and\u2029more\r\n{TAGS}\u200b\x00\x7f"
CLEAN = "Offi[2Jcer Wellness and more"
WALES = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
SEEN = f"👩\u200d🚒 {WALES} می\u200cخواهم ❤\ufe0f שלום"
OBEYED = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), *"\u200b\u202e\u2066\u2028\u2029", *TAGS} - {
    "\n"
}


def obeyed(told: str) -> set[str]:
    """Find what a terminal would act on, or nobody would see."""
    return OBEYED & set(told)


@given(st.text())
def test_promise_16_what_is_shown_holds_nothing_unseen(text: str) -> None:
    assert without_invisible(visible(text)) == visible(text)
    assert len(visible(text).splitlines()) <= 1
    assert not obeyed(visible(text).replace("\t", ""))


def test_promise_16_hidden_characters_are_shown_as_escapes_and_emoji_as_they_are() -> None:
    assert visible("a\x1b[31m\x9b\u202eb\U000e0041\ud800") == r"a\x1b[31m\x9b\u202eb\U000e0041\ud800"
    assert visible("a\r\nb\u2028c\td") == "a\\r\\nb\\u2028c\td"
    assert visible("a\r\nb\nc", of_lines=True) == "a\\r\nb\nc"
    assert visible(SEEN) == in_one_line(SEEN) == SEEN


@given(st.text())
def test_promise_16_json_with_escapes_says_the_same(text: str) -> None:
    written = escaped_json(json.dumps({"text": text}, ensure_ascii=False, indent=2))
    assert json.loads(written) == {"text": text}
    assert not obeyed(written)


def from_feed(**fields: object) -> Aid:
    item = {"id": "1", "url": "https://valor.test/1", "title": "Keep Calm", **fields}
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [item]}
    reading = Reading(theme_category_prefix="Theme: ")
    (aid,) = aids_from(
        read_json(json.dumps(feed).encode(), "https://valor.test/feed.json", DateReader()), "site", reading
    )
    return aid


def from_row(**fields: object) -> Aid:
    row = {"key": 1, "link": "https://valor.test/1", "title": "Keep Calm", **fields}
    reader = RowReader(source="table", reading=Reading(), zone=ZoneInfo("UTC"))
    return reader.read(row, ())[0]


@pytest.mark.parametrize(
    "aid",
    [
        from_feed(
            title=HOSTILE,
            tags=[f"Theme: {HOSTILE}"],
            summary=f"More: {HOSTILE}",
            image="https://valor.test/1.png",
        ),
        from_row(
            title=HOSTILE,
            theme=HOSTILE,
            summary=f"More: {HOSTILE}",
            image="https://valor.test/1.png",
            alt=HOSTILE,
        ),
    ],
    ids=["feed", "row"],
)
def test_promise_16_a_source_s_words_are_cleaned_where_they_come_in(aid: Aid) -> None:
    assert (aid.title, " ".join(aid.themes)) == (CLEAN, CLEAN)
    assert aid.summary.splitlines()[0].startswith("More: Offi[2Jcer Wellness")
    assert {image.alt for image in aid.images} <= {None, CLEAN}
    assert not obeyed(f"{aid.title}{aid.theme}{aid.summary}{aid.key}{aid.link}{aid.images}")


def test_promise_16_a_feed_s_hidden_category_letters_do_not_hide_its_theme() -> None:
    assert from_feed(tags=["The\u200bme: Sleep\u202e"]).theme == "Sleep"


@pytest.mark.parametrize("key", ["a\x1b[2J", "a\u202eb", "a\u200bb", f"a{TAGS}", "a\nb"])
def test_promise_16_a_hostile_key_is_shown_and_still_known_under_its_old_name(key: str) -> None:
    for aid, kind in ((from_feed(id=key), "guid"), (from_row(key=key), "row")):
        assert aid.key == aid.aliases[0]
        assert re.fullmatch(rf"{re.escape(f'{kind}:{visible(key)}')} \([0-9a-f]{{16}}\)", aid.key)
        assert f"{kind}:{key}" in aid.aliases


def test_promise_16_no_two_keys_become_one() -> None:
    keys = ["a\x1b", r"a\x1b", "a\\\x1b", r"a\\x1b", "a", "a\u200b", r"\\"]
    assert len({name_of("row", key) for key in keys}) == len(keys)
    assert [former_names("row", key) for key in (r"a\x1b", "a", "é 👩\u200d🚒")] == [(), (), ()]


def test_promise_16_a_link_holds_nothing_unseen() -> None:
    for aid in (
        from_feed(url=f"https://valor.test/{HOSTILE}"),
        from_row(link=f"https://valor.test/{HOSTILE}"),
    ):
        assert (aid.link or "").isascii()
        assert (aid.link or "").isprintable()


def test_promise_16_a_network_s_error_words_become_one_clean_line() -> None:
    evidence = Evidence(kind=REJECTED, words=f"(#100) {HOSTILE}.")
    error = error_for(evidence, ValueError(), redactor=Redactor([]), now=datetime(2026, 11, 30, tzinfo=UTC))
    assert str(error) == f"(#100) {CLEAN}"


def test_promise_16_an_edited_post_keeps_lines_and_loses_what_is_unseen() -> None:
    assert (
        readable(f"One\r\ntwo\rthree\u2028four \x85\x1b\u202efive {WALES}")
        == f"One\ntwo\nthree\nfour\nfive {WALES}"
    )


@click.command()
@reason_option
@by_option
def signed(reason: str, who: str) -> None:
    """Say who did it, and why."""
    print_json({"who": who, "reason": reason})


def test_promise_16_what_goes_on_record_by_hand_is_cleaned() -> None:
    done = CliRunner().invoke(signed, ["--reason", HOSTILE, "--by", "De\x1bsk\u202e"])
    assert json.loads(done.output) == {"who": "Desk", "reason": CLEAN}
    assert CliRunner().invoke(signed, ["--reason", "\x1b\u200b", "--by", "Desk"]).exit_code == 2


def test_promise_16_lines_texts_tables_and_json_are_printed_safely(
    capsys: pytest.CaptureFixture[str],
) -> None:
    echo(HOSTILE)
    echo(HOSTILE, err=True)
    echo_text(f"{HOSTILE}\nsecond")
    print_table(("A", "B"), [(HOSTILE, HOSTILE), ("a", "b")])
    print_json({"words": HOSTILE})
    out, err = capsys.readouterr()
    assert not obeyed(out + err)
    assert err.count("\n") == 1
    lines = out.splitlines()
    assert lines[0] == err.rstrip("\n")
    assert lines[3] == "second"
    assert lines[4].index("B") == lines[6].rindex("b")
    assert json.loads("\n".join(lines[7:])) == {"words": HOSTILE}


@pytest.mark.parametrize(
    "words",
    [
        ["--\x1b[2J"],
        ["\x1b[2J\u202e"],
        ["hold", "--\x9b"],
        ["hold", "--reason", "\u202e"],
        ["deliveries", "\x1b\u2066"],
    ],
)
def test_promise_16_a_mistake_in_usage_is_printed_safely(words: list[str]) -> None:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2
    assert done.stderr.startswith("Usage: ")
    assert not obeyed(done.output)


class Terminal(io.StringIO):
    """Be a terminal without colours that keeps what it was sent."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_promise_16_logs_are_printed_safely(
    monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO]
) -> None:
    heard = stream()
    monkeypatch.setattr(sys, "stderr", heard)
    monkeypatch.setenv("NO_COLOR", "1")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        set_up_logs([], quiet=False)
        structlog.stdlib.get_logger("spotlight_notify").warning(
            "source warns", warning=HOSTILE, more=[HOSTILE]
        )
        logging.getLogger("library").warning("a library says %s", HOSTILE)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
    assert not obeyed(heard.getvalue())
    assert heard.getvalue().count("\n") == 2
    assert heard.getvalue().count("[2J") == 3
