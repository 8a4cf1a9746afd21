"""A feed that changes, from the socket to the ledger, the posts written from the packaged templates."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from builders import ALWAYS, CAMPAIGN, NOW, X, ledger_in, no_lint, polling_with
from fakes import FakeClock
from ledgers import RECEIPT, SENT
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Reading
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.posts.rendering.posts import render
from spotlight_notify.posts.templates.loading import packaged_templates
from spotlight_notify.rules.planning import Writing
from spotlight_notify.sources.feed.parser_pool import FeedParser
from spotlight_notify.sources.feed.source import FeedSource
from spotlight_notify.wire.wire import Wire
from website import Page, Website

EVERY, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
WRITING = Writing(render=partial(render, packaged_templates(NETWORKS), {}), lint=no_lint)
ON_X = replace(CAMPAIGN, channels=(X,))
EMPTY = "<rss version='2.0'><channel><title>Safety office</title></channel></rss>"


class Reader:
    """Poll one feed, again and again."""

    def __init__(self, ledger: SqlLedger, site: Website, wire: Wire, parser: FeedParser) -> None:
        self.ledger, self._site, self._clock = ledger, site, FakeClock(NOW)
        self._parts = replace(polling_with(ledger, self._clock), campaigns=(ON_X,), writing=WRITING)
        self._source = FeedSource(
            name="site",
            url=site.url("/feed.xml"),
            reading=Reading(),
            wire=wire,
            parser=parser,
            clock=self._clock,
        )

    def look(self, *items: str) -> None:
        body = EMPTY.replace("</channel>", f"{''.join(items)}</channel>").encode()
        self._site.put("/feed.xml", Page(body=body, headers={"Content-Type": "application/rss+xml"}))
        self._clock.advance(MINUTE)
        assert poll_source(self._source, EVERY, self._parts).error is None

    def send(self) -> None:
        claimed = self.ledger.claim_due(X.name, self._clock(), MINUTE, "test", ALWAYS)
        assert claimed is not None
        self.ledger.settle(claimed, SENT, RECEIPT, self._clock())

    def send_all(self) -> list[str]:
        """Send all that is due, and tell the titles."""
        titles = []
        while claim := self.ledger.claim_due(X.name, self._clock(), MINUTE, "test", ALWAYS):
            self.ledger.settle(
                claim, SENT, replace(RECEIPT, post_id=f"post {claim.delivery_id}"), self._clock()
            )
            titles.append(self.ledger.delivery(claim.delivery_id).aid_title)
        return titles

    def stands(self) -> list[tuple[str, State, Cause | None]]:
        """Tell the deliveries, oldest first."""
        return [(one.aid_title, one.state, one.cause) for one in reversed(self.ledger.deliveries())]

    @property
    def last(self) -> Delivery:
        return self.ledger.deliveries()[0]


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    ledger, parser = ledger_in(tmp_path), FeedParser(workers=1)
    wire = Wire(allow_private=True, user_agent="spotlight-notify/test")
    with Website() as site:
        yield Reader(ledger, site, wire, parser)
    for each in (wire, parser, ledger):
        each.close()


def spotlight(title: str, day: int) -> str:
    """Write the one entry of a feed that shows this week's aid on one page."""
    link = "https://safety.example/spotlight/"
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{day} Nov 2026 10:00:00 GMT</pubDate></item>"
    )


def item(number: int, title: str | None = None) -> str:
    link = f"https://safety.example/aids/{number}"
    return (
        f"<item><title>{title or f'Guide number {number}'}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{number} Nov 2026 10:00:00 GMT</pubDate></item>"
    )


@pytest.mark.parametrize("was", ["baseline", "sent"])
def test_feeds_one_entry_feed_replaced_by_next_weeks_aid_is_asked_about(reader: Reader, was: str) -> None:
    first, second = (23, 24) if was == "sent" else (16, 23)
    if was == "sent":
        reader.look()
    reader.look(spotlight("Aid of the week: rest", first))
    if was == "sent":
        reader.send()
    reader.look(spotlight("Aid of the week: belts", second))
    asked = reader.last
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.REPLACED)
    assert asked.post is not None
    assert "belts" in asked.post.text
    assert "“Aid of the week: rest”" in (asked.reason or "")


def test_feeds_one_entry_feed_replaced_by_itself_without_a_slip_asks_nobody(reader: Reader) -> None:
    reader.look(spotlight("Aid of teh week: rest", 16))
    reader.look(spotlight("Aid of the week: rest", 17))
    assert reader.ledger.deliveries() == ()


def test_database_1_an_entry_taken_out_of_a_feed_while_older_ones_stay_is_asked_about(reader: Reader) -> None:
    reader.look(item(11), item(10))
    reader.look(item(12), item(11), item(10))
    reader.look(item(11), item(10))
    assert (reader.last.state, reader.last.cause) == (State.PROPOSED, Cause.GONE)
    reader.look(item(12), item(11), item(10))
    assert reader.last.state is State.PENDING
    reader.look(item(14), item(13), item(12))
    reader.look(item(16), item(15), item(14))
    assert {one.state for one in reader.ledger.deliveries()} == {State.PENDING}


def test_database_3_a_title_corrected_in_a_feed_goes_out_corrected(reader: Reader) -> None:
    reader.look(item(10))
    reader.look(item(12, "Guide to seat belst"), item(10))
    reader.look(item(12, "Guide to seat belts"), item(10))
    assert reader.last.post is not None
    assert "Guide to seat belts" in reader.last.post.text
    assert reader.last.state is State.PENDING


def on_one_page(title: str, guid: str | None, at: str | None) -> str:
    """Write an entry whose link other entries have too."""
    told = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    dated = f"<pubDate>23 Nov 2026 {at}:00 GMT</pubDate>" if at else ""
    return f"<item><title>{title}</title><link>https://safety.example/week</link>{told}{dated}</item>"


GUIDS = [(None, None), ("one", "two"), ("same", "same")]
WATER, BOOTS = "Water in the heat", "Boots that fit"


@pytest.mark.parametrize("guids", GUIDS)
@pytest.mark.parametrize("dates", [(None, None), ("11:00", "11:30")])
@pytest.mark.parametrize("first", ["waits", "sent", "with the other"])
def test_of_two_entries_with_one_link_the_other_stays_what_it_is_when_one_goes(
    reader: Reader, guids: tuple[str | None, str | None], dates: tuple[str | None, str | None], first: str
) -> None:
    water, boots = (
        on_one_page(title, guid, at) for title, guid, at in zip((WATER, BOOTS), guids, dates, strict=True)
    )
    reader.look(item(1), item(2))
    if first != "with the other":
        reader.look(water, item(1), item(2))
    sent = reader.send_all() if first == "sent" else []
    reader.look(water, boots, item(1), item(2))
    reader.look(boots, item(1), item(2))
    reader.look(boots, item(1), item(2), item(3, "Another"))
    reader.look(boots, item(1), item(2))
    sent += reader.send_all()
    if first != "sent":
        assert (WATER, State.PROPOSED, Cause.GONE) in reader.stands()
    assert [title for title in sent if title in (WATER, BOOTS)].count(WATER) == (first == "sent")
    told_anew = guids == ("same", "same") and first == "with the other" and dates == (None, None)
    assert sent.count(BOOTS) == (not told_anew)
    assert sum(title == BOOTS for title, _, _ in reader.stands()) <= 1 + told_anew


@pytest.mark.parametrize("dates", [(None, None), ("11:00", "11:30"), ("11:00", "11:00")])
@pytest.mark.parametrize("guids", [("one", "two"), (None, "two"), ("one", None)])
def test_a_copy_of_an_entry_is_not_announced_again(
    reader: Reader, guids: tuple[str | None, str | None], dates: tuple[str | None, str | None]
) -> None:
    first, copy = (on_one_page(WATER, guid, at) for guid, at in zip(guids, dates, strict=True))
    reader.look(item(1), item(2))
    reader.look(first, item(1), item(2))
    sent = reader.send_all()
    reader.look(copy, first, item(1), item(2))
    reader.look(copy, item(1), item(2))
    assert sent + reader.send_all() == [WATER]


@pytest.mark.parametrize("at", [None, "11:00"])
@pytest.mark.parametrize("guid", [None, "same"])
@pytest.mark.parametrize("first", ["waits", "sent"])
def test_a_title_corrected_where_nothing_else_tells_the_entry_is_announced_once(
    reader: Reader, guid: str | None, at: str | None, first: str
) -> None:
    wrong, right, boots = (on_one_page(title, guid, at) for title in ("Water in teh heat", WATER, BOOTS))
    reader.look(boots, item(1), item(2))
    reader.look(wrong, boots, item(1), item(2))
    sent = reader.send_all() if first == "sent" else []
    reader.look(right, boots, item(1), item(2))
    sent += reader.send_all()
    assert len([title for title in sent if title.startswith("Water")]) == (first == "sent")
    assert (WATER, State.PROPOSED, Cause.FOUND) in reader.stands()


def test_undated_entries_with_one_guid_and_link_are_announced_once_each(reader: Reader) -> None:
    titles = [WATER, BOOTS, "Shade at noon"]
    entries = [on_one_page(title, "same", None) for title in titles]
    reader.look(item(1), item(2))
    for shown in (entries[:1], entries[:2], entries, entries[1:], entries[2:], entries):
        reader.look(*shown, item(1), item(2))
        reader.send_all()
    told = {title for title, state, _ in reader.stands() if state in (State.SENT, State.PROPOSED)}
    sent = [title for title, state, _ in reader.stands() if state is State.SENT]
    assert (set(titles) <= told, len(sent)) == (True, len(set(sent)))
