"""What child processes may use: tried on children of our own, from outside."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from processes import environment
from spotlight_notify.wire.child_process import CPU_SECONDS, MEMORY

CHILD = "spotlight_notify.wire.child_process"
CONFINED = f"import sys; from {CHILD} import *; confine(MEMORY); allow_cpu(CPU_SECONDS); "


def confined(code: str, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", CONFINED + code, *words],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def test_promise_21_a_child_has_256_mb_and_5_seconds() -> None:
    assert (MEMORY, CPU_SECONDS) == (256 * 1024 * 1024, 5)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("bytearray(260 << 20)", "MemoryError"),
        ("held = [bytearray(1 << 20) for _ in range(260)]", "MemoryError"),
        ("import mmap; mmap.mmap(-1, 260 << 20, mmap.MAP_PRIVATE)", "Cannot allocate memory"),
    ],
)
def test_promise_21_memory_ends_at_256_mb(code: str, told: str) -> None:
    assert told in confined(code).stderr
    assert confined("print(len(bytearray(200 << 20)))").stdout == f"{200 << 20}\n"


def test_promise_21_cpu_ends_at_5_seconds() -> None:
    assert confined("\nwhile True: pass").returncode == -signal.SIGXCPU


def test_promise_21_a_child_writes_no_file_and_no_core(tmp_path: Path) -> None:
    written = confined("print(open(sys.argv[1], 'wb', buffering=0).write(b'x'))", str(tmp_path / "new"))
    assert "File too large" in written.stderr
    told = confined("print(open('/proc/self/limits').read())").stdout
    assert [line.split()[4:6] for line in told.splitlines() if "core" in line] == [["0", "0"]]
