"""Serve one feed that a test may change, and look at it whenever the test likes."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from spotlight_notify.app.composition import App
from spotlight_notify.worker.daemon import Daemon


class Shelf:
    """Serve one document; change it by setting ``body``."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(shelf.body)))
                self.end_headers()
                self.wfile.write(shelf.body)

            def log_message(self, *arguments: object) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/feed.xml"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def look(app: App) -> None:
    """Do one round, whenever the next look would be due."""
    now = app.clock()
    with app.ledger.recording("sample-site") as book:
        left = book.status()
        book.finish(cursor=left.cursor, next_poll_at=now, baseline_done=left.baseline_at is not None, now=now)
    Daemon(app, lambda event: None).once(threading.Event())
