"""Turn away what a web page elsewhere sends to this machine: its forms, and its name pointed at loopback."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

READING = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITE = frozenset({"", "none", "same-origin"})
"""What ``Sec-Fetch-Site`` says of a program, of a person's address line, and of the sandbox's own pages."""
WRONG_HOST = "This server answers on loopback, by its own names and port alone."
WRONG_ORIGIN = "A page of another site sent this: nothing was done."


class Doorkeeper:
    """Let pass what is addressed to one of ``hosts``, and no change that another site's page asks for.

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


def loopback_hosts(port: int, home: str) -> frozenset[str]:
    """List what a request to this port may call its host; ``home`` is the site that the sandbox plays."""
    own = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    return frozenset({*own, home, f"{home}:{port}"})
