"""Fetch a URL: within limits, redirects checked one by one, some hosts asked at another place."""

import time
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import LocationParseError, ReadTimeoutError
from urllib3.util import parse_url

from spotlight_notify.model.errors import FetchError, FetchRefused
from spotlight_notify.text.links import shown
from spotlight_notify.wire.bodies import BROKEN, BodyRefused, read_body, read_start
from spotlight_notify.wire.connections import ConnectFailed, ConnectionStale, reason, why_broken
from spotlight_notify.wire.sockets import AddressRefused

MAX_BODY = 5 * 1024 * 1024
"""The largest body taken, in bytes after unpacking."""
CONNECT = 10.0
READ = 30.0
WHOLE = 60.0
MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer. ``headers`` are read without regard to case; ``body`` is unpacked.

    ``body`` is empty unless the status is a success. ``url`` is where the answer came from.
    ``hops``: the addresses passed between the one asked for and ``url``, in order.
    ``moved_to``: the address that permanent redirects gave instead of the one asked for, or None.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    hops: tuple[str, ...] = ()
    moved_to: str | None = None

    @property
    def media_type(self) -> str:
        """What the body claims to be, such as ``text/html``; empty when nothing is said."""
        return media_type(self.headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What one fetch was asked for; ``until`` is on the monotonic clock.

    ``start_of``: media types of whose bodies the start is enough, all others' being left unread; or None.
    """

    url: str
    headers: Mapping[str, str]
    max_bytes: int
    connect: float
    until: float
    start_of: Container[str] | None
    routes: Mapping[str, str]
    manager: PoolManager = field(repr=False)

    def failed(self, message: str, *, sent: bool) -> FetchError:
        """Make the error for what may go better another time, with the address asked for."""
        return FetchError(shown(self.url), message, sent=sent)

    def refused(self, message: str, *, sent: bool) -> FetchRefused:
        """Make the error for what would end the same another time, with the address asked for."""
        return FetchRefused(shown(self.url), message, sent=sent)

    def unconnected(self, url: str, error: ConnectFailed, *, sent: bool) -> FetchError:
        """Make the error for a connection that was not made; it speaks of the host of ``url``."""
        make = self.refused if error.final else self.failed
        host = host_of(url)
        if isinstance(error.error, AddressRefused) and host == host_of(self.url):
            return make("its host has no public address", sent=sent)
        return make(reason(error.error, host), sent=sent)


def run(errand: Errand) -> Fetched:
    """Ask, and follow at most five redirects."""
    url, moved_to, permanent = _joined(errand, "", errand.url), None, True
    passed: list[str] = []
    for _ in range(MAX_REDIRECTS + 1):
        response = _ask(errand, url, sent=bool(passed))
        location = response.headers.get("location")
        if response.status not in REDIRECTS or not location:
            return replace(_taken(errand, response, url), hops=tuple(passed[1:]), moved_to=moved_to)
        response.close()
        passed.append(url)
        url = _joined(errand, url, _decoded(location))
        permanent = permanent and response.status in PERMANENT
        moved_to = url if permanent else moved_to
    raise errand.refused(f"more than {MAX_REDIRECTS} redirects", sent=True)


def media_type(headers: Mapping[str, str]) -> str:
    """Read the media type from a Content-Type header, without its parameters, in lower case."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()[:100]


def _joined(errand: Errand, base: str, url: str) -> str:
    """Make an address absolute, seen from ``base`` (empty for the first), and check it."""
    try:
        absolute = urljoin(base, url.strip())
        parts = urlsplit(absolute)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise errand.refused("only absolute http and https addresses are fetched", sent=bool(base))
    return absolute


def _decoded(location: str) -> str:
    """Read a header that http.client took for Latin-1 as the UTF-8 that servers really send."""
    return location.encode("latin-1", "replace").decode("utf-8", "replace")


def _ask(errand: Errand, url: str, *, sent: bool) -> BaseHTTPResponse:
    """Send one request; again if a kept connection was found dead, of which there are but a few."""
    while True:
        left = errand.until - time.monotonic()
        if left <= 0:
            raise errand.failed("the whole took too long", sent=True)
        try:
            place, host = rerouted(url, errand.routes)
            return errand.manager.request(
                "GET",
                place,
                headers={**errand.headers, **host},
                timeout=Timeout(connect=min(errand.connect, left), total=left),
                preload_content=False,
                redirect=False,
            )
        except ConnectionStale:
            continue
        except ConnectFailed as error:
            raise errand.unconnected(url, error, sent=sent) from error
        except LocationParseError as error:
            raise errand.refused("the address is not valid", sent=sent) from error
        except ReadTimeoutError as error:
            raise errand.failed("no answer came in time", sent=True) from error
        except BROKEN as error:
            raise errand.failed(why_broken(error), sent=True) from error


def _taken(errand: Errand, response: BaseHTTPResponse, url: str) -> Fetched:
    try:
        success = HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES
        body = _body(errand, response) if success else b""
        if response.status == HTTPStatus.NOT_MODIFIED:
            response.drain_conn()  # nothing follows: the connection can be kept
    except BodyRefused as error:
        raise errand.refused(str(error), sent=True) from error
    except ReadTimeoutError as error:
        raise errand.failed("the answer took too long", sent=True) from error
    except BROKEN as error:
        raise errand.failed("the answer broke off", sent=True) from error
    finally:
        response.close()
    return Fetched(status=response.status, headers=response.headers, body=body, url=url)


def _body(errand: Errand, response: BaseHTTPResponse) -> bytes:
    if errand.start_of is None:
        return read_body(response, errand.max_bytes)
    wanted = media_type(response.headers) in errand.start_of
    return read_start(response, errand.max_bytes) if wanted else b""


def host_of(url: str) -> str:
    """Return the host that a request for this URL goes to: lower case, punycode; empty when there is none."""
    try:
        return (parse_url(url).host or "").rstrip(".").lower()
    except LocationParseError:
        return ""


def is_below(host: str, domain: str) -> bool:
    """Return whether a host is this domain or one below it; both in lower case."""
    return host == domain or host.endswith(f".{domain}")


def rerouted(url: str, routes: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the address to ask for a URL, and the Host header that it needs, if any.

    ``routes``: domain -> "host:port", asked in plain http for all that is below; the longest domain decides.
    Raises LocationParseError for an address that is not valid.
    """
    host = host_of(url)
    domains = [domain for domain in routes if is_below(host, domain)]
    if not domains:
        return url, {}
    parts = parse_url(url)
    return f"http://{routes[max(domains, key=len)]}{parts.request_uri}", {"Host": parts.netloc or host}
