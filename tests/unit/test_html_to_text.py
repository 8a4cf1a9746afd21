"""HTML to plain text, on what real feeds hold."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.text.entities import mentions
from spotlight_notify.text.html import MAX_BYTES, plain_text, plain_title, summary_of, tidy_text

INVISIBLE = re.compile(r"[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]")
MARKUP = (
    "<p>|</p>|<b>|</b>|<br/>|<!--|-->|<script>|</script>|&amp;|&lt;|&gt;|&#8217;|&nbsp;|&amp;amp;|@safety|.|RT"
    "| |\n|fire|fighter|é|e\u0301|\u00ad|\u200b|\u200d|\ufe0f|👮|👩|\u202e|#|/|<|>|&|;|[…]|Read more|\ud83d"
)
PIECES = st.lists(st.sampled_from(MARKUP.split("|")), max_size=14).map("".join)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("  Keep \n\t calm&nbsp; now ", "Keep calm now"),
        ("fire<b>fighter</b>s", "firefighters"),
        ("<p>Keep calm.</p><p>Second</p>", "Keep calm.\nSecond"),
        ("one<br>two<br/><br/>three", "one\ntwo\nthree"),
        ("<h2>Title</h2>Text<ul><li>a</li><li>b</li></ul>end", "Title\nText\na\nb\nend"),
        ("<table><tr><td>Depth</td><td>10 km</td></tr></table>", "Depth 10 km"),
        ("<div><div>deep</div></div>", "deep"),
        ("a<script>alert(1)</script><style>p{}</style><noscript>n</noscript>b", "ab"),
        ("a<svg><title>s</title></svg><iframe>i</iframe><object>o</object>b", "ab"),
        ("a<!-- no -->b", "ab"),
        ('<img src="x.png" alt="An officer">Text', "Text"),
        ("if a < b && c > d", "if a < b && c > d"),
        ("Officers&#8217; &quot;safety&quot; &amp; wellness", 'Officers’ "safety" & wellness'),
        ("Officers&amp;#8217; safety &amp;amp; wellness", "Officers’ safety & wellness"),
        ("R&amp;amp;amp;D", "R&D"),
        ("&lt;p&gt;Keep &lt;b&gt;calm&lt;/b&gt;&lt;/p&gt;", "Keep calm"),
        ("&amp;unknown; stays", "&unknown; stays"),
        ("e\u0301quipe", "équipe"),
        ("soft\u00adware zero\u200bwidth \ufeffmark \u202eturned\u202c", "software zerowidth mark turned"),
        ("👩\u200d🚒 ❤️ 1️⃣ a\u200db", "👩\u200d🚒 ❤️ 1️⃣ ab"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("bell\x07 &#7;end", "bell end"),
        ("half \ud83d gone", "half gone"),
        ("<frameset><frame>", ""),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            '<p>Keep calm.</p><p>The post <a href="#">Keep</a> appeared first on <a>Site</a>.</p>',
            "Keep calm.",
        ),
        (
            "The post office closes early. The post Hours first appeared on City News",
            "The post office closes early.",
        ),
        ("Keep calm. Read more", "Keep calm."),
        ("Keep calm. Read More »", "Keep calm."),
        ("<p>Keep calm.</p><a>Continue reading <span>Keep Calm</span> &rarr;</a>", "Keep calm."),
        ("Keep calm and [&hellip;]", "Keep calm and…"),
        ("Keep calm. [...]", "Keep calm."),
        ("Keep calm and […] <a>Read more</a>", "Keep calm and…"),
        ("<p>Keep calm.</p><a>read more</a>", "Keep calm."),
        ("Keep calm. learn more &raquo;", "Keep calm."),
        ("Keep calm and […] <a>continue reading</a>", "Keep calm and…"),
        ("read more", ""),
        ("Officers who want to read more", "Officers who want to read more"),
        ("Officers read more and want to read more", "Officers read more and want to read more"),
        ("Read more about de-escalation in the report.", "Read more about de-escalation in the report."),
    ],
)
def test_tails_are_cut_off(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Thanks to @BJAgov and <a>＠valor</a>", "Thanks to BJAgov and valor"),
        ("write to help@example.gov", "write to help@example.gov"),
        ("https://example.gov/@valor", "https://example.gov/@valor"),
        ("RT @valor: .@bja", "RT valor: .bja"),
    ],
)
def test_strangers_are_not_mentioned(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("  Keep\n   Calm  ", "Keep Calm"),
        ("Officers&#8217; Safety &amp; Wellness", "Officers’ Safety & Wellness"),
        ("Officers&amp;#8217; Safety", "Officers’ Safety"),
        ("<b>Keep</b> Calm<br/>and De-Escalate", "Keep Calm and De-Escalate"),
        ("Use of <Force> when 1 < 2", "Use of <Force> when 1 < 2"),
        ("@valor: Keep Calm #Now", "valor: Keep Calm #Now"),
        ("Keep Calm. Read more", "Keep Calm. Read more"),
        ("<p></p>", ""),
    ],
)
def test_plain_title(html: str, title: str) -> None:
    assert plain_title(html) == title


@pytest.mark.parametrize(
    ("html", "summary"),
    [
        ("<p>Keep calm!</p>", ""),
        ("Keep…", ""),
        ("", ""),
        ("<p>Keep Calm</p><p>A poster.</p>", "A poster."),
        ("Keep calm and carry on.", "Keep calm and carry on."),
        ("A poster.", "A poster."),
    ],
)
def test_a_summary_does_not_repeat_the_title(html: str, summary: str) -> None:
    assert summary_of(html, "KEEP CALM") == summary


def test_a_field_is_cut_before_it_is_read() -> None:
    assert plain_text("é" * MAX_BYTES) == "é" * (MAX_BYTES // 2)
    assert plain_text("<i>" * MAX_BYTES + "never seen") == ""


@given(PIECES)
def test_what_comes_out_is_fit_to_be_posted(html: str) -> None:
    for text in (plain_text(html), plain_title(html)):
        assert unicodedata.is_normalized("NFC", text)
        assert not INVISIBLE.search(text)
        assert not mentions(text)
        assert not re.search(r"&(?:amp|lt|gt|nbsp|#8217);", text)
        assert [" ".join(line.split()) for line in text.split("\n") if text] == text.split(
            "\n" if text else None
        )
    assert "\n" not in plain_title(html)


@given(st.text(alphabet=st.characters(categories=["L", "Nd"]), max_size=60))
def test_plain_words_come_out_as_they_went_in(text: str) -> None:
    assert plain_text(text) == plain_title(text) == unicodedata.normalize("NFC", text)


def test_what_is_plain_text_already_keeps_its_signs() -> None:
    assert (
        tidy_text("use <b> or a<b\n\n @valor  says &amp;. Read more") == "use <b> or a<b\nvalor says &amp;."
    )
