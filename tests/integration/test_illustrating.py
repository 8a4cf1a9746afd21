"""An aid's pictures are found, worded and kept before its post is planned; nothing is made up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders import NOW, aid
from fakes import FakeClock
from spotlight_notify.model.aids import Image
from spotlight_notify.model.errors import FetchError, PictureRefused
from spotlight_notify.model.posts import CleanPicture, WebPage
from spotlight_notify.model.words import Access, Kind
from spotlight_notify.operations.attach_pictures import LOGO, Illustrating, illustrate, is_logo, load_picture
from spotlight_notify.operations.poll.changes import is_unchanged, with_findings
from spotlight_notify.ports.ledger import Ledger

POSTER = "https://valor.test/poster.png"
PDF = "https://valor.test/posters/keep-calm.pdf"
WORDS = "Poster in green. It reads: Keep calm."


class Web:
    """Answer for pages and pictures by their addresses; what is not there is not had."""

    def __init__(
        self, pages: Mapping[str, WebPage] | None = None, refused: str = "", side: int | None = None
    ) -> None:
        self.pages = dict(pages or {})
        self.refused = refused
        self.sides = (side, side) if side else (800, 600)
        self.asked: list[str] = []

    def read_page(self, url: str) -> WebPage:
        self.asked.append(url)
        if url not in self.pages:
            raise FetchError(url, "no answer came in time")
        return self.pages[url]

    def clean_up(self, url: str) -> CleanPicture:
        self.asked.append(url)
        if "missing" in url:
            raise FetchError(url, "no answer came in time")
        if self.refused:
            raise PictureRefused(self.refused)
        width, height = self.sides
        return CleanPicture(content=url.encode(), media_type="image/png", width=width, height=height)


def parts_with(ledger: Ledger, web: Web, **changes: Any) -> Illustrating:
    fields: dict[str, Any] = {"alt_texts": {}, "trusts": lambda page, link: True, "most": 4}
    return Illustrating(
        pictures=ledger,
        clean_up=web.clean_up,
        read_page=web.read_page,
        clock=FakeClock(),
        **fields | changes,
    )


def test_an_aids_words_go_on_one_picture_and_not_on_all(ledger: Ledger) -> None:
    images = (Image(url=POSTER), Image(url="https://valor.test/second.png"))
    parts = parts_with(ledger, Web(), alt_texts={"https://valor.test/aids/1": WORDS})
    assert [image.alt for image in illustrate(aid(images=images), parts).images] == [WORDS, None]


def test_a_page_that_does_not_answer_is_noted_and_looked_at_again_later(ledger: Ledger) -> None:
    link = "https://valor.test/aids/1"
    silent = illustrate(aid(kind=Kind.POSTER), parts_with(ledger, Web()))
    (note,) = silent.images
    assert "could not be read for its picture (no answer" in (note.trouble or "")
    web = Web({link: page(link, image_url=POSTER, image_alt=WORDS)})
    (image,) = illustrate(silent, parts_with(ledger, web)).images
    assert (image.url, bool(image.digest)) == (POSTER, True)
    down = Web({link: WebPage(url=link, status=503)})
    (note,) = illustrate(aid(kind=Kind.POSTER), parts_with(ledger, down)).images
    assert "answered 503" in (note.trouble or "")


def test_in_a_hurry_words_are_found_and_nothing_is_fetched(ledger: Ledger) -> None:
    web = Web()
    parts = parts_with(ledger, web, alt_texts={PDF: WORDS, POSTER: WORDS})
    (pdf,) = illustrate(aid(link=PDF), parts, hurry=True).images
    (poster,) = illustrate(aid(images=(Image(url=POSTER),)), parts, hurry=True).images
    (note,) = illustrate(aid(kind=Kind.POSTER), parts, hurry=True).images
    assert [(i.alt, i.digest, i.trouble) for i in (pdf, poster)] == [(WORDS, None, None)] * 2
    assert "too slow" in (note.trouble or "")
    assert not web.asked


def test_the_pages_words_for_the_sources_own_picture_are_taken(ledger: Ledger) -> None:
    link = "https://valor.test/aids/1"
    web = Web({link: page(link, image_url=POSTER, image_alt=WORDS)})
    (image,) = illustrate(aid(kind=Kind.POSTER, images=(Image(url=POSTER),)), parts_with(ledger, web)).images
    assert (image.alt, bool(image.digest)) == (WORDS, True)


def test_strangers_and_sign_in_pages_give_no_picture(ledger: Ledger) -> None:
    link = "https://valor.test/aids/1"
    web = Web({link: page("https://evil.test/", image_url=POSTER, image_alt=WORDS)})
    wary = parts_with(ledger, web, trusts=lambda page, link: page.url == link)
    assert not illustrate(aid(kind=Kind.POSTER), wary).images
    gated = aid(kind=Kind.POSTER, access=Access.SIGN_IN)
    assert not illustrate(gated, parts_with(ledger, web)).images


def page(url: str, **facts: Any) -> WebPage:
    return WebPage(url=url, status=200, media_type="text/html", **facts)


def test_a_sources_picture_with_words_is_kept_and_loaded_without_asking_again(ledger: Ledger) -> None:
    web = Web()
    parts = parts_with(ledger, web)
    (image,) = illustrate(aid(images=(Image(url=POSTER, alt=WORDS),)), parts).images
    assert image.digest is not None
    picture = load_picture(image, parts)
    assert (picture.content, picture.alt, picture.digest) == (POSTER.encode(), WORDS, image.digest)
    assert web.asked == [POSTER]


def test_a_picture_without_words_is_not_even_fetched(ledger: Ledger) -> None:
    web = Web()
    given = aid(images=(Image(url=POSTER),))
    assert illustrate(given, parts_with(ledger, web)) == given
    assert not web.asked


@pytest.mark.parametrize("address", [POSTER, "http://valor.test/aids/1/?utm_source=feed"])
def test_the_offices_words_are_found_by_picture_or_by_aid(ledger: Ledger, address: str) -> None:
    parts = parts_with(ledger, Web(), alt_texts={address: WORDS})
    (image,) = illustrate(aid(images=(Image(url=POSTER),)), parts).images
    assert (image.alt, bool(image.digest)) == (WORDS, True)


def test_the_offices_words_for_a_picture_outrank_the_sources(ledger: Ledger) -> None:
    parts = parts_with(ledger, Web(), alt_texts={POSTER: WORDS, "https://valor.test/aids/1": "Another."})
    (image,) = illustrate(aid(images=(Image(url=POSTER, alt="poster.png"),)), parts).images
    assert image.alt == WORDS


def test_a_poster_gets_the_picture_of_its_page_and_an_article_keeps_its_card(ledger: Ledger) -> None:
    link = "https://valor.test/aids/1"
    web = Web({link: page(link, image_url=POSTER, image_alt=WORDS)})
    parts = parts_with(ledger, web)
    assert not illustrate(aid(), parts).images
    (image,) = illustrate(aid(kind=Kind.POSTER), parts).images
    assert (image.url, image.alt, bool(image.digest)) == (POSTER, WORDS, True)
    assert not illustrate(aid(kind=Kind.POSTER), parts_with(ledger, web, from_page=())).images


def test_a_poster_that_is_a_pdf_gets_its_first_page_with_the_offices_words(ledger: Ledger) -> None:
    parts = parts_with(ledger, Web(), alt_texts={PDF: WORDS})
    (image,) = illustrate(aid(link=PDF), parts).images
    assert (image.url, image.alt, bool(image.digest)) == (PDF, WORDS, True)
    assert not illustrate(aid(link=PDF), parts_with(ledger, Web(), from_pdf=False)).images


def test_a_pdf_behind_an_address_that_does_not_say_so_is_known_by_its_answer(ledger: Ledger) -> None:
    link = "https://valor.test/aids/1"
    web = Web({link: WebPage(url=link, status=200, media_type="application/pdf")})
    (image,) = illustrate(aid(kind=Kind.POSTER), parts_with(ledger, web, alt_texts={link: WORDS})).images
    assert (image.url, bool(image.digest)) == (link, True)


def test_a_picture_that_will_never_do_says_why_and_one_that_is_late_says_nothing(ledger: Ledger) -> None:
    refusing = parts_with(ledger, Web(refused="it is HTML, not a picture"))
    (refused,) = illustrate(aid(images=(Image(url=POSTER, alt=WORDS),)), refusing).images
    assert (refused.trouble, refused.digest) == ("it is HTML, not a picture", None)
    late = Image(url="https://valor.test/missing.png", alt=WORDS)
    assert illustrate(aid(images=(late,)), refusing).images == (late,)


def test_trouble_is_forgotten_when_the_picture_will_do_later(ledger: Ledger) -> None:
    refusing = parts_with(ledger, Web(refused="it is HTML, not a picture"))
    refused = illustrate(aid(images=(Image(url=POSTER, alt=WORDS),)), refusing)
    (image,) = illustrate(refused, parts_with(ledger, Web())).images
    assert (image.trouble, bool(image.digest)) == (None, True)


def test_illustrating_twice_changes_nothing(ledger: Ledger) -> None:
    web = Web()
    parts = parts_with(ledger, web)
    once = illustrate(aid(images=(Image(url=POSTER, alt=WORDS),)), parts)
    assert illustrate(once, parts) == once
    assert web.asked == [POSTER]


@pytest.mark.parametrize(
    ("url", "alt", "logo"),
    [
        ("https://valor.test/img/logo.png", None, True),
        ("https://valor.test/img/site-logo_2.png", "VALOR", True),
        ("https://valor.test/img/og-image.jpg", None, True),
        ("https://valor.test/img/seal-300x300.png", None, True),
        ("https://valor.test/a.png", "VALOR logo", True),
        ("https://valor.test/img/keep-calm.png", "Poster in green", False),
        ("https://valor.test/img/logogram-poster.png", None, False),
        ("https://valor.test/logo/keep-calm.png", None, False),
    ],
)
def test_a_sites_logo_is_no_picture_of_an_aid(url: str, alt: str | None, logo: bool) -> None:
    assert is_logo(url, alt) is logo


def test_pictures_a_page_that_shows_what_other_pages_show_gives_no_picture(ledger: Ledger) -> None:
    """The first page cannot tell yet; the next ones can, whatever the picture is called."""
    links = [f"https://valor.test/aids/{number}" for number in (1, 2, 1)]
    web = Web({link: page(link, image_url="https://valor.test/all%_.png", image_alt=WORDS) for link in links})
    parts, troubles = parts_with(ledger, web), []
    for number, link in enumerate(links, 1):
        found = illustrate(aid(number, kind=Kind.POSTER, link=link), parts)
        troubles.append([image.trouble for image in found.images])
        with ledger.recording("site") as book:
            book.add(found, baseline=False, now=NOW)
    assert troubles == [[None], [LOGO], [LOGO]]


def test_pictures_a_small_square_on_a_page_is_its_sites_sign(ledger: Ledger) -> None:
    link = "https://valor.test/aids/1"
    web = Web({link: page(link, image_url=POSTER, image_alt=WORDS)}, side=512)
    (image,) = illustrate(aid(kind=Kind.POSTER), parts_with(ledger, web)).images
    assert (image.trouble, image.digest) == (LOGO, None)
    own = aid(kind=Kind.POSTER, images=(Image(url=POSTER, alt=WORDS),))
    (image,) = illustrate(own, parts_with(ledger, web)).images
    assert image.trouble is None


def test_a_page_says_when_its_event_begins_where_that_is_allowed(ledger: Ledger) -> None:
    link, at = "https://valor.test/aids/1", NOW + timedelta(days=3)
    web = Web({link: page(link, event_at=at)})
    webinar = aid(kind=Kind.WEBINAR)
    allowed = parts_with(ledger, web, event_pages=(Kind.WEBINAR,))
    found = illustrate(webinar, allowed)
    assert (found.event_at, found.event_found) == (at, True)
    assert illustrate(webinar, parts_with(ledger, web)).event_at is None
    assert illustrate(replace(webinar, event_at=NOW), allowed).event_at == NOW
    assert illustrate(webinar, allowed, hurry=True).event_at is None
    assert illustrate(webinar, replace(allowed, trusts=lambda _page, _link: False)).event_at is None


def test_what_a_page_said_of_an_event_stays_until_the_source_says_something(ledger: Ledger) -> None:
    shown = aid(kind=Kind.WEBINAR)
    known = replace(shown, event_at=NOW, event_found=True)
    assert is_unchanged(shown, known)
    assert with_findings(replace(shown, event_at=NOW + timedelta(1)), known).event_at == NOW + timedelta(1)
    assert with_findings(shown, replace(known, event_found=False)).event_at is None
    with ledger.recording("site") as book:
        assert book.add(known, baseline=False, now=NOW).aid.event_found
