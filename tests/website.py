"""Serve pages on loopback from a script, well or badly, and keep what was asked."""

import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import IO, Any

Raw = Callable[[IO[bytes], threading.Event], None]
"""Write an answer by hand; the event is set when the server is closing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Hold one request; ``peer`` is the port it came from, so the same peer is the same connection."""

    method: str
    path: str
    headers: Message
    body: bytes
    peer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Hold an answer. ``raw`` takes the place of everything else; ``hang_up`` closes without saying so."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: Raw | None = None
    hang_up: bool = False


class Website:
    """Answer with the next page of a path's list; the last one stays."""

    def __init__(self, *, tls: tuple[Path, Path] | None = None, host: str = "127.0.0.1") -> None:
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._pages: dict[str, list[Page]] = {}
        self._server = _Server((host, 0), _handler(self))
        self._scheme = "https" if tls else "http"
        if tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*tls)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def put(self, path: str, *pages: Page) -> str:
        """Script a path and give its URL."""
        self._pages[path] = list(pages)
        return self.url(path)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self._scheme}://{host}:{self.port}{path}"

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def page(self, asked: Asked) -> Page:
        self.asked.append(asked)
        pages = self._pages.get(asked.path, [Page(status=404)])
        return pages.pop(0) if len(pages) > 1 else pages[0]

    def __enter__(self) -> "Website":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet: clients that hang up are what is tested."""


def _handler(site: Website) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 20
        timeout = 10

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            page = site.page(
                Asked(
                    method=self.command,
                    path=self.path,
                    headers=self.headers,
                    body=body,
                    peer=self.client_address[1],
                )
            )
            self.close_connection = self.close_connection or page.hang_up or page.raw is not None
            if page.raw is not None:
                with self.request.makefile("wb", buffering=1 << 20) as out:
                    page.raw(out, site.closing)
                return
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            if "Transfer-Encoding" not in page.headers and page.status != 304:
                self.send_header("Content-Length", str(len(page.body)))
            self.end_headers()
            self.wfile.write(page.body)

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    for method in ("GET", "POST", "DELETE"):
        setattr(Handler, f"do_{method}", Handler._answer)
    return Handler


TLS_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgZ1gG7Hoi3NEpm1jg
ANP0vjtzmXjfhRWgFPR0/t4uo+mhRANCAASf3RMT8iAPQaZJ3LCRdLI37w/D6mX1
x3FuSBycmprkYFJaSlBWXlREB1eD5F5gOqff0RIR972dOso+e9iIU/M6
-----END PRIVATE KEY-----
"""
TLS_CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBcDCCARWgAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1sb29wYmFj
ayB0ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYD
VQQDDA1sb29wYmFjayB0ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEn90T
E/IgD0GmSdywkXSyN+8Pw+pl9cdxbkgcnJqa5GBSWkpQVl5URAdXg+ReYDqn39ES
Efe9nTrKPnvYiFPzOqNOMEwwGgYDVR0RBBMwEYcEfwAAAYIJbG9jYWxob3N0MA8G
A1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFMEgxyWoItBkm62Qb645J52bndKtMAoG
CCqGSM49BAMCA0kAMEYCIQCXyQTXwizKgMFe3X9PiYI3+aeYNFP3BjSPCFvEIWLB
8gIhAKarD/irqs86vTVr5LE+ENX2TiCZh3oWurRSeE+dtNrW
-----END CERTIFICATE-----
"""
"""For 127.0.0.1 and localhost, signed by itself, good until 2120; of use in tests only."""


def tls_files(folder: Path) -> tuple[Path, Path]:
    """Write certificate and key, for servers; the certificate is its own authority, for clients."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    certificate.write_text(TLS_CERTIFICATE)
    key.write_text(TLS_KEY)
    return certificate, key
