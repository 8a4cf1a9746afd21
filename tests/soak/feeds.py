"""Serve feeds on loopback that tell the truth, or fail as feeds do."""

import threading
from collections import Counter
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from xml.sax.saxutils import escape

from soak.truth import Told, Truth

WINDOW = 25
"""How many entries a feed shows: the newest."""
SILENT_SECONDS = 8.0


class Feeds:
    """Serve ``/NAME.xml`` for every source of the truth; ``troubles`` says which fails, and how."""

    def __init__(self, truth: Truth) -> None:
        self._truth, self.troubles = truth, dict[str, str]()
        self.closing = threading.Event()
        self.answers: Counter[str] = Counter()
        self._server = _Server(("127.0.0.1", 0), _handler(self))

    def url(self, name: str) -> str:
        """Tell where a source is served."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}.xml"

    def document(self, name: str) -> bytes:
        """Write a source's feed as it is now."""
        with self._truth.lock:
            shown = self._truth.shown(name)[-WINDOW:]
            items = "".join(map(_item, reversed(shown)))
        return f'<rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'.encode()

    def __enter__(self) -> "Feeds":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


def _item(aid: Told) -> str:
    return (
        f"<item><title>{escape(aid.title)}</title><link>{escape(aid.link)}</link>"
        f'<guid isPermaLink="false">{escape(aid.link.rpartition("=")[2])}</guid>'
        f"<pubDate>{_rfc_822(aid.published_at)}</pubDate>"
        f"<description>{escape(aid.summary)}</description></item>"
    )


def _rfc_822(moment: datetime) -> str:
    return format_datetime(moment)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet: clients that hang up are to be expected."""


def _answer(trouble: str, body: bytes) -> tuple[int, bytes]:
    """Give status and body of an answer in trouble."""
    match trouble:
        case "503" | "404":
            return int(trouble), b"<h1>not now</h1>"
        case "page":
            return 200, b"<!doctype html><title>Maintenance</title>"
        case "cut short":
            return 200, body[: len(body) // 2]
        case "one bad byte":
            return 200, body.replace(b"Words", b"W\xf6rds", 1)
        case "bare ampersand":
            return 200, body.replace(b"Words", b"Words & more", 1)
    return 200, body


def _handler(feeds: Feeds) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            name = self.path.strip("/").removesuffix(".xml")
            trouble = feeds.troubles.get(name, "")
            feeds.answers[trouble or "well"] += 1
            if trouble == "silent":
                feeds.closing.wait(SILENT_SECONDS)
                self.close_connection = True
            else:
                self._send(*_answer(trouble, feeds.document(name)))

        def _send(self, status: int, body: bytes) -> None:
            tag = f'"{sha256(body).hexdigest()[:16]}"'
            if status == 200 and self.headers.get("If-None-Match") == tag:
                status, body = 304, b""
            self.send_response(status)
            self.send_header("ETag", tag)
            if status != 304:
                kind = "text/html" if body.startswith((b"<h1", b"<!doctype")) else "application/rss+xml"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler
