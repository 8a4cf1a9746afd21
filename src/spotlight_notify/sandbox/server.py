"""Serve the stand-ins, the sample site and the follower's page from one port on loopback."""

import asyncio
import socket
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Host, Mount, Router
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from spotlight_notify.model.errors import Refused
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.x.traits import X
from spotlight_notify.ports.parts import Clock, Jitter
from spotlight_notify.sandbox.facebook.stand_in import StandInGraph
from spotlight_notify.sandbox.fault_pages import FaultPages
from spotlight_notify.sandbox.fault_scripts import FaultDesk
from spotlight_notify.sandbox.follower import FollowerPages
from spotlight_notify.sandbox.gate import Gate
from spotlight_notify.sandbox.inspection import LivePosts, ReceivedPages
from spotlight_notify.sandbox.pages import Pages
from spotlight_notify.sandbox.samples import read_accounts, read_pictures, read_site
from spotlight_notify.sandbox.site import Shelves, SitePages
from spotlight_notify.sandbox.stand_in import Journal
from spotlight_notify.sandbox.x.stand_in import StandInX

READING = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITE = frozenset({"", "none", "same-origin"})
"""What ``Sec-Fetch-Site`` says of a program, of a person's address line, and of the sandbox's own pages."""
WRONG_HOST = "This server answers on loopback, by its own names and port alone."
WRONG_ORIGIN = "A page of another site sent this: nothing was done."
START_SECONDS = 10.0


class _TransportInState(H11Protocol):
    """Put the connection's transport into the scope's state, so that a fault can close it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # what TCP servers give
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _Server(uvicorn.Server):
    """A server that says when it is ready to answer."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Hang up on clients that still wait, so that the end never waits for them."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)


class Sandbox:
    """Serve everything from ``with`` to the end of its block; 127.0.0.1 only.

    ``port`` 0 takes a free one; Refused when the port is taken. The addresses are ``url`` (the follower's
    page), ``x_url``, ``graph_url`` and ``feed_url``; the site is also served to requests for its own host,
    ``home``. The keys, in ``x.account`` and ``graph.page``, are
    throw-away: they open nothing elsewhere. ``chance`` rolls the dice of faults that come at random; without
    it they fall the same way every time. ``faults`` takes scripts: ``faults.carry_out(parse_script(...))``.
    """

    def __init__(self, clock: Clock, port: int = 0, *, chance: Jitter | None = None) -> None:
        account, page = read_accounts()
        self._socket = _listen(port)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.x_url, self.graph_url = f"{self.url}/x", f"{self.url}/graph"
        self.feed_url, self.page_id = f"{self.url}/site/feed.xml", page.id
        self.journal = Journal()
        self.site = Shelves(read_site(), f"{self.url}/site", clock)
        self.home = urlsplit(self.site.sample.home).hostname or ""
        self.x = StandInX(account, clock, chance)
        self.graph = StandInGraph(page, clock, f"{self.url}/", chance, self._picture)
        self.faults = FaultDesk({X: self.x, FACEBOOK: self.graph})
        hosts = _loopback_hosts(self._socket.getsockname()[1], self.home)
        self._server = _Server(_configure(Doorkeeper(self._application(clock), hosts)))
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="sandbox", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._server.ready.wait(START_SECONDS):
            self._stop()
            raise RuntimeError("the sandbox did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _picture(self, url: str) -> bytes | None:
        """Find a picture of the sample site by its address, here or below its own home."""
        addresses = (f"{self.site.base_url}/pictures/", f"{self.site.sample.home}/pictures/")
        names = [url.removeprefix(address) for address in addresses if url.startswith(address)]
        return read_pictures(self.site.sample).get(names[0]) if names else None

    def _stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()

    def _application(self, clock: Clock) -> Starlette:
        pages = Pages()
        site = SitePages(self.site, pages).routes()
        return Starlette(
            routes=[
                Host(self.home, Router(site)),
                *FollowerPages(self.x, self.graph, self.site, pages).routes(),
                *ReceivedPages(self.journal, pages).routes(),
                *FaultPages(self.faults, pages).routes(),
                *LivePosts(self.x, self.graph).routes(),
                Mount("/site", routes=site),
                Mount("/x", Gate(self.x, self.journal, clock)),
                Mount("/graph", Gate(self.graph, self.journal, clock)),
            ]
        )


def _listen(port: int) -> socket.socket:
    # asyncio switches Nagle's delay off (40 ms an answer) only where the protocol is spelled out.
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(("127.0.0.1", port))
    except OSError as error:
        opened.close()
        raise Refused(
            f"port {port} on 127.0.0.1 cannot be used ({error.strerror}): choose another one"
        ) from error
    opened.listen(128)
    return opened


def _configure(application: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=_TransportInState,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        date_header=False,  # the networks' clocks are their own (see gate.py)
    )


class Doorkeeper:
    """Admit what is addressed to one of ``hosts``, and no change that another site's page asks for.

    ``hosts`` are whole ``Host`` headers in lower case, ports included. Browsers send ``Origin`` or
    ``Sec-Fetch-Site`` with whatever a page posts; programs send neither.
    """

    def __init__(self, application: ASGIApp, hosts: frozenset[str]) -> None:
        self._application, self._hosts = application, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope["method"], Headers(scope=scope))
        await (refusal or self._application)(scope, receive, send)

    def _refusal(self, method: str, headers: Mapping[str, str]) -> PlainTextResponse | None:
        host = headers.get("host", "").lower()
        if host not in self._hosts:
            return PlainTextResponse(WRONG_HOST, status_code=421)
        if method in READING:
            return None
        own = headers.get("origin", f"http://{host}").lower() == f"http://{host}"
        from_here = headers.get("sec-fetch-site", "") in OWN_SITE
        return None if own and from_here else PlainTextResponse(WRONG_ORIGIN, status_code=403)


def _loopback_hosts(port: int, home: str) -> frozenset[str]:
    """List what a request to this port may call its host; ``home`` is the site that the sandbox plays."""
    own = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    return frozenset({*own, home, f"{home}:{port}"})
