"""Fetch a URL: within limits, redirects checked one by one."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import LocationParseError, ReadTimeoutError

from spotlight_notify.errors import FetchError
from spotlight_notify.wire.bodies import BROKEN, BodyRefused, read_body
from spotlight_notify.wire.connections import ConnectFailed, ConnectionStale

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
    """Hold an answer. ``headers`` are read without regard to case; ``body`` is unpacked.

    ``body`` is empty unless the status is a success. ``url`` is where the answer came from.
    ``moved_to``: the address that permanent redirects gave instead of the one asked for, or None.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Hold what one fetch was asked for; ``until`` is on the monotonic clock."""

    url: str
    headers: Mapping[str, str]
    max_bytes: int
    connect: float
    until: float
    manager: PoolManager = field(repr=False)

    def failed(self, message: str, *, sent: bool) -> FetchError:
        """Make the error, with the address asked for."""
        return FetchError(shown(self.url), message, sent=sent)


def run(errand: Errand) -> Fetched:
    """Ask, and follow at most five redirects."""
    url, moved_to, permanent = _joined(errand, "", errand.url), None, True
    for hop in range(MAX_REDIRECTS + 1):
        response = _ask(errand, url, sent=hop > 0)
        location = response.headers.get("location")
        if response.status not in REDIRECTS or not location:
            return _taken(errand, response, url, moved_to)
        response.close()
        url = _joined(errand, url, _decoded(location))
        permanent = permanent and response.status in PERMANENT
        moved_to = url if permanent else moved_to
    raise errand.failed(f"more than {MAX_REDIRECTS} redirects", sent=True)


def shown(url: str) -> str:
    """Shorten an address to what may be shown in a message: no user, password or query."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that is not valid"
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"[:300]


def _joined(errand: Errand, base: str, url: str) -> str:
    """Make an address absolute, seen from ``base`` (empty for the first), and check it."""
    try:
        absolute = urljoin(base, url.strip())
        parts = urlsplit(absolute)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise errand.failed("only absolute http and https addresses are fetched", sent=bool(base))
    return absolute


def _decoded(location: str) -> str:
    """Read a header that http.client took for Latin-1 as the UTF-8 that servers really send."""
    return location.encode("latin-1", "replace").decode("utf-8", "replace")


def _ask(errand: Errand, url: str, *, sent: bool) -> BaseHTTPResponse:
    """Send one request; anew if a kept connection was found dead, of which there are but a few."""
    while True:
        left = errand.until - time.monotonic()
        if left <= 0:
            raise errand.failed("the whole took too long", sent=True)
        try:
            return errand.manager.request(
                "GET",
                url,
                headers=errand.headers,
                timeout=Timeout(connect=min(errand.connect, left), total=left),
                preload_content=False,
                redirect=False,
            )
        except ConnectionStale:
            continue
        except ConnectFailed as error:
            raise errand.failed(str(error), sent=sent) from error
        except LocationParseError as error:
            raise errand.failed("the address is not valid", sent=sent) from error
        except ReadTimeoutError as error:
            raise errand.failed("no answer came in time", sent=True) from error
        except BROKEN as error:
            raise errand.failed("the connection broke before an answer came", sent=True) from error


def _taken(errand: Errand, response: BaseHTTPResponse, url: str, moved_to: str | None) -> Fetched:
    try:
        success = HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES
        body = read_body(response, errand.max_bytes) if success else b""
        if response.status == HTTPStatus.NOT_MODIFIED:
            response.drain_conn()  # nothing follows: the connection can be kept
    except BodyRefused as error:
        raise errand.failed(str(error), sent=True) from error
    except ReadTimeoutError as error:
        raise errand.failed("the answer took too long", sent=True) from error
    except BROKEN as error:
        raise errand.failed("the answer broke off", sent=True) from error
    finally:
        response.close()
    return Fetched(status=response.status, headers=response.headers, body=body, url=url, moved_to=moved_to)
