"""What a person sees of aids that their source changes or takes back."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from processes import Notify
from spotlight_notify.app.composition import App, open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.model.words import State
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.worker.daemon import Daemon
from website import Page, Website


@pytest.fixture
def file(config: Path, sandbox: Sandbox, site: Website) -> Path:
    """Follow a feed of the test's own instead of the sandbox's, looked at again at once."""
    text = config.read_text().replace(sandbox.feed_url, site.url("/feed.xml"))
    config.write_text(text)
    return config


def item(number: int, title: str) -> str:
    link = f"https://www.valorforblue.org/{number}"
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{number:02} Nov 2026 10:00:00 GMT</pubDate></item>"
    )


def look(app: App, site: Website, *items: str) -> None:
    """Publish these items, and do one round as if the next look were due."""
    feed = f'<rss version="2.0"><channel><title>Aids</title>{"".join(items)}</channel></rss>'
    site.put("/feed.xml", Page(body=feed.encode()))
    now = app.clock()
    with app.ledger.recording("sample-site") as book:
        left = book.status()
        book.finish(cursor=left.cursor, next_poll_at=now, baseline_done=left.baseline_at is not None, now=now)
    Daemon(app, lambda event: None).once(threading.Event())


def test_changed_lists_show_both_titles_where_a_post_says_another(
    notify: Notify, file: Path, site: Website, sandbox: Sandbox
) -> None:
    with open_app(load_config(file, {})) as app:
        look(app, site)
        look(app, site, item(2, "Keep Calm"))
        assert [post.text for post in sandbox.x.posts]
        look(app, site, item(2, "Keep Calm and Rest"))
    both = "Keep Calm [its aid is now: Keep Calm and Rest]"
    for command in (
        ("deliveries",),
        ("deliveries", "1"),
        ("aids",),
        ("explain", "https://www.valorforblue.org/2"),
    ):
        assert both in notify("--config", file, *command).stdout, command


def test_database_1_what_is_gone_is_told_and_sent_only_by_a_person(
    notify: Notify, file: Path, site: Website, sandbox: Sandbox
) -> None:
    with open_app(load_config(file, {})) as app:
        look(app, site, item(1, "Rest"))
        for channel in ("sample-x", "sample-page"):
            assert app.ledger.pause_channel(channel, "an incident", app.clock(), "Chief")
        look(app, site, item(2, "Keep Calm"), item(1, "Rest"))
        look(app, site, item(1, "Rest"))
        for channel in ("sample-x", "sample-page"):
            assert app.ledger.resume_channel(channel, "it is over", app.clock(), "Chief")
        look(app, site, item(1, "Rest"))
        assert not sandbox.x.posts
    asked = notify("--config", file, "deliveries", "--channel", "sample-x").stdout
    assert "proposed" in asked
    assert "it is no longer there: its source has not shown it since" in asked
    assert "Keep Calm [gone]" in notify("--config", file, "aids").stdout
    told = notify("--config", file, "explain", "https://www.valorforblue.org/2").stdout
    assert "It goes on by itself if its source shows it again" in told
    number = asked.splitlines()[1].split()[0]
    let_go = notify(
        "--config", file, "deliveries", "retry", number, "--reason", "it is meant", "--by", "Chief"
    )
    assert let_go.returncode == 0
    with open_app(load_config(file, {})) as app:
        look(app, site, item(1, "Rest"))
    assert ["Keep Calm" in post.text for post in sandbox.x.posts] == [True]


def test_changed_a_start_after_an_outage_looks_at_sources_before_it_posts(
    file: Path, site: Website, sandbox: Sandbox
) -> None:
    with open_app(load_config(file, {})) as app:
        look(app, site, item(1, "Rest"))
        still = replace(app, publishers={}, lookers={})
        look(still, site, item(2, "Keep Calm"), item(1, "Rest"))
        assert app.ledger.counts() == {State.PENDING: 2}
        look(app, site, item(1, "Rest"))  # a new process, and what waits is no longer there
        assert app.ledger.counts() == {State.PROPOSED: 2}
        assert not sandbox.x.posts
