"""See what was ordered off its network and is still there, on stand-in networks."""

import json
from pathlib import Path

import pytest

from processes import Notify
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.sandbox.fault_scripts import parse_script
from spotlight_notify.sandbox.server import Sandbox

NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")
WHY = ("--reason", "wrong size", "--by", "Desk 4")
PAGE = "sample-page"


def address(config: Path) -> str:
    with open_ledger(load_config(config, {})) as ledger:
        receipt = ledger.delivery(1).receipt
    assert receipt is not None
    assert receipt.url is not None
    return receipt.url


@pytest.fixture
def refused(notify: Notify, config: Path, sandbox: Sandbox) -> str:
    """Announce on the Page, have its takedown refused, and give the post's address."""
    assert notify("--config", config, "announce", *NEW, "--to", PAGE).returncode == 0
    sandbox.faults.carry_out(parse_script("facebook delete: missing-permission"))
    done = notify("--config", config, "takedown", "1", *WHY)
    assert done.returncode == 4, done.stdout + done.stderr
    assert 'order it again: takedown 1 --reason "..."' in done.stderr
    return address(config)


def test_command_line_1_a_refused_takedown_leaves_the_delivery_still_public(
    notify: Notify, config: Path, refused: str
) -> None:
    (listed,) = json.loads(notify("--config", config, "deliveries", "--json").stdout)["deliveries"]
    assert (listed["why"], listed["receipt"]["url"]) == ("still public", refused)
    shown = notify("--config", config, "deliveries", "1").stdout
    assert f"It is still public at {refused}: Desk 4 ordered it down" in shown
    (aid,) = json.loads(notify("--config", config, "explain", "--delivery", "1", "--json").stdout)["aids"]
    (place,) = aid["places"]
    assert (place["why"], place["change"]) == (
        "still public",
        'Order it down again, which harms nothing: takedown 1 --reason "..."',
    )


def test_command_line_1_the_refusal_stands_in_the_history_and_in_status(
    notify: Notify, config: Path, refused: str
) -> None:
    shown = json.loads(notify("--config", config, "deliveries", "1", "--json").stdout)
    last = shown["changes"][-1]
    assert (last["action"], last["who"]) == ("takedown refused", "Desk 4")
    assert "Facebook" in last["reason"]
    first = notify("--config", config, "status").stdout.splitlines()[0]
    assert first.startswith("waits for a person: delivery 1 on sample-page, still public: It is still public")
    assert refused in first
    assert first.endswith('takedown 1 --reason "..."')


@pytest.mark.usefixtures("refused")
def test_command_line_1_ordered_again_it_is_gone_and_nobody_is_asked_any_more(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    again = notify("--config", config, "takedown", "1", *WHY)
    assert again.stdout == "delivery 1 is taken down from sample-page\n"
    assert sandbox.graph.posts == ()
    assert "waits for a person" not in notify("--config", config, "status").stdout
    assert "taken down" in notify("--config", config, "deliveries", "1").stdout


def test_command_line_1_a_lost_answer_leaves_a_doubt_that_status_tells(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    notify("--config", config, "announce", *NEW, "--to", PAGE)
    sandbox.faults.carry_out(parse_script("facebook delete: lost-answer"))
    assert notify("--config", config, "takedown", "1", *WHY).returncode == 3
    first = notify("--config", config, "status").stdout.splitlines()[0]
    assert "takedown unclear: It may still be public at" in first


FIXED = ("--title", "Keep Calm and Defuse", "--url", "https://www.valorforblue.org/keep-calm")


def test_timing_6_what_was_taken_down_is_announced_anew_and_its_successor_is_on_record(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    notify("--config", config, "announce", *NEW, "--to", PAGE)
    notify("--config", config, "takedown", "1", *WHY)
    anew = notify("--config", config, "announce", *FIXED, "--to", PAGE, "--now")
    assert anew.returncode == 0, anew.stderr
    assert anew.stdout.startswith(f"{PAGE}: sent http")
    assert anew.stdout.endswith("(in place of delivery 1, which was taken down)\n")
    (post,) = sandbox.graph.posts
    assert "Keep Calm and Defuse" in post.text
    shown = notify("--config", config, "deliveries", "1").stdout
    assert "why: taken down" in shown
    assert "renewed as delivery 2, " in shown
    (aid,) = json.loads(notify("--config", config, "explain", "--delivery", "1", "--json").stdout)["aids"]
    assert aid["places"][0]["change"] == "Announce it anew, once it is right: announce 1"


def test_a_successor_goes_once_and_may_be_taken_down_and_renewed_itself(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    notify("--config", config, "announce", *NEW, "--to", PAGE)
    notify("--config", config, "takedown", "1", *WHY)
    notify("--config", config, "announce", *FIXED, "--to", PAGE, "--now")
    again = notify("--config", config, "announce", "1", "--to", PAGE, "--now")
    assert "it was planned already" in again.stdout
    assert len(sandbox.graph.posts) == 1
    assert notify("--config", config, "takedown", "2", *WHY).returncode == 0
    third = notify("--config", config, "announce", "2", "--to", PAGE, "--now")
    assert "in place of delivery 2, which was taken down" in third.stdout
    assert len(sandbox.graph.posts) == 1


def test_what_may_still_be_public_gets_no_successor(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    notify("--config", config, "announce", *NEW, "--to", PAGE)
    sandbox.faults.carry_out(parse_script("facebook delete: missing-permission"))
    notify("--config", config, "takedown", "1", *WHY)
    again = notify("--config", config, "announce", *FIXED, "--to", PAGE, "--now")
    assert "it is not known to be gone" in again.stdout
    assert len(sandbox.graph.posts) == 1


def test_timing_7_both_takes_the_same_aid_down_everywhere_and_follows_up_everywhere(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    notify("--config", config, "announce", *NEW, "--now")
    text = ("--text", "It is A3, not A4.")
    one = notify("--config", config, "follow-up", "1", *text)
    assert "the same aid is public on" in one.stderr
    assert "follow-up 2 " in one.stderr
    both = notify("--config", config, "follow-up", "1", "--both", *text)
    assert len(both.stdout.splitlines()) == 2, both.stdout
    assert "was corrected in these words already" in both.stdout
    gone = json.loads(notify("--config", config, "takedown", "1", "--both", *WHY, "--json").stdout)
    assert len(gone["others"]) == 1
    assert sandbox.graph.posts == ()
    assert all(post.reply_to for post in sandbox.x.posts)
