"""Be the one door to the network that a process shares."""

import time
from collections.abc import Mapping
from types import MappingProxyType

import requests

from spotlight_notify.wire import fetching
from spotlight_notify.wire.connections import pools
from spotlight_notify.wire.fetching import Fetched
from spotlight_notify.wire.sessions import FreshAdapter, PublishingSession
from spotlight_notify.wire.sockets import tls_context

NOTHING: Mapping[str, str] = MappingProxyType({})


class Wire:
    """Fetch URLs, and make sessions for SDKs. Safe to use from many threads; make one per process.

    Private, loopback, link-local and reserved addresses are refused unless ``allow_private``.
    """

    def __init__(self, *, allow_private: bool, user_agent: str) -> None:
        self._allow_private, self._user_agent = allow_private, user_agent
        self._tls = tls_context()
        self._kept = pools(self._tls, allow_private=allow_private, patience=fetching.READ)

    def fetch(
        self,
        url: str,
        *,
        headers: Mapping[str, str] = NOTHING,
        max_bytes: int = fetching.MAX_BODY,
        connect: float = fetching.CONNECT,
        whole: float = fetching.WHOLE,
    ) -> Fetched:
        """GET a URL and return the answer, whatever its status; connections are kept for the next time.

        ``connect`` and ``whole`` (redirects and body included) are seconds; no silence may last over 30.
        Raises FetchError, with ``sent`` False only if it is certain that no request left.
        """
        ours = {"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate"}
        errand = fetching.Errand(
            url=url,
            headers={**ours, **headers},
            max_bytes=max_bytes,
            connect=connect,
            until=time.monotonic() + whole,
            manager=self._kept,
        )
        return fetching.run(errand)

    def session(self, *, connect: float = 5.0, read: float = 30.0) -> requests.Session:
        """Make a session for one thread of an SDK; its requests raise requests' own errors.

        NotSent means that the request never left; after any other error it may have arrived. ``connect``
        and ``read`` are seconds: for connecting, TLS included, and for the whole answer. Redirects come back
        as they are. Every request has a connection of its own, so none goes out on a dead one.
        """
        manager = pools(self._tls, allow_private=self._allow_private, patience=read)
        return PublishingSession(FreshAdapter(manager, (connect, read)), self._user_agent)

    def close(self) -> None:
        """Hang up all kept connections; the wire can be used again."""
        self._kept.clear()
