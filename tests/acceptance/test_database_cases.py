"""A table that is a source, as an operator meets it: the sandbox's own database and configuration."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from processes import Notify, until
from spotlight_notify.sandbox.rehearsal import DATABASE
from spotlight_notify.sandbox.server import Sandbox

DRAFT = """
INSERT INTO digital_aids (id, title, url, status, summary, kind, theme, access, published_at)
VALUES ({id}, '{title}', '{home}/aids/{id}', '{status}', '', 'article', 'Calm', 'public', '2026-11-20 12:00Z')
"""


def change(config: Path, *statements: str) -> None:
    with closing(sqlite3.connect(config.with_name(DATABASE))) as database, database:
        for statement in statements:
            database.execute(statement)


def once(notify: Notify, config: Path) -> None:
    done = notify("--config", config, "once")
    assert done.returncode == 0, done.stderr


def titles(notify: Notify, config: Path) -> set[str]:
    """Look at what is due, and give the titles of all rows that are known."""
    once(notify, config)
    listed = json.loads(notify("--config", config, "aids", "--json").stdout)["aids"]
    return {each["aid"]["title"] for each in listed if each["aid"]["source"] == "sample-database"}


def test_database_5_the_sandboxs_own_configuration_finds_a_draft_that_is_published_late(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    def row(number: int, status: str) -> str:
        return DRAFT.format(id=number, title=f"Row {number}", status=status, home=sandbox.home)

    change(config, row(902, "draft"))
    once(notify, config)
    change(config, row(903, "published"))
    until(lambda: "Row 903" in titles(notify, config))
    assert "Row 902" not in titles(notify, config)
    change(config, "UPDATE digital_aids SET status = 'published' WHERE id = 902")
    until(lambda: "Row 902" in titles(notify, config))


def test_database_10_aids_shows_number_key_and_link(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    once(notify, config)
    listed = notify("--config", config, "aids", "--source", "sample-database").stdout
    assert listed.split()[:2] == ["ID", "KEY"]
    assert "row:1" in listed
    assert f"{sandbox.home}/" in listed


def test_database_4_config_check_notes_times_without_a_zone_until_somebody_says_it(
    notify: Notify, config: Path
) -> None:
    def notes() -> list[str]:
        checked = notify("--config", config, "config", "check", "--json")
        told: list[str] = json.loads(checked.stdout)["notes"]
        return [note for note in told if note.startswith("sample-database")]

    assert notes() == []
    change(config, "UPDATE digital_aids SET published_at = rtrim(published_at, 'Z')")
    (note,) = notes()
    assert "published_at holds times without a zone" in note
    assert note.endswith("read as America/New_York: say by timezone which it is")
    config.write_text(config.read_text().replace('key = "id"\n', 'key = "id"\ntimezone = "UTC"\n'))
    assert notes() == []


def test_database_4_config_check_tells_of_a_table_that_cannot_be_read(notify: Notify, config: Path) -> None:
    change(config, "ALTER TABLE digital_aids RENAME TO others")
    checked = notify("--config", config, "config", "check")
    assert checked.returncode == 0
    assert "there is no such table; there are others; so its columns were not looked at" in checked.stdout
