import base64
import hashlib
import re
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from builders import NOW, aid
from spotlight_notify.model.aids import Image
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import CleanPicture, Finding
from spotlight_notify.model.words import Level, State
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X
from spotlight_notify.operations.preview.page import MARK, page_of
from spotlight_notify.operations.preview.values import LeftOut, LinkCard, Preview, Previews

LINK = "https://valor.test.org/aids/a-long-name-for-an-aid"
TEXT = f"Keep Calm, says CDC.gov\n\nRead it: {LINK}\n\n#SpotlightOnSafety"
PICTURE = CleanPicture(content=b"\x89PNG picture", media_type="image/png", width=600, height=400)
SHOWN = Image(url="https://valor.test.org/a.png", alt="A badge on green.", digest="d1")
LOST = Image(url="https://valor.test.org/b.png", alt="A badge on blue.")
HOSTILE = "\"'><script>alert(1)</script><img src=https://evil.test/x onerror=alert(2)><!--{{ 7*7 }}]]>"
Skeleton = list[tuple[str | None, tuple[str, ...]]]
TAGS = (
    "<",
    ">",
    '"',
    "'",
    "&",
    "</style>",
    "</title>",
    "<svg onload=x>",
    "{{",
    "{%",
    "-->",
    "\n",
    "#a ",
    "b.gov ",
)


def finding(level: Level = Level.WARNING, message: str = "a sentence has 31 words") -> Finding:
    return Finding(rule="long-sentence", level=level, message=message, source="GCS")


def preview(network: Network = FACEBOOK, **changes: Any) -> Preview:
    fields: dict[str, Any] = {
        "campaign": "spotlight",
        "channel": f"valor-{network}",
        "network": network,
        "text": TEXT,
        "link": LINK,
        "images": (SHOWN,),
        "left_out": (),
        "length": 77,
        "limit": 280,
        "price": 0.205 if network is X else None,
        "findings": (finding(),),
        "state": State.PENDING,
        "trouble": None,
        "card": None,
    }
    return Preview(**fields | changes)


def page(*posts: Preview, **changes: Any) -> LexborHTMLParser:
    known = aid(title=changes.pop("title", "Keep Calm"), **changes)
    return LexborHTMLParser(page_of(Previews(aid=known, posts=posts, pictures={"d1": PICTURE}), NOW))


def one(tree: LexborHTMLParser, selector: str) -> LexborNode:
    (node,) = tree.css(selector)
    return node


def test_the_card_holds_the_posts_very_words_and_colours_what_leads_somewhere() -> None:
    tree = page(preview())
    assert one(tree, "article .text").text() == TEXT
    assert [link.attributes["href"] for link in tree.css(".text a")] == ["https://CDC.gov", LINK]
    assert one(tree, ".text .hashtag").text() == "#SpotlightOnSafety"


def test_x_shows_links_as_x_does_and_the_whole_link_stands_beside_the_card() -> None:
    tree = page(preview(X))
    shown = tree.css(".text a")[1]
    assert shown.text().startswith("valor.test.org/")
    assert shown.text().endswith("…")
    assert shown.attributes["href"] == LINK
    assert one(tree, ".notes > .address").text() == LINK


def test_weight_price_and_findings_stand_beside_each_card() -> None:
    tree = page(preview(X, findings=(finding(Level.ERROR), finding())), preview(length=1_234, findings=()))
    on_x, on_page = (section.text(separator=" ") for section in tree.css("section"))
    assert "77 of 280" in on_x
    assert "$0.205" in on_x
    assert [item.attributes["class"] for item in tree.css(".findings li")] == ["error", "warning"]
    assert "1,234 of 280" in on_page
    assert "free of charge" in on_page
    assert "None." in on_page


def test_a_picture_is_inside_the_page_and_a_lost_one_is_a_box_with_its_words() -> None:
    tree = page(preview(X, images=(SHOWN, LOST)))
    picture = one(tree, "img").attributes
    kind, content = (picture["src"] or "").split(";base64,")
    assert (kind, base64.b64decode(content)) == ("data:image/png", PICTURE.content)
    assert picture["alt"] == SHOWN.alt
    assert str(LOST.alt) in one(tree, ".missing").text()


def test_a_post_without_picture_says_why_and_shows_a_card() -> None:
    why = LeftOut(url="https://valor.test.org/c.png", reason="nobody gives words for it")
    card = LinkCard(host="valor.test.org", title="Keep Calm")
    tree = page(preview(images=(), left_out=(why,), card=card), summary="What helps in a crisis.")
    assert "nobody gives words for it https://valor.test.org/c.png" in one(tree, ".notes").text()
    assert one(tree, ".link .host").text() == "valor.test.org"
    assert "What helps in a crisis." in one(tree, ".link").text()
    assert "the words here are from the aid" in one(tree, ".notes").text()


def test_a_card_shows_what_the_page_says_and_not_the_aids_words() -> None:
    card = LinkCard(
        host="www.valor.test.org",
        title="The page's own title",
        image_url="https://valor.test.org/card.png",
        image_alt="A badge",
        from_page=True,
    )
    tree = page(preview(images=(), card=card), summary="What helps in a crisis.")
    drawn = one(tree, ".link").text()
    for said in ("www.valor.test.org", "The page's own title", "https://valor.test.org/card.png", "A badge"):
        assert said in drawn
    assert "What helps in a crisis." not in drawn
    assert "Keep Calm" not in drawn
    assert "what the page says now" in one(tree, ".notes").text()


def test_a_card_without_a_title_says_that_the_network_chooses() -> None:
    tree = page(preview(images=(), card=LinkCard(host="valor.test.org", title=None, from_page=True)))
    assert "No og:title: Facebook chooses" in one(tree, ".link .title").text()


def test_an_image_that_cannot_be_posted_is_not_drawn() -> None:
    broken = Image(url="https://valor.test.org/a.gif", alt="Waving.", trouble="it moves")
    tree = page(preview(images=(broken,)))
    assert not tree.css("figure")


def test_what_a_person_must_look_at_says_so() -> None:
    tree = page(
        preview(trouble="the hashtag is missing"),
        preview(text=None, link=None, length=None, trouble="too long"),
        preview(trouble="it would be skipped: its event began", state=State.SKIPPED),
    )
    assert [state.text() for state in tree.css(".state")] == [
        "A person must look first",
        "No post",
        "Would be skipped",
    ]
    assert "it would be skipped: its event began" in tree.css(".notes")[2].text()
    assert "the hashtag is missing" in tree.css(".notes")[0].text()
    assert one(tree, ".post.none").text() == "too long"


def test_several_campaigns_are_told_apart() -> None:
    tree = page(preview(), preview(campaign="heat"))
    assert [name.text() for name in tree.css(".channel")] == [
        "valor-facebook, campaign spotlight",
        "valor-facebook, campaign heat",
    ]


def everything_hostile(words: str) -> LexborHTMLParser:
    image = Image(url=words, alt=words)
    left_out = LeftOut(url=words, reason=words)
    found = Finding(rule=words, level=Level.ERROR, message=words, source=words)
    card = LinkCard(host=words, title=words, image_url=words, image_alt=words, from_page=True)
    posts = [
        preview(
            network,
            campaign=words,
            channel=words,
            text=words or "words",
            images=images,
            left_out=(left_out,),
            findings=(found,),
            trouble=words,
            card=None if images else card,
        )
        for network in NETWORKS
        for images in ((image,), ())
    ]
    return page(*posts, preview(text=None, trouble=words), title=words, summary=words, theme=words)


def skeleton(tree: LexborHTMLParser) -> Skeleton:
    """List the elements with the names of their attributes, but those a post's own links and tags make."""
    body = one(tree, "body")
    for made in body.css(".text a, .text .hashtag"):
        made.unwrap()
    return [(node.tag, tuple(sorted(node.attributes))) for node in body.css("*")]


@pytest.fixture(scope="module")
def harmless() -> Skeleton:
    return skeleton(everything_hostile("harmless"))


@given(
    pieces=st.lists(
        st.sampled_from((*TAGS, HOSTILE)) | st.text(st.characters(exclude_categories=["Cs"])), max_size=8
    )
)
def test_no_word_from_outside_becomes_part_of_the_page(harmless: Skeleton, pieces: list[str]) -> None:
    words = "".join(["safe", *pieces])
    assert skeleton(everything_hostile(words)) == harmless


def test_hostile_words_are_shown_as_words() -> None:
    tree = everything_hostile(HOSTILE)
    assert one(tree, "h1").text() == HOSTILE
    assert {
        item.attributes["alt"]
        for item in page(preview(images=(Image(url="u", alt=HOSTILE, digest="d1"),))).css("img")
    } == {HOSTILE}


def test_nothing_is_asked_for_outside_the_page() -> None:
    tree = page(preview(), preview(X, images=(), card=LinkCard(host="valor.test.org", title="Keep Calm")))
    policy = one(tree, 'meta[http-equiv="Content-Security-Policy"]').attributes["content"] or ""
    digest = base64.b64encode(hashlib.sha256(one(tree, "style").text().encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert not tree.css("script, link, iframe, object, embed, form, base, [style], [srcset]")
    sources = [node.attributes["src"] or "" for node in tree.css("[src]")]
    assert sources
    assert all(source.startswith("data:") for source in sources)
    assert "url(" not in one(tree, "style").text()


def test_a_page_of_ours_is_known_by_its_beginning() -> None:
    assert MARK in page_of(Previews(aid=aid(), posts=(), pictures={}), NOW).encode()[:4_096]


def test_headings_landmarks_and_names_are_in_order() -> None:
    tree = page(preview(), preview(X))
    levels = [int(str(node.tag)[1]) for node in tree.css("h1, h2, h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [len(tree.css(landmark)) for landmark in ("main", "body > header", "body > footer")] == [1, 1, 1]
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    assert {node.attributes["aria-labelledby"] for node in tree.css("section")} <= set(ids)
    assert one(tree, "html").attributes["lang"] == "en"


STYLE = files("spotlight_notify.operations.preview") / "templates" / "preview.css"
THEMES = re.findall(r":root \{(.*?)\}", STYLE.read_text(), re.S)
PAIRS = [
    *[(ink, ground) for ink in ("ink", "quiet", "error") for ground in ("ground", "sheet", "well")],
    *[(ink, "sheet") for ink in ("link", "warning", "hint")],
    ("on-navy", "navy"),
    ("gold", "navy"),
]


def brightness(colour: str) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_stand_out_from_their_ground(theme: str, ink: str, ground: str) -> None:
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", theme))
    darker, brighter = sorted((brightness(colours[ink]), brightness(colours[ground])))
    assert (brighter + 0.05) / (darker + 0.05) >= 4.5


def test_promise_16_a_page_shows_what_is_hidden_and_turns_nothing_round() -> None:
    words = "safe\x1b[2J\u202etxet\u2066\x9b\u2028\U000e0041"
    strange = aid(1, title=words, theme=words, summary=words)
    image = replace(SHOWN, alt=words)
    card = preview(
        channel=words, text=words, images=(image,), findings=(finding(message=words),), trouble=words
    )
    page = page_of(Previews(aid=strange, posts=(card,), pictures={"d1": PICTURE}), NOW)
    assert not set(page) & {"\x1b", "\u202e", "\u2066", "\x9b", "\u2028", "\U000e0041"}
    shown = r"safe\x1b[2J\u202etxet\u2066\x9b\u2028\U000e0041"
    assert page.count(shown) >= 8
    assert page.count(f"<bdi>{shown}</bdi>") == 4
