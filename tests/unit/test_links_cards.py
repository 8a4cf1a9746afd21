"""What is read of a page's card, and how pages that mean harm are read."""

import resource
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spotlight_notify.links.cards import Card, read_card
from spotlight_notify.links.rules import may_picture
from spotlight_notify.model.posts import WebPage

PAGE = "https://valor.example/aids/1"
SIZE = 512 * 1024


def card(html: str, content_type: str = "text/html; charset=utf-8", url: str = PAGE) -> Card:
    return read_card(html.encode("utf-8", "replace"), content_type, url)


def og(name: str, content: str) -> str:
    return f'<meta property="og:{name}" content="{content}">'


def test_reads_title_picture_and_its_words() -> None:
    read = card(
        "<!doctype html><html><head><title>Site | Traffic stops</title>"
        + og("title", "Traffic stops")
        + og("image", "https://valor.example/card.png")
        + og("image:alt", "An officer beside a car")
        + "</head><body></body></html>"
    )
    assert read == Card(
        title="Traffic stops",
        image_url="https://valor.example/card.png",
        image_alt="An officer beside a car",
    )


@pytest.mark.parametrize(
    "tag",
    [
        "<META CONTENT='Stops' PROPERTY=OG:Title>",
        "<meta name='og:title' content='Stops' />",
        "<meta\n property = 'og:title'\n content = 'Stops'\n>",
        "<meta property=og:title content=Stops>",
        "<meta property='' name=og:title content=' Stops '>",
        "<meta property='og:title' content=''><meta property='og:title' content='Stops'>",
        "<body><p><meta property='og:title' content='Stops'>",
        "<!--><meta property='og:title' content='Stops'>",
        "<style>p > q {}</style><title-bar></title-bar><meta property='og:title' content='Stops'>",
        "<meta name=x content='it's'><meta property='og:title' content='Stops'>",
    ],
)
def test_reads_tags_however_they_are_written(tag: str) -> None:
    assert card(tag).title == "Stops"


@pytest.mark.parametrize(
    "html",
    [
        "<title>Stops</title>",
        "<!-- <meta property='og:title' content='Stops'> -->",
        "<script>x = \"<meta property='og:title' content='Stops'>\"</script>",
        "<STYLE><meta property='og:title' content='Stops'></STYLE >",
        "<title><meta property='og:title' content='Stops'></title>",
        "<metadata property='og:title' content='Stops'>",
        "<meta property='og:title' content='Stops",
        "<meta property='og:title:x' content='Stops'>",
        "<meta property='og:title' content='&#8203; '>",
        "<meta property='og:title'>",
        "",
    ],
)
def test_takes_nothing_else_for_a_title(html: str) -> None:
    assert card(html).title is None


def test_undoes_entities_and_hides_nothing() -> None:
    assert (
        card(og("title", "Q&amp;A: &quot;1 &gt; 0&quot;\u200b &amp;#8217;s\n more")).title
        == 'Q&A: "1 > 0" ’s more'
    )
    assert card(og("image", "/card?a=1&amp;b=2")).image_url == "https://valor.example/card?a=1&b=2"


def test_a_title_calls_nobody() -> None:
    assert card(og("title", "Stops, with @somebody")).title == "Stops, with somebody"


def test_words_have_a_limit() -> None:
    read = card(og("title", "word " * 1_400) + og("image", "/a.png") + og("image:alt", "word " * 1_400))
    assert read.title is not None
    assert read.image_alt is not None
    assert 900 < len(read.title) <= 1_000
    assert len(read.image_alt) <= 1_000
    assert card(og("title", "Stops" + "\u200b" * 2_000 + "more")).title == "Stops"


@pytest.mark.parametrize(
    ("html", "url"),
    [
        (og("image", "/a.png"), "https://valor.example/a.png"),
        (og("image", "a.png"), "https://valor.example/aids/a.png"),
        (og("image", "//cdn.example/a.png"), "https://cdn.example/a.png"),
        (og("image", "/a b.png"), "https://valor.example/a%20b.png"),
        ("<base href='/card/'>" + og("image", "a.png"), "https://valor.example/card/a.png"),
        (
            "<base href='https://cdn.example/x/'><base href='/y/'>" + og("image", "a.png"),
            "https://cdn.example/x/a.png",
        ),
        ("<base href='javascript:x'>" + og("image", "/a.png"), "https://valor.example/a.png"),
        (og("image:url", "/a.png"), "https://valor.example/a.png"),
        (
            og("image", "data:image/png;base64,AA") + og("image:secure_url", "/b.png"),
            "https://valor.example/b.png",
        ),
        (og("image", "") + og("image", "/b.png"), "https://valor.example/b.png"),
        (og("image", "/a.png") + og("image", "/b.png"), "https://valor.example/a.png"),
        ("<meta name='twitter:image' content='/x.png'>", "https://valor.example/x.png"),
        ("<meta name='twitter:image:src' content='/x.png'>", "https://valor.example/x.png"),
        (
            "<meta name='twitter:image' content='/x.png'>" + og("image", "/a.png"),
            "https://valor.example/a.png",
        ),
        (og("image", "javascript:alert(1)"), None),
        (og("image", "https://user:word@valor.example/a.png"), None),
        (og("image", "http://["), None),
        (og("image", "/" + "a" * 4_000), None),
        (og("image:width", "1200"), None),
    ],
)
def test_finds_the_picture(html: str, url: str | None) -> None:
    assert card(html).image_url == url


@pytest.mark.parametrize(
    ("html", "alt"),
    [
        (og("image", "/a") + og("image:alt", "A") + og("image", "/b") + og("image:alt", "B"), "A"),
        (og("image", "/a") + og("image", "/b") + og("image:alt", "B"), None),
        (og("image", "data:,") + og("image:alt", "A") + og("image", "/b") + og("image:alt", "B"), "B"),
        (
            og("image", "/a") + og("image:url", "/a") + og("image:secure_url", "/a") + og("image:alt", "A"),
            "A",
        ),
        (og("image:alt", "A") + og("image", "/a"), "A"),
        (og("image", "/a") + "<meta name='twitter:image:alt' content='X'>", None),
        ("<meta name='twitter:image' content='/x'><meta name='twitter:image:alt' content='X'>", "X"),
        (og("image:alt", "A"), None),
    ],
)
def test_words_stay_with_their_picture(html: str, alt: str | None) -> None:
    assert card(html).image_alt == alt


@pytest.mark.parametrize(
    ("page", "content_type"),
    [
        (og("title", "Grüße").encode(), "text/html"),
        (og("title", "Grüße").encode(), "text/html; charset=nonsense"),
        (og("title", "Grüße").encode(), "text/html; charset=punycode"),
        (og("title", "Grüße").encode("latin-1"), "text/html; charset=ISO-8859-1"),
        (og("title", "Grüße").encode("latin-1"), 'text/html; charset="iso-8859-1"'),
        (b"<meta charset=windows-1252>" + og("title", "Grüße").encode("cp1252"), "text/html"),
        (og("title", "Grüße").encode("utf-8-sig"), "text/html; charset=iso-8859-1"),
        (b"\xff\xfe" + og("title", "Grüße").encode("utf-16-le"), "text/html"),
    ],
)
def test_reads_a_page_in_its_encoding(page: bytes, content_type: str) -> None:
    assert read_card(page, content_type, PAGE).title == "Grüße"


def test_western_means_what_browsers_take_it_for() -> None:
    page = og("title", "An officer’s day").encode("cp1252")
    assert read_card(page, "text/html; charset=iso-8859-1", PAGE).title == "An officer’s day"


HOSTILE = {
    "nesting": "<div>" * SIZE,
    "lists": "<ul><li>" * SIZE,
    "formatting": "".join(f"<b a{number}><p>" for number in range(60_000)),
    "tags without end": "<meta " * SIZE,
    "quotes without end": '<meta og:title "' * SIZE,
    "quotes inside out": "<meta og:title x'><b a><p>" * SIZE,
    "smuggled": "".join(f"<meta og:title x'><b a{number}><p>" for number in range(20_000)),
    "attributes": "<meta og:title " + " ".join(f"a{number}" for number in range(80_000)),
    "comments": "<!--" * SIZE,
    "empty comments": "<!-->" * SIZE,
    "scripts": "<script>" * SIZE,
    "pictures": "<meta property=og:image content=data:>" * SIZE,
    "marked-up words": og("title", "".join(f"<b a{number}><p>" for number in range(600))) * 60,
    "layers of escaping": og("title", "&amp;" * 1_500) * 60,
}


@pytest.mark.parametrize("page", [html[:SIZE] for html in HOSTILE.values()], ids=HOSTILE)
def test_a_hostile_page_costs_little(page: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    card(page)
    assert time.process_time() - started < 0.8  # seconds of CPU; a parser of whole pages takes 12 and more
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


TAGS = "<meta |property=|og:title|og:image|og:image:alt|content=|\"|'|>|/>|<base href=|<!--|-->|<script>"
PIECES = st.sampled_from(
    [*TAGS.split("|"), " ", "&amp;", "&#", "//", "http://[", "data:", "\0", "\ud800", "é"]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
@example("<meta property=og:title content=\ud800>")
def test_any_page_is_read(html: str) -> None:
    read = card(html)
    assert len(read.title or "") <= 1_000
    assert read.image_url is None or read.image_url.startswith("http")


@given(st.binary(max_size=400), st.text(max_size=60), st.text(max_size=40))
def test_any_bytes_are_read(page: bytes, content_type: str, url: str) -> None:
    read_card(page + b"<meta property=og:image content=a>" + page, content_type, url)


@given(st.text(min_size=1, max_size=200))
def test_a_title_is_one_line_without_hidden_characters(words: str) -> None:
    escaped = words.replace("&", "&amp;").replace('"', "&quot;")
    title = card(og("title", escaped)).title
    assert title is None or (
        title == " ".join(title.split()) and "\u200b" not in title and "\x00" not in title
    )


# --- whose page may say how an aid looks


ASKED = "https://www.valor.gov/posters/1"


@pytest.mark.parametrize(
    "place",
    [
        "https://www.valor.gov/posters/1/",
        "https://valor.gov/posters/1",
        "https://images.valor.gov/1",
        "https://WWW.Valor.gov./1",
    ],
)
def test_a_page_of_the_same_house_may_show_a_picture(place: str) -> None:
    assert may_picture(WebPage(url=place, status=200), ASKED, ())
    assert may_picture(WebPage(url=ASKED, status=200), place, ())


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example.net/",
        "https://notvalor.gov/",
        "https://valor.gov.evil.example.net/",
        "https://gov/",
        "https://other.gov/",
        "https://bit.ly/x",
        "",
    ],
)
def test_a_strangers_page_may_not(place: str) -> None:
    assert not may_picture(WebPage(url=place, status=200), ASKED, ())
    assert not may_picture(WebPage(url=ASKED, status=200, hops=(place,)), ASKED, ())


def test_an_allow_list_decides_alone() -> None:
    domains = ("valor.gov", "partner.org", "bit.ly")
    elsewhere = WebPage(url="https://www.partner.org/1", status=200)
    assert may_picture(elsewhere, ASKED, domains)
    assert not may_picture(elsewhere, ASKED, ("valor.gov",))
    assert not may_picture(WebPage(url="https://www.valor.gov/", status=200), ASKED, ("partner.org",))
    assert not may_picture(WebPage(url="https://bit.ly/x", status=200), ASKED, domains)
