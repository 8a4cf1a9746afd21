"""Titles and summaries as feeds write them: escaped once, twice, in CDATA, or not at all."""

import pytest

from spotlight_notify.sources.feed.dates import DateReader
from spotlight_notify.sources.feed.fields import (
    MAX_CATEGORIES,
    MAX_NAME,
    MAX_STAND_IN,
    categories_from,
    guid_from,
    link_from,
    title_and_summary,
)
from spotlight_notify.sources.feed.xml import read_xml

URL = "https://valor.test/feed.xml"


def read(title: str, description: str) -> tuple[str, str]:
    body = (
        '<rss version="2.0"><channel><title>Site</title><item>'
        f"<title>{title}</title><description>{description}</description></item></channel></rss>"
    )
    document = read_xml(body.encode(), "application/rss+xml; charset=utf-8", URL, DateReader())
    return document.entries[0].title, document.entries[0].summary


@pytest.mark.parametrize(
    "wrap",
    [
        "{}",
        "<![CDATA[{}]]>",
        "&lt;![CDATA[{}]]&gt;",
    ],
)
@pytest.mark.parametrize(
    "written",
    [
        "Officers’ safety &#38; wellness",
        "Officers&#8217; safety &amp;#38; wellness",
        "Officers&amp;#8217; safety &amp;amp; wellness",
        "Officers&amp;amp;#8217; safety &amp;amp;amp; wellness",
        "&lt;b&gt;Officers’&lt;/b&gt; safe&lt;i&gt;ty&lt;/i&gt; &amp;amp; wellness",
        "Offi\u00adcers’\u200b \u202esafety\u202c &amp;amp; wellness\ufeff",
    ],
)
def test_however_a_feed_escapes_people_read_the_same(wrap: str, written: str) -> None:
    expected = "Officers’ safety & wellness"
    assert read(wrap.format(written), "Calm.") == (expected, "Calm.")
    assert read("Calm", wrap.format(written)) == ("Calm", expected)


def test_a_summary_says_more_than_its_title_and_has_no_tail() -> None:
    description = (
        "&lt;p&gt;Keep calm!&lt;/p&gt;&lt;p&gt;A poster by @valor. [&amp;hellip;]&lt;/p&gt;"
        "&lt;p&gt;The post &lt;a href='#'&gt;Keep Calm&lt;/a&gt; appeared first on Site.&lt;/p&gt;"
    )
    assert read("Keep Calm", description) == ("Keep Calm", "A poster by valor.")
    assert read("Keep Calm | Site", "Keep calm. READ MORE »") == ("Keep Calm | Site", "")


def test_the_first_text_that_says_more_is_the_summary() -> None:
    assert title_and_summary("Calm", "<p>calm…</p>", "Calm", "<p>A poster.</p>") == ("Calm", "A poster.")
    assert title_and_summary("Calm", "<p>A page.</p>", plain=["", "Words <b> & more."]) == (
        "Calm",
        "Words <b> & more.",
    )


def test_without_a_title_the_summary_stands_in() -> None:
    assert title_and_summary("<p></p>", "A poster.<br>For walls.") == ("A poster.", "A poster.\nFor walls.")
    title, summary = title_and_summary("", "calm " * 60)
    assert len(title) <= MAX_STAND_IN < len(summary)
    assert title_and_summary("", "A poster.") == ("A poster.", "")
    assert title_and_summary("", " \u200b ") == ("", "")


def test_names_are_whole_short_and_fit_for_a_database() -> None:
    assert guid_from(" urn:1\0\ud800 ") == "urn:1 ?"
    assert guid_from("a" * (MAX_NAME + 1)).startswith("sha256-")
    assert categories_from(["Calm", " Calm ", "", "b" * 300]) == ("Calm", "b" * 200)
    assert len(categories_from(map(str, range(99)))) == MAX_CATEGORIES


@pytest.mark.parametrize(
    ("raw", "link"),
    [
        ("/aids/1", "https://valor.test/aids/1"),
        (" https://a.test/b c ", "https://a.test/b%20c"),
        ("javascript:alert(1)", ""),
        ("  ", ""),
        ("https://[a", ""),
        ("a" * (MAX_NAME + 1), ""),
    ],
)
def test_a_link_is_absolute_or_none(raw: str, link: str) -> None:
    assert link_from(raw, URL) == link
