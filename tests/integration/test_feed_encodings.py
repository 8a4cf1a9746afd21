"""Feeds whose encoding went wrong: on its way to them, in one place, or as a hiding place."""

from collections.abc import Iterator

import pytest

from documents import read
from spotlight_notify.rules.lint.linter import lint_text
from spotlight_notify.sources.feed.entries import Document
from spotlight_notify.sources.feed.parsing import FeedParser

TAG = "#SpotlightOnSafety"


_PARSER = FeedParser(workers=1)


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    _PARSER.close()


def feed(*titles: str, encoding: str = "utf-8") -> str:
    items = "".join(
        f"<item><title>{title}</title><guid>{at}</guid></item>" for at, title in enumerate(titles)
    )
    channel = f"<channel><title>t</title>{items}</channel>"
    return f"<?xml version='1.0' encoding='{encoding}'?><rss version='2.0'>{channel}</rss>"


def parsed(body: bytes, content_type: str = "application/rss+xml") -> Document:
    document = read(_PARSER, body, content_type)
    assert document.error == ""
    return document


def titles(document: Document) -> list[str]:
    return [entry.title for entry in document.entries]


@pytest.mark.parametrize(
    ("garbled", "meant"),
    [
        ("Officerâ€™s day", "Officer’s day"),
        ("Drive safe â€” cafÃ©", "Drive safe — café"),
        ("Stay safe ðŸ˜€", "Stay safe 😀"),
        ("ResumÃƒÂ©", "Resumé"),
        ("Officerâ&#8364;&#8482;s day", "Officer’s day"),
        ("Officer\x92s day", "Officer’s day"),
        ("Officerâ\x80\x99s day", "Officer’s day"),
    ],
)
def test_feeds_mojibake_in_source_is_mended_where_it_is_certain(garbled: str, meant: str) -> None:
    said = f"&lt;p&gt;On {garbled}.&lt;/p&gt;"
    more = f"<description>{said}</description><category>{garbled}</category>"
    body = feed(garbled).replace("<guid>", f"{more}<guid>")
    (entry,) = parsed(body.encode()).entries
    assert (entry.title, entry.summary, entry.categories) == (meant, f"On {meant}.", (meant,))
    assert lint_text(f"{meant} {TAG}", TAG) == ()


@pytest.mark.parametrize("text", ["â€œKeep calmâ€", "Itâ€�s late", "Caf� au lait", "Officerâ€™s caf�"])
def test_feeds_mojibake_in_source_is_asked_about_where_it_is_not(text: str) -> None:
    (title,) = titles(parsed(feed(text).encode()))
    assert title == text
    assert [finding.rule for finding in lint_text(f"{title} {TAG}", TAG)] == ["garbled"]


@pytest.mark.parametrize(
    "text",
    [
        "naïve café — “quoted”",
        "Le “café”… à l’école",
        "São Paulo",
        "ÁÉÍÓÚ ÂÊÎÔÛ",
        "Привет офицер",
        "安全 執法人員的安全",
        "10 °C, 5 € ™ ® © «guillemets»",
        "Voilà”: “Ça va”",
        "👮🏽 🇺🇸",
    ],
)
def test_feeds_mojibake_in_source_what_is_right_stays_and_passes(text: str) -> None:
    assert titles(parsed(feed(text).encode())) == [text]
    assert "garbled" not in [finding.rule for finding in lint_text(f"{text} {TAG}", TAG)]


LOST = "the feed has broken characters in one place; “�” stands for them"


@pytest.mark.parametrize(
    "content_type", ["text/xml; charset=utf-8", "text/xml", "text/xml; charset=iso-8859-1"]
)
@pytest.mark.parametrize("broken", [b"\xe9", b"\xe2\x80", b"\xff"], ids=["latin", "half", "none"])
def test_feeds_one_byte_e9_is_replaced_in_its_place_alone(content_type: str, broken: bytes) -> None:
    body = feed("Drive safe — café", "Stay safe 😀", "Caf@ break").encode().replace(b"@", broken)
    document = parsed(body, content_type)
    assert titles(document) == ["Drive safe — café", "Stay safe 😀", "Caf� break"]
    assert document.warnings == (LOST,)


def test_feeds_one_byte_e9_in_json() -> None:
    text = '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "Caf@ — 😀"}]}'
    document = parsed(text.encode().replace(b"@", b"\xe9"), "application/feed+json")
    assert (titles(document), document.warnings) == (["Caf� — 😀"], (LOST,))


def test_feeds_one_byte_e9_after_a_byte_order_mark() -> None:
    document = parsed(b"\xef\xbb\xbf" + feed("Caf@ — 😀").encode().replace(b"@", b"\xe9"))
    assert (titles(document), document.warnings) == (["Caf� — 😀"], (LOST,))


@pytest.mark.parametrize("content_type", ["text/xml; charset=utf-8", "text/xml"])
def test_a_feed_that_is_no_utf_8_at_all_is_read_as_what_it_is(content_type: str) -> None:
    document = parsed(feed("Café").encode("cp1252"), content_type)
    assert titles(document) == ["Café"]


def test_a_replacement_character_that_the_feed_itself_has_is_no_broken_one() -> None:
    document = parsed(feed("Caf� — 😀").encode())
    assert (titles(document), document.warnings) == (["Caf� — 😀"], ())


EBCDIC = ["cp037", "cp500", "cp1140", "cp273", "cp1026"]


@pytest.mark.parametrize("encoding", [*EBCDIC, "utf-7", "utf-16", "utf-32", "koi8-r", "utf-8"])
def test_feeds_entities_are_refused_in_any_encoding(encoding: str) -> None:
    declared = feed("A", encoding=encoding).replace("<rss", "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss")
    for content_type in ("text/xml", f"text/xml; charset={encoding}"):
        assert "declares entities" in read(_PARSER, declared.encode(encoding), content_type).error


@pytest.mark.parametrize("encoding", ["cp037", "cp500", "cp1140"])
def test_feeds_entities_none_is_read_in_those_encodings(encoding: str) -> None:
    body = feed("Keep calm", encoding=encoding).encode(encoding)
    assert titles(parsed(body, f"text/xml; charset={encoding}")) == ["Keep calm"]
