"""When and how a feed is fetched: what servers say that is not so, and what is asked of them all the same."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from feed_reader import FeedReader, item, keys, page
from spotlight_notify.sources.parsing import FeedParser
from spotlight_notify.wire import Wire
from website import Page, Website


@pytest.fixture(scope="module")
def parser() -> Iterator[FeedParser]:
    opened = FeedParser(workers=2)
    yield opened
    opened.close()


@pytest.fixture
def wire() -> Iterator[Wire]:
    opened = Wire(allow_private=True, user_agent="spotlight-notify/test")
    yield opened
    opened.close()


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as website:
        yield website


@pytest.fixture
def reader(site: Website, wire: Wire, parser: FeedParser) -> FeedReader:
    return FeedReader(site.url("/feed.xml"), wire, parser)


# --- a server that answers 304 by a date that never moves


def test_feeds_frozen_304_is_asked_for_the_whole_once_a_day(site: Website, reader: FeedReader) -> None:
    frozen = {"Last_Modified": "Mon, 23 Nov 2026 10:00:00 GMT"}
    site.put("/feed.xml", page(item(1), **frozen), Page(status=304), page(item(2), item(1), **frozen))
    assert keys(reader.look().aids) == ["guid:1"]
    assert reader.look(later=timedelta(hours=23)).unchanged
    assert keys(reader.look(later=timedelta(hours=2)).aids) == ["guid:1", "guid:2"]
    asked = [each.headers["If-Modified-Since"] for each in site.asked]
    assert asked == [None, frozen["Last_Modified"], None]


def test_feeds_frozen_304_takes_over_no_validator_without_its_document(
    site: Website, reader: FeedReader
) -> None:
    site.put("/feed.xml", page(item(1), ETag='"1"'), Page(status=304, headers={"ETag": '"2"'}), page(item(2)))
    for _ in range(3):
        reader.look()
    assert [each.headers["If-None-Match"] for each in site.asked] == [None, '"1"', '"1"']


def test_feeds_frozen_304_without_a_condition_is_no_answer(site: Website, reader: FeedReader) -> None:
    site.put("/feed.xml", page(item(1)), Page(status=304), page(item(2), item(1)))
    reader.look()
    assert "the server answered 304" in reader.fails()
    assert keys(reader.look().aids) == ["guid:1", "guid:2"]
