import signal
import subprocess
import sys
from pathlib import Path

import pytest

from spotlight_notify.alone import alone
from spotlight_notify.errors import LedgerBusy, LedgerError

HOLD = """
import sys, signal
from spotlight_notify.alone import alone
with alone(sys.argv[1]):
    print("held", flush=True)
    signal.pause()
"""


def test_a_second_daemon_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite3"
    with subprocess.Popen([sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LedgerBusy, match=f"process {holder.pid}\\) serves ledger.sqlite3"), alone(url):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with alone(url):
            pass


def test_a_database_that_serves_many_needs_no_lock(tmp_path: Path) -> None:
    with alone("postgresql://db/x"), alone("postgresql://db/x"):
        pass


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(LedgerError, match="cannot be written"),
        alone(f"sqlite:///{tmp_path}/no/ledger.sqlite3"),
    ):
        pass
