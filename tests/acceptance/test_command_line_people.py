"""Let people hold, approve, plan and check by hand, and tell them what came of it."""

import json
import os
import pwd
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from processes import SECONDS, Notify, environment
from spotlight_notify.sandbox.server import Sandbox

NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")
THEME = ("--kind", "poster", "--theme", "Officer Wellness")
WHY = ("--reason", "wording under review")
APPROVAL = '\n[campaigns.spotlight-on-safety.approval]\neverything = true\napprovers = ["Chief"]\n'
LOGIN = pwd.getpwuid(os.getuid()).pw_name
MISSPELT = ("hold", *WHY, "--scope", "theme:Officer Welness")


def holds(notify: Notify, config: Path) -> list[str]:
    listed = json.loads(notify("--config", config, "holds", "--json").stdout)["holds"]
    return [each["scope"] for each in listed]


def at_a_terminal(config: Path, answer: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command whose stdin is a terminal at which somebody has typed this answer."""
    person, terminal = os.openpty()
    try:
        os.write(person, f"{answer}\n".encode())
        return subprocess.run(
            [sys.executable, "-m", "spotlight_notify", "--config", str(config), *words],
            env=environment(),
            stdin=terminal,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    finally:
        os.close(person)
        os.close(terminal)


@pytest.fixture
def themed(notify: Notify, config: Path) -> Path:
    """Let two posts of one theme wait."""
    done = notify("--config", config, "announce", *NEW, *THEME, "--at", "2027-03-01 09:00")
    assert done.returncode == 0, done.stderr
    return config


def test_command_line_19_a_theme_that_nothing_has_is_refused_with_the_nearest_name(
    notify: Notify, themed: Path
) -> None:
    done = notify("--config", themed, *MISSPELT)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "nothing is held. theme Officer Welness: no aid of this theme is known; the nearest is"
        " Officer Wellness. To hold it all the same: --unknown-theme\n"
    )
    assert holds(notify, themed) == []
    placed = notify("--config", themed, *MISSPELT, "--unknown-theme")
    assert placed.returncode == 0
    assert placed.stdout.splitlines()[-1].startswith("held back: 0 deliveries (no aid of this theme is known")
    assert holds(notify, themed) == ["theme:Officer Welness"]


@pytest.mark.parametrize(("answer", "code", "held"), [("y", 0, ["theme:Officer Welness"]), ("n", 1, [])])
def test_command_line_19_at_a_terminal_a_person_is_asked(
    notify: Notify, themed: Path, answer: str, code: int, held: list[str]
) -> None:
    done = at_a_terminal(themed, answer, *MISSPELT)
    assert done.returncode == code, done.stderr
    assert "the nearest is Officer Wellness. Hold it all the same? [y/N]" in done.stderr
    assert holds(notify, themed) == held


def test_command_line_19_the_last_line_says_what_was_found(notify: Notify, themed: Path) -> None:
    done = notify("--config", themed, "hold", *WHY, "--scope", "theme:officer wellness")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "held back: 2 deliveries")


def test_command_line_7_at_a_terminal_the_reason_is_asked_for(notify: Notify, themed: Path) -> None:
    done = at_a_terminal(themed, "by mistake", "deliveries", "cancel", "1")
    assert done.returncode == 0, done.stderr
    shown = json.loads(notify("--config", themed, "deliveries", "1", "--json").stdout)
    assert shown["changes"][-1]["reason"] == "by mistake"


def test_command_line_20_a_name_that_was_typed_is_said_to_be_that_persons(
    notify: Notify, config: Path
) -> None:
    config.write_text(config.read_text() + APPROVAL)
    notify("--config", config, "announce", *NEW)
    done = notify("--config", config, "approve", "1", "--by", "Chief")
    assert done.returncode == 0, done.stderr
    said = f"said to be Chief, typed by {LOGIN}"
    assert f"delivery 1 on sample-x approved by somebody {said}: " in done.stdout
    last = json.loads(notify("--config", config, "deliveries", "1", "--json").stdout)["changes"][-1]
    assert (last["action"], last["who"]) == ("approved", "Chief")
    assert json.loads(last["detail"])["typed_by"] == LOGIN
    assert said in notify("--config", config, "deliveries", "1").stdout


def test_command_line_20_ones_own_name_is_just_that(notify: Notify, config: Path) -> None:
    config.write_text(config.read_text() + APPROVAL.replace("Chief", LOGIN))
    notify("--config", config, "announce", *NEW)
    done = notify("--config", config, "approve", "1")
    assert f"approved by {LOGIN}: " in done.stdout
    last = json.loads(notify("--config", config, "deliveries", "1", "--json").stdout)["changes"][-1]
    assert (last["who"], last["detail"]) == (LOGIN, None)


def test_command_line_20_who_approves_a_takedown_is_said_to(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    assert notify("--config", config, "announce", *NEW, "--to", "sample-x").returncode == 0
    config.write_text(config.read_text() + APPROVAL)
    done = notify("--config", config, "takedown", "1", *WHY, "--approved-by", "Chief", "--json")
    assert done.returncode == 0, done.stderr
    told = f"{WHY[1]} (approved by somebody said to be Chief, typed by {LOGIN})"
    assert json.loads(done.stdout)["takedown"]["reason"] == told
    assert sandbox.x.posts == ()


def plan(config: Path, *rows: str) -> Path:
    path = config.with_name("plan.csv")
    path.write_text("\n".join(("at,aid,title,url,to", *rows)))
    return path


def test_command_line_21_a_plan_says_what_was_sent_already_and_ends_with_3(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    assert notify("--config", config, "announce", *NEW, "--to", "sample-x").returncode == 0
    aid = json.loads(notify("--config", config, "deliveries", "1", "--json").stdout)["delivery"]["aid_id"]
    path = plan(
        config,
        f"2027-03-01 09:00,{aid},,,sample-x",
        "2027-03-02 09:00,,Another Aid,https://www.valorforblue.org/another,sample-x",
    )
    for words in (("--dry-run",), (), ()):
        done = notify("--config", config, "plan", path, *words)
        assert "it was sent already and will not be sent again, by delivery 1" in done.stdout
        assert done.returncode == (0 if words else 3)
    assert len(sandbox.x.posts) == 1


def test_command_line_21_what_is_planned_for_the_first_time_or_stays_ends_with_0(
    notify: Notify, config: Path
) -> None:
    path = plan(config, "2027-03-02 09:00,,Another Aid,https://www.valorforblue.org/another,sample-x")
    for _ in range(2):
        done = notify("--config", config, "plan", path)
        assert (done.returncode, "sent already" in done.stdout) == (0, False)


def check(notify: Notify, config: Path) -> tuple[int, str]:
    done = notify("--config", config, "config", "check")
    return done.returncode, done.stdout + done.stderr


def test_command_line_15_a_ledger_in_a_missing_folder_is_told(notify: Notify, config: Path) -> None:
    config.write_text(config.read_text().replace("sqlite:///spotlight", "sqlite:///nowhere/spotlight"))
    code, told = check(notify, config)
    assert (code, "does not exist; make it first" in told, "is right" in told) == (74, True, False)


def test_command_line_15_a_ledger_that_is_none_or_of_a_newer_version_is_told(
    notify: Notify, config: Path
) -> None:
    ledger = config.with_name("spotlight.sqlite3")
    assert check(notify, config)[0] == 0
    notify("--config", config, "once")
    assert check(notify, config)[0] == 0
    with closing(sqlite3.connect(ledger)) as opened:
        opened.execute("UPDATE ledger_version SET version_num = '9999'")
        opened.commit()
    code, told = check(notify, config)
    assert (code, "it was written by a newer version" in told, "is right" in told) == (74, True, False)
    ledger.write_bytes(b"no ledger at all " * 100)
    code, told = check(notify, config)
    assert (code, "the file is no SQLite database" in told) == (74, True)


def test_command_line_15_secrets_that_all_may_read_are_told(notify: Notify, config: Path) -> None:
    config.chmod(0o644)
    code, told = check(notify, config)
    assert (code, "others may read" in told) == (0, True)
    config.chmod(0o600)
    assert "others may read" not in check(notify, config)[1]
