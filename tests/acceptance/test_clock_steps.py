"""The daemon goes on whatever its machine's clock is set to while it runs."""

import time
from pathlib import Path

import pytest

from chaos.clockwork import build_clockwork
from chaos.daemons import Daemons
from processes import SECONDS
from spotlight_notify.app.chance import clock
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox

DAY = 86_400


def wait_for_a_look(ledger: Ledger) -> None:
    """Wait until the source is looked at anew."""
    before, end = looked(ledger), time.monotonic() + SECONDS
    while looked(ledger) == before:
        assert time.monotonic() < end, "the source is not looked at any more"
        time.sleep(0.05)


def looked(ledger: Ledger) -> list[object]:
    return [(each.polled_at, each.next_poll_at) for each in ledger.sources()]


@pytest.mark.timeout(300)
def test_promise_7_a_daemon_goes_on_when_its_clock_is_set_back_by_days(tmp_path: Path) -> None:
    clockwork = build_clockwork(tmp_path)
    assert clockwork, "a C compiler is needed to step the clock of a process"
    with Sandbox(clock=clock) as sandbox:
        path = write_configuration(sandbox, tmp_path)
        daemons = Daemons(path, tmp_path, clockwork.environ)
        try:
            with open_ledger(load_config(path, {})) as ledger:
                clockwork.set(3 * DAY)
                daemons.start()
                wait_for_a_look(ledger)
                for seconds in (0, -DAY, DAY, 0):
                    clockwork.set(seconds)
                    wait_for_a_look(ledger)
                daemons.kill_all()
                clockwork.set(-DAY)
                daemons.start()
                wait_for_a_look(ledger)
        finally:
            daemons.close()
