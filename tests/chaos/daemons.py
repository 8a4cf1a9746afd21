"""Start the program as processes, kill them, and keep every word they say."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

COMMAND_SECONDS = 600
"""How long a command or an orderly end may take before it is taken to hang, on a machine that has no time."""
NEEDED = ("PATH", "HOME", "USER", "LOGNAME")


class Daemons:
    """Run daemons and commands on one configuration; all they write goes to files in ``folder``.

    ``environ``: what their environment holds beside the little that a process needs.
    """

    def __init__(self, config: Path, folder: Path, environ: Mapping[str, str]) -> None:
        self._config, self._folder = config, folder
        self._environ = {name: os.environ[name] for name in NEEDED if name in os.environ} | dict(environ)
        self._running: list[subprocess.Popen[bytes]] = []
        self._files: list[IO[bytes]] = []
        self.started = self.kills = 0

    def start(self) -> None:
        """Start one more daemon."""
        self.started += 1
        said = (self._folder / f"daemon-{self.started}.log").open("wb")
        self._files.append(said)
        process = subprocess.Popen(
            self._words("run"), stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=self._environ
        )
        self._running.append(process)

    def kill_one(self) -> None:
        """Kill the daemon that runs longest, without a warning."""
        process = self._running.pop(0)
        self.kills += process.poll() is None
        process.kill()
        process.wait()

    def kill_all(self) -> None:
        """Kill every daemon that runs."""
        while self._running:
            self.kill_one()

    def stop(self) -> list[int]:
        """Ask every daemon to end, as a service manager does; returns their exit codes."""
        for process in self._running:
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(COMMAND_SECONDS) for process in self._running]
        self._running.clear()
        return codes

    @property
    def running(self) -> int:
        """Count the daemons that run; those that ended by themselves too soon do not count."""
        return sum(process.poll() is None for process in self._running)

    @property
    def are_up(self) -> bool:
        """Tell whether each daemon has said its first words: that it has begun."""
        return all(os.fstat(file.fileno()).st_size for file in self._files[-len(self._running) :])

    def command(self, *words: str) -> int:
        """Run one command to its end, as a person does; returns its exit code."""
        with (self._folder / "commands.log").open("ab") as said:
            ended = subprocess.run(
                self._words(*words),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=self._environ,
                timeout=COMMAND_SECONDS,
                check=False,
            )
        return ended.returncode

    def close(self) -> None:
        """Kill what still runs and close the files."""
        for process in self._running:
            process.kill()
            process.wait()
        for file in self._files:
            file.close()

    def _words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "spotlight_notify", "--config", str(self._config), *words]
