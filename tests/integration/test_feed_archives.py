"""More appeared between two looks than a feed shows: its older pages are read, as far as what is known."""

import json

import pytest

from feed_reader import FeedReader, dated, keys, page
from spotlight_notify.sources.feed.source import BRIDGED, MISSED
from website import Page, Website


def holding(first: int, last: int, older: str = "", rel: str = "prev-archive") -> Page:
    """Make a page with entries of these numbers, the newest first, and a link to older ones."""
    link = f"<atom:link rel='{rel}' href='{older}'/>" if older else ""
    return page(*(dated(number) for number in range(last, first - 1, -1)), channel=link)


def named(first: int, last: int) -> list[str]:
    return [f"guid:{number}" for number in range(first, last + 1)]


def test_feeds_ten_entries_then_ten_others_are_warned_of(site: Website, reader: FeedReader) -> None:
    site.put("/feed.xml", holding(1, 10), holding(14, 23), Page(status=500), holding(15, 24))
    assert reader.look().warnings == ()
    look = reader.look()
    assert (keys(look.aids), look.warnings) == (named(14, 23), (MISSED,))
    reader.fails()
    assert reader.look().warnings == ()


@pytest.mark.parametrize("rel", ["prev-archive", "next"])
def test_feeds_ten_others_what_was_missed_is_read_from_older_pages(
    site: Website, reader: FeedReader, rel: str
) -> None:
    site.put("/feed.xml", holding(8, 17), holding(30, 39, "/3", rel))
    site.put("/3", holding(20, 29, site.url("/2"), rel))
    site.put("/2", holding(10, 19, "/1", rel))
    site.put("/1", holding(0, 9))
    reader.look()
    look = reader.look()
    assert keys(look.aids) == named(18, 39), "what is older than what was known stays as it was"
    assert look.warnings == (BRIDGED,)
    assert "/1" not in [each.path for each in site.asked]


def test_feeds_ten_others_of_a_json_feed_are_read_by_next_url(site: Website, reader: FeedReader) -> None:
    def pages(first: int, last: int, older: str = "") -> Page:
        items = [
            {"id": str(n), "title": f"Aid {n}", "date_published": f"2026-11-23T10:{n:02}:00Z"}
            for n in range(last, first - 1, -1)
        ]
        told = {"version": "https://jsonfeed.org/version/1.1", "items": items, "next_url": older}
        return Page(body=json.dumps(told).encode(), headers={"Content-Type": "application/feed+json"})

    site.put("/feed.xml", pages(1, 10), pages(21, 30, site.url("/older")))
    site.put("/older", pages(5, 20))
    reader.look()
    assert keys(reader.look().aids) == named(11, 30)


def test_feeds_ten_others_no_page_is_read_where_something_is_known(site: Website, reader: FeedReader) -> None:
    site.put("/feed.xml", holding(1, 10, "/1"), holding(10, 19, "/1"))
    reader.look()
    assert keys(reader.look().aids) == named(10, 19)
    assert {each.path for each in site.asked} == {"/feed.xml"}


@pytest.mark.parametrize(
    "older", ["/feed.xml", "/round", "http://localhost:{port}/else", "ftp://127.0.0.1/x"]
)
def test_feeds_ten_others_pages_of_strangers_and_rounds_lead_nowhere(
    site: Website, reader: FeedReader, older: str
) -> None:
    site.put("/feed.xml", holding(1, 10), holding(30, 39, older.format(port=site.port)))
    site.put("/round", holding(20, 29, "/round"))
    reader.look()
    look = reader.look()
    assert (keys(look.aids), look.warnings) == (named(30, 39), (MISSED,))
    assert len(site.asked) <= 3


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Page(status=404), "the server answered 404 Not Found"),
        (Page(body=b"<html>"), "a web page answered, not a feed"),
        (Page(status=302, headers={"Location": "http://localhost:{port}/x"}), "it leads to another site"),
    ],
)
def test_feeds_ten_others_an_older_page_that_cannot_be_read_is_told(
    site: Website, reader: FeedReader, answer: Page, said: str
) -> None:
    headers = {name: value.format(port=site.port) for name, value in answer.headers.items()}
    site.put("/older", Page(status=answer.status, body=answer.body, headers=headers))
    site.put("/x", holding(5, 29))
    site.put("/feed.xml", holding(1, 10), holding(30, 39, "/older"))
    reader.look()
    look = reader.look()
    assert keys(look.aids) == named(30, 39)
    assert look.warnings == (f"{MISSED}; an older page cannot be read: {said}",)


def test_feeds_ten_others_at_most_twenty_pages_are_read(site: Website, reader: FeedReader) -> None:
    site.put("/feed.xml", holding(1, 2), holding(58, 59, "/0"))
    for number in range(30):
        site.put(f"/{number}", holding(57 - number, 57 - number, f"/{number + 1}"))
    reader.look()
    assert keys(reader.look().aids) == named(58, 59)
    assert len(site.asked) == 22
