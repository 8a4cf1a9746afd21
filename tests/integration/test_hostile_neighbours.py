"""One healthy source among many that never answer, or answer with what costs most."""

import threading
from pathlib import Path
from typing import IO

from feed_reader import item, page
from processes import until
from spotlight_notify.app.chance import clock
from spotlight_notify.app.composition import open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.worker.daemon import Daemon
from spotlight_notify.worker.events import Event
from website import Page, Website

HEALTHY = "z-healthy"
TABLE = """
[sources.{name}]
kind = "feed"
url = "{url}"
every = "30s"
"""


def configured(folder: Path, urls: dict[str, str]) -> Path:
    with Sandbox(clock=clock) as sandbox:
        path = write_configuration(sandbox, folder)
    listed = ", ".join(f'"{name}"' for name in urls)
    text = path.read_text().replace('sources = ["sample-site", "sample-database"]', f"sources = [{listed}]")
    path.write_text(text + "".join(TABLE.format(name=name, url=url) for name, url in urls.items()))
    return path


def say_nothing(_out: IO[bytes], closing: threading.Event) -> None:
    closing.wait(600)


def test_feeds_142_hostile_silent_sources_never_keep_a_healthy_one_waiting(
    site: Website, tmp_path: Path
) -> None:
    urls = {f"silent-{n}": site.put(f"/silent-{n}", Page(raw=say_nothing)) for n in range(40)}
    urls[HEALTHY] = site.put("/healthy", page(item(1)))
    told, stopping = list[Event](), threading.Event()
    with open_app(load_config(configured(tmp_path, urls), {})) as app:
        daemon = Daemon(app, told.append)
        thread = threading.Thread(target=daemon.run, args=(stopping,))
        thread.start()
        try:
            until(lambda: any(isinstance(each, Poll) and each.source == HEALTHY for each in told))
        finally:
            stopping.set()
            site.closing.set()
            thread.join()
    polled = [each.source for each in told if isinstance(each, Poll)]
    assert polled.index(HEALTHY) < 20, "the healthy one is last in order, and need not wait for the silent"
