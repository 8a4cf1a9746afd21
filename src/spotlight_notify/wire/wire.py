"""The one way to the network, which a whole process shares."""

import time
from collections.abc import Container, Mapping
from types import MappingProxyType

from spotlight_notify.wire import fetching
from spotlight_notify.wire.connections import Departure, pools
from spotlight_notify.wire.fetching import Fetched
from spotlight_notify.wire.sessions import FreshAdapter, PublishingSession
from spotlight_notify.wire.sockets import tls_context

NOTHING: Mapping[str, str] = MappingProxyType({})


class Wire:
    """Fetch URLs, and make sessions for SDKs. Safe to use from many threads; make one per process.

    Private, loopback, link-local and reserved addresses are refused unless ``allow_private``.
    ``reroute``: domain (lower case) -> "host:port" where ``fetch`` asks, in plain http, for all that is below
    it; answers and errors speak of the original addresses all the same. For trials with stand-ins.
    """

    def __init__(self, *, allow_private: bool, user_agent: str, reroute: Mapping[str, str] = NOTHING) -> None:
        self._allow_private, self._user_agent, self._reroute = allow_private, user_agent, reroute
        self._tls = tls_context()
        self._kept = pools(self._tls, Departure(), allow_private=allow_private, patience=fetching.READ)

    def fetch(
        self,
        url: str,
        *,
        headers: Mapping[str, str] = NOTHING,
        max_bytes: int = fetching.MAX_BODY,
        start_of: Container[str] | None = None,
        connect: float = fetching.CONNECT,
        whole: float = fetching.WHOLE,
    ) -> Fetched:
        """GET a URL and return the answer, whatever its status; connections are kept for the next time.

        ``connect`` and ``whole`` (redirects and body included) are seconds; no silence may last over 30.
        ``start_of``: for whom the headers count. Of a body of these media types only the first ``max_bytes``
        are read, of any other nothing; the connection is closed. Without it a larger body is an error.
        Raises FetchError, with ``sent`` False only if it is certain that no request left; FetchRefused, which
        is one, if another time would end the same.
        """
        ours = {"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate"}
        errand = fetching.Errand(
            url=url,
            headers={**ours, **headers},
            max_bytes=max_bytes,
            start_of=start_of,
            routes=self._reroute,
            connect=connect,
            until=time.monotonic() + whole,
            manager=self._kept,
        )
        return fetching.run(errand)

    def session(self, *, connect: float = 5.0, read: float = 30.0) -> PublishingSession:
        """Make a session for one thread of an SDK; its requests raise requests' own errors.

        NotSent means that the request never left; after any other error it may have arrived. ``connect``
        and ``read`` are seconds: for connecting, TLS included, and for the whole answer. Redirects come back
        as they are. Every request has a connection of its own, so none goes out on a dead one.
        """
        departure = Departure()
        manager = pools(self._tls, departure, allow_private=self._allow_private, patience=read)
        return PublishingSession(FreshAdapter(manager, (connect, read)), self._user_agent, departure)

    def close(self) -> None:
        """Hang up all kept connections; the wire can be used again."""
        self._kept.clear()
