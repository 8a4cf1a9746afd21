"""Start child processes that read what strangers wrote, and let them do no more than that."""

import os
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

MEMORY = 256 * 1024 * 1024
"""Bytes of data that a child may have in all: its heap, its stacks and its private pages (RLIMIT_DATA).

RLIMIT_AS would also count the libraries' files and what allocators reserve, which differs between machines.
Measured: feeds of 5 MiB take 30 to 90 MB, pictures of 4,000 x 4,000 pixels 120 to 230 MB.
"""
CPU_SECONDS = 5
"""CPU seconds for one document or picture. Measured: feeds of 5 MiB take 1 to 3, such pictures 1 to 2."""
PASSED_ON = ("PATH", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")
"""All that a child sees of the environment: no secrets where hostile bytes are read."""


def start_child(module: str, *words: str) -> "subprocess.Popen[bytes]":
    """Run one of our modules, which reads stdin and answers on stdout; raises OSError."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module, nothing from outside
        [sys.executable, "-B", "-P", "-m", module, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        start_new_session=True,  # Ctrl-C is for the program, which ends its children itself
    )


def confine(memory: int) -> None:
    """Allow this process so much memory, and neither a file that grows nor a core dump.

    Where a whole machine runs out of memory, it is this process that the system shall end.
    """
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_cpu(seconds: int) -> None:
    """Make the system end this process when it has used so many more seconds, give or take a half."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    allowed = round(spent.ru_utime + spent.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))
