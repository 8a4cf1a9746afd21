"""Each rule on pictures: the words for those that are posted, and those that are left out."""

from dataclasses import replace

import pytest

from builders import CAMPAIGN, aid
from spotlight_notify.model.aids import Image
from spotlight_notify.model.posts import Finding, Post
from spotlight_notify.model.words import Kind, Level
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.x.traits import X
from spotlight_notify.rules.lint.linter import lint
from spotlight_notify.rules.lint.rules import Policy
from spotlight_notify.text.alt_texts import alt_within
from spotlight_notify.text.html import MAX_TITLE

URL = "https://valor.test/posters/keep-calm.png"
GOOD = "Poster in calm green with a gold badge. It reads: Slow it down, listen, leave a way out."


def found_for(*images: Image, posted: tuple[Image, ...] | None = None) -> list[tuple[str, str]]:
    """Give rule and message of all that is found for an aid's pictures, by default all posted."""
    text = f"[POSTER] Keep Calm and De-Escalate\n\nhttps://valor.test/1\n\n{CAMPAIGN.hashtag}"
    post = Post(text=text, link="https://valor.test/1", images=images if posted is None else posted)
    found = lint(aid(images=images), post, CAMPAIGN, X)
    return [(each.rule, each.message) for each in found]


def rules_for(alt: str | None) -> set[str]:
    return {rule for rule, _ in found_for(Image(url=URL, alt=alt))}


def test_good_words_for_a_picture_pass() -> None:
    assert not rules_for(GOOD)


@pytest.mark.parametrize("alt", [None, "", " \n"])
def test_a_posted_picture_needs_words(alt: str | None) -> None:
    assert "alt-missing" in rules_for(alt)


def test_words_for_a_picture_have_a_limit() -> None:
    assert rules_for("Calm. " * 200) == {"alt-length"}
    assert rules_for("x" * 1_001) == {"alt-length"}
    assert rules_for("x" * 1_000) == {"alt-long"}
    assert rules_for("x" * 251) == {"alt-long"}
    assert not rules_for("x" * 250)


@pytest.mark.parametrize(
    "alt", ["keep-calm.png", "keep-calm", "IMG_1234", "image", "Photo 3", "a/b/poster.JPEG"]
)
def test_a_file_name_says_nothing(alt: str) -> None:
    assert "alt-file-name" in rules_for(alt)


@pytest.mark.parametrize("alt", ["Keep-Calm", "De-Escalation", "Badge", "The file keep-calm.png on a screen"])
def test_words_that_look_a_little_like_a_file_name_pass(alt: str) -> None:
    assert "alt-file-name" not in rules_for(alt)


def test_words_for_a_picture_hold_no_address() -> None:
    assert rules_for(f"A badge, see {URL}") == {"alt-url"}
    assert rules_for("A badge; WWW.valor.test has more") == {"alt-url"}
    assert not rules_for("A sign that reads: Visit CDC.gov")
    assert not rules_for("A sign about the wwwater")


@pytest.mark.parametrize(
    "alt", ["Image of a badge", "A picture of a badge", "This is the photo of a badge", "Photo: a badge"]
)
def test_words_do_not_begin_by_saying_that_it_is_a_picture(alt: str) -> None:
    assert rules_for(alt) == {"alt-opening"}


@pytest.mark.parametrize(
    "alt", ["An officer holds a photo of her team", "Painting of a badge", "Photographers at work"]
)
def test_words_may_speak_of_pictures(alt: str) -> None:
    assert not rules_for(alt)


@pytest.mark.parametrize(
    "alt", ["Keep Calm and De-Escalate", "poster: keep calm & de-escalate".replace("&", "and")]
)
def test_words_that_only_repeat_the_post_say_nothing(alt: str) -> None:
    assert rules_for(alt) == {"alt-repeats"}


@pytest.mark.parametrize(
    "alt", ["Green poster. It reads: Keep Calm and De-Escalate", "Keep Calm and De-Escalates"]
)
def test_words_that_say_more_than_the_post_pass(alt: str) -> None:
    assert not rules_for(alt)


MOVING = Image(url=URL, alt=GOOD, trouble="it is animated, which is hard on many people")


def levels_for(
    *images: Image, posted: tuple[Image, ...], ignore: frozenset[str] = frozenset()
) -> list[Finding]:
    post = Post(text=f"Slow down {CAMPAIGN.hashtag}", link="https://valor.test/1", images=posted)
    return list(lint(aid(images=images), post, CAMPAIGN, X, Policy(ignore=ignore)))


@pytest.mark.parametrize(
    ("image", "rule", "source"),
    [
        (MOVING, "animated-gif", "section508.gov"),
        (Image(url=URL), "alt-missing", "section508.gov"),
        (Image(url=URL, alt=" \u200b"), "alt-missing", "X OpenAPI"),
        (Image(url=URL, alt="x" * 1_001), "alt-length", "X OpenAPI"),
    ],
)
def test_a_picture_that_breaks_a_rule_stops_a_post_that_shows_it_and_is_on_record_when_left_out(
    image: Image, rule: str, source: str
) -> None:
    if image.alt != " \u200b":
        (shown,) = levels_for(image, posted=(image,))
        assert (shown.rule, shown.level) == (rule, Level.ERROR)
    (left,) = levels_for(image, posted=())
    assert (left.rule, left.level) == (rule, Level.WARNING)
    assert source in left.source
    assert "so the post goes out as a link post" in left.message
    assert not levels_for(image, posted=(), ignore=frozenset({rule}))


def test_what_stops_a_post_cannot_be_ignored() -> None:
    (shown,) = levels_for(MOVING, posted=(MOVING,), ignore=frozenset({"animated-gif"}))
    assert shown.level is Level.ERROR


def test_another_trouble_is_no_animation() -> None:
    small = Image(url=URL, alt=GOOD, trouble="it is too small")
    assert [rule for rule, _ in found_for(small, posted=())] == ["picture-unusable"]
    still = Image(url="https://valor.test/badge.gif", alt=GOOD)
    assert not found_for(still)


def test_a_picture_without_words_beside_one_with_words_is_left_out() -> None:
    good = Image(url=URL, alt=GOOD)
    ((rule, message),) = found_for(good, replace(good, alt=None), replace(good, alt=" "), posted=(good,))
    assert rule == "alt-missing"
    assert URL in message
    assert "and 1 more, so it is left out" in message
    assert "link post" not in message


def test_pictures_with_the_same_words_are_told_once() -> None:
    one, two = Image(url=URL, alt=GOOD), Image(url=f"{URL}?2", alt=GOOD.title())
    ((rule, message),) = found_for(one, two, Image(url=f"{URL}?3", alt="A badge in gold."))
    assert (rule, "stand for 2 pictures" in message) == ("alt-equal", True)
    (finding,) = levels_for(one, two, posted=(one, two))
    assert (finding.level, "section508.gov" in finding.source) == (Level.WARNING, True)
    unlike = found_for(replace(one, alt="🚒"), replace(two, alt="👮"))
    assert "alt-equal" not in {rule for rule, _ in unlike}


def test_pictures_in_order_are_silent() -> None:
    assert not found_for()
    assert not found_for(Image(url=URL, alt=GOOD), Image(url=f"{URL}?2", alt="A badge in gold."))


def test_a_picture_with_a_trouble_is_named_with_it() -> None:
    broken = Image(url=URL, trouble="it is damaged")
    ((rule, message),) = found_for(broken, posted=())
    assert (rule, URL in message, "it is damaged" in message) == ("picture-unusable", True, True)


def test_what_is_wrong_with_pictures_comes_after_what_is_wrong_with_words_of_the_same_level() -> None:
    post = Post(
        text="Click here 𝗻𝗼𝘄",
        link="https://valor.test/1",
        images=(Image(url=URL, alt="image"), Image(url=URL)),
    )
    found = lint(aid(), post, CAMPAIGN, FACEBOOK)
    levels = [each.level for each in found]
    assert levels == sorted(levels, key=list(Level).index)
    assert [each.rule for each in found] == [
        "hashtag-present",
        "symbol-letters",
        "alt-file-name",
        "alt-missing",
        "click-here",
    ]


@pytest.mark.parametrize(
    "alt",
    [
        "TODO: add alt text",
        "alt text",
        "Image description here",
        "placeholder",
        "Poster",
        "the flyer",
        "Cartel",
        "\U0001f6a8\U0001f6a8",
        "...",
        "KEEP CALM AND DE-ESCALATE",
        "Aid 1",
    ],
)
def test_words_that_are_none_stop_a_post_that_shows_the_picture(alt: str) -> None:
    """Pictures: alt "TODO: add alt text", emoji alone, ALL CAPS, a file name, "poster", the title again."""
    image = Image(url=URL, alt=alt)
    shown = Post(text=f"Words {CAMPAIGN.hashtag}", link="https://valor.test/1", images=(image,))
    found = {each.rule: each.level for each in lint(aid(title="Aid 1"), shown, CAMPAIGN, FACEBOOK)}
    assert found.get("alt-says-nothing") is Level.ERROR


@pytest.mark.parametrize(
    "alt",
    [
        "Poster: Keep Calm",
        "A flyer with a phone",
        "FBI and CIA",
        "Chart of crashes by month",
        "Add a name here?",
    ],
)
def test_words_that_say_little_but_something_pass(alt: str) -> None:
    assert "alt-says-nothing" not in rules_for(alt)


@pytest.mark.parametrize(
    ("kind", "images", "posted", "asked"),
    [
        (Kind.POSTER, (Image(url=URL),), (), True),
        (Kind.POSTER, (Image(url=URL, alt=GOOD, trouble="it is a strip"),), (), True),
        (Kind.POSTER, (Image(url=URL, alt=GOOD),), (Image(url=URL, alt=GOOD),), False),
        (Kind.POSTER, (), (), False),
        (Kind.POSTER, (Image(url="https://valor.test/aids/1", trouble="its page was down"),), (), False),
        (Kind.ARTICLE, (Image(url=URL),), (), False),
    ],
)
def test_a_poster_without_its_picture_is_asked_about(
    kind: Kind, images: tuple[Image, ...], posted: tuple[Image, ...], asked: bool
) -> None:
    post = Post(text=f"Words {CAMPAIGN.hashtag}", link="https://valor.test/aids/1", images=posted)
    levels = {each.rule: each.level for each in lint(aid(kind=kind, images=images), post, CAMPAIGN, X)}
    assert levels.get("poster-picture") is (Level.ERROR if asked else None)


def test_pictures_too_long_words_are_cut_after_a_sentence_and_that_is_told() -> None:
    long = "An officer listens to a man on a porch. " * 40
    alt = alt_within(long)
    assert len(alt) <= MAX_TITLE
    assert alt.endswith("on a porch.")
    assert len(alt_within("x" * 4_550)) <= MAX_TITLE
    (told,) = [
        each
        for each in levels_for(Image(url=URL, alt=long), posted=(Image(url=URL, alt=alt),))
        if each.rule == "alt-length"
    ]
    assert told.level is Level.WARNING
    assert "are 1599 characters long, and networks take 1000: they end with" in told.message
