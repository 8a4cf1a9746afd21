"""Characters that readers cannot see."""

import unicodedata

import pytest
from emoji import EMOJI_DATA, STATUS
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.text.html import plain_text, plain_title, tidy_text
from spotlight_notify.text.invisible import _INVISIBLE, _compiled, without_invisible

ALWAYS = """
0000 0001 0007 007f 0080 009f 00ad 034f 061c 115f 1160 17b4 180e 200b 200e 200f 202a 202b 202c 202d 202e 2060
2061 2064 2066 2067 2068 2069 206a 206f 3164 d800 dfff e000 f8ff fdd0 feff ffa0 fff9 fffb fffc fffe ffff
1d173 e0001 e0020 e0041 e007f f0000 10fffd 10ffff
"""
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
ZWJ, ZWNJ, TEXT, PICTURE = "\u200d", "\u200c", "\ufe0e", "\ufe0f"
MARKS = [ZWJ, ZWNJ, TEXT, PICTURE, SCOTLAND, "\u20e3", "\U000e0100", "\u180b", "\u0301", " ", "\n"]
LETTERS = [*"aé1#©👩👮🏽❤☎🚒🇺🏴شمक\u094dඅ葛ᠠ한"]
PIECES = st.sampled_from([*MARKS, *LETTERS, *(chr(int(code, 16)) for code in ALWAYS.split())])


@pytest.mark.parametrize("code", ALWAYS.split())
@pytest.mark.parametrize("around", ["ab", "👩🚒", "می", "क्ष", "1\u20e3", "安全"])
def test_some_are_taken_out_wherever_they_stand(code: str, around: str) -> None:
    assert without_invisible(f"{around[0]}{chr(int(code, 16))}{around[1:]}") == around


@pytest.mark.parametrize(
    "text",
    [
        f"👩{ZWJ}🚒",
        f"👮🏽{ZWJ}♀{PICTURE}",
        f"🏳{PICTURE}{ZWJ}🌈",
        f"👁{PICTURE}{ZWJ}🗨{PICTURE}",
        f"1{PICTURE}\u20e3 #{PICTURE}\u20e3",
        f"☎{TEXT} ❤{PICTURE} ©{PICTURE} 👍{PICTURE}",
        SCOTLAND,
        f"می{ZWNJ}خواهم",
        f"क्{ZWNJ}ष क्{ZWJ}ष",
        f"ශ්{ZWJ}රී",
        "葛\U000e0100城",
        "ᠠ\u180b",
        "a\tb\nc\x1ed",
    ],
)
def test_what_belongs_to_an_emoji_or_a_script_stays(text: str) -> None:
    assert without_invisible(text) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"a{ZWJ}b a{ZWNJ}b", "ab ab"),
        (f"Ж{ZWJ}Ж 安{ZWJ}全 ٣{ZWJ}٤ ش{ZWJ}م", "ЖЖ 安全 ٣٤ شم"),
        (f"{ZWJ}👩 👩{ZWJ} 👩{ZWJ}a a{ZWJ}👩", "👩 👩 👩a a👩"),
        (f"👩{ZWJ}{ZWJ}🚒", "👩🚒"),
        (f"a{PICTURE} 1{PICTURE} #{PICTURE}a b{TEXT}", "a 1 #a b"),
        ("😀\U000e0100\U000e0101 a\ufe00", "😀 a"),
        ("a\U000e0067\U000e0062\U000e007f 🏴\U000e0067\U000e007f", "a 🏴"),
        ("🏴" + "\U000e0061" * 40 + "\U000e007f", "🏴"),
        ("a\u180bb", "ab"),
    ],
)
def test_joiners_marks_and_tags_go_elsewhere(text: str, seen: str) -> None:
    assert without_invisible(text) == seen


def test_every_emoji_stays_as_it_is() -> None:
    for emoji, facts in EMOJI_DATA.items():
        if facts["status"] <= STATUS["fully_qualified"]:
            assert without_invisible(f"a{emoji}{emoji} b") == f"a{emoji}{emoji} b", ascii(emoji)


def test_nothing_slips_through_the_quick_look() -> None:
    for code in range(0x110000):
        assert without_invisible(chr(code)) == _compiled(_INVISIBLE).sub("", chr(code)), hex(code)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_was_cleaned_is_clean(text: str) -> None:
    assert without_invisible(without_invisible(text)) == without_invisible(text)
    for read in (plain_text, plain_title, tidy_text):
        shown = read(text)
        assert without_invisible(shown) == shown
        assert not {unicodedata.category(character) for character in shown.replace("\n", "")} & {
            "Cc",
            "Co",
            "Cs",
        }
