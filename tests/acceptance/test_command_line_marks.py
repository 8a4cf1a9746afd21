"""Say where a post is public, and take that back; the stand-in networks are looked at."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from processes import Notify
from spotlight_notify.sandbox.server import Sandbox

NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")
OTHER = ("--title", "Plan Your Next Traffic Stop", "--url", "https://www.valorforblue.org/traffic-stop")
WHY = ("--reason", "wrong address", "--by", "Desk 4")
PLANNED_AT = "2027-03-01 09:00"
X, PAGE = "sample-x", "sample-page"
NOWHERE = "https://x.com/i/web/status/1999999999999999999"


@pytest.fixture
def planned(notify: Notify, config: Path) -> Path:
    """Plan a post on both channels for a day far ahead: delivery 1 on X, 2 on the Page."""
    done = notify("--config", config, "announce", *NEW, "--at", PLANNED_AT)
    assert done.returncode == 0, done.stderr
    return config


def shown(notify: Notify, config: Path, number: int) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(notify("--config", config, "deliveries", str(number), "--json").stdout)
    return told


def mark(notify: Notify, config: Path, number: int, url: str) -> tuple[int, str]:
    done = notify("--config", config, "deliveries", "mark-sent", str(number), "--url", url)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("number", "url", "says"),
    [
        (1, "notaurl", "notaurl is not the address of a post on x"),
        (2, "notaurl", "notaurl is not the address of a post on facebook"),
        (2, "https://x.com/i/web/status/77", "is on x; sample-page is on facebook"),
        (1, "https://www.facebook.com/12/posts/34", "is on facebook; sample-x is on x"),
        (1, "https://x.com/valor", "is not the address of a post on x"),
        (2, "https://www.facebook.com/12_34", "is of the Page 12; sample-page is the Page"),
        (1, NOWHERE, "sample-x shows no post at"),
        (2, "https://www.facebook.com/valor/posts/34", "sample-page shows no post at"),
        (2, "https://somewhere.example/34", "sample-page shows no post at"),
    ],
)
def test_command_line_2_an_address_that_is_not_of_this_channel_is_refused(
    notify: Notify, planned: Path, number: int, url: str, says: str
) -> None:
    before = shown(notify, planned, number)["delivery"]
    code, told = mark(notify, planned, number, url)
    assert (code, says in told, len(told.splitlines())) == (1, True, 1), told
    assert shown(notify, planned, number)["delivery"] == before


def test_command_line_2_a_post_that_the_channel_shows_is_recorded_with_its_own_receipt(
    notify: Notify, planned: Path
) -> None:
    number, url = published_by_hand(notify, planned)
    code, told = mark(notify, planned, 1, url)
    assert (code, told) == (0, f"delivery 1 on sample-x is sent, at {url}\nits channel was looked at\n")
    receipt = shown(notify, planned, 1)["delivery"]["receipt"]
    assert (receipt["post_id"], receipt["url"]) == (number, url)
    assert receipt["posted_at"] is not None


def published_by_hand(notify: Notify, config: Path) -> tuple[str, str]:
    """Publish by another ledger what this one does not know; gives the post's id and address on X."""
    elsewhere = config.with_name("elsewhere.toml")
    elsewhere.write_text(config.read_text().replace("spotlight.sqlite3", "elsewhere.sqlite3"))
    assert notify("--config", elsewhere, "announce", *OTHER, "--to", X).returncode == 0
    receipt = shown(notify, elsewhere, 1)["delivery"]["receipt"]
    return receipt["post_id"], receipt["url"]


def test_command_line_2_what_is_another_deliverys_post_is_refused(notify: Notify, planned: Path) -> None:
    assert notify("--config", planned, "announce", *OTHER, "--to", X).returncode == 0
    taken = shown(notify, planned, 3)["delivery"]["receipt"]["url"]
    code, told = mark(notify, planned, 1, taken)
    assert (code, "is another delivery's post already" in told) == (1, True)


def test_command_line_2_without_secrets_the_address_is_read_and_nobody_looks(
    notify: Notify, planned: Path
) -> None:
    away = without_secrets(planned)
    assert mark(notify, away, 1, "notaurl")[0] == 1
    code, told = mark(notify, away, 1, NOWHERE)
    assert (code, "not looked at: its channel's secrets are not at hand" in told) == (0, True), told


def without_secrets(config: Path) -> Path:
    """Write the same configuration for somebody who may not read its tokens."""
    away = config.with_name("away.toml")
    text = re.sub(r'^(access_token) = "[^"]+"$', r'\1 = "${credential:t}"', config.read_text(), flags=re.M)
    away.write_text(text)
    return away


def test_command_line_3_a_wrong_mark_is_taken_back_and_the_time_it_was_due_stays(
    notify: Notify, planned: Path
) -> None:
    before = shown(notify, planned, 1)["delivery"]
    _, url = published_by_hand(notify, planned)
    assert mark(notify, planned, 1, url)[0] == 0
    back = notify("--config", planned, "deliveries", "unmark", "1", *WHY)
    assert back.returncode == 0, back.stderr
    assert back.stdout == "delivery 1 on sample-x is pending\nits channel was looked at\n"
    after = shown(notify, planned, 1)
    same = ("state", "due_at", "post", "reason", "cause", "receipt", "goes_at")
    assert [after["delivery"][name] for name in same] == [before[name] for name in same]
    last = after["changes"][-1]
    assert (last["action"], last["who"], last["reason"]) == (
        "mark taken back: sent -> pending",
        "Desk 4",
        "wrong address",
    )
    assert json.loads(last["detail"])["url"] == url


def test_command_line_3_what_the_channel_shows_of_its_own_words_decides(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    sandbox.x.faults.add("lost-answer")
    notify("--config", config, "announce", *NEW, "--to", X)
    (own,) = sandbox.x.posts
    assert mark(notify, without_secrets(config), 1, NOWHERE)[0] == 0
    back = notify("--config", config, "deliveries", "unmark", "1", *WHY)
    right = f"https://x.com/i/web/status/{own.id}"
    assert back.stdout.splitlines()[0] == f"delivery 1 on sample-x is sent, at {right}"
    again = notify("--config", config, "deliveries", "unmark", "1", *WHY)
    assert (again.returncode, "its channel shows it there" in again.stderr) == (1, True)


def test_command_line_3_what_a_receipt_proves_is_not_taken_back(notify: Notify, config: Path) -> None:
    assert notify("--config", config, "announce", *NEW, "--to", PAGE).returncode == 0
    back = notify("--config", config, "deliveries", "unmark", "1", *WHY)
    assert back.returncode == 1
    assert shown(notify, config, 1)["delivery"]["state"] == "sent"
