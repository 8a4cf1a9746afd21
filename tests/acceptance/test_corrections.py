"""Correct what was sent, and take it down, on both stand-in networks."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from processes import Notify
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.sandbox.fault_scripts import parse_script
from spotlight_notify.sandbox.faults import Step
from spotlight_notify.sandbox.server import Sandbox

NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")
TEXT = "The poster is in A3, not in A2."
WHY = ("--reason", "wrong size", "--by", "Desk 4")
APPROVAL = "\n[campaigns.spotlight-on-safety.approval]\neverything = true\n"


@pytest.fixture
def sent(notify: Notify, config: Path) -> Path:
    """Announce a new aid on both stand-ins: delivery 1 on X, 2 on the Page."""
    done = notify("--config", config, "announce", *NEW)
    assert done.returncode == 0, done.stderr
    return config


def delivery(config: Path, number: int) -> Delivery:
    with open_ledger(load_config(config, {})) as ledger:
        return ledger.delivery(number)


def count(config: Path) -> int:
    with closing(sqlite3.connect(config.with_name("spotlight.sqlite3"))) as ledger:
        counted: int = ledger.execute("SELECT count(*) FROM delivery").fetchone()[0]
    return counted


def test_a_correction_stands_under_its_original_on_both_networks(
    notify: Notify, sent: Path, sandbox: Sandbox
) -> None:
    for number in ("1", "2"):
        done = notify("--config", sent, "follow-up", number, "--text", TEXT, *WHY)
        assert done.returncode == 0, done.stderr
        assert ": sent http" in done.stdout
    for posts in (sandbox.x.posts, sandbox.graph.posts):
        original, correction = sorted(posts, key=lambda post: post.reply_to is not None)
        assert correction.reply_to == original.id
        assert correction.text.startswith(f"[CORRECTION] {TEXT}\n")
        assert NEW[3] in correction.text
        assert correction.text.endswith("#SpotlightOnSafety")
        assert correction.images == ()
    with open_ledger(load_config(sent, {})) as ledger:
        corrections = {(change.who, change.reason) for change in ledger.changes(2)}
        assert corrections == {("Desk 4", "wrong size")}


def test_a_correction_goes_at_any_hour_but_not_under_a_hold(
    notify: Notify, sent: Path, sandbox: Sandbox
) -> None:
    hours = '\n[campaigns.spotlight-on-safety.hours]\nwindows = ["Mon 09:00-09:01"]\n'
    sent.write_text(sent.read_text() + hours)
    notify("--config", sent, "hold", "--reason", "incident", "--by", "Desk 4")
    held = notify("--config", sent, "follow-up", "1", "--text", TEXT)
    assert held.returncode == 3
    assert "waits: held by Desk 4 (all): incident" in held.stdout
    notify("--config", sent, "resume", "--all", "--reason", "over")
    again = notify("--config", sent, "follow-up", "1", "--text", TEXT)
    assert again.returncode == 0, again.stdout
    assert "delivery 1 was corrected in these words already" in again.stdout
    assert len(sandbox.x.posts) == 2


def test_a_correction_is_approved_by_another_than_its_writer(
    notify: Notify, sent: Path, sandbox: Sandbox
) -> None:
    sent.write_text(f"{sent.read_text()}{APPROVAL}four_eyes = true\n")
    done = notify("--config", sent, "follow-up", "1", "--text", TEXT, "--by", "Desk 4")
    assert done.returncode == 3
    assert "awaits approval: approve 3 --by NAME" in done.stdout
    assert notify("--config", sent, "approve", "3", "--by", "Desk 4").returncode == 1
    assert notify("--config", sent, "approve", "3", "--by", "Desk 5").returncode == 0
    notify("--config", sent, "once")
    assert delivery(sent, 3).state is State.SENT
    assert [post.reply_to is None for post in sandbox.x.posts] == [True, False]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("1", "--text", "a" * 300), "and X takes 280: shorten it by"),
        (("1", "--text", " "), "the correction has no words"),
        (("1", "--text", "It is 𝐧𝐨𝐭 in A2."), "(symbol-letters)"),
        (("99", "--text", TEXT), "there is no delivery 99"),
    ],
)
def test_a_correction_that_does_not_do_gets_one_clear_line(
    notify: Notify, sent: Path, words: tuple[str, ...], says: str
) -> None:
    done = notify("--config", sent, "follow-up", *words)
    assert done.returncode == 1
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert count(sent) == 2


def test_a_lost_answer_to_a_correction_is_found_under_its_original(
    notify: Notify, sent: Path, sandbox: Sandbox
) -> None:
    for number, stand_in in (("1", sandbox.x), ("2", sandbox.graph)):
        stand_in.faults.add("lost-answer", on=Step.REPLY)
        unsure = notify("--config", sent, "follow-up", number, "--text", TEXT)
        assert unsure.returncode == 3
    resolved = notify("--config", sent, "resolve")
    assert resolved.returncode == 0, resolved.stdout
    assert {delivery(sent, number).state for number in (3, 4)} == {State.SENT}
    assert (len(sandbox.x.posts), len(sandbox.graph.posts)) == (2, 2)


def test_a_takedown_is_gone_from_both_and_on_record(notify: Notify, sent: Path, sandbox: Sandbox) -> None:
    for number, channel in ((1, "sample-x"), (2, "sample-page")):
        done = notify("--config", sent, "takedown", str(number), *WHY)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"delivery {number} is taken down from {channel}\n")
    assert (sandbox.x.posts, sandbox.graph.posts) == ((), ())
    with open_ledger(load_config(sent, {})) as ledger:
        for number in (1, 2):
            order = ledger.takedown(number)
            assert order is not None
            assert (order.who, order.reason) == ("Desk 4", "wrong size")
            assert order.done_at is not None
    again = notify("--config", sent, "announce", *NEW)
    assert again.returncode == 0
    assert again.stdout.count("which was taken down") == 2
    notify("--config", sent, "once")
    assert (len(sandbox.x.posts), len(sandbox.graph.posts)) == (1, 1)


def test_a_takedown_tells_of_the_corrections_under_it(notify: Notify, sent: Path, sandbox: Sandbox) -> None:
    for number in ("1", "2"):
        notify("--config", sent, "follow-up", number, "--text", TEXT)
    for delivery_id in (1, 2):
        under = delivery_id + 2
        done = notify("--config", sent, "takedown", str(delivery_id), *WHY)
        assert f"delivery {under}, a correction, stood under it: takedown {under}" in done.stdout
        assert notify("--config", sent, "takedown", str(under), *WHY).returncode == 0
    assert (sandbox.x.posts, sandbox.graph.posts) == ((), ())


def test_an_unclear_answer_to_a_takedown_says_what_to_do(
    notify: Notify, sent: Path, sandbox: Sandbox
) -> None:
    sandbox.faults.carry_out(parse_script("x delete: lost-answer\nfacebook delete: lost-answer"))
    for number in ("1", "2"):
        unclear = notify("--config", sent, "takedown", number, *WHY)
        assert unclear.returncode == 3
        assert f"delivery {number} may be gone or not" in unclear.stderr
        assert f"Order it again, which harms nothing: takedown {number}" in unclear.stderr
        assert len(unclear.stderr.splitlines()) == 1
        assert notify("--config", sent, "takedown", number, *WHY).returncode == 0
    assert (sandbox.x.posts, sandbox.graph.posts) == ((), ())


def test_a_refused_token_leaves_the_post_and_ends_with_4(
    notify: Notify, sent: Path, sandbox: Sandbox
) -> None:
    sandbox.x.faults.add("dead-token", on=Step.READ)
    sandbox.faults.carry_out(parse_script("x delete: dead-token"))
    refused = notify("--config", sent, "takedown", "1", *WHY)
    assert refused.returncode == 4
    assert "delivery 1 is still there" in refused.stderr
    assert len(sandbox.x.posts) == 1


def test_a_hold_a_pause_and_a_missing_approval_refuse_a_takedown(
    notify: Notify, sent: Path, sandbox: Sandbox
) -> None:
    def refused(*words: str) -> str:
        done = notify("--config", sent, "takedown", "1", *WHY, *words)
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        return done.stderr

    notify("--config", sent, "hold", "--reason", "incident", "--by", "Desk 5")
    assert "delivery 1 is held by Desk 5 (all): incident" in refused()
    notify("--config", sent, "resume", "--all", "--reason", "over")
    notify("--config", sent, "channel", "pause", "sample-x", "--reason", "mending")
    assert "the channel sample-x is paused: mending" in refused()
    notify("--config", sent, "channel", "resume", "sample-x")
    sent.write_text(f'{sent.read_text()}{APPROVAL}four_eyes = true\napprovers = ["Desk 4", "Desk 5"]\n')
    assert "say who approves it with --approved-by NAME" in refused()
    assert "Desk 6 may not approve" in refused("--approved-by", "Desk 6")
    assert "Desk 4 cannot both order and approve it" in refused("--approved-by", "Desk 4")
    assert len(sandbox.x.posts) == 1
    done = notify("--config", sent, "takedown", "1", *WHY, "--approved-by", "Desk 5", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["takedown"]["reason"].startswith(
        "wrong size (approved by somebody said to be Desk 5, typed by "
    )
    assert not sandbox.x.posts


def test_the_help_of_a_correction_promises_no_more_than_it_keeps(notify: Notify, config: Path) -> None:
    said = " ".join(notify("follow-up", "--help").stdout.split())
    assert "It goes next, at any hour, after the gap and within the caps of its hours" in said
