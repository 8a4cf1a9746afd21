"""Texts of 100,000 characters made to be slow: without linear time each of these would hang for minutes."""

from collections.abc import Callable, Sized

import pytest

from spotlight_notify.text.boilerplate import without_title
from spotlight_notify.text.cutting import cuts
from spotlight_notify.text.entities import cashtags, hashtags, mentions
from spotlight_notify.text.html import MAX_TITLE, plain_text, plain_title, tidy_text
from spotlight_notify.text.weights import weight

LENGTH = 100_000
UNITS = (
    "a|a.|a-|a_.|-.|é.|の|a.com|a.comの|a.comの.jp/b |a.com/(|http://|http://a.co?(|xn--a.|#|#1|@|@rt|@a/|$|"
    '👨\u200d|🇺|\u0301|a.hotel |a.hotel/@b | |! |!"|A. |a\n|。'
)
TAGS = (
    "<b>|<div>|<table>|<a><p>|&amp;|&|<|[…]|@rt|@a |<br>|<td>|<svg>|<!--|<p |The post |Continue reading |"
    "Read more |<b hidden>|<p class=sr-only>x|<![CDATA[|]]>|&#|&nbsp"
)
WORDS = (
    ".|…|: |- | \u2013 a|[|→ |Read more: |Read more at https://|Continue reading →|Click here to |the post |"
    "\u200d|\u200c|👩\u200d|👩\ufe0f\u200d|ش\u200c|क\u094d\u200d|1\ufe0f|🏴\U000e0067|\U000e0067|\ue000|"
    "Keep calm. |Keep-|_"
)
READERS: list[Callable[[str], int | Sized]] = [weight, hashtags, mentions, cashtags, cuts]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", UNITS.split("|"))
def test_reading_takes_time_in_proportion(unit: str) -> None:
    text = (unit * (LENGTH // len(unit) + 1))[:LENGTH]
    for reader in READERS:
        reader(text)  # what takes time with the square of the length does not end within the minute


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", TAGS.split("|"))
def test_html_is_cut_before_it_is_read(unit: str) -> None:
    html = "Keep calm. " + unit * (LENGTH // len(unit))
    assert len(plain_text(html)) <= 32 * 1024
    assert len(plain_title(html)) <= 32 * 1024


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "tag", ["<b a{}><p>", "<b a'{}><p>", "<font size={}><p>", "<B/a{}><p>", "<a\nb{}><div>"]
)
def test_tags_that_a_reader_opens_again_and_again_are_calmed(tag: str) -> None:
    html = "".join(f"{tag.format(number)}word " for number in range(3_000))
    assert plain_text(html).startswith("word")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", WORDS.split("|"))
def test_tidying_and_comparing_take_time_in_proportion(unit: str) -> None:
    text = unit * (LENGTH // len(unit))
    title = text[:MAX_TITLE]
    for said in (text, f"{title}{text}", f"{text}a", f"Keep calm. {text} | b"):
        assert len(tidy_text(said)) <= 32 * 1024
        assert len(without_title(plain_text(said), title)) <= 32 * 1024
        assert len(without_title(plain_text(said), f"{title}a - B")) <= 32 * 1024
