"""When the event begins that a page tells of, from its data for search engines."""

from datetime import UTC, datetime

import pytest

from spotlight_notify.links.cards import read_card

BEGINS = datetime(2026, 12, 9, 19, tzinfo=UTC)
EVENT = '{"@context": "https://schema.org", "@type": "Event", "startDate": "2026-12-09T14:00:00-05:00"}'
LATER = EVENT.replace("12-09", "12-10")


def event_on(*data: str, kind: str = 'type="application/ld+json"') -> datetime | None:
    scripts = "".join(f"<script {kind}>{each}</script>" for each in data)
    page = f"<html><head><title>A</title>{scripts}</head></html>"
    return read_card(page.encode(), "text/html", "https://v.test/1").event_at


@pytest.mark.parametrize(
    ("data", "begins"),
    [
        ((EVENT,), BEGINS),
        ((f"[{EVENT}]",), BEGINS),
        ((f'{{"@graph": [{{"@type": "WebPage"}}, {EVENT}]}}',), BEGINS),
        ((EVENT.replace('"Event"', '["Thing", "EducationEvent"]'),), BEGINS),
        ((EVENT, EVENT), BEGINS),
        ((EVENT, LATER), None),
        ((EVENT.replace("-05:00", ""),), None),
        ((EVENT.replace("T14:00:00-05:00", ""),), None),
        ((EVENT.replace("}", ', "eventStatus": "https://schema.org/EventCancelled"}'),), None),
        ((EVENT.replace('"Event"', '"Article"'),), None),
        (("not JSON", EVENT), BEGINS),
        (("[" * 50_000,), None),
        ((), None),
    ],
)
def test_one_event_with_a_whole_time_is_read(data: tuple[str, ...], begins: datetime | None) -> None:
    assert event_on(*data) == begins


@pytest.mark.parametrize("kind", ["type=application/ld+json", "TYPE = 'application/ld+json' id=x"])
def test_the_script_may_be_written_in_any_way(kind: str) -> None:
    assert event_on(EVENT, kind=kind) == BEGINS


def test_a_hostile_page_is_read_in_a_time_that_grows_as_it_does() -> None:
    page = b'<script type="application/ld+json">' * 15_000
    assert read_card(page, "text/html", "https://v.test/1").event_at is None
    assert read_card(b"<script " * 60_000, "text/html", "https://v.test/1").event_at is None
