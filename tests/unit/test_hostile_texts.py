"""Texts of 100,000 characters made to be slow: without linear time each of these would hang for minutes."""

from collections.abc import Callable, Sized

import pytest

from spotlight_notify.text.cutting import cuts
from spotlight_notify.text.entities import cashtags, hashtags, mentions
from spotlight_notify.text.html import plain_text, plain_title
from spotlight_notify.text.weights import weight

LENGTH = 100_000
UNITS = (
    "a|a.|a-|a_.|-.|é.|の|a.com|a.comの|a.com/(|http://|http://a.co?(|xn--a.|#|#1|@|@rt|@a/|$|👨\u200d|\u0301|"
    ' |! |!"|A. |a\n|。'
)
TAGS = (
    "<b>|<div>|<table>|<a><p>|&amp;|&|<|[…]|@rt|@a |<br>|<td>|<svg>|<!--|<p |The post |Continue reading |"
    "Read more "
)
READERS: list[Callable[[str], int | Sized]] = [weight, hashtags, mentions, cashtags, cuts]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", UNITS.split("|"))
def test_reading_takes_time_in_proportion(unit: str) -> None:
    text = (unit * (LENGTH // len(unit) + 1))[:LENGTH]
    for reader in READERS:
        assert reader(text) is not None


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", TAGS.split("|"))
def test_html_is_cut_before_it_is_read(unit: str) -> None:
    html = "Keep calm. " + unit * (LENGTH // len(unit))
    assert len(plain_text(html)) <= 32 * 1024
    assert len(plain_title(html)) <= 32 * 1024
