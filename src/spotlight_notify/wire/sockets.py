"""Open sockets: only to addresses that are allowed, and never waiting past a deadline."""

import math
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from spotlight_notify.wire.addresses import is_public


class AddressRefused(OSError):
    """A name leads only to addresses that are not public, and may not be connected to."""


class PatientSocket(socket.socket):
    """Wait at most ``patience`` seconds for each piece, and for none past ``until`` (monotonic)."""

    patience: float = math.inf
    until: float = math.inf

    def recv_into(self, *args: Any) -> int:
        self.settimeout(seconds_left(self.patience, self.until))
        return super().recv_into(*args)


class PatientTLSSocket(ssl.SSLSocket):
    """Do what PatientSocket does, under TLS."""

    patience: float = math.inf
    until: float = math.inf

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(seconds_left(self.patience, self.until))
        return super().recv_into(*args, **kwargs)


def seconds_left(patience: float, until: float) -> float | None:
    """Return how long a socket may wait now; raises TimeoutError when the deadline has passed."""
    left = min(patience, until - time.monotonic())
    if left <= 0:
        raise TimeoutError("the whole took too long")
    return None if math.isinf(left) else left


def tls_context() -> ssl.SSLContext:
    """Load the certificates to trust: the machine's own, or certifi's where it has none.

    Costs up to 20 ms of CPU: make one and share it.
    """
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not paths.cafile and not (paths.capath and any(Path(paths.capath).iterdir())):
        context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    context.sslsocket_class = PatientTLSSocket
    return context


def dial(host: str, port: int, *, within: float, allow_private: bool) -> PatientSocket:
    """Connect to the first address of ``host`` that is allowed and answers, within so many seconds.

    The address judged is the very one connected to, so a name that changes its mind gains nothing. Addresses
    share the time, so that one that is dead leaves some to the next. Asking for them takes as long as the
    machine's resolver allows. Raises OSError, AddressRefused and socket.gaierror among them.
    """
    until = time.monotonic() + within
    allowed = [at for at in _addresses(host, port) if allow_private or is_public(at[1][0])]
    failure: OSError = AddressRefused()
    for place, (family, address) in enumerate(allowed):
        share = (until - time.monotonic()) / (len(allowed) - place)
        try:
            return _connect(family, address, time.monotonic() + share)
        except OSError as error:
            failure = error
    raise failure


def _addresses(host: str, port: int) -> Iterator[tuple[socket.AddressFamily, tuple[Any, ...]]]:
    for family, _, _, _, address in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM):
        yield family, address


def _connect(family: socket.AddressFamily, address: tuple[Any, ...], until: float) -> PatientSocket:
    opened = PatientSocket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.settimeout(seconds_left(math.inf, until))
        opened.connect(address)
    except BaseException:
        opened.close()
        raise
    return opened
