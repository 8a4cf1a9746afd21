"""Accidents with words that happened to others, by their number: from a feed to the followers' eyes."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from spotlight_notify.app.composition import App, open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.model.words import State
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.text.entities import hashtags, urls
from spotlight_notify.worker.daemon import Daemon
from website import Page, Website

TAG = "#SpotlightOnSafety"
LINK = "https://www.valorforblue.org/aids/1"
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
OFFICERS = "Officers&#8217; families &amp; 安全: "
"""In CDATA the entities stay through XML, and must be read after it."""


@contextmanager
def following(sandbox: Sandbox, site: Website, folder: Path) -> Iterator[App]:
    """Open the program on a feed of the test's own, after a first look at it while it was empty."""
    path = write_configuration(sandbox, folder)
    text = path.read_text().replace(sandbox.feed_url, site.url("/feed.xml"))
    path.write_text(f"{text}\n[links]\ncheck = false\n")
    with open_app(load_config(path, {})) as app:
        look(app, site)
        yield app


def look(app: App, site: Website, *items: str) -> None:
    """Publish these items, and do one round as if the next look were due."""
    feed = f'<rss version="2.0"><channel><title>Aids</title>{"".join(items)}</channel></rss>'
    site.put("/feed.xml", Page(body=feed.encode()))
    now = app.clock()
    with app.ledger.recording("sample-site") as book:
        left = book.status()
        book.finish(cursor=left.cursor, next_poll_at=now, baseline_done=left.baseline_at is not None, now=now)
    Daemon(app, lambda event: None).once(threading.Event())


def item(
    title: str = "Keep Calm", link: str = LINK, summary: str = "", guid: str = "", date: str = "02 Nov 2026"
) -> str:
    return (
        f"<item><title>{title}</title><link>{escape(link)}</link><description>{summary}</description>"
        f"{f'<guid>{guid}</guid>' if guid else ''}<pubDate>{date} 10:00:00 GMT</pubDate></item>"
    )


@pytest.mark.parametrize("guid", ["aid-1", ""])
def test_accident_8_a_corrected_date_title_or_tracking_parameter_brings_no_second_post(
    guid: str, sandbox: Sandbox, site: Website, tmp_path: Path
) -> None:
    with following(sandbox, site, tmp_path) as app:
        look(app, site, item(link=f"{LINK}?utm_source=feed", guid=guid))
        for corrected in (
            item(link=f"{LINK}?utm_source=feed", guid=guid, date="05 Nov 2026"),
            item("Keep Calm and De-Escalate", f"{LINK}?utm_source=feed", guid=guid),
            item("Keep Calm and De-Escalate", f"{LINK}?utm_source=site&utm_campaign=2", guid=guid),
            item("Keep Calm!", LINK, "All at once.", guid, "06 Nov 2026"),
        ):
            look(app, site, corrected)
        states = [delivery.state for delivery in app.ledger.deliveries()]
    assert states == [State.SENT, State.SENT]
    assert len(sandbox.x.posts) == len(sandbox.graph.posts) == 1


def test_accident_9_a_title_of_300_characters_that_fits_goes_out_whole(
    sandbox: Sandbox, site: Website, tmp_path: Path
) -> None:
    """An emoji of seven characters weighs two, so a title can be longer than the post's limit, and fit."""
    told = OFFICERS + "what to know about stress, sleep and shift work " + FAMILY * 33
    with following(sandbox, site, tmp_path) as app:
        look(app, site, item(f"<![CDATA[{told}]]>"))
        (aid,) = app.ledger.aids(source="sample-site")
    assert len(aid.aid.title) >= 300
    assert aid.aid.title.startswith("Officers’ families & 安全: what")
    (post,) = sandbox.x.posts
    assert post.network.measure(post.text) <= post.network.limit == 280
    assert post.text == f"[ARTICLE] {aid.aid.title}\n\nRead it: {LINK}\n\n{TAG}"
    assert [tag.text for tag in hashtags(post.text)] == [TAG]
    assert [url.text for url in urls(post.text)] == [LINK]


def test_accident_9_a_title_of_300_characters_that_cannot_fit_is_a_person_s_to_shorten(
    sandbox: Sandbox, site: Website, tmp_path: Path
) -> None:
    told = OFFICERS + "安全 👮🏽 " * 60
    with following(sandbox, site, tmp_path) as app:
        look(app, site, item(f"<![CDATA[{told}]]>"))
        (aid,) = app.ledger.aids(source="sample-site")
        (on_x,) = app.ledger.deliveries(channel="sample-x")
    assert len(aid.aid.title) >= 300
    assert (on_x.state, on_x.post, sandbox.x.posts) == (State.PROPOSED, None, ())
    assert on_x.reason is not None
    assert re.match(r".* the post is \d+ long, and X takes 280: shorten the title at its source", on_x.reason)
    (post,) = sandbox.graph.posts
    assert post.text == f"[ARTICLE] {aid.aid.title}\n\nRead the article: {LINK}\n\n{TAG}"


SUMMARY = "Officers&#8217; &lt;b&gt;safety&lt;/b&gt; &amp;amp; wellness: "
GARBLED = (
    item("Q&amp;amp;A on &lt;b&gt;calm&lt;/b&gt;", f"{LINK}?a=1&b=2&amp=3#part", SUMMARY, "1"),
    item(
        "<![CDATA[Officers&#8217; &amp;amp; dispatchers&#x2019; <i>rights</i>]]>",
        f"{LINK}/2",
        SUMMARY * 9,
        "2",
    ),
    item("&amp;lt;p&amp;gt;Shift work&amp;lt;/p&amp;gt;", f"{LINK}/(3)", f"{SUMMARY}{TAG.lower()}", "3"),
    item("A title without an end " * 9, f"{LINK}/{'4' * 400}", f"{TAG.upper()} {SUMMARY * 90}", "4"),
    item("Calm.#SpotlightOn", f"{LINK}/5_-", f"<![CDATA[<p>{TAG.lower()}</p>{'word ' * 900}]]>", "5"),
)


def test_accident_20_hashtag_and_link_are_whole_and_no_entity_shows(
    sandbox: Sandbox, site: Website, tmp_path: Path
) -> None:
    with following(sandbox, site, tmp_path) as app:
        look(app, site, *GARBLED)
        links = {known.aid.link for known in app.ledger.aids(source="sample-site")}
    for posts in (sandbox.x.posts, sandbox.graph.posts):
        assert len(posts) == len(links) == len(GARBLED)
        assert {posted_link(post.text) for post in posts} == links
        for text in (post.text for post in posts):
            assert [tag.text for tag in hashtags(text)].count(TAG) == 1
            assert text.lower().count(TAG.lower()) == 1
            assert not re.search(r"&#?\w+;|</?\w+>", text.replace(posted_link(text), ""))
    titles = {post.text.splitlines()[0].removeprefix("[ARTICLE] ") for post in sandbox.x.posts}
    assert {"Q&A on calm", "Officers’ & dispatchers’ rights", "Shift work"} < titles


def posted_link(text: str) -> str:
    """Return the one link that X makes of a post."""
    (link,) = urls(text)
    return link.text
