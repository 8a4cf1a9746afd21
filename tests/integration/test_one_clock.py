"""Leases, due times and looks are judged by one clock, the ledger's: promise 22."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fakes import FakeClock, FakeSteady
from ledgers import BOTH, NOW
from spotlight_notify.app.chance import ASK_AGAIN_SECONDS, LedgerClock, clock
from spotlight_notify.app.composition import FAR, open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.model.errors import LedgerBusy, Refused
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox

MINUTES = timedelta(minutes=11)


class Server:
    """Be a database server with a clock of its own, which may be down."""

    def __init__(self) -> None:
        self.now, self.asked, self.is_down = NOW, 0, False

    def tell_time(self) -> datetime:
        self.asked += 1
        if self.is_down:
            raise LedgerBusy("the server does not answer")
        return self.now


def test_promise_22_two_machines_whose_clocks_differ_tell_the_ledgers_time() -> None:
    server, steady = Server(), FakeSteady()
    right, ahead = FakeClock(NOW), FakeClock(NOW + MINUTES)
    clocks = [LedgerClock(server.tell_time, local, steady) for local in (right, ahead)]
    assert [tell() for tell in clocks] == [NOW, NOW]
    assert [tell.ahead() for tell in clocks] == [timedelta(), MINUTES]
    steady.seconds = 20
    ahead.advance(timedelta(days=3))
    assert [tell() for tell in clocks] == [NOW + timedelta(seconds=20)] * 2
    assert server.asked == 2


def test_promise_22_the_ledger_is_asked_again_now_and_then_and_not_missed_while_it_is_down() -> None:
    server, steady = Server(), FakeSteady()
    tell = LedgerClock(server.tell_time, FakeClock(NOW + MINUTES), steady)
    tell()
    server.now, server.is_down = NOW + timedelta(hours=1), True
    steady.seconds = ASK_AGAIN_SECONDS
    assert tell() == NOW + timedelta(seconds=ASK_AGAIN_SECONDS)
    server.is_down = False
    steady.seconds += ASK_AGAIN_SECONDS
    assert tell() == NOW + timedelta(hours=1)


def test_promise_22_a_ledger_that_never_told_its_time_is_not_guessed() -> None:
    server = Server()
    server.is_down = True
    with pytest.raises(LedgerBusy):
        LedgerClock(server.tell_time, FakeClock(NOW), FakeSteady())()


@pytest.mark.parametrize("url", BOTH, indirect=True)
def test_promise_22_postgresql_has_a_clock_of_its_own_and_sqlite_this_machines(url: str) -> None:
    ledger = open_ledger(url)
    told = ledger.tell_time()
    ledger.close()
    if url.startswith("sqlite"):
        assert told is None
    else:
        assert told is not None
        assert abs(told - datetime.now(UTC)) < FAR


@pytest.mark.parametrize(("off", "where"), [(MINUTES, "11 min ahead of"), (-MINUTES, "11 min behind")])
def test_promise_22_a_machine_whose_clock_is_far_off_says_so_and_sends_nothing(
    tmp_path: Path, off: timedelta, where: str
) -> None:
    with (
        Sandbox(clock=clock) as sandbox,
        open_app(load_config(write_configuration(sandbox, tmp_path), {})) as app,
    ):
        with pytest.raises(Refused, match=f"{where} the ledger's; set it"):
            replace(app, clock_ahead=lambda: off).deliver_next("sample-x")
        assert replace(app, clock_ahead=lambda: FAR).deliver_next("sample-x") is None
