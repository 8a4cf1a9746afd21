"""Approve, edit and reject, as the communications office does."""

import json
import os
import pwd
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from processes import Notify, until
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.sandbox.server import Sandbox

LOGIN = pwd.getpwuid(os.getuid()).pw_name
APPROVED = """
[campaigns.spotlight-on-safety.approval]
everything = true
approvers = ["Chief", "Deputy"]
four_eyes = true
"""


def known(config: Path) -> list[Delivery]:
    with open_ledger(load_config(config, {})) as ledger:
        return sorted(ledger.deliveries(), key=lambda one: one.id)


@pytest.fixture
def asked(notify: Notify, config: Path, sandbox: Sandbox) -> list[Delivery]:
    """Let one new aid await approval on both channels."""
    config.write_text(config.read_text() + APPROVED)
    notify("--config", config, "once")
    sandbox.site.publish_next(1)
    until(lambda: notify("--config", config, "once").returncode == 0 and len(known(config)) == 2)
    assert not sandbox.x.posts
    return known(config)


def read(notify: Notify, config: Path, *words: str) -> Any:
    done = notify("--config", config, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_worklist_says_why_and_what_is_approved_goes_out(
    notify: Notify, config: Path, sandbox: Sandbox, asked: list[Delivery]
) -> None:
    listed = notify("--config", config, "deliveries", "--state", "proposed").stdout
    assert listed.count("awaiting approval") == 2
    shown = read(notify, config, "deliveries", "1")["delivery"]
    assert (shown["cause"], shown["why"], shown["goes_at"]) == ("approval", "awaiting approval", None)
    digest = shown["digest"][:12]
    done = notify("--config", config, "approve", "1", "--by", "Chief", "--digest", digest)
    assert (done.returncode, done.stdout) == (
        0,
        f"delivery 1 on sample-x approved by somebody said to be Chief, typed by {LOGIN}: "
        "would announce, goes now\n",
    )
    rejected = notify("--config", config, "reject", "2", "--by", "Chief", "--reason", "not on the Page")
    assert "delivery 2 on sample-page rejected by Chief: cancelled" in rejected.stdout
    assert notify("--config", config, "once").returncode == 0
    assert (len(sandbox.x.posts), len(sandbox.graph.posts)) == (1, 0)
    assert "approval: by Chief" in notify("--config", config, "deliveries", "1").stdout


def test_the_twin_on_the_other_network_is_told_of_and_taken_too(
    notify: Notify, config: Path, asked: list[Delivery]
) -> None:
    """Timing 7."""
    one = notify("--config", config, "approve", "1", "--by", "Chief")
    assert "the same aid is asked about on sample-page, delivery 2: --both takes it too" in one.stderr
    both = notify("--config", config, "reject", "2", "--both", "--by", "Chief", "--reason", "a typo")
    assert both.returncode == 0, both.stderr
    assert {one.state for one in known(config)} == {State.CANCELLED}


def test_both_are_approved_at_once(notify: Notify, config: Path, asked: list[Delivery]) -> None:
    done = notify("--config", config, "approve", "1", "--both", "--by", "Chief")
    assert (done.returncode, done.stderr) == (0, "")
    assert {one.state for one in known(config)} == {State.PENDING}


def test_accident_13_a_text_edited_after_its_approval_is_not_sent(
    notify: Notify, config: Path, sandbox: Sandbox, asked: list[Delivery]
) -> None:
    assert notify("--config", config, "approve", "1", "--by", "Chief").returncode == 0
    assert asked[0].post is not None
    text = asked[0].post.text.replace("Keep Calm", "Keep Very Calm")
    assert text != asked[0].post.text
    (config.parent / "new.txt").write_text(text + "\n", encoding="utf-8")
    edit = ("edit", "1", "--text-file", "new.txt", "--reason", "stronger", "--by", "Deputy")
    edited = notify("--config", config, *edit)
    assert edited.stdout.startswith("delivery 1 on sample-x edited by Deputy: awaiting approval\n")
    assert text in edited.stdout
    notify("--config", config, "once")
    assert not sandbox.x.posts
    own = notify("--config", config, "approve", "1", "--by", "Deputy")
    assert (own.returncode, "somebody else must approve it" in own.stderr) == (1, True)
    assert notify("--config", config, "approve", "1", "--by", "Chief").returncode == 0
    notify("--config", config, "once")
    assert [post.text for post in sandbox.x.posts] == [text]
    with open_ledger(load_config(config, {})) as ledger:
        actions = [change.action for change in ledger.changes()]
    assert actions == ["approved", "edited", "approved"]


def test_wrong_decisions_are_told_in_one_line_and_change_nothing(
    notify: Notify, config: Path, sandbox: Sandbox, asked: list[Delivery]
) -> None:
    by = ("--by", "Chief")
    why = ("--reason", "x", *by)
    (config.parent / "latin.txt").write_bytes("Schön".encode("latin-1"))
    for words, code, message in (
        (("approve", "1", "--by", "Intern"), 1, "those who may are: Chief, Deputy"),
        (("approve", "1", "99", *by), 1, "there is no delivery 99"),
        (("approve", "1", *by, "--digest", "0123456789"), 1, "has another post"),
        (("approve", "1", "2", *by, "--digest", "0123456789"), 2, "just one ID"),
        (("approve", *by), 2, "ID..."),
        (("reject", "1", *by), 2, "--reason"),
        (("edit", "1", *why), 2, "what changes"),
        (("edit", "1", *why, "--text", "a", "--text-file", "latin.txt"), 2, "what changes"),
        (("edit", "1", *why, "--text-file", "latin.txt"), 2, "no UTF-8"),
        (("edit", "1", *why, "--alt", "first=A"), 2, "names no picture"),
        (("edit", "1", *why, "--alt", "9=A"), 1, "has no picture 9"),
        (("edit", "1", *why, "--text", "#SpotlightOnSafety without"), 1, "the link is not whole"),
        (("deliveries", "retry", "1", *why), 1, "it awaits approval: approve it"),
    ):
        done = notify("--config", config, *words)
        assert (done.returncode, message in done.stderr.splitlines()[-1]) == (code, True), (
            words,
            done.stderr,
        )
    assert known(config) == asked


def test_who_wrote_an_announcement_does_not_approve_it_and_is_on_record(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    config.write_text(config.read_text() + APPROVED)
    assert notify("--config", config, "once").returncode == 0
    words = ("--title", "Keep Calm", "--url", "https://www.valorforblue.org/keep-calm", "--to", "sample-x")
    ordered = notify("--config", config, "announce", *words, "--by", "Chief", "--reason", "asked for")
    assert "approve" in ordered.stdout
    refused = notify("--config", config, "approve", "1", "--by", "Chief")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.endswith(
        "Chief wrote delivery 1 as it is, so somebody else must approve it (four_eyes)\n"
    )
    done = notify("--config", config, "approve", "1", "--by", "Deputy", "--reason", "looks right")
    assert done.returncode == 0, done.stderr
    assert notify("--config", config, "once").returncode == 0
    assert len(sandbox.x.posts) == 1
    with open_ledger(load_config(config, {})) as ledger:
        told = [(change.who, change.action, change.reason) for change in reversed(ledger.changes())]
    assert told == [("Chief", "ordered", "asked for"), ("Deputy", "approved", "looks right")]


def test_approvals_that_are_switched_on_reach_what_waits_already(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    assert notify("--config", config, "once").returncode == 0
    assert notify("--config", config, "hold", "--reason", "incident").returncode == 0
    sandbox.site.publish_next(1)
    until(lambda: notify("--config", config, "once").returncode == 0 and len(known(config)) == 2)
    config.write_text(config.read_text() + APPROVED)
    assert notify("--config", config, "resume", "--all", "--reason", "over").returncode == 0
    assert notify("--config", config, "once").returncode == 0
    assert not sandbox.x.posts + sandbox.graph.posts
    assert {one.state for one in known(config)} == {"proposed"}


def test_a_delivery_shows_its_history(notify: Notify, config: Path, asked: list[Delivery]) -> None:
    assert (
        notify("--config", config, "approve", "1", "--by", "Chief", "--reason", "it is right").returncode == 0
    )
    cancel = ("deliveries", "cancel", "1", "--by", "Deputy", "--reason", "legal says no")
    assert notify("--config", config, *cancel).returncode == 0
    told = notify("--config", config, "deliveries", "1").stdout.splitlines()
    assert [line.split(", ")[0] for line in told[-2:]] == ["approved", "pending -> cancelled"]
    assert told[-1].endswith("by Deputy: legal says no")
    changes = read(notify, config, "deliveries", "1")["changes"]
    assert [(each["who"], each["reason"]) for each in changes] == [
        ("Chief", "it is right"),
        ("Deputy", "legal says no"),
    ]


@pytest.mark.usefixtures("asked")
def test_timing_8_resume_says_whose_approval_has_ended_during_the_hold(notify: Notify, config: Path) -> None:
    config.write_text(config.read_text() + 'lasts = "1s"\n')
    notify("--config", config, "hold", "--reason", "an incident")
    assert notify("--config", config, "approve", "1", "2", "--by", "Chief").returncode == 0
    with open_ledger(load_config(config, {})) as ledger:
        approvals = [ledger.delivery(number).approval for number in (1, 2)]
    assert all(given and given.until_at for given in approvals)
    until(lambda: all(given.until_at < datetime.now(UTC) for given in approvals if given and given.until_at))
    done = notify("--config", config, "resume", "--all", "--reason", "over")
    assert "asked again first, as their approvals end before their turn: 1, 2" in done.stdout
