"""The last gate: what is not whole does not pass."""

import pytest

from spotlight_notify.model.aids import Image
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X
from spotlight_notify.posts.rendering.gate import gate

TAG = "#SpotlightOnSafety"
LINK = "https://valor.example.gov/aids/keep-calm"
GOOD = f"Keep Calm {LINK} {TAG}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no words"),
        (" \n", "no words"),
        (f"Keep Calm {LINK} #spotlightonsafety", "exactly these capitals"),
        (f"Keep Calm {LINK} SpotlightOnSafety", "exactly these capitals"),
        (f"Keep Calm {LINK} {TAG}s", "exactly these capitals"),
        (f"Keep Calm {LINK}/{TAG}", "exactly these capitals"),
        (f"Keep Calm {TAG}", "link is not whole"),
        (f"Keep Calm {LINK[:-1]} {TAG}", "link is not whole"),
        (f"Keep Calm {LINK}2 {TAG}", "link is not whole"),
        (f"Keep Calm ({LINK}) {TAG}", "link is not whole"),
        (f"\ufffe {GOOD}", "invisible"),
        (f"\uffff {GOOD}", "invisible"),
        (f"Q&amp;A {GOOD}", "people would see &amp; in the post"),
        (f"Officers&#8217; {GOOD}", "people would see &#8217;"),
        (f"Officers&#x2019; {GOOD}", "people would see &#x2019;"),
        (f"{GOOD} &lt;b", "people would see &lt;"),
        (f"<b>Keep</b> {GOOD}", "people would see <b>"),
        (f'<a href="/1">Keep</a> {GOOD}', "people would see <a href"),
        (f"<br/>{GOOD}", "people would see <br/>"),
        (f"{GOOD} <!-- no", "people would see <!--"),
    ],
)
@pytest.mark.parametrize("network", NETWORKS)
def test_the_last_gate_is_shut_to(text: str, reason: str, network: Network) -> None:
    with pytest.raises(Refused, match=reason):
        gate(Post(text=text, link=LINK), TAG, network)


@pytest.mark.parametrize(("network", "link_size"), [(X, 23), (FACEBOOK, len(LINK))])
def test_the_last_gate_opens_up_to_the_limit(network: Network, link_size: int) -> None:
    room = network.limit - link_size - len(f"  {TAG}")
    gate(Post(text=f"{'a' * room} {LINK} {TAG}", link=LINK), TAG, network)
    with pytest.raises(Refused, match=rf"{network.limit + 1} long"):
        gate(Post(text=f"{'a' * (room + 1)} {LINK} {TAG}", link=LINK), TAG, network)


def test_links_that_x_does_not_link_may_pass_whole() -> None:
    for link in ("http://127.0.0.1:8080/aids/1", "https://valor.example/aids/1"):
        gate(Post(text=f"Keep Calm {link} {TAG}", link=link), TAG, X)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(
    "words", ["AT&T; more", "Q&A", "R&D;", "Use of <Force>", "a < b > c", "<3", "x <a y", "5 &gt 3"]
)
def test_words_that_only_look_like_html_may_pass(words: str, network: Network) -> None:
    gate(Post(text=f"{words} {GOOD}", link=LINK), TAG, network)


def test_a_link_may_hold_what_looks_like_an_entity() -> None:
    link = "https://valor.example.gov/aids?a=1&lt;=2"
    gate(Post(text=f"Keep Calm {link} {TAG}", link=link), TAG, FACEBOOK)


@pytest.mark.parametrize(
    ("alt", "reason"),
    [
        (None, "are missing"),
        (" \n", "are missing"),
        ("x" * 1_001, "are 1001 characters long"),
        ("A \u202eegdab", "hidden character"),
        ("A\u200bbadge", "hidden character"),
        ("A badge &amp; a hat", "people would hear &amp;"),
        ("A <b>badge</b>", "people would hear <b>"),
    ],
)
@pytest.mark.parametrize("network", NETWORKS)
def test_the_last_gate_is_shut_to_bad_words_for_a_picture(
    alt: str | None, reason: str, network: Network
) -> None:
    good = Image(url="https://a.gov/1.png", alt="A badge.")
    bad = Image(url="https://a.gov/2.png", alt=alt)
    with pytest.raises(Refused, match=rf"https://a\.gov/2\.png.* {reason}|{reason}.*/2\.png"):
        gate(Post(text=GOOD, link=LINK, images=(good, bad)), TAG, network)


@pytest.mark.parametrize(
    "alt", ["A badge.", "x" * 1_000, "👩🏽\u200d🚒 at work", "Use of <Force> & Q&A", "می\u200cخواهم"]
)
def test_good_words_for_a_picture_pass_the_gate(alt: str) -> None:
    gate(Post(text=GOOD, link=LINK, images=(Image(url="https://a.gov/1.png", alt=alt),)), TAG, X)
