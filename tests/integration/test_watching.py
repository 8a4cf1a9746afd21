"""A token that dies is noticed by asking, not by the next post."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fakes import FakeClock
from ledgers import run_sql
from processes import run_fresh
from spotlight_notify.app.chance import clock
from spotlight_notify.app.composition import open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.cli.output import plain
from spotlight_notify.operations.check_tokens import Watch
from spotlight_notify.sandbox.fault_scripts import parse_script
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.worker.daemon import Daemon
from spotlight_notify.worker.events import Event, SignedOut
from spotlight_notify.worker.rounds import Round

DAILY = timedelta(days=1) - timedelta(seconds=3)
"""As cron does it: sometimes a little sooner than the day before."""


def test_promise_26_accident_12_a_token_that_dies_while_nothing_is_due_is_told_the_next_day(
    tmp_path: Path,
) -> None:
    told: list[Event] = []
    with Sandbox(clock=clock) as sandbox:
        path = write_configuration(sandbox, tmp_path)
        with open_app(load_config(path, {})) as opened:
            moved = FakeClock(clock())
            Daemon(replace(opened, clock=moved), told.append).once(threading.Event())
            assert not [event for event in told if isinstance(event, SignedOut)]
        with open_app(load_config(path, {})) as opened:
            daemon = Daemon(replace(opened, clock=moved), told.append)
            sandbox.faults.carry_out(parse_script("facebook read: dead-token*9"))
            moved.advance(timedelta(days=1))
            daemon.once(threading.Event())
            (event,) = [event for event in told if isinstance(event, SignedOut)]
            assert event.channel == "sample-page"
            paused = {channel.name: channel.paused_reason for channel in opened.ledger.channels()}
    assert paused["sample-x"] is None
    assert "make a new long-lived Page token" in (paused["sample-page"] or "")


class Hurried:
    """Stand for a wish to stop that nobody has, and that waits for nothing."""

    def __init__(self) -> None:
        self.waits: list[float | None] = []

    def is_set(self) -> bool:
        return False

    def set(self) -> None:
        raise AssertionError("nobody stops this")

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return False


@pytest.mark.parametrize(
    ("fault", "channel"),
    [("facebook read: dead-token*99", "sample-page"), ("x read: dead-token*99", "sample-x")],
)
def test_command_line_27_rounds_by_cron_ask_about_tokens_every_day(
    tmp_path: Path, fault: str, channel: str
) -> None:
    with Sandbox(clock=clock) as sandbox:
        path = write_configuration(sandbox, tmp_path)
        moved = FakeClock(clock())

        def one_round() -> Round:
            heard = Round()
            with open_app(load_config(path, {})) as opened:
                Daemon(replace(opened, clock=moved), heard.hear).once(Hurried())
            return heard

        assert not one_round().token_refused()
        moved.advance(DAILY)
        assert not one_round().token_refused()
        asked = len(sandbox.journal.exchanges)
        moved.advance(timedelta(hours=1))
        one_round()
        assert len(sandbox.journal.exchanges) == asked
        sandbox.faults.carry_out(parse_script(fault))
        for _ in range(3):
            moved.advance(DAILY)
            heard = one_round()
            assert heard.token_refused()
            assert json.loads(json.dumps(plain(heard.summary())))["paused"][0]["channel"] == channel


def test_command_line_27_the_command_tells_it_and_ends_with_4(tmp_path: Path) -> None:
    with Sandbox(clock=clock) as sandbox:
        path = write_configuration(sandbox, tmp_path)
        assert run_fresh(tmp_path, "-c", path, "once").returncode == 0
        long_ago = "2026-01-01T00:00:00.000000Z"
        run_sql(
            f"sqlite:///{tmp_path / 'spotlight.sqlite3'}", f"UPDATE channel SET known_until_at = '{long_ago}'"
        )
        sandbox.faults.carry_out(parse_script("facebook read: dead-token*9"))
        done = run_fresh(tmp_path, "-c", path, "once")
    assert done.returncode == 4
    assert "sample-page is paused: " in done.stderr


def test_command_line_24_a_token_asked_about_by_a_clock_ahead_is_due_at_once() -> None:
    now = clock()
    year, hour = timedelta(days=366), timedelta(hours=1)
    assert Watch(["x"], now, {"x": now + year}).due(now) == ["x"]
    assert Watch(["x"], now, {}).due(now) == ["x"]
    assert Watch(["x"], now, {"x": now - hour}).due(now) == []
