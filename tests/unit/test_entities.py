"""Links, hashtags, mentions and cashtags, as X sees them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.text.entities import Entity, cashtags, hashtags, mentions, urls
from spotlight_notify.text.hosts import ALL_TLDS

TAG = "#SpotlightOnSafety"
PIECES = (
    "a b. a.com .gov http:// https:// t.co/ / ? = & # @ $ _ - . é の 中国 ( ) 😀 RT : ＃ ＠ xn-- 1"
    " \u200d \ufe0f \ufeff \u202a"
)
PIECE = st.sampled_from([*PIECES.split(" "), " ", "\n"])


def words(found: tuple[Entity, ...]) -> list[str]:
    return [entity.text for entity in found]


def official(folder: Path, section: str) -> list[dict[str, Any]]:
    text = (folder / "twitter-text-validate.yml").read_text(encoding="utf-8")
    cases: list[dict[str, Any]] = yaml.safe_load(text)["tests"][section]
    return cases


@pytest.mark.parametrize(
    ("section", "find"), [("hashtags", hashtags), ("usernames", mentions), ("lists", mentions)]
)
def test_official_tags_and_names(
    shared_data: Path, section: str, find: Callable[[str], tuple[Entity, ...]]
) -> None:
    for case in official(shared_data, section):
        whole = words(find(case["text"])) == [case["text"]]
        is_one = whole and (section != "lists" or "/" in case["text"])
        assert is_one is case["expected"], case["description"]


OTHER_GRAMMAR = {
    "Valid url: port and userinfo",
    "Valid url: ipv4",
    "Valid url: ipv6",
    "Valid url: sub delims and question marks",
}
"""The official section is about addresses as such; of these X links nothing, or not all, in running text."""


def test_official_links(shared_data: Path) -> None:
    cases = official(shared_data, "urls") + official(shared_data, "urls_without_protocol")
    assert {case["description"] for case in cases} > OTHER_GRAMMAR
    for case in cases:
        linked = words(urls(case["text"])) == [case["text"]]
        expected = case["expected"] and case["description"] not in OTHER_GRAMMAR
        assert linked is expected, case["description"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see CDC.gov, now", ["CDC.gov"]),
        ("safety.Work", ["safety.Work"]),
        ("end.Nobody knows", []),
        ("https://example.gov/a.", ["https://example.gov/a"]),
        ("(https://example.gov/a_(b))", ["https://example.gov/a_(b)"]),
        ("https://example.gov/a_(b_(c)_d)!", ["https://example.gov/a_(b_(c)_d)"]),
        ("https://example.gov/a;(b)", ["https://example.gov/a"]),
        ("https://example.gov/?q=1&r=2.", ["https://example.gov/?q=1&r=2"]),
        ("https://example.gov:8080/a?b", ["https://example.gov:8080/a?b"]),
        ("example.gov:8080 and example.gov?b", ["example.gov", "example.gov"]),
        ("someone@example.gov", []),
        ("#example.gov $example.gov", []),
        ("-example.gov _example.gov /example.gov", []),
        ("a_b.gov and https://a_b.gov", []),
        ("https://a_b.example.gov", ["https://a_b.example.gov"]),
        ("https://-a.gov https://a-.gov", []),
        ("警察example.govです", ["example.gov"]),
        ("https://警察.jpです", ["https://警察.jp"]),
        ("警察.jp", []),
        ("a.comのb.org", ["a.com", "b.org"]),
        ("a.comのb.org/c/d.", ["a.com", "b.org/c/d"]),
        ("a.comの.jp/b", ["a.comの.jp/b"]),
        ("a.\u212az a.Kz", ["a.Kz"]),
        ("ʒ.com https://a.com/ʒ ᲁ.com/ᲁ", ["ʒ.com", "https://a.com/ʒ"]),
        ("a.hotel/b", ["a.hotel/b"]),
        (".hotelhttps://b.web/@valormünchen.de", ["nchen.de"]),
        ("é" * 54 + ".com", ["é" * 53 + ".com"]),
        ("😀" + "é" * 50 + ".com", ["é" * 50 + ".com"]),
        ("😀" + "é" * 51 + ".com", []),
        ("https://xn--p1ai.example xn--80a.xn--p1ai", ["xn--80a.xn--p1ai"]),
        ("https://t.co/abc/def", ["https://t.co/abc"]),
        ("https://t.co/abc?d=e f", ["https://t.co/abc?d=e"]),
        ("https://t.co/" + "a" * 41, []),
        ("https://" + "a" * 64 + ".gov", []),
        ("https://a.gov/" + "a" * 4_096, []),
        ("https://valor.example/a http://127.0.0.1/b", []),
    ],
)
def test_links(text: str, expected: list[str]) -> None:
    assert words(urls(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Keep calm {TAG}", [TAG]),
        (f"Keep calm\n{TAG}", [TAG]),
        (f"({TAG})", [TAG]),
        (f"calm{TAG}", []),
        (f"&{TAG}", []),
        (f"{TAG}#More", []),
        (f"{TAG}://", []),
        (f"https://example.gov/{TAG}", []),
        (f"https://example.gov/ {TAG}", [TAG]),
        (f"https://valor.example/{TAG}", [TAG]),
        (f"https://a.hotel/{TAG}", []),
        (f"{TAG}\uf885 #\uf885", [f"{TAG}\uf885", "#\uf885"]),
        ("#1 #2026 #_ #", []),
        ("#1st #_a", ["#1st", "#_a"]),
        (
            "#安全 ＃안전 #Безопасность #सुरक्षा #أمان #Sécurité",
            ["#安全", "＃안전", "#Безопасность", "#सुरक्षा", "#أمان", "#Sécurité"],
        ),
        ("#️⃣ #⃣a", []),
        ("😀#Calm", ["#Calm"]),
        ("##Calm", ["#Calm"]),
        ("#Keep-Calm", ["#Keep"]),
    ],
)
def test_hashtags(text: str, expected: list[str]) -> None:
    assert words(hashtags(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@valor and ＠valor", ["@valor", "＠valor"]),
        (".@valor", [".@valor"[1:]]),
        ("@valor/news", ["@valor/news"]),
        ("someone@example.gov a@b", []),
        ("RT@valor RT:@valor", ["@valor", "@valor"]),
        ("!@valor", []),
        ("@valor@other", []),
        ("@valoré", []),
        ("@" + "a" * 25, ["@" + "a" * 20]),
        ("https://example.gov/@valor", []),
        ("https://a.hotel/@valor", ["@valor"]),
    ],
)
def test_mentions(text: str, expected: list[str]) -> None:
    assert words(mentions(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$ABC up", ["$ABC"]),
        ("$ABC\x85$ABC\x1c $A\u3000", ["$A"]),
        ("$abc.x.", ["$abc.x"]),
        ("a$ABC $1 $ABCDEFG US$", []),
        ("$20 and $a", ["$a"]),
    ],
)
def test_cashtags(text: str, expected: list[str]) -> None:
    assert words(cashtags(text)) == expected


@given(st.lists(PIECE, max_size=14).map("".join))
def test_places_are_true_in_order_and_apart(text: str) -> None:
    for find in (urls, hashtags, mentions, cashtags):
        last = 0
        for entity in find(text):
            assert text[entity.start : entity.end] == entity.text != ""
            assert entity.start >= last
            last = entity.end


@given(st.lists(PIECE, max_size=10).map("".join))
def test_a_hashtag_on_a_line_of_its_own_is_always_one(text: str) -> None:
    assert words(hashtags(f"{text}\n{TAG}"))[-1:] == [TAG]


def test_every_official_top_level_domain_is_known() -> None:
    from publicsuffixlist import PSLFILE

    lines = Path(PSLFILE).read_text(encoding="utf-8").splitlines()
    official_part = lines[: lines.index("// ===END ICANN DOMAINS===")]
    rules = [line.split()[0] for line in official_part if line.strip() and not line.startswith("//")]
    missing = {rule.rsplit(".", 1)[-1] for rule in rules} - ALL_TLDS
    assert not missing, f"run scripts/make_tlds.py: {sorted(missing)}"


@pytest.mark.parametrize("letter", ["\U0001e900", "\u0560", "\u08b3", "\u13f5", "\u9fcd", "\U0002b820"])
def test_answers_14_letters_younger_than_x_knows_neither_begin_nor_continue_a_hashtag(letter: str) -> None:
    assert hashtags(f"#{letter}") == ()
    assert hashtags(f"#{letter}a") == ()
    assert words(hashtags(f"#Safety{letter}a")) == ["#Safety"]
    assert words(hashtags(f"{letter}#Safety")) == ["#Safety"]


@pytest.mark.parametrize("letter", ["\u037f", "\u08b2", "\U00010500", "\u9fcc", "\U0002b734", "\uf870"])
def test_answers_14_letters_as_old_as_unicode_7_begin_and_continue_one(letter: str) -> None:
    assert words(hashtags(f"#{letter}")) == [f"#{letter}"]
    assert words(hashtags(f"#Safety{letter}")) == [f"#Safety{letter}"]
    assert hashtags(f"{letter}#Safety") == ()


def test_answers_14_digits_younger_than_x_knows_end_a_hashtag() -> None:
    assert words(hashtags("#Safety\U0001e950 #Safety\u0661")) == ["#Safety", "#Safety\u0661"]
