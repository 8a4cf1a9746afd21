"""Digests: several aids of a theme in one post."""

import re
from collections.abc import Sequence
from dataclasses import replace
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.model.aids import Aid, Theme
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Access, Kind
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X
from spotlight_notify.posts.rendering.posts import render_digest
from spotlight_notify.posts.templates.loading import packaged_templates
from spotlight_notify.text.entities import hashtags, urls

TAG = "#SpotlightOnSafety"
PAGE = "https://valor.example.gov/themes/defusing"
THEME = Theme(name="Defusing Difficult Encounters", hashtag="#SlowItDown", link=PAGE)
CAMPAIGN = Campaign(name="spotlight", sources=("site",), channels=(), hashtag=TAG)
TEMPLATES = packaged_templates(NETWORKS)


def aid(title: str, kind: Kind = Kind.POSTER, access: Access = Access.PUBLIC, page: str = "") -> Aid:
    link = page or f"https://valor.example.gov/aids/{crc32(title.encode())}"
    return Aid(source="site", key=title, title=title, link=link, kind=kind, access=access)


THREE = (
    aid("Keep Calm and De-Escalate"),
    aid("Defusing Difficult Encounters: The Podcast", Kind.PODCAST, Access.SIGN_IN),
    aid("De-Escalation Techniques"),
)
LONG = aid("An Integrated Approach to De-Escalation and Minimizing Use of Force " * 4)


def digest(
    aids: Sequence[Aid], network: Network = X, theme: Theme = THEME, campaign: Campaign = CAMPAIGN
) -> Post:
    return render_digest(TEMPLATES, theme, aids, campaign, network)


def test_a_digest_as_followers_of_x_see_it() -> None:
    assert digest(THREE).text == (
        "Defusing Difficult Encounters: 3 new digital aids\n"
        "\n"
        "- Keep Calm and De-Escalate\n"
        "- Defusing Difficult Encounters: The Podcast [Sign-in required]\n"
        "- De-Escalation Techniques\n"
        "\n"
        f"See them all: {PAGE}\n"
        "\n"
        "#SpotlightOnSafety"
    )


def test_a_digest_as_followers_of_the_page_see_it() -> None:
    assert digest(THREE, FACEBOOK).text == (
        "Defusing Difficult Encounters: 3 new digital aids\n"
        "\n"
        "• [POSTER] Keep Calm and De-Escalate\n"
        "• [PODCAST] Defusing Difficult Encounters: The Podcast [Sign-in required]\n"
        "• [POSTER] De-Escalation Techniques\n"
        "\n"
        f"See them all: {PAGE}\n"
        "\n"
        "#SpotlightOnSafety"
    )


@pytest.mark.parametrize("network", NETWORKS)
def test_one_aid_is_told_as_one(network: Network) -> None:
    text = digest(THREE[:1], network).text
    assert "1 new digital aid\n" in text
    assert "\nSee it: " in text


def test_titles_are_whole_the_oldest_first_and_the_rest_is_counted() -> None:
    aids = [aid(f"A title of a middling length, number {number}") for number in range(12)]
    lines = digest(aids).text.splitlines()
    shown = [line for line in lines if line.startswith("- ")]
    assert shown == [f"- {each.title}" for each in aids[: len(shown)]]
    assert len(shown) >= 3
    assert f"and {12 - len(shown)} more" in lines
    assert lines[0].endswith(": 12 new digital aids")


def test_a_call_to_action_goes_when_that_makes_room_for_a_title() -> None:
    with_call, without_call, neither = (
        digest([aid("a" * 50), aid("b" * 50), aid("c" * size)]).text for size in (62, 76, 77)
    )
    assert ("See them all" in with_call, "more" in with_call) == (True, False)
    assert ("See them all" in without_call, "more" in without_call) == (False, False)
    assert ("See them all" in neither, "and 1 more" in neither) == (True, True)


def test_a_very_long_title_is_passed_over_and_counted() -> None:
    text = digest([LONG, *THREE]).text
    assert "Minimizing" not in text
    assert "De-Escalation Techniques" in text
    assert "and 1 more" in text
    with pytest.raises(Refused, match="not one of the 2 titles fits into a digest beside the theme's name"):
        digest([LONG, LONG])


def test_neither_titles_nor_the_theme_repeat_the_hashtag() -> None:
    aids = [aid("Keep Calm #SpotlightOnSafety"), aid("Join #SpotlightOnSafety today")]
    text = digest(aids, theme=replace(THEME, name="Calm #SpotlightOnSafety")).text
    assert text.startswith("Calm: 2 new digital aids\n\n- Keep Calm\n- Join SpotlightOnSafety today\n")
    assert [tag.text for tag in hashtags(text)] == [TAG]


def test_aids_without_a_title_are_counted() -> None:
    assert "\nand 2 more\n" in digest([aid(""), *THREE, aid(" ")]).text


def test_facebook_lists_no_more_titles_than_people_read() -> None:
    aids = [aid(f"A title of a middling length, number {number}") for number in range(60)]
    lines = digest(aids, FACEBOOK).text.splitlines()
    shown = sum(line.startswith("•") for line in lines)
    assert shown == 900 // len(aids[10].title)
    assert f"and {60 - shown} more" in lines


@pytest.mark.parametrize("network", NETWORKS)
def test_a_digest_has_hashtags_and_a_tracked_link(network: Network) -> None:
    campaign = replace(
        CAMPAIGN, theme_hashtags=True, tracking={"utm_source": "x"}, own_domains=("valor.example.gov",)
    )
    post = digest(THREE[::2], network, campaign=campaign)
    assert post.link == f"{PAGE}?utm_source=x"
    assert [url.text for url in urls(post.text)] == [post.link]
    assert post.text.endswith(f"{post.link}\n\n#SpotlightOnSafety #SlowItDown")
    assert post.images == ()
    same = replace(THEME, hashtag="#spotlightonsafety")
    assert digest(THREE, network, same, campaign).text.endswith(f"\n\n{TAG}")


def test_a_theme_without_a_page_leads_to_the_one_that_all_share_or_nowhere() -> None:
    pageless = replace(THEME, link=None)
    shared = [replace(each, link="https://valor.example.gov/") for each in THREE]
    assert digest(shared, theme=pageless).link == "https://valor.example.gov/"
    for aids in (THREE, [replace(each, link=None) for each in THREE]):
        with pytest.raises(Refused, match=r'set link under \[themes\."Defusing Difficult Encounters"\]'):
            digest(aids, theme=pageless)


def test_nothing_makes_no_digest() -> None:
    with pytest.raises(Refused, match="none of the aids has a title"):
        digest([])
    with pytest.raises(Refused, match="none of the aids has a title"):
        digest([aid(" ")])


@given(
    titles=st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=15),
    theme=st.text(min_size=1, max_size=60),
    network=st.sampled_from(NETWORKS),
    tagged=st.booleans(),
)
def test_whatever_comes_in_is_whole_or_refused(
    titles: list[str], theme: str, network: Network, tagged: bool
) -> None:
    campaign = replace(CAMPAIGN, theme_hashtags=tagged)
    try:
        post = digest([aid(title) for title in titles], network, replace(THEME, name=theme), campaign)
    except Refused:
        return
    assert network.measure(post.text) <= network.limit
    assert TAG in {tag.text for tag in hashtags(post.text)}
    assert f": {PAGE}\n" in post.text or f"\n{PAGE}\n" in post.text


def test_a_digest_of_spanish_aids_is_in_spanish() -> None:
    aids = [replace(aid(f"Mantenga la calma {number}"), language="es") for number in range(12)]
    text = render_digest(TEMPLATES, THEME, aids, CAMPAIGN, X).text
    assert text.startswith(f"{THEME.name}: 12 recursos nuevos\n\n- Mantenga la calma 0\n")
    assert re.search(r"\ny \d más\n", text)
    mixed = [*aids, aid("Keep Calm")]
    assert ": 13 new digital aids" in render_digest(TEMPLATES, THEME, mixed, CAMPAIGN, X).text
