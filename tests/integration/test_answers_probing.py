"""A token that is refused without a reason is probed first: case 13 of the answers, in the program."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from fakes import FakeClock
from processes import until
from spotlight_notify.app.chance import clock
from spotlight_notify.app.composition import App, open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.rules.retry import PROBE_AFTER, Retries
from spotlight_notify.sandbox.fault_scripts import parse_script
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.worker.daemon import Daemon

X = "sample-x"
APART = Retries().apart
POST, WHO = "POST /2/tweets", "GET /2/users/me"


class Room:
    """Hold a sandbox and a configuration, for one program after the other, at a clock of ours."""

    def __init__(self, sandbox: Sandbox, folder: Path, clock: FakeClock) -> None:
        self._sandbox, self._path, self.clock = sandbox, write_configuration(sandbox, folder), clock

    @contextmanager
    def program(self) -> Iterator[App]:
        with open_app(load_config(self._path, {})) as app:
            yield replace(
                app,
                clock=self.clock,
                polling=replace(app.polling, clock=self.clock),
                delivering=replace(app.delivering, clock=self.clock),
            )

    def goes_wrong(self, script: str) -> None:
        self._sandbox.faults.carry_out(parse_script(script))

    def round(self, after: timedelta = PROBE_AFTER) -> None:
        """Do one round in a program of its own, so much later."""
        self.clock.advance(after)
        with self.program() as app:
            Daemon(app, lambda event: None).once(threading.Event())

    def prepare(self) -> None:
        """Take what is there for the baseline, and publish one aid."""
        self.round(after=timedelta())
        self._sandbox.site.publish_next(1)

    @property
    def asked(self) -> list[str]:
        """List what X was asked by those who post, in order; looks at its timeline left out."""
        x = [each.received for each in self._sandbox.journal.exchanges if each.stand_in == "x"]
        paths = [f"{one.method} {one.path.partition('?')[0]}" for one in x]
        return [path for path in paths if path in (POST, WHO)]

    def delivery(self) -> Delivery:
        with self.program() as app:
            [one] = app.ledger.deliveries(channel=X)
            return one

    def paused(self) -> str | None:
        with self.program() as app:
            return next(each.paused_reason for each in app.ledger.channels() if each.name == X)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Give a room whose clock is ahead of what is recorded by the true one."""
    ahead = FakeClock(clock() + timedelta(hours=1))
    with Sandbox(clock=ahead) as sandbox:
        yield Room(sandbox, tmp_path, ahead)


def test_answers_13_one_stray_refusal_is_over_once_a_probe_works_in_another_program(room: Room) -> None:
    room.prepare()
    room.goes_wrong("x publish: dead-token")
    room.round()
    assert (room.delivery().state, room.delivery().tries, room.paused()) == (State.PENDING, 0, None)
    assert room.asked == [POST]
    room.round(after=timedelta())
    assert room.asked == [POST]
    room.round()
    assert (room.delivery().state, room.asked) == (State.PENDING, [POST, WHO])
    room.round(after=APART)
    assert room.delivery().state is State.SENT
    assert room.asked == [POST, WHO, WHO, POST]


def test_answers_13_two_refused_probes_pause_the_channel_with_advice(room: Room) -> None:
    room.prepare()
    room.goes_wrong("x publish: dead-token; x read: ok, dead-token*2")
    room.round()
    room.round()
    assert room.paused() is None
    room.round()
    assert "copy all four" in (room.paused() or "")
    assert room.asked == [POST, WHO, WHO]
    assert (room.delivery().state, room.delivery().tries) == (State.PENDING, 0)
    with room.program() as app:
        assert app.ledger.resume_channel(X, "keys are right", room.clock(), "Sam")
    room.round(after=APART)
    assert room.delivery().state is State.SENT


def test_answers_13_the_daemon_probes_by_itself(room: Room) -> None:
    room.prepare()
    room.goes_wrong("x publish: dead-token; x read: ok, dead-token")
    room.clock.advance(timedelta(seconds=3))  # the source is due again
    with room.program() as app:
        daemon = Daemon(app, lambda event: None)
        for tried in (1, 2, 3):
            until(partial(has_tried, app, daemon, tried))
            room.clock.advance(PROBE_AFTER)
        room.clock.advance(APART)
        daemon.once(threading.Event())
    assert room.asked == [POST, WHO, WHO, WHO, POST]
    assert (room.delivery().state, room.paused()) == (State.SENT, None)


def has_tried(app: App, daemon: Daemon, times: int) -> bool:
    """Let the daemon beat, and tell whether so many tries are over."""
    daemon.tick()
    ended = [
        attempt
        for one in app.ledger.deliveries(channel=X)
        for attempt in app.ledger.attempts(one.id)
        if attempt.ended_at is not None
    ]
    return len(ended) == times
