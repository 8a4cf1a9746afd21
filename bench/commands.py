"""Measure the CPU that commands cost beside the floors they stand on, in one run: ratios are what counts.

User and system time of a process of its own, in milliseconds; each is run in turn, so that whatever else the
machine does falls on all of them alike. What is measured has its bytecode, as pip installs it.

    sh run.sh bench commands [--times 9]
"""

import argparse
import compileall
import os
import shlex
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import spotlight_notify
from spotlight_notify.app.chance import clock
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox

FLOORS = {
    "python": "pass",
    "python, click": "import click",
    "python, sqlalchemy, sqlite3": "import sqlalchemy, sqlite3",
    "python, click, pydantic, sqlalchemy, sqlite3": "import click, pydantic.main, sqlalchemy, sqlite3",
}
COMMANDS = (
    *("--version", "--help", "holds", "lint 'Keep calm. #SpotlightOnSafety'", "status", "aids"),
    *("deliveries", "source list", "channel list", "explain 1", "config check"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what commands cost.")
    parser.add_argument("--times", type=int, default=9)
    times = parser.parse_args().times
    for place in (Path(spotlight_notify.__file__).parent, sysconfig.get_path("purelib")):
        compileall.compile_dir(str(place), quiet=2, workers=0)
    with tempfile.TemporaryDirectory() as folder:
        config = furnished(Path(folder))
        words = {name: [sys.executable, "-c", code] for name, code in FLOORS.items()}
        program = [sys.executable, "-m", "spotlight_notify", "-c", str(config)]
        words |= {name: [*program, *shlex.split(name)] for name in COMMANDS}
        tell(measured(words, times))


def furnished(folder: Path) -> Path:
    """Make a ledger that has seen the sample site."""
    with Sandbox(clock=clock) as sandbox:
        config = write_configuration(sandbox, folder)
        once = [sys.executable, "-m", "spotlight_notify", "-q", "-c", str(config), "once"]
        subprocess.run(once, check=True, stdout=subprocess.DEVNULL)
    return config


def measured(words: dict[str, list[str]], times: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in words}
    for _ in range(times):
        for name, command in words.items():
            found[name].append(cost(command))
    return found


def cost(command: list[str]) -> float:
    """Run a command, and give the user and system time it took, in milliseconds."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0  # it has been waited for
    return (used.ru_utime + used.ru_stime) * 1000


def tell(found: dict[str, list[float]]) -> None:
    print("   min  median  ms of CPU")
    for name, costs in found.items():
        print(f"{min(costs):6.0f}  {statistics.median(costs):6.0f}  {name}")


if __name__ == "__main__":
    main()
