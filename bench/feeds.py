"""Time a round over many feeds, side by side with a floor, in one run. Ratios are what counts.

Each feed has a loopback host of its own, as in life. The floor asks the same conditional questions over kept
connections from as many threads, reads new entries with ElementTree, and neither records nor announces.

    sh run.sh bench [--feeds 200] [--rounds 3]
"""

import argparse
import asyncio
import contextlib
import hashlib
import io
import multiprocessing
import resource
import statistics
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import urllib3

from spotlight_notify.app.chance import clock
from spotlight_notify.app.composition import App, open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.worker.daemon import MOST_POLLS, Daemon

PORT = 8399
ENTRIES = 20


def host(number: int) -> str:
    return f"127.1.{number // 250}.{number % 250 + 1}"


def document(feed: int, edition: int) -> bytes:
    """Write a feed of about 29 KB whose newest entry is the edition's."""
    entries = "".join(
        f"<item><title>Aid {feed}-{n}</title><guid>g-{feed}-{n}</guid>"
        f"<link>https://valor.example.org/{feed}/{n}</link>"
        f"<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>"
        f"<description>{'Plain words. ' * 90}</description></item>"
        for n in range(edition + ENTRIES, edition, -1)
    )
    return f'<rss version="2.0"><channel><title>Feed {feed}</title>{entries}</channel></rss>'.encode()


def serve(feeds: int, edition: Any, ready: Any) -> None:
    """Answer conditional GETs for every feed, from a process of its own."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                here = writer.get_extra_info("sockname")[0].split(".")
                body = document(int(here[2]) * 250 + int(here[3]) - 1, edition.value)
                tag = hashlib.sha256(body).hexdigest()[:16]
                if f'"{tag}"' in head:
                    writer.write(f'HTTP/1.1 304 Not Modified\r\nETag: "{tag}"\r\n\r\n'.encode())
                else:
                    head = f'HTTP/1.1 200 OK\r\nETag: "{tag}"\r\nContent-Length: {len(body)}\r\n\r\n'
                    writer.write(head.encode() + body)
                await writer.drain()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, [host(n) for n in range(feeds)], PORT, backlog=64)
        ready.set()
        async with server:
            await server.serve_forever()

    asyncio.run(run())


class Floor:
    """Ask and read, nothing else."""

    def __init__(self, feeds: int) -> None:
        self.urls = [f"http://{host(n)}:{PORT}/feed.xml" for n in range(feeds)]
        self.pool = urllib3.PoolManager(num_pools=feeds + 1)
        self.tags: dict[str, str] = {}
        self.seen: set[str] = set()

    def round(self) -> None:
        with ThreadPoolExecutor(MOST_POLLS) as threads:
            list(threads.map(self._ask, self.urls))

    def _ask(self, url: str) -> None:
        tag = self.tags.get(url)
        answer = self.pool.request("GET", url, headers={"If-None-Match": tag} if tag else {})
        self.tags[url] = answer.headers["ETag"]
        if answer.status == 200:
            tree = ElementTree.parse(io.BytesIO(answer.data))
            self.seen.update(guid.text or "" for guid in tree.iter("guid"))


class Ours:
    """Do a whole round: look, record, announce on two stand-in networks."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.daemon = Daemon(app, self._hear)
        self.troubles: list[object] = []

    def round(self) -> None:
        Daemon(self.app, self._hear).once(threading.Event())

    def _hear(self, event: object) -> None:
        if getattr(event, "error", None):
            self.troubles.append(event)


def make_due(app: App) -> None:
    now = clock()
    for status in app.ledger.sources():
        with app.ledger.recording(status.name) as book:
            book.finish(
                cursor=status.cursor, next_poll_at=now, baseline_done=status.baseline_at is not None, now=now
            )


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Give wall and CPU seconds of this process and its children."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    work()
    return time.perf_counter() - wall, cpu_seconds() - cpu


def cpu_seconds() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def configure(sandbox: Sandbox, folder: Path, feeds: int) -> Path:
    path = write_configuration(sandbox, folder)
    text = path.read_text().split("[sources.sample-site]")[0]
    rest = "[channels." + path.read_text().split("[channels.", 1)[1]
    sources = "".join(
        f'[sources.feed-{n}]\nkind = "feed"\nurl = "http://{host(n)}:{PORT}/feed.xml"\nevery = "1h"\n\n'
        for n in range(feeds)
    )
    names = ", ".join(f'"feed-{n}"' for n in range(feeds))
    path.write_text(text + sources + rest.replace('"sample-site", "sample-database"', names))
    return path


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--feeds", type=int, default=100)
    words.add_argument("--rounds", type=int, default=3)
    chosen = words.parse_args()
    edition, ready = multiprocessing.Value("i", 0), multiprocessing.Event()
    server = multiprocessing.Process(target=serve, args=(chosen.feeds, edition, ready), daemon=True)
    server.start()
    ready.wait(10)
    with tempfile.TemporaryDirectory() as folder, Sandbox(clock=clock) as sandbox:
        config = load_config(configure(sandbox, Path(folder), chosen.feeds), {})
        with open_app(config) as app:
            measure(Ours(app), Floor(chosen.feeds), edition, chosen.rounds, app)
    server.kill()


def measure(ours: Ours, floor: Floor, edition: Any, rounds: int, app: App) -> None:
    ours.round()
    floor.round()
    figures: dict[str, list[tuple[float, float]]] = {}
    for _ in range(rounds):
        for case, step in (("unchanged", 0), ("one new entry each", 1)):
            edition.value += step
            make_due(app)
            figures.setdefault(f"{case}, floor", []).append(timed(floor.round))
            figures.setdefault(f"{case}, ours", []).append(timed(ours.round))
    assert not ours.troubles, ours.troubles[:3]
    report(figures, len(floor.urls))
    print(f"deliveries: {app.ledger.counts()}")


def report(figures: dict[str, list[tuple[float, float]]], feeds: int) -> None:
    print(f"{feeds} feeds, median of {len(next(iter(figures.values())))} rounds")
    for case in ("unchanged", "one new entry each"):
        for place, name in enumerate(("wall", "cpu")):
            floor, ours = (
                statistics.median(times[place] for times in figures[f"{case}, {who}"])
                for who in ("floor", "ours")
            )
            print(f"{case:20} {name:5} floor {floor:.2f} s, ours {ours:.2f} s: {ours / floor:.1f} x")


if __name__ == "__main__":
    main()
