"""Every real feed, served over HTTP: the first look announces nothing, what is added later goes out once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelves import Shelf, look
from spotlight_notify.app.composition import open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox

FEEDS = (
    "GSA__site_feed.xml",
    "GSA__site_feed_updated.xml",
    "GSA__wh_blog.xml",
    "exxamalte__qld_bushfire_alert_feed.xml",
    "gov__cdc_injury.xml",
    "gov__cdc_mmwr_excerpt.xml",
    "rometools__usgs-gov-earthquakes-all-hour-atom.xml",
)
ENTRY = re.compile(r"<(item|entry)\b.*?</\1>", re.DOTALL)


@pytest.fixture(params=FEEDS)
def shelf(request: pytest.FixtureRequest, shared_data: Path) -> Iterator[Shelf]:
    served = Shelf((shared_data / "feeds" / request.param).read_bytes())
    yield served
    served.close()


def new_entry(feed: str, number: int) -> str:
    """Write an entry in the feed's own dialect."""
    link = f"https://www.valorforblue.org/aids/{number}"
    if "<entry" in feed:
        return (
            f'<entry><id>urn:test:{number}</id><title>New aid {number}</title><link href="{link}"/>'
            f"<updated>2026-11-23T0{number}:00:00Z</updated><summary>Words.</summary></entry>"
        )
    return f"<item><title>New aid {number}</title><link>{link}</link><description>Words.</description></item>"


def with_entry(feed: str, place: str, number: int) -> str:
    """Add an entry at the top, in the middle or at the end of the feed's entries."""
    entries = list(ENTRY.finditer(feed))
    at = {"top": entries[0].start(), "middle": entries[len(entries) // 2].start(), "end": entries[-1].end()}
    return feed[: at[place]] + new_entry(feed, number) + feed[at[place] :]


def test_each_new_entry_is_announced_once_per_channel(shelf: Shelf, sandbox: Sandbox, tmp_path: Path) -> None:
    path = write_configuration(sandbox, tmp_path)
    words = path.read_text().replace(sandbox.feed_url, shelf.url)
    path.write_text(f"{words}\n[links]\ncheck = false\n")
    with open_app(load_config(path, {})) as app:
        look(app)
        assert app.ledger.aids(source="sample-site"), "the first look recorded nothing"
        assert not app.ledger.deliveries()
        for number, place in enumerate(("top", "middle", "end"), start=1):
            shelf.body = with_entry(shelf.body.decode("utf-8"), place, number).encode("utf-8")
            look(app)
            look(app)
            assert len(sandbox.x.posts) == len(sandbox.graph.posts) == number
    for posts in (sandbox.x.posts, sandbox.graph.posts):
        titles = sorted(re.findall(r"New aid \d", " ".join(post.text for post in posts)))
        assert titles == ["New aid 1", "New aid 2", "New aid 3"]
