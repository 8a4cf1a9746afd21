"""Run the command line with ``python -m spotlight_notify``."""

from spotlight_notify.cli import main

main()
