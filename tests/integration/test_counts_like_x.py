"""Our counting beside X's own library (npm ``twitter-text``, for development only), on generated texts.

Where ours differs on purpose, it is never lighter and never sees less:

* emoji newer than version 11 are weighed by their characters, as are odd sequences that no standard lists;
* a bare domain that has other letters before its path (``a.comの.jp/b``) is weighed as link and as words: X's
  own library contradicts itself about how much of it is the link;
* top-level domains that are younger than X's list: both readings count, and the dearer or stricter one wins.

Weights are of the composed form (NFC), places are those of the text as given: X's library does both so, too.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TypedDict

import pytest
import regex
import yaml
from emoji import EMOJI_DATA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spotlight_notify.model.errors import Refused
from spotlight_notify.model.posts import Post
from spotlight_notify.networks.x.traits import X
from spotlight_notify.posts.rendering.gate import gate
from spotlight_notify.text.entities import Entity, cashtags, hashtags, mentions, urls
from spotlight_notify.text.hosts import SETTLED_TLDS
from spotlight_notify.text.html import plain_text, plain_title, tidy_text
from spotlight_notify.text.urls import is_mixed, url_spans
from spotlight_notify.text.weights import weight

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".tools" / "javascript" / "node_modules"
TAG = "#SpotlightOnSafety"
LINK = "https://www.valorforblue.org/aids/1"

SIGNS = ". , : ; ! ? ( ) / // - -- _ ~ # # @ @ $ & ＃ ＠ & | % [ ] ' * + = .. … “ ” ’ — – • ・ 〜 · 。 、 «"
WORDS = """
a b1 Word RT rt: Café naïve über ñ e\u0301 o\u0308\u0323 İ ſ K ß безопасность Київ العربية سلامة עברית
ש\u05dc\u05d5\u05dd 日本語 安全 の ア 안전 한국 ไทย ปลอดภัย\u0e49 हिन्दी सुरक्षा தமிழ் ελληνικά հայ ქართული
𝗯𝗼𝗹𝗱 𐐀 𠮷 ① ½ Ⅳ
"""
TAGS = f"""
#Tag {TAG} /#Tag #安全 ＃안전 #سلامة #सुरक्षा #1st #1 #_ #É
@valor ＠valor @valor/list @aaaaaaaaaaaaaaaaaaaaaaaa $ABC $abc.x $1
"""
HOSTS = """
a.com safety.Work CDC.gov example.gov sub_domain.example.com a.co.uk t.co/abc münchen.de пример.рф 例え.jp
example.中国 xn--p1ai xn--80a.xn--p1ai .com .gov .museum .рф .भारत .한국 .ไทย .مصر .קום .中国 .invalidtld .zzz
.c .1 1.2 1.2.3.4 someone@example.gov a-b a_b -a a- _a aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
"""
YOUNG = ".hotel .web a.hotel https://b.web/@valor .kids/#Tag"
LINKS = """
http:// https:// HTTP:// :// https://example.gov/a_(b) https://example.gov/a_(b_(c))
https://example.gov/?q=1&r=2 https://example.gov:8080/a http://例え.jp/引 http://münchen.de/ü https://t.co/
https://t.co/abcDEF123 https://t.co/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa https://t.co/a?b=c
https://a_b.example.gov/ https://example.gov/путь/ :80 :8080/ /path /a(b)c /( /) /a, /a. ?q=1 ?q ?q=( #top
/@name %20 &amp;
"""
EMOJI = """
😀 👮 👮🏽 👮🏽\u200d♀️ 👩\u200d🚒 👨\u200d👩\u200d👧\u200d👦 🇺🇸 🇺 1️⃣ 1\u20e3 #️⃣ #\u20e3 *️⃣ ❤️ ❤ ☎\ufe0e ⚡️ ⭐️
© ® ©️ ™ ♾️ ♾ 👁️\u200d🗨️ 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 🏳️\u200d🌈 🫠 🪖
🧑🏻\u200d🤝\u200d🧑🏿 🏽
"""
SPACES = " |\n|\t|\u00a0|\u3000|\u2003|\u2028|\u0085|\u180e" + "| " * 8
UNSEEN = (
    "\u200b|\u200c|\u200d|\u2060|\u00ad|\ufe0e|\ufe0f|\u20e3|\u0301|\u030a|\u0345|\u200e|\u200f|\u061c|\u202a|\u202e"
    "|\u2066|\u2069|\ufeff|\ufffe|\uffff|\x00|\x1f|\uf8ff|\U000e0041|\U000e007f"
)
VISIBLE = " ".join((SIGNS, WORDS, TAGS, HOSTS, LINKS, EMOJI))
BLOCKS = [*re.split("[ \n]+", VISIBLE.strip()), *SPACES.split("|"), *UNSEEN.split("|")]


def is_old(character: str) -> bool:
    """Tell whether Unicode 3.2 has it: of those, every version of its tables knows which are letters."""
    return unicodedata.ucd_3_2_0.category(character) not in ("Cn", "Cs")


OLD = st.characters(max_codepoint=0x2A6D6).filter(is_old)
BLOCK = st.sampled_from(BLOCKS)


def texts_of(*pieces: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """Make batches, so that one question to the other process asks for many texts."""
    return st.lists(st.lists(st.one_of(*pieces), max_size=9).map("".join), min_size=5, max_size=40)


TEXTS = texts_of(BLOCK, BLOCK, BLOCK, OLD)
YOUNG_TEXTS = texts_of(BLOCK, st.sampled_from(YOUNG.split(" ")))
thorough = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Spans = list[tuple[int, int]]


class Answer(TypedDict):
    """Hold what X's library says of a text; places are in UTF-16 units."""

    weight: int
    valid: bool
    urls: Spans
    hashtags: Spans
    mentions: Spans
    cashtags: Spans


Ask = Callable[[list[str]], list[Answer]]


@pytest.fixture(scope="session")
def ask() -> Iterator[Ask]:
    """Give X's own library: texts in, answers out, by one process for all tests."""
    node = shutil.which("node")
    if node is None or not (INSTALLED / "twitter-text").is_dir():
        missing = "node" if node is None else f"npm's twitter-text in {INSTALLED}"
        pytest.skip(f"LOUD: {missing} is missing, so counting was NOT held against X's own library")
    with subprocess.Popen(
        [node, ROOT / "tests" / "javascript" / "counts.js"],
        env=os.environ | {"NODE_PATH": str(INSTALLED)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin
        assert process.stdout
        question, answers = process.stdin, process.stdout
        yield lambda texts: answered(texts, question, answers)
        question.close()


def answered(texts: list[str], question: IO[str], answers: IO[str]) -> list[Answer]:
    question.write(json.dumps(texts) + "\n")
    question.flush()
    found: list[Answer] = json.loads(answers.readline())
    assert len(found) == len(texts)
    return found


def characters(text: str, spans: Spans) -> Spans:
    """Turn places in UTF-16 units into places in characters."""
    at = [place for place, character in enumerate(text) for _ in range(1 + (character > "\uffff"))]
    at.append(len(text))
    return [(at[start], at[end]) for start, end in spans]


def places(found: tuple[Entity, ...]) -> Spans:
    return [(entity.start, entity.end) for entity in found]


def same_links(text: str, ours: Spans, theirs: Spans) -> bool:
    """Compare links; of a host that stands twice in one word X's library may name the wrong place."""
    pairs = zip(ours, theirs, strict=True) if len(ours) == len(theirs) else [((0, 0), (1, 1))]
    return all(a == b or a[1] == b[1] or text[slice(*a)] == text[slice(*b)] for a, b in pairs)


def is_covered(text: str, link: tuple[int, int]) -> bool:
    """Tell whether one of our links lies over this one, or is the same words (see ``same_links``)."""
    ours = places(urls(text))
    return any((a < link[1] and link[0] < b) or text[a:b] == text[slice(*link)] for a, b in ours)


JOINING = re.compile("[\u200d\ufe0f\U0001f3fb-\U0001f3ff]")


def is_ambiguous(text: str) -> bool:
    """Tell whether ours may be the heavier one: see the docstring of this module."""
    return bool(JOINING.search(text)) or any(is_mixed(url.text) for url in urls(text))


@thorough
@given(TEXTS)
def test_weights_are_those_of_x_or_heavier(ask: Ask, texts: list[str]) -> None:
    for text, answer in zip(texts, ask(texts), strict=True):
        assert weight(text) >= answer["weight"], text
        assert weight(text) == answer["weight"] or is_ambiguous(unicodedata.normalize("NFC", text)), text


@thorough
@given(TEXTS)
def test_entities_are_those_that_x_sees(ask: Ask, texts: list[str]) -> None:
    for text, answer in zip(texts, ask(texts), strict=True):
        assert same_links(text, places(urls(text)), characters(text, answer["urls"])), text
        assert places(hashtags(text)) == characters(text, answer["hashtags"]), text
        assert places(mentions(text)) == characters(text, answer["mentions"]), text
        assert places(cashtags(text)) == characters(text, answer["cashtags"]), text


def lettered(character: str) -> list[str]:
    return [f"#{character}", f"#a{character}", f"{character}#a"]


def test_answers_14_every_letter_mark_and_digit_counts_in_hashtags_as_for_x(ask: Ask) -> None:
    kinds = regex.compile(r"[\p{L}\p{M}\p{Nd}\ue000-\uf8ff]")
    known = [chr(code) for code in range(0x80, sys.maxunicode) if kinds.match(chr(code))]
    for batch in (known[start : start + 5_000] for start in range(0, len(known), 5_000)):
        texts = [text for character in batch for text in lettered(character)]
        for text, answer in zip(texts, ask(texts), strict=True):
            assert places(hashtags(text)) == characters(text, answer["hashtags"]), ascii(text)


@thorough
@given(YOUNG_TEXTS)
def test_young_domains_cost_more_and_hide_nothing(ask: Ask, texts: list[str]) -> None:
    for text, answer in zip(texts, ask(texts), strict=True):
        theirs = characters(text, answer["urls"])
        assert same_links(text, list(url_spans(text, SETTLED_TLDS)), theirs), text
        assert all(is_covered(text, link) for link in theirs), text
        assert weight(text) >= answer["weight"], text
        assert {*places(hashtags(text))} <= {*characters(text, answer["hashtags"])}, text
        assert {*places(mentions(text))} >= {*characters(text, answer["mentions"])}, text


@thorough
@given(TEXTS, st.sampled_from(["\n", " ", "\n\n"]))
def test_what_passes_the_last_gate_is_whole_on_x(ask: Ask, texts: list[str], gap: str) -> None:
    posts = [gap.join((text, LINK, TAG)) for text in texts]
    for post, answer in zip(posts, ask(posts), strict=True):
        try:
            gate(Post(text=post, link=LINK), TAG, X)
        except Refused:
            continue
        assert answer["valid"], post
        assert TAG in [post[slice(*place)] for place in characters(post, answer["hashtags"])], post
        assert LINK in [post[slice(*place)] for place in characters(post, answer["urls"])], post


@thorough
@given(TEXTS)
def test_no_stranger_is_mentioned_whatever_a_site_writes(ask: Ask, texts: list[str]) -> None:
    read = [reader(text) for text in texts for reader in (plain_text, plain_title, tidy_text)]
    for text, answer in zip(read, ask(read), strict=True):
        assert answer["mentions"] == [], text


def test_official_cases_that_x_answers_otherwise_today(ask: Ask, shared_data: Path) -> None:
    """Some cases are from a time of other limits, or about addresses as such: ours go with the library."""
    text = (shared_data / "twitter-text-validate.yml").read_text(encoding="utf-8")
    texts = [case["text"] for section in yaml.safe_load(text)["tests"].values() for case in section]
    for text, answer in zip(texts, ask(texts), strict=True):
        assert weight(text) == answer["weight"], text
        assert places(urls(text)) == characters(text, answer["urls"]), text
        assert places(hashtags(text)) == characters(text, answer["hashtags"]), text
        assert places(mentions(text)) == characters(text, answer["mentions"]), text


NEWEST = 11.0
X_IS_HEAVIER = {"♾️", "👁️\u200d🗨️", "👁\u200d🗨️", "👁\u200d🗨"}


def test_every_emoji_weighs_what_it_weighs_for_x(ask: Ask) -> None:
    """Newer ones are never lighter."""
    emoji = list(EMOJI_DATA)
    for one, answer in zip(emoji, ask(emoji), strict=True):
        if EMOJI_DATA[one]["E"] <= NEWEST and one not in X_IS_HEAVIER:
            assert weight(one) == answer["weight"], ascii(one)
        assert weight(one) >= answer["weight"], ascii(one)


@pytest.mark.parametrize("after", ["\ufe0f", "\ufe0e", "🏽", "\u200d", "\u20e3", "\u200d♂️", "a.com", "#Tag"])
def test_nothing_after_an_emoji_makes_it_lighter_than_for_x(ask: Ask, after: str) -> None:
    texts = [one + after for one in EMOJI_DATA]
    for text, answer in zip(texts, ask(texts), strict=True):
        assert weight(text) >= answer["weight"], ascii(text)
