import signal
import subprocess
import sys
from pathlib import Path

import pytest

from spotlight_notify.ledger.lock_file import alone
from spotlight_notify.model.errors import LedgerBusy, LedgerError

HOLD = """
import sys, signal
from pathlib import Path
from spotlight_notify.ledger.lock_file import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    signal.pause()
"""


def made(folder: Path) -> Path:
    file = folder / "ledger.sqlite3"
    file.touch()
    return file


def test_a_second_daemon_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    file = made(tmp_path)
    with subprocess.Popen([sys.executable, "-c", HOLD, str(file)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LedgerBusy, match=f"process {holder.pid}\\) serves ledger.sqlite3"), alone(file):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with alone(file):
            pass


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(LedgerError, match="cannot be written"),
        alone(tmp_path / "no" / "ledger.sqlite3"),
    ):
        pass
