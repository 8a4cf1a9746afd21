from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from builders import NOW, aid, ledger_in
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid, Image
from spotlight_notify.model.errors import BadRequest, PictureRefused, Refused, UnknownName
from spotlight_notify.model.words import Kind
from spotlight_notify.operations.announce.request import AidRequest
from spotlight_notify.ports.parts import Illustrate

EAST = ZoneInfo("America/New_York")

PAGES = Image(url="https://valor.test/page.png", alt="What the page says.")
OWN = Image(url="https://valor.test/own.png")
WORDS = "A badge on green."


@pytest.fixture
def ledger(tmp_path: Path) -> SqlLedger:
    """Give a ledger that knows two aids, the second with a picture."""
    ledger = ledger_in(tmp_path)
    with ledger.recording("site") as book:
        book.add(aid(1), baseline=True, now=NOW)
        book.add(aid(2, images=(OWN, PAGES)), baseline=True, now=NOW)
    return ledger


def new(**said: Any) -> AidRequest:
    return AidRequest(title="Keep Calm", url="https://valor.test/calm", **said)


def finds(*images: Image) -> Illustrate:
    """Find these images for an aid that has none, and keep those that have words."""

    def illustrate(aid: Aid, *, hurry: bool = False) -> Aid:
        found = aid.images or images
        return replace(aid, images=tuple(replace(i, digest="kept") if i.alt else i for i in found))

    return illustrate


def test_what_is_said_about_a_known_aid_holds_for_it_too(ledger: SqlLedger) -> None:
    known = AidRequest(words="guid:1", summary="A new one.", kind="poster").aid(ledger, EAST, NOW)
    assert (known.title, known.summary, known.kind) == ("Aid number 1", "A new one.", Kind.POSTER)


def test_words_alone_go_to_the_first_picture_that_is_there(ledger: SqlLedger) -> None:
    images = AidRequest(words="guid:2", alt=WORDS).aid(ledger, EAST, NOW).images
    assert [image.alt for image in images] == [WORDS, PAGES.alt]


def test_a_persons_words_are_made_plain_as_a_sources_are(ledger: SqlLedger) -> None:
    odd = "\u202eKeep  <b>Calm</b>\u200b with @stranger\n&amp; co"
    plain = "Keep Calm with stranger & co"
    wanted = AidRequest(
        title=odd,
        url="https://valor.test/calm",
        summary=odd,
        theme=odd,
        image="https://valor.test/1.png",
        alt=odd,
    )
    made = wanted.aid(ledger, EAST, NOW)
    assert (made.title, made.summary, made.theme, made.images[0].alt) == (plain,) * 4


def test_a_picture_takes_the_place_of_those_that_are_there(ledger: SqlLedger) -> None:
    wanted = AidRequest(words="guid:2", image="https://valor.test/new.png", alt=WORDS)
    assert wanted.aid(ledger, EAST, NOW).images == (Image(url="https://valor.test/new.png", alt=WORDS),)


def test_a_picture_that_the_page_shows_gets_the_words_and_is_kept(ledger: SqlLedger) -> None:
    wanted = new(alt=WORDS)
    for found in (PAGES, replace(PAGES, alt=None)):
        (image,) = wanted.illustrated(wanted.aid(ledger, EAST, NOW), finds(found)).images
        assert image == replace(PAGES, alt=WORDS, digest="kept")


def test_without_words_of_ones_own_those_of_the_page_stay(ledger: SqlLedger) -> None:
    wanted = new()
    assert wanted.illustrated(wanted.aid(ledger, EAST, NOW), finds(PAGES)).images == (
        replace(PAGES, digest="kept"),
    )


def test_words_without_any_picture_are_refused(ledger: SqlLedger) -> None:
    wanted = new(alt=WORDS)
    with pytest.raises(Refused, match="name one by image"):
        wanted.illustrated(wanted.aid(ledger, EAST, NOW), finds())


def test_a_file_is_kept_and_named_by_its_digest(ledger: SqlLedger) -> None:
    asked: list[Path] = []

    def keep(path: Path) -> str:
        asked.append(path)
        return "abc"

    kept = new(image="folder/poster.png", alt=WORDS).kept(keep)
    assert asked == [Path("folder/poster.png")]
    assert kept.aid(ledger, EAST, NOW).images == (Image(url="urn:sha256:abc", alt=WORDS, digest="abc"),)
    assert kept.kept(keep) is kept


@pytest.mark.parametrize("image", [None, "https://valor.test/a.png", "http://valor.test/a.png"])
def test_an_address_is_left_to_be_fetched(image: str | None) -> None:
    def keep(path: Path) -> str:
        raise AssertionError(path)

    wanted = new(image=image, alt=WORDS)
    assert wanted.kept(keep) is wanted


def test_a_file_that_is_refused_is_named() -> None:
    def keep(path: Path) -> str:
        raise PictureRefused("it is no picture")

    with pytest.raises(Refused, match=r"^letter\.txt: it is no picture$"):
        new(image="letter.txt", alt=WORDS).kept(keep)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"words": "1", "title": "Both"}, "name a known AID"),
        ({}, "name a known AID"),
        ({"title": "Alone"}, "both title and url"),
        ({"words": "1", "image": "a.png"}, "image needs alt"),
        ({"words": "1", "alt": " "}, "say in words what the picture shows"),
        ({"words": "1", "alt": "\u200b<b></b>"}, "say in words what the picture shows"),
        ({"words": "1", "alt": "x" * 1_001}, "1001 characters are too long; networks take 1000"),
        ({"title": "<br>", "url": "https://valor.test/1"}, "both title and url"),
    ],
)
def test_wrong_usage_is_told(said: dict[str, Any], message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        AidRequest(**said)


def test_database_10_a_key_that_looks_like_a_number_is_named_as_a_key(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    with ledger.recording("site") as book:
        for key in ("row:7", "row:2"):
            book.add(replace(aid(1), key=key, title=key, aliases=(key,)), baseline=True, now=NOW)
    assert [AidRequest(words=words).aid(ledger, EAST, NOW).title for words in ("2", "key:2", "key:7")] == [
        "row:2",
        "row:2",
        "row:7",
    ]
    assert AidRequest(words="1").aid(ledger, EAST, NOW).title == "row:7"
    with pytest.raises(UnknownName, match="no aid 7 is known by that number; the key 7 is written key:7"):
        AidRequest(words="7").aid(ledger, EAST, NOW)


def test_timing_4_an_event_ordered_by_hand_has_its_times(ledger: SqlLedger) -> None:
    said: dict[str, Any] = {
        "starts": "12/2/2026 2 pm",
        "expires": "Dec 4",
        "short": "Calm.",
        "language": "Spanish",
    }
    made = new(**said).aid(ledger, EAST, NOW)
    assert made.event_at == datetime(2026, 12, 2, 19, tzinfo=UTC)
    assert made.expires_at == datetime(2026, 12, 5, 4, 59, 59, tzinfo=UTC)
    assert (made.short, made.language) == ("Calm.", "es")
    by_words = new(kind="webinar", summary="On Wednesday, December 2, 2026, at 2 p.m.").aid(ledger, EAST, NOW)
    assert by_words.event_at == made.event_at


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"starts": "soon"}, "starts: soon is no time"),
        ({"starts": "Dec 2"}, "starts: Dec 2 has no time of day"),
        (
            {"starts": "12/2/2026 2 pm", "expires": "12/1/2026"},
            "expires before its event begins at 2026-12-02 19:00",
        ),
        ({"language": "German"}, "there are no templates in German; there are in en and es"),
    ],
)
def test_times_and_languages_that_cannot_be_are_told(
    ledger: SqlLedger, said: dict[str, str], says: str
) -> None:
    with pytest.raises(BadRequest, match=says):
        new(**said).aid(ledger, EAST, NOW)
