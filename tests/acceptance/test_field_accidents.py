"""Accidents that happened to others, by their number; those of single rooms stand beside the rooms."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from processes import SECONDS, Notify, start_daemon, until
from spotlight_notify.app.composition import App, open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.model.words import State
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.worker.daemon import Daemon


def states(config: Path) -> list[State]:
    with open_ledger(load_config(config, {})) as ledger:
        return sorted(delivery.state for delivery in ledger.deliveries(channel="sample-x"))


def posted_after_a_round(app: App, sandbox: Sandbox) -> bool:
    Daemon(app, lambda event: None).once(threading.Event())
    return bool(sandbox.x.posts)


def test_accident_4_twelve_aids_between_two_looks_all_go_out_oldest_first(
    config: Path, sandbox: Sandbox
) -> None:
    links = [f"https://www.valorforblue.org/aids/{n}" for n in range(12)]
    items = "".join(
        f"<item><title>Aid {n}</title><guid>{n}</guid><link>{link}</link>"
        f"<pubDate>Mon, 02 Nov 2026 {n:02}:00:00 GMT</pubDate></item>"
        for n, link in reversed(list(enumerate(links)))
    )
    feed = config.with_name("feed.xml")
    feed.write_text('<rss version="2.0"><channel><title>Aids</title></channel></rss>')
    os.utime(feed, (1_700_000_000, 1_700_000_000))  # its server tells changes apart by the second
    with Serving(config.parent) as url:
        config.write_text(config.read_text().replace(sandbox.feed_url, f"{url}/feed.xml"))
        with open_app(load_config(config, {})) as app:
            posted_after_a_round(app, sandbox)
            feed.write_text(f'<rss version="2.0"><channel><title>Aids</title>{items}</channel></rss>')
            until(lambda: posted_after_a_round(app, sandbox))
    for posts in (sandbox.x.posts, sandbox.graph.posts):
        assert [link for post in posts for link in links if f"{link}\n" in post.text] == links


def test_accident_11_after_a_pause_only_the_post_in_flight_arrives_and_is_recorded(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    notify("--config", config, "once")
    sandbox.x.faults.add("slow-answer")
    with start_daemon(config) as daemon:
        sandbox.site.publish_next(3)
        until(lambda: len(sandbox.x.posts) == 1)
        paused = notify("--config", config, "channel", "pause", "sample-x", "--reason", "critical incident")
        assert paused.returncode == 0
        until(lambda: State.SENDING not in states(config))
        until(lambda: len(sandbox.graph.posts) == 3)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=SECONDS)
    assert len(sandbox.x.posts) == 1
    assert states(config) == [State.PENDING, State.PENDING, State.SENT]


class Serving:
    """Serve a folder on loopback, from a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._words = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
        self._folder = folder

    def __enter__(self) -> str:
        self._server = subprocess.Popen(
            self._words, cwd=self._folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._server.stdout is not None
        port = self._server.stdout.readline().split(" port ")[1].split()[0]
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *error: object) -> None:
        self._server.kill()
        self._server.communicate()
