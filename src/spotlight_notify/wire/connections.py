"""Teach urllib3's connections our rules: allowed addresses, deadlines, and whether a request left."""

import http.client
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, InvalidHeader

from spotlight_notify.text.invisible import in_one_line
from spotlight_notify.text.links import in_brackets
from spotlight_notify.wire.sockets import AddressRefused, PatientSocket, PatientTLSSocket, dial

KEPT_PER_HOST = 128
"""Connections kept to one host: as many as a daemon looks at sources together."""
HOSTS_KEPT = 256
"""Hosts whose connections are kept: well below the 1,024 open files a process is commonly allowed."""


class ConnectFailed(Exception):
    """Why no connection was made. Nothing was sent.

    ``final``: it would fail again, since the address or its certificate is refused.
    Neither an OSError nor one of urllib3's errors on purpose: those would be wrapped on their way up.
    """

    def __init__(self, error: Exception, host: str) -> None:
        self.error = error
        self.final = isinstance(error, AddressRefused | ssl.SSLCertVerificationError)
        super().__init__(reason(error, host))


class TooLate(OSError):
    """A connection stands, but the request that it was made for must not leave any more."""


class Departure:
    """What is asked once a connection stands: whether the request may still leave; None: nothing is."""

    def __init__(self) -> None:
        self.may_leave: Callable[[], bool] | None = None

    def check(self) -> None:
        """Raise TooLate if the request may not leave any more."""
        if self.may_leave is not None and not self.may_leave():
            raise TooLate


class ConnectionStale(Exception):
    """A kept connection was found dead: the server had hung up meanwhile."""


class CarefulAnswer(http.client.HTTPResponse):
    """Refuse a chunk of negative length, for which urllib3 would read on without any limit."""

    def _safe_read(self, amt: int) -> bytes:
        if amt < 0:
            raise http.client.HTTPException("a chunk of negative length")
        read: bytes = super()._safe_read(amt)  # type: ignore[misc] # urllib3 calls it too
        return read


class CarefulConnection(HTTPConnection):
    """Connect to allowed addresses only, and read against the clock.

    ``conn.timeout`` is what urllib3 makes of ``Timeout(connect=, total=)``: the seconds for connecting
    before, and those left of the whole after. ``patience`` is the longest silence in between, in seconds.
    """

    response_class = CarefulAnswer
    allow_private: bool = False
    patience: float = 30.0
    answered: bool = False
    departure: Departure

    def _new_conn(self) -> socket.socket:
        within = float(self.timeout or self.patience)
        return dial(self._dns_host, self.port or 80, within=within, allow_private=self.allow_private)

    def connect(self) -> None:
        """Connect; ConnectFailed is certain that no request left."""
        self.answered = False
        try:
            super().connect()
            self.departure.check()
        except (OSError, HTTPError, ValueError) as error:
            self.close()
            raise ConnectFailed(error, self.host) from error
        if self.sock is not None:
            self.sock.settimeout(self.patience)

    def getresponse(self) -> Any:  # urllib3's own override departs from http.client's type, too
        """Wait for the answer; ConnectionStale if a kept connection was found dead."""
        if isinstance(self.sock, PatientSocket | PatientTLSSocket):
            self.sock.patience = self.patience
            self.sock.until = time.monotonic() + float(self.timeout or self.patience)
        try:
            response = super().getresponse()
        except (ConnectionError, http.client.BadStatusLine) as error:
            if self.answered:
                raise ConnectionStale from error
            raise
        self.answered = True
        return response


def reason(error: Exception, host: str) -> str:
    """Return in a few words why connecting to a host failed."""
    host = in_brackets(host)
    match error:
        case AddressRefused():
            return f"no address of {host} is public"
        case TooLate():
            return f"the connection to {host} stood too late, so nothing was sent over it"
        case socket.gaierror() | UnicodeError():
            return f"the name {host} cannot be resolved"
        case ssl.SSLCertVerificationError():
            return f"the certificate of {host} cannot be trusted: {error.verify_message}"
        case ssl.SSLError():
            return f"the TLS handshake with {host} failed: {error.reason or error}"
        case TimeoutError():
            return f"{host} does not answer a connection in time"
        case ConnectionRefusedError():
            return f"{host} refuses the connection"
    return f"no connection to {host}: {error}"


def why_broken(error: Exception) -> str:
    """Return in a few words why no answer can be made of what came."""
    if isinstance(error, InvalidHeader):
        return "the answer gives two lengths that differ (Content-Length)"
    cause = error.args[-1] if error.args else None
    if isinstance(cause, http.client.BadStatusLine) and not isinstance(cause, ConnectionError):
        return f"what answers there does not speak HTTP: it says “{in_one_line(str(cause))[:40]}”"
    return "the connection broke before an answer came"


def pools(
    context: ssl.SSLContext, departure: Departure, *, allow_private: bool, patience: float
) -> PoolManager:
    """Make a pool of careful connections that all share one TLS context, and ask one departure.

    urllib3 takes classes, not objects, for its connections: so the rules are written into classes.
    """

    class Plain(CarefulConnection):
        pass

    class Secure(CarefulConnection, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    for kind in (Plain, Secure):
        kind.allow_private, kind.patience, kind.departure = allow_private, patience, departure
    manager = PoolManager(num_pools=HOSTS_KEPT, maxsize=KEPT_PER_HOST, ssl_context=context, retries=False)
    manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return manager
