"""HTML to plain text, on what real feeds hold."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spotlight_notify.text.entities import mentions
from spotlight_notify.text.html import MAX_HTML, plain_text, plain_title, tidy_text, visible_markup
from spotlight_notify.text.invisible import without_invisible
from spotlight_notify.text.mojibake import repaired

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
        ("<![CDATA[Keep &amp; calm]]>", "Keep & calm"),
        ("&lt;![CDATA[<p>Officers&amp;#8217; safety</p>]]&gt;", "Officers’ safety"),
        ("Keep <![CDATA[calm", "Keep calm"),
        ("Officers&#8217 safety", "Officers’ safety"),
        ("&#x1F46E;&zwj;&#9792;&#xFE0F;", "👮\u200d♀️"),
        ("fire<wbr>figh<em>te</em>r<span class='s'>s</span>", "firefighters"),
        ("Keep<span hidden> secret <b hidden>words</b></span> calm", "Keep calm"),
        ('Keep calm<a>. Read more<span class="visually-hidden"> about Keep calm</span></a>', "Keep calm."),
        ('<p STYLE="color:red; Display: None">Preview text</p>Keep calm', "Keep calm"),
        ("<video>No video here.</video><audio>No sound.</audio><canvas>c</canvas>Keep calm", "Keep calm"),
        ("<frameset><frame>", ""),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Thanks to @BJAgov and <a>＠valor</a>", "Thanks to BJAgov and valor"),
        ("write to help@example.gov", "write to help@example.gov"),
        ("https://example.gov/@valor", "https://example.gov/@valor"),
        ("RT @valor: .@bja", "RT valor: .bja"),
        ("@valor/news (@bja) “@nij” 「＠cops」", "valor/news (bja) “nij” 「cops」"),
        ("&#64;valor &commat;bja @<b>nij</b> @\u200bcops", "valor bja nij cops"),
        ("https://a.hotel/@valor", "https://a.hotel/valor"),
        ("see @ noon, a@b, @é", "see @ noon, a@b, @é"),
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
        ("&lt;b&gt;Keep&lt;/b&gt; Calm", "Keep Calm"),
        ("&amp;lt;b&amp;gt;Keep&amp;lt;/b&amp;gt; Calm", "Keep Calm"),
        ("&#60;em&#62;Keep&#60;/em&#62; Calm", "Keep Calm"),
        ("<![CDATA[Keep &amp; Calm]]>", "Keep & Calm"),
        ("&lt;![CDATA[Officers&amp;#8217; Safety]]&gt;", "Officers’ Safety"),
        ("Keep&#8230 Calm&nbsp;&nbsp", "Keep… Calm"),
        ("Keep <o:p></o:p>Calm<wbr>ly", "Keep Calmly"),
        ("What if a<b or PTSD <i say", "What if a<b or PTSD <i say"),
        ('Keep Calm <a href="https://example.gov/cut', "Keep Calm"),
        ("AT&T; R&D &bogus; Q&A", "AT&T; R&D &bogus; Q&A"),
        ("Keep\u200b \u202eCalm\u202c\U000e0041\ue000", "Keep Calm"),
        ("＠valor and RT@bja", "valor and RTbja"),
    ],
)
def test_plain_title(html: str, title: str) -> None:
    assert plain_title(html) == title


def test_a_field_is_cut_before_it_is_read() -> None:
    assert plain_text("é" * MAX_HTML) == "é" * (MAX_HTML // 2)
    assert plain_text("<i>" * MAX_HTML + "never seen") == ""


@given(PIECES)
def test_what_comes_out_is_fit_to_be_posted(html: str) -> None:
    for text in (plain_text(html), plain_title(html)):
        assert unicodedata.is_normalized("NFC", text)
        assert without_invisible(text) == text
        assert not mentions(text)
        assert not visible_markup(text)
        assert [" ".join(line.split()) for line in text.split("\n") if text] == text.split(
            "\n" if text else None
        )
    assert "\n" not in plain_title(html)


@given(st.text(alphabet=st.characters(categories=["L", "Nd"]), max_size=60))
def test_plain_words_come_out_as_they_went_in(text: str) -> None:
    assume(repaired(text) == text)
    assert plain_text(text) == plain_title(text) == unicodedata.normalize("NFC", text)


def test_what_is_plain_text_already_keeps_its_signs() -> None:
    assert (
        tidy_text("use <b> or a<b\n\n @valor  says &amp;. Read more") == "use <b> or a<b\nvalor says &amp;."
    )
