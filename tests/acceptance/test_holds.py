"""Hold and resume, as a person in a hurry does."""

import json
from pathlib import Path
from typing import Any

import pytest

from processes import SECONDS, Notify, start_daemon, until
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.model.words import State
from spotlight_notify.sandbox.server import Sandbox

WHY = ("--reason", "critical incident", "--by", "Desk 4")
PACED = '\n[campaigns.spotlight-on-safety.hours]\ngap = "30m"\n'


def states(config: Path) -> list[State]:
    with open_ledger(load_config(config, {})) as ledger:
        return sorted(delivery.state for delivery in ledger.deliveries(channel="sample-x"))


def put_waiting(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    """Let two new aids wait, one of which has just gone out."""
    config.write_text(config.read_text() + PACED)
    notify("--config", config, "once")
    sandbox.site.publish_next(2)
    until(lambda: notify("--config", config, "once").returncode == 0 and len(states(config)) == 2)


def read(notify: Notify, config: Path, *words: str) -> Any:
    done = notify("--config", config, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_accident_11_a_hold_lets_at_most_the_post_in_flight_out(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    notify("--config", config, "once")
    sandbox.x.faults.add("slow-answer")
    with start_daemon(config) as daemon:
        sandbox.site.publish_next(3)
        until(lambda: len(sandbox.x.posts) == 1)
        held = read(notify, config, "hold", *WHY)
        until(lambda: State.SENDING not in states(config))
        shown = len(sandbox.x.posts), len(sandbox.graph.posts)
        notify("--config", config, "once")
        daemon.terminate()
        daemon.communicate(timeout=SECONDS)
    assert held["hold"]["scope"] == "all"
    assert {each["channel"] for each in held["in_flight"]} <= {"sample-x", "sample-page"}
    assert (len(sandbox.x.posts), len(sandbox.graph.posts)) == shown
    assert shown[0] == 1
    assert states(config) == [State.PENDING, State.PENDING, State.SENT]
    assert notify("--config", config, "resume", "--all", "--reason", "over").returncode == 0
    notify("--config", config, "once")
    assert states(config) == [State.SENT] * 3


def test_what_is_held_says_so_everywhere_and_goes_after_the_hold(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    put_waiting(notify, config, sandbox)
    held = notify("--config", config, "hold", *WHY, "--scope", "channel:sample-x", "--until", "2h")
    assert "hold 1 on channel:sample-x is in force until" in held.stdout
    assert "held back: 1 delivery" in held.stdout
    listed = read(notify, config, "deliveries", "--state", "pending")["deliveries"]
    told = {each["channel"]: (each["why"], each["goes_at"] is None) for each in listed}
    assert told == {"sample-x": ("held", True), "sample-page": ("paced", False)}
    assert " held " in notify("--config", config, "deliveries").stdout
    status = read(notify, config, "status")
    assert {each["name"]: each["why"] for each in status["channels"]} == {
        "sample-x": {"held": 1},
        "sample-page": {"paced": 1},
    }
    assert status["holds"][0]["reason"] == "critical incident"
    assert "by Desk 4: critical incident" in notify("--config", config, "status").stdout
    resumed = read(notify, config, "resume", "1", "--reason", "over", "--by", "Desk 4")
    assert (resumed["lifted"], resumed["free"], resumed["in_force"]) == ([1], 2, [])
    assert notify("--config", config, "holds").stdout == "no hold is in force\n"
    (ended,) = read(notify, config, "holds", "--all")["holds"]
    assert (ended["in_force"], ended["lifted_by"], ended["lift_reason"]) == (False, "Desk 4", "over")


def test_a_round_under_a_hold_says_so(notify: Notify, config: Path) -> None:
    """Timing 13."""
    notify("--config", config, "hold", *WHY)
    done = notify("--config", config, "once")
    assert "in force: hold 1 " in done.stderr


def test_a_hold_on_a_theme_nobody_knows_is_placed_if_that_is_meant(notify: Notify, config: Path) -> None:
    placed = notify("--config", config, "hold", *WHY, "--scope", "theme:Fireworks", "--unknown-theme")
    assert placed.returncode == 0
    assert "no aid of this theme is known" in placed.stdout.splitlines()[-1]
    assert "hold 1 on theme:Fireworks" in notify("--config", config, "status").stdout
    again = notify("--config", config, "resume", "--scope", "THEME: fireworks", "--reason", "over")
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("hold",), 2, "--reason"),
        (("hold", *WHY, "--scope", "channel:mastodon"), 1, "there is no channel mastodon"),
        (
            ("hold", *WHY, "--scope", "campaign:valor"),
            1,
            "there is no campaign valor; there is: spotlight-on",
        ),
        (("hold", *WHY, "--scope", "everything"), 1, "everything is no scope"),
        (("hold", *WHY, "--until", "2020-01-01 09:00"), 1, "has passed"),
        (("hold", *WHY, "--until", "2027-03-14 02:30"), 2, "there is no 2027-03-14 02:30"),
        (("hold", *WHY, "--until", "whenever"), 2, "is no time"),
        (("resume", "--reason", "over"), 2, "which hold"),
        (("resume", "1", "--all", "--reason", "over"), 2, "which hold"),
        (("resume", "7", "--reason", "over"), 1, "there is no hold 7"),
        (("resume", "--all", "--reason", "over"), 1, "no hold is in force"),
    ],
)
def test_a_wrong_order_is_told_in_one_line_and_changes_nothing(
    notify: Notify, config: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    done = notify("--config", config, *words)
    assert done.returncode == code, done.stderr
    assert message in done.stderr.splitlines()[-1]
    with open_ledger(load_config(config, {})) as ledger:
        assert (ledger.holds(), ledger.changes()) == ((), ())


def test_help_tells_lifting_a_hold_from_resuming_a_channel(notify: Notify) -> None:
    assert "channel resume NAME" in " ".join(notify("resume", "--help").stdout.split())
