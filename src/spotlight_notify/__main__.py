"""Run the command line: ``spotlight-notify``, or ``python -m spotlight_notify``."""

import gc
import os
import signal

MANY = 200_000
"""New objects after which garbage is looked for: what is loaded are half as many, and they stay."""
STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def main() -> None:
    """Keep signals waiting until somebody listens, then load the program; commands know what they end."""
    gc.set_threshold(MANY)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it searches all that is installed
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    from spotlight_notify.worker.stop_signals import Listener

    listener = Listener()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    from spotlight_notify.cli import main as command_line

    command_line(obj=listener)


if __name__ == "__main__":
    main()
