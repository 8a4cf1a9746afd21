"""Reading pages from real servers: what they say about themselves, and how little is fetched for it."""

import threading
from collections.abc import Iterator
from typing import IO

import pytest

from fakes import FakeClock
from spotlight_notify.links.pages import MAX_PAGE, PageCache, PageReader
from spotlight_notify.model.errors import FetchError, FetchRefused
from spotlight_notify.model.posts import WebPage
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.wire.wire import Wire
from website import Page, Website

MEGABYTE = 1024 * 1024
HTML = {"Content-Type": "text/html; charset=utf-8"}
CARD = (
    b'<meta property="og:title" content="Stops"><meta property="og:image" content="/a.png">'
    b'<meta property="og:image:alt" content="A car">'
)


@pytest.fixture
def reader() -> Iterator[PageReader]:
    wire = Wire(allow_private=True, user_agent="spotlight-notify/test")
    yield PageReader(wire)
    wire.close()


def test_reads_a_page_where_it_really_is(site: Website, reader: PageReader) -> None:
    end = site.put("/aids/1", Page(body=CARD, headers=HTML))
    start = site.put("/old", Page(status=301, headers={"Location": "/aids/1"}))
    assert reader.read(start) == WebPage(
        url=end,
        status=200,
        media_type="text/html",
        title="Stops",
        image_url=site.url("/a.png"),
        image_alt="A car",
    )
    assert site.asked[0].headers["Accept"].startswith("text/html")


def test_names_the_places_passed_on_the_way(site: Website, reader: PageReader) -> None:
    site.put("/aids/1", Page(body=CARD, headers=HTML))
    for start, end in (("/old", "/older"), ("/older", "/oldest"), ("/oldest", "/aids/1")):
        site.put(start, Page(status=302, headers={"Location": end}))
    assert reader.read(site.url("/old")).hops == (site.url("/older"), site.url("/oldest"))
    assert reader.read(site.url("/oldest")).hops == ()


def test_waits_no_longer_than_told(site: Website) -> None:
    def keep_silent(out: IO[bytes], closing: threading.Event) -> None:
        closing.wait(20)

    wire = Wire(allow_private=True, user_agent="test")
    url = site.put("/aid", Page(raw=keep_silent))
    with pytest.raises(FetchError, match=r"in time|too long"):
        PageReader(wire, whole=0.2).read(url)
    wire.close()


def test_a_page_is_read_once_whatever_it_answered(site: Website, reader: PageReader) -> None:
    readings = PageCache(reader.read)
    url = site.put("/aid", Page(body=CARD, headers=HTML))
    broken = site.put("/broken", Page(raw=lambda out, closing: None))
    for _ in range(2):
        with pytest.raises(FetchError):
            readings.read(broken)
    assert readings.page_at(broken) is readings.page_at(url) is None
    assert readings.read(url) == readings.read(url) == readings.page_at(url)
    assert [asked.path for asked in site.asked] == ["/broken", "/aid"]


@pytest.mark.parametrize("media_type", ["application/pdf", "application/json", ""])
def test_a_page_that_is_not_html_has_no_card(site: Website, reader: PageReader, media_type: str) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    url = site.put("/aid", Page(body=CARD, headers=headers))
    assert reader.read(url) == WebPage(url=url, status=200, media_type=media_type)


@pytest.mark.parametrize("status", [401, 404, 503])
def test_a_page_that_was_not_found_has_no_card(site: Website, reader: PageReader, status: int) -> None:
    url = site.put("/aid", Page(status=status, body=CARD, headers=HTML))
    assert reader.read(url) == WebPage(url=url, status=status, media_type="text/html")


@pytest.mark.parametrize("kind", [b"application/pdf", b"text/html"])
def test_does_not_download_200_megabytes(site: Website, reader: PageReader, kind: bytes) -> None:
    sent: list[int] = []

    def write(out: IO[bytes], closing: threading.Event) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nConnection: close\r\n\r\n" % kind + CARD)
        for _ in range(200):
            out.write(b"x" * MEGABYTE)
            sent.append(MEGABYTE)

    page = reader.read(site.put("/aid", Page(raw=write)))
    assert (page.status, page.title) == (200, "Stops" if kind == b"text/html" else None)
    assert sum(sent) < 30 * MEGABYTE


def test_looks_for_a_card_at_the_start_only(site: Website, reader: PageReader) -> None:
    late = b" " * (MAX_PAGE - len(CARD))
    assert reader.read(site.put("/1", Page(body=late + CARD, headers=HTML))).title == "Stops"
    assert reader.read(site.put("/2", Page(body=late + b" " * len(CARD) + CARD, headers=HTML))).title is None


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (503, {"CF-Mitigated": "challenge"}),
        (403, {"CF-Mitigated": "challenge"}),
        (202, {"x-amzn-waf-action": "challenge"}),
        (405, {"x-amzn-waf-action": "captcha"}),
    ],
)
def test_a_challenge_is_a_refusal(
    site: Website, reader: PageReader, status: int, headers: dict[str, str]
) -> None:
    url = site.put("/aid", Page(status=status, body=CARD, headers=HTML | headers))
    assert reader.read(url) == WebPage(url=url, status=403, media_type="text/html")


def test_says_when_no_answer_can_be_had(site: Website, reader: PageReader) -> None:
    broken = site.put("/aid", Page(raw=lambda out, closing: None))
    with pytest.raises(FetchError):
        reader.read(broken)
    with pytest.raises(FetchRefused):
        reader.read("mailto:office@valor.example")


def test_reads_the_sample_site_at_its_public_address() -> None:
    with Sandbox(FakeClock()) as sandbox:
        place = sandbox.url.removeprefix("http://")
        wire = Wire(allow_private=True, user_agent="test", reroute={sandbox.home: place})
        aid = next(entry for entry in sandbox.site.entries if entry.link.endswith(entry.aid.slug))
        page = PageReader(wire).read(aid.link)
        wire.close()
    assert (page.url, page.status, page.title) == (aid.link, 200, aid.aid.title)
    assert (page.image_url, bool(page.image_alt)) == (aid.card_url, True)
