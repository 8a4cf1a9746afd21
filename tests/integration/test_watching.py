"""A token that dies is noticed by asking, not by the next post."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from fakes import FakeClock
from spotlight_notify.app import clock, open_app
from spotlight_notify.cli.rehearsal import write_configuration
from spotlight_notify.config import load_config
from spotlight_notify.daemon import Daemon, Event, SignedOut
from spotlight_notify.sandbox.fault_words import parse_script
from spotlight_notify.sandbox.serving import Sandbox


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
