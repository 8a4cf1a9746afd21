"""Words that a stranger chose, from a feed or an old ledger: what posts and terminals get of them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from processes import Notify, until
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.sandbox.server import Sandbox
from website import Page, Website

TAGS = "\U000e0068\U000e0069"
HOSTILE = f"red\x1b[31m\x9b2J\b\u202eturned\u2066\u2028\u2029\nforged\r{TAGS}\u200b"
OBEYED = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), *"\u200b\u202e\u2066\u2028\u2029", *TAGS} - {
    "\n"
}
WORDS = {
    "aid": ("key", "title", "summary", "theme"),
    "source": ("alarm", "error", "paused_reason"),
    "channel": ("paused_reason",),
    "delivery": ("reason",),
    "writer": ("who",),
    "attempt": ("claimant", "detail"),
    "receipt": ("post_id", "url"),
    "hold": ("reason", "who"),
    "change": ("reason", "who", "action"),
}
NEW = ("--title", "Keep Calm", "--url", "https://www.valorforblue.org/keep-calm")
READERS = (
    "status",
    "aids",
    "deliveries",
    "deliveries 1",
    "explain 1",
    "holds",
    "channel list",
    "source list",
)


def obeyed(told: str) -> set[str]:
    return OBEYED & set(told)


def poison(config: Path) -> None:
    """Put hostile words wherever an older ledger may hold any."""
    with closing(sqlite3.connect(config.with_name("spotlight.sqlite3"))) as ledger:
        for table, columns in WORDS.items():
            sets = ", ".join(f"{column} = ? || rowid" for column in columns)
            changed = ledger.execute(f"UPDATE {table} SET {sets}", (HOSTILE,) * len(columns))
            assert changed.rowcount > 0, table
        ledger.execute("UPDATE channel SET paused_at = (SELECT max(changed_at) FROM delivery)")
        ledger.execute("UPDATE source SET alarm_at = polled_at")
        ledger.commit()


def strings_in(told: object) -> set[str]:
    if isinstance(told, dict):
        return set().union(*map(strings_in, told.values()))
    if isinstance(told, list):
        return set().union(*map(strings_in, told))
    return {told} if isinstance(told, str) else set()


def test_promise_16_an_old_ledger_s_hostile_words_are_printed_safely(notify: Notify, config: Path) -> None:
    notify("--config", config, "once")
    told = notify("--config", config, "announce", *NEW, "--now")
    assert told.returncode == 0, told.stderr
    notify("--config", config, "hold", "--reason", "words")
    poison(config)
    for words in READERS:
        told = notify("--config", config, *words.split())
        assert told.returncode == 0, told.stderr
        assert not obeyed(told.stdout + told.stderr), words
        assert r"red\x1b[31m\x9b2J\x08\u202eturned\u2066\u2028\u2029\nforged\r" in told.stdout, words
        as_json = notify("--config", config, *words.split(), "--json").stdout
        assert not obeyed(as_json), words
        assert any(said.startswith(HOSTILE) for said in strings_in(json.loads(as_json))), words


def test_promise_16_what_a_person_types_is_cleaned_and_printed_safely(notify: Notify, config: Path) -> None:
    held = notify("--config", config, "hold", "--reason", HOSTILE, "--by", f"Desk{HOSTILE}", "--json")
    assert not obeyed(held.stdout)
    new = ("--title", HOSTILE, "--url", f"https://valor.example.org/{HOSTILE}", "--theme", HOSTILE)
    told = notify("--config", config, "announce", *new, "--reason", HOSTILE, "--by", HOSTILE)
    assert not obeyed(told.stdout + told.stderr)
    with open_ledger(load_config(config, {})) as ledger:
        (hold,) = ledger.holds(None)
        (known,) = (each.aid for each in ledger.aids() if each.aid.title)
        changes = ledger.changes()
    cleaned = "red[31m2Jturned forged"
    assert (hold.reason, hold.who) == (cleaned, f"Desk{cleaned}")
    assert (known.title, known.theme) == (cleaned, cleaned)
    assert changes
    assert {(change.reason, change.who) for change in changes if change.who != "policy"} == {
        (cleaned, f"Desk{cleaned}"),
        (cleaned, cleaned),
    }


@pytest.mark.parametrize(
    "words", [("deliveries", "--channel"), ("announce",), ("explain",), ("lint", "--feed")]
)
def test_promise_16_a_name_that_is_unknown_is_printed_safely(
    notify: Notify, config: Path, words: tuple[str, ...]
) -> None:
    told = notify("--config", config, *words, HOSTILE)
    assert told.returncode != 0
    assert r"\x1b" in told.stderr
    assert not obeyed(told.stdout + told.stderr)


def test_promise_16_a_feed_s_hostile_words_reach_no_post_and_no_terminal(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    item = {
        "id": HOSTILE,
        "url": f"https://www.valorforblue.org/{HOSTILE}",
        "title": HOSTILE,
        "tags": [f"Theme: Code {HOSTILE}"],
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": HOSTILE, "items": [item]}
    with Website() as site:
        url = site.put("/feed.json", Page(body=json.dumps({**feed, "items": []}).encode()))
        config.write_text(config.read_text().replace(sandbox.feed_url, url))
        notify("--config", config, "once")
        site.put("/feed.json", Page(body=json.dumps(feed).encode()))
        told: list[str] = []

        def is_sent() -> bool:
            done = notify("--config", config, "once")
            told.extend((done.stdout, done.stderr))
            return bool(sandbox.x.posts and sandbox.graph.posts)

        until(is_sent)
    told.append(notify("--config", config, "aids").stdout)
    assert not obeyed("".join(told))
    for posts in (sandbox.x.posts, sandbox.graph.posts):
        (post,) = posts
        assert post.text.startswith("[ARTICLE] red[31m2Jturned forged\n")
        assert not obeyed(post.text)
    assert "\nTheme: Code red[31m2Jturned forged\n" in sandbox.graph.posts[0].text
