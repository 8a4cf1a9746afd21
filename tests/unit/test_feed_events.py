"""Events in feeds: when they begin and end, by the modules that feeds use for that."""

from datetime import UTC, datetime

import pytest

from spotlight_notify.model.aids import Reading
from spotlight_notify.sources.feed.aids import aids_from, warnings_about
from spotlight_notify.sources.feed.child_main import read
from spotlight_notify.sources.feed.document import Document

BEGINS, ENDS = datetime(2026, 12, 9, 19, tzinfo=UTC), datetime(2026, 12, 9, 20, 30, tzinfo=UTC)
RSS = (
    '<rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/" '
    'xmlns:xCal="urn:ietf:params:xml:ns:xcal"><channel><title>V</title><link>https://v.test/</link>'
    "<item><title>Calm Words</title><link>https://v.test/1</link>{}</item></channel></rss>"
)
JSON_FEED = (
    '{{"version": "https://jsonfeed.org/version/1.1", "title": "V", "items": '
    '[{{"id": "1", "url": "https://v.test/1", "title": "Calm Words", {}}}]}}'
)


def read_feed(body: str) -> Document:
    return read(body.encode(), "", "https://v.test/feed")


@pytest.mark.parametrize(
    ("feed", "event_at", "expires_at"),
    [
        (RSS.format("<ev:startdate>2026-12-09T19:00:00Z</ev:startdate>"), BEGINS, None),
        (
            RSS.format(
                "<ev:startdate>2026-12-09T19:00:00Z</ev:startdate><ev:enddate>2026-12-09T20:30:00Z</ev:enddate>"
            ),
            BEGINS,
            None,
        ),
        (RSS.format("<xCal:dtstart>2026-12-09 19:00:00</xCal:dtstart>"), BEGINS, None),
        (RSS.format("<expirationDate>Wed, 09 Dec 2026 20:30:00 GMT</expirationDate>"), None, ENDS),
        (JSON_FEED.format('"_event": {"start": "2026-12-09T19:00:00Z"}'), BEGINS, None),
        (JSON_FEED.format('"_valor": {"expires": "2026-12-09T20:30:00Z"}'), None, ENDS),
        (RSS.format(""), None, None),
    ],
)
def test_a_feed_says_when_an_event_is(
    feed: str, event_at: datetime | None, expires_at: datetime | None
) -> None:
    (one,) = aids_from(read_feed(feed), "site", Reading())
    assert (one.event_at, one.expires_at) == (event_at, expires_at)


def test_an_event_that_ends_before_it_begins_is_warned_of() -> None:
    times = "<ev:startdate>2026-12-09T20:30:00Z</ev:startdate><ev:enddate>2026-12-09T19:00:00Z</ev:enddate>"
    document = read_feed(RSS.format(times))
    aids = aids_from(document, "site", Reading())
    assert aids[0].over_at == BEGINS
    assert any("ends before it begins" in warning for warning in warnings_about(document, aids, BEGINS))
