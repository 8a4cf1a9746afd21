"""Announce by a plan file: checked whole, then recorded, and safe to give again."""

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from processes import Notify, until
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.sandbox.server import Sandbox

YEAR = datetime.now(UTC).year + 1
THEME = "Defusing Difficult Encounters"
SAMPLES = Path(__file__).parents[2] / "src/spotlight_notify/sandbox/samples"
POSTER = SAMPLES / "keep-calm-and-de-escalate.png"
HEADER = "at,aid,title,url,theme,to\n"
PLAN = (
    HEADER
    + f"{YEAR}-12-01 09:00,3,,,,\n"
    + f"{YEAR}-12-02 09:00,,Keep Calm,https://www.valorforblue.org/keep-calm,,sample-page\n"
    + f"{YEAR}-12-09 09:00,,,,{THEME},sample-x\n"
)


@pytest.fixture
def seen(notify: Notify, config: Path) -> Path:
    """Let the program see the sample site once; its theme has a page, and posts keep office hours."""
    page = f'\n[themes."{THEME}"]\nlink = "https://spotlight.example.org/themes/defusing"\n'
    hours = '\n[campaigns.spotlight-on-safety.hours]\nwindows = ["daily 10:00-18:00"]\ngap = "20m"\n'
    config.write_text(config.read_text() + page + hours)
    done = notify("--config", config, "once")
    assert done.returncode == 0, done.stderr
    return config


def write(config: Path, text: str, name: str = "plan.csv") -> Path:
    path = config.with_name(name)
    path.write_text(text)
    return path


def planned(config: Path) -> list[Delivery]:
    with open_ledger(load_config(config, {})) as ledger:
        return [each for each in reversed(ledger.deliveries()) if each.state is not State.SKIPPED]


def replan(config: Path, one: Delivery, **changes: Any) -> None:
    """Let a delivery be as it would be some days later."""
    fields = {name: getattr(one, name) for name in ("campaign", "channel", "state", "due_at", "post")}
    with open_ledger(load_config(config, {})) as ledger, ledger.recording(one.source) as book:
        assert book.replan(one.id, Plan(**fields | changes), one.created_at)


def lines(notify: Notify, config: Path, *words: str | Path) -> list[dict[str, Any]]:
    done = notify("--config", config, "plan", *words, "--json")
    assert done.returncode == 0, done.stderr
    shown: list[dict[str, Any]] = json.loads(done.stdout)["planned"]
    return shown


def test_a_dry_run_shows_what_goes_when_and_records_nothing(notify: Notify, seen: Path) -> None:
    done = notify("--config", seen, "plan", write(seen, PLAN), "--dry-run")
    assert done.returncode == 0, done.stderr
    header, *rows = done.stdout.splitlines()
    assert header.split() == ["LINE", "ORDERED", "FOR", "GOES", "CHANNEL", "STATE", "TITLE"]
    assert len(rows) == 4
    day = f"{YEAR}-12-01"
    shown = f"{date(YEAR, 12, 1):%a} {day}"
    assert f"{shown} 09:00 EST  {shown} 10:00 EST  sample-x" in rows[0]
    assert f"{THEME}: a digest" in rows[3]
    assert planned(seen) == []


def test_a_hold_is_told_beside_what_it_would_hold(notify: Notify, seen: Path) -> None:
    held = notify(
        "--config", seen, "hold", "--scope", f"theme:{THEME}", "--reason", "review", "--by", "Desk 5"
    )
    assert held.returncode == 0, held.stderr
    foretold = lines(notify, seen, write(seen, PLAN), "--dry-run")
    notes = {(line["line"], line["note"], line["goes_at"] is None) for line in foretold if line["line"] > 2}
    why = f"held by Desk 5 (theme:{THEME}): review"
    assert notes == {(3, None, False), (4, why, True)}
    recorded = lines(notify, seen, write(seen, PLAN))
    assert [line["note"] for line in recorded] == [line["note"] for line in foretold]
    assert lines(notify, seen, write(seen, PLAN), "--dry-run") == lines(notify, seen, write(seen, PLAN))


def test_a_known_aid_takes_its_own_place_among_what_is_due_with_it(notify: Notify, seen: Path) -> None:
    both = write(seen, f"{HEADER}{YEAR}-12-01 11:00,3,,,,sample-x\n{YEAR}-12-01 11:00,4,,,,sample-x\n")
    lines(notify, seen, both)
    replan(seen, planned(seen)[0], state=State.SKIPPED, cause=Cause.LATE, reason="it is late")
    foretold = lines(notify, seen, both, "--dry-run")
    recorded = lines(notify, seen, both)
    assert [each["goes_at"] for each in foretold] == [each["goes_at"] for each in recorded]
    assert foretold[0]["goes_at"] == foretold[0]["due_at"]


def test_a_plan_is_recorded_as_its_dry_run_foretold(notify: Notify, seen: Path) -> None:
    plan = write(seen, PLAN)
    foretold = lines(notify, seen, plan, "--dry-run")
    recorded = lines(notify, seen, plan, "--by", "Desk 4")
    for each in foretold:
        assert each.pop("delivery_id") is None
    assert [{k: v for k, v in each.items() if k != "delivery_id"} for each in recorded] == foretold
    assert [(d.channel, d.state, f"{d.due_at:%m-%d %H:%M}") for d in planned(seen)] == [
        ("sample-x", State.PENDING, "12-01 14:00"),
        ("sample-page", State.PENDING, "12-01 14:00"),
        ("sample-page", State.PENDING, "12-02 14:00"),
        ("sample-x", State.PENDING, "12-09 14:00"),
    ]
    assert {d.reason for d in planned(seen)} == {"planned by Desk 4 in plan.csv"}


def test_what_is_late_already_stands_in_nobodys_way_in_a_dry_run_either(notify: Notify, config: Path) -> None:
    hours = '\n[campaigns.spotlight-on-safety.hours]\ngap = "30d"\nlate = "skip"\nlate_after = "1h"\n'
    config.write_text(config.read_text() + hours)
    notify("--config", config, "once")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")
    lines(notify, config, write(config, f"{HEADER}{tomorrow},4,,,,sample-x\n", "missed.csv"))
    (waiting,) = planned(config)
    replan(config, waiting, due_at=waiting.due_at - timedelta(days=9))
    plan = write(config, f"{HEADER}{tomorrow},3,,,,sample-x\n")
    (foretold,) = lines(notify, config, plan, "--dry-run")
    (recorded,) = lines(notify, config, plan)
    assert foretold["goes_at"] == recorded["goes_at"] == foretold["due_at"]


def test_a_plan_given_again_changes_nothing_and_a_changed_time_moves(notify: Notify, seen: Path) -> None:
    plan = write(seen, PLAN)
    lines(notify, seen, plan)
    first = planned(seen)
    assert {each["note"] for each in lines(notify, seen, plan)} == {"it stays as it was planned"}
    assert planned(seen) == first
    moved = PLAN.replace("12-01 09:00", "12-01 11:00").replace("12-09", "12-10")
    foretold = lines(notify, seen, write(seen, moved), "--dry-run")
    assert planned(seen) == first
    assert [each["note"] for each in foretold if each["note"] != "it stays as it was planned"] == [
        f"would be moved from {YEAR}-12-01 14:00 UTC",
        f"would be moved from {YEAR}-12-01 14:00 UTC",
        f"would be moved from {YEAR}-12-09 14:00 UTC",
    ]
    lines(notify, seen, plan)
    assert [(d.id, d.post) for d in planned(seen)] == [(d.id, d.post) for d in first]
    assert [f"{d.due_at:%m-%d %H}" for d in planned(seen)] == ["12-01 16", "12-01 16", "12-02 14", "12-10 14"]


def test_one_mistake_keeps_the_whole_plan_from_being_recorded(notify: Notify, seen: Path) -> None:
    done = notify("--config", seen, "plan", write(seen, f"{PLAN}{YEAR}-12-03 09:00,99,,,,\n"))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"{seen.with_name('plan.csv')}:5: no aid 99 is known; see: spotlight-notify aids",
        "nothing was recorded",
    ]
    assert planned(seen) == []


def test_what_a_person_took_out_does_not_come_back_by_its_plan(notify: Notify, seen: Path) -> None:
    plan = write(seen, PLAN)
    lines(notify, seen, plan)
    by_channel = [(each.id, each.channel, each.is_digest) for each in planned(seen)]
    aid_on_x, digest = by_channel[0][0], by_channel[-1][0]
    assert by_channel[-1][2]
    for number in (aid_on_x, digest):
        notify("--config", seen, "deliveries", "cancel", str(number), "--reason", "not now", "--by", "Desk 5")
    before = planned(seen)
    for more in ((), ("--dry-run",)):
        done = notify("--config", seen, "plan", plan, *more)
        assert (done.returncode, done.stdout) == (1, "")
        first, second, last = done.stderr.splitlines()
        assert first.startswith(f"{plan}:2: delivery {aid_on_x} on sample-x was cancelled by Desk 5 at ")
        assert first.endswith(" (not now): announce it by hand, or drop the row")
        assert second.startswith(
            f"{plan}:4: its digest, delivery {digest} on sample-x, was cancelled by Desk 5"
        )
        assert last == "nothing was recorded"
    assert planned(seen) == before
    other = PLAN.replace(",3,,,,\n", ",3,,,,sample-page\n").replace("12-09", "12-10")
    assert {line["state"] for line in lines(notify, seen, write(seen, other))} == {"pending"}


def test_every_mistake_is_told_with_its_line(notify: Notify, seen: Path) -> None:
    rows = (
        f"{YEAR}-12-01 09:00,99,,,,mastodon",
        "tomorrow,3,,,,",
        "2027-03-14 02:30,3,,,,",
        "2020-01-01 09:00,4,,,,",
        f"{YEAR}-12-01 09:00,5,,,,",
        f"{YEAR}-12-02 09:00,5,,,,sample-x",
        f"{YEAR}-12-02 09:00,,Calm,,,",
        f"{YEAR}-12-02 09:00,,Calm,ftp://valor.test/,,",
        f"{YEAR}-12-02 09:00,,,,Officer Wellness,",
    )
    done = notify("--config", seen, "plan", write(seen, HEADER + "\n".join(rows)))
    told = [line.partition("plan.csv:")[2] for line in done.stderr.splitlines()[:-1]]
    expected = (
        "2: no aid 99 is known",
        "2: no channel mastodon",
        "3: at: tomorrow has no time of day",
        "4: at: this time does not exist",
        "5: Wed 2020-01-01 09:00 EST has passed",
        "7: line 6 announces the same on sample-x",
        "8: a new aid needs both title and url",
        "9: url: ftp://valor.test/ is no whole http(s) link",
        '10: no aid of the theme "Officer Wellness" is known',
    )
    assert len(told) == len(expected)
    for line, beginning in zip(told, expected, strict=True):
        assert line.startswith(beginning)
    assert planned(seen) == []


def test_a_digest_leaves_what_the_plan_announces_by_itself(notify: Notify, seen: Path) -> None:
    lines(notify, seen, write(seen, PLAN))
    posts = [d.post.text for d in planned(seen) if d.post and d.aid_key.startswith("digest:")]
    assert len(posts) == 1
    assert "5 new digital aids" in posts[0]
    assert "Defusing Difficult Situations" not in posts[0]


def test_what_was_carried_out_stays_though_its_time_has_passed(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    notify("--config", config, "once")
    notify("--config", config, "announce", "3")
    plan = write(config, f"{HEADER}2020-01-01 09:00,3,,,,\n{YEAR}-12-01 09:00,4,,,,\n")
    shown = lines(notify, config, plan)
    assert [(each["line"], each["state"]) for each in shown] == [
        (2, "sent"),
        (2, "sent"),
        (3, "pending"),
        (3, "pending"),
    ]
    assert len(sandbox.x.posts) == 1


def test_toml_with_a_picture_beside_it(notify: Notify, config: Path) -> None:
    folder = config.with_name("plans")
    folder.mkdir()
    shutil.copy(POSTER, folder / "calm.png")
    text = f"""
[[announcements]]
at = {YEAR}-12-01 09:00:00
title = "Keep Calm"
url = "https://www.valorforblue.org/keep-calm"
image = "calm.png"
alt = "A green field."
to = ["sample-page"]
"""
    plan = folder / "plan.toml"
    plan.write_text(text)
    (line,) = lines(notify, config, plan, "--dry-run")
    assert line["line"] == 2
    lines(notify, config, plan)
    (delivery,) = planned(config)
    assert delivery.post is not None
    (image,) = delivery.post.images
    assert image.alt == "A green field."
    with open_ledger(load_config(config, {})) as ledger:
        assert ledger.kept_picture(image.digest or "") is not None
    plan.write_text(text.replace("calm.png", "gone.png"))
    missing = notify("--config", config, "plan", plan)
    assert missing.returncode == 1
    assert "gone.png" in missing.stderr


def test_a_plan_goes_out_at_its_time(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=8)).isoformat(timespec="seconds")
    plan = write(config, f"{HEADER}{soon},,Keep Calm,https://www.valorforblue.org/keep-calm,,sample-x\n")
    lines(notify, config, plan)
    assert sandbox.x.posts == ()
    until(lambda: notify("--config", config, "once").returncode == 0 and len(sandbox.x.posts) == 1)
    for more in ((), ("--dry-run",)):
        assert [each["note"] for each in lines(notify, config, plan, *more)] == ["it was carried out before"]
