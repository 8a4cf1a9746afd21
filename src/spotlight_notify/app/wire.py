"""Open the one door to the network that a process shares."""

from collections.abc import Iterator
from contextlib import contextmanager

from spotlight_notify import __version__
from spotlight_notify.config.configuration import Config
from spotlight_notify.wire.wire import Wire


@contextmanager
def open_wire(config: Config) -> Iterator[Wire]:
    """Open the wire as the configuration wants it, and close it at the end."""
    contact = f" (+{config.wire.contact})" if config.wire.contact else ""
    wire = Wire(
        allow_private=config.wire.allow_private_addresses,
        user_agent=f"spotlight-notify/{__version__}{contact}",
        reroute=config.wire.reroute,
    )
    try:
        yield wire
    finally:
        wire.close()
