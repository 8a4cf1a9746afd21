"""A requests session for the SDKs that keeps our rules, and tells whether a request left."""

import io
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPResponse, PoolManager
from urllib3.exceptions import ReadTimeoutError

from spotlight_notify.wire.bodies import BROKEN, BodyRefused, read_body
from spotlight_notify.wire.connections import ConnectFailed, Departure
from spotlight_notify.wire.sockets import AddressRefused

MAX_ANSWER = 8 * 1024 * 1024
"""The largest answer taken from a network's interface, in bytes."""

NEVER_SENT = (
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
)


class NotSent(requests.ConnectionError):
    """A request never left, for certain: no address, no connection, no TLS, no valid URL, or too late."""


class FreshAdapter(HTTPAdapter):
    """Send every request over a connection of its own, and read the answer within our limits."""

    def __init__(self, manager: PoolManager, timeout: tuple[float, float]) -> None:
        super().__init__()
        self._manager, self._timeout = manager, timeout

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, *_: Any, **__: Any
    ) -> HTTPConnectionPool:
        """Ignore proxies, certificates and ``verify``: there is one TLS context for all."""
        return self._manager.connection_from_url(str(request.url))

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """Load no bundle: the shared TLS context has one."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Send once; NotSent only where the request never left."""
        try:
            return super().send(request, stream=True, timeout=self._timeout)
        except ConnectFailed as error:
            raise NotSent(_advised(error), request=request) from error
        except requests.exceptions.InvalidURL as error:
            raise NotSent("the address is not valid", request=request) from error
        except requests.RequestException:
            raise
        except BROKEN as error:
            raise requests.ConnectionError("the connection broke", request=request) from error

    def build_response(self, req: requests.PreparedRequest, resp: BaseHTTPResponse) -> requests.Response:
        """Read the answer whole, then hang up: a kept connection may be dead when the next post goes out."""
        connection = resp.connection
        try:
            body = read_body(resp, MAX_ANSWER)
        except BodyRefused as error:
            raise requests.exceptions.ContentDecodingError(str(error), request=req) from error
        except ReadTimeoutError as error:
            raise requests.ReadTimeout("the answer took too long", request=req) from error
        except BROKEN as error:
            raise requests.exceptions.ChunkedEncodingError("the answer broke off", request=req) from error
        finally:
            resp.close()
            if connection is not None:
                connection.close()
        return super().build_response(req, _kept(resp, body))


class PublishingSession(requests.Session):
    """Keep our rules whatever an SDK asks for: time limits, no redirects, no proxies, no cookies."""

    def __init__(self, adapter: FreshAdapter, user_agent: str, departure: Departure) -> None:
        super().__init__()
        self._departure = departure
        self.trust_env = False
        self.headers.update(
            {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate", "Connection": "close"}
        )
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def depart(self, ready: Callable[[], Callable[[], bool] | None]) -> None:
        """Call ``ready`` now, and what it returns once the next request's connection stands.

        If that says no, the request is NotSent.
        """
        self._departure.may_leave = ready()

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send one request; the next one is asked nothing."""
        try:
            return super().send(request, **options)
        finally:
            self._departure.may_leave = None

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        try:
            return super().prepare_request(request)
        except NEVER_SENT as error:
            raise NotSent("the request cannot be made: its address or a header is not valid") from error

    def get_adapter(self, url: str) -> requests.adapters.BaseAdapter:
        try:
            return super().get_adapter(url)
        except requests.exceptions.InvalidSchema as error:
            raise NotSent("only http and https addresses are allowed") from error

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Follow no redirect: a POST would become a GET whose answer looks like success."""


def _advised(error: ConnectFailed) -> str:
    """Return why nothing was sent, and what to do where the configuration itself names a private address."""
    if isinstance(error.error, AddressRefused):
        return f"{error}; if that is meant, set allow_private_addresses = true in [wire]"
    return str(error)


def _kept(response: BaseHTTPResponse, body: bytes) -> HTTPResponse:
    headers = response.headers.copy()
    for framing in ("Content-Encoding", "Transfer-Encoding"):
        headers.discard(framing)
    headers["Content-Length"] = str(len(body))
    return HTTPResponse(
        body=io.BytesIO(body),
        headers=headers,
        status=response.status,
        reason=response.reason,
        version=response.version,
        preload_content=False,
        decode_content=False,
    )
