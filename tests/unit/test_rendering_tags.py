"""Hashtags and tracked links of posts: each once, and what stands beside the campaign's gives way first."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.model.aids import Aid, Theme
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Kind
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X
from spotlight_notify.posts.rendering.posts import render
from spotlight_notify.posts.templates.loading import packaged_templates
from spotlight_notify.text.entities import hashtags

TAG = "#SpotlightOnSafety"
THEME_TAG = "#SlowItDown"
LINK = "https://valor.example.gov/aids/keep-calm"
THEMES = {"Defusing Difficult Encounters": Theme(name="Defusing Difficult Encounters", hashtag=THEME_TAG)}
TEMPLATES = packaged_templates(NETWORKS)
AID = Aid(
    source="site",
    key="1",
    title="Keep Calm and De-Escalate",
    link=LINK,
    summary="De-escalation works. Use it unless it is unsafe or not feasible.",
    theme="Defusing Difficult Encounters",
    kind=Kind.POSTER,
)
CAMPAIGN = Campaign(name="spotlight", sources=("site",), channels=(), hashtag=TAG)


def written(aid: Aid, network: Network, campaign: Campaign = CAMPAIGN) -> Post:
    return render(TEMPLATES, THEMES, aid, campaign, network)


THEMED = replace(CAMPAIGN, theme_hashtags=True)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(
    "theme",
    [
        "Defusing Difficult Encounters",
        "defusing difficult encounters ",
        "Defusing\u00a0Difficult Encoun\u00adters",
    ],
)
def test_a_theme_s_hashtag_stands_beside_the_campaign_s(network: Network, theme: str) -> None:
    themed = replace(AID, theme=theme)
    assert written(themed, network, campaign=THEMED).text.endswith(f"\n{TAG} {THEME_TAG}")
    assert THEME_TAG not in written(themed, network).text
    for other in ("Officer Wellness", None):
        assert written(replace(AID, theme=other), network, campaign=THEMED).text.endswith(f"\n\n{TAG}")


@given(title=st.text("aé警 ", min_size=1, max_size=240), words=st.integers(0, 40))
def test_nothing_gives_way_to_a_theme_s_hashtag(title: str, words: int) -> None:
    aid = replace(AID, title=f"{title}.", summary="word " * words)
    try:
        plain = written(aid, X).text
    except Refused:
        return
    themed = written(aid, X, campaign=THEMED).text
    fits = X.measure(plain) + len(f" {THEME_TAG}") <= X.limit
    assert themed == (f"{plain} {THEME_TAG}" if fits else plain)


@pytest.mark.parametrize("words", ["#slowitdown works.", "It works. #SlowItDown"])
def test_no_hashtag_comes_twice(words: str) -> None:
    text = written(replace(AID, summary=words), X, campaign=THEMED).text
    assert [tag.text.lower() for tag in hashtags(text)] == ["#slowitdown", TAG.lower()]
    same = replace(THEMED, hashtag="#SlowItDown")
    assert [tag.text for tag in hashtags(written(AID, X, campaign=same).text)] == ["#SlowItDown"]


@pytest.mark.parametrize(
    ("summary", "kept"),
    [
        ("It works. #SpotlightOnSafety", "It works."),
        ("It works. #Calm #SPOTLIGHTonSafety #SpotlightOnSafety ", "It works. #Calm"),
        ("Look for #SpotlightOnSafety, and share it.", "Look for SpotlightOnSafety, and share it."),
        ("#SpotlightOnSafety", ""),
    ],
)
def test_a_summary_does_not_repeat_the_campaign_s_hashtag(summary: str, kept: str) -> None:
    text = written(replace(AID, summary=summary), FACEBOOK).text
    assert text == written(replace(AID, summary=kept), FACEBOOK).text
    assert [tag.text for tag in hashtags(text) if tag.text != "#Calm"] == [TAG]


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Keep Calm #SpotlightOnSafety", "Keep Calm"),
        ("Keep Calm ＃SpotlightOnSafety", "Keep Calm"),
        ("Keep Calm | #spotlightonsafety", "Keep Calm"),
        ("Keep Calm: #SpotlightOnSafety ", "Keep Calm"),
        ("Keep Calm #SpotlightOnSafety #Calm", "Keep Calm #Calm"),
        ("Join #SpotlightOnSafety today", "Join SpotlightOnSafety today"),
        ("Keep Calm (#SpotlightOnSafety)", "Keep Calm (SpotlightOnSafety)"),
        ("#SpotlightOnSafety", "SpotlightOnSafety"),
        ("#SpotlightOnSafetyWeek", "#SpotlightOnSafetyWeek"),
    ],
)
@pytest.mark.parametrize("network", NETWORKS)
def test_a_title_does_not_repeat_the_campaign_s_hashtag(title: str, kept: str, network: Network) -> None:
    text = written(replace(AID, title=title), network).text
    assert text.splitlines()[0] == f"[POSTER] {kept}"
    assert [tag.text for tag in hashtags(text)].count(TAG) == 1


PIECES = st.sampled_from(
    [TAG, TAG.lower(), "＃SpotlightOnSafety", "#", "＃", "#Calm", " ", "\n", "a", "(", ".", ":"]
)


@given(*(st.lists(PIECES, max_size=8).map("".join) for _ in range(3)))
def test_whatever_an_aid_says_the_hashtag_is_there_once_and_last(
    title: str, summary: str, theme: str
) -> None:
    aid = replace(AID, title=f"a{title}", summary=summary, theme=theme)
    try:
        text = written(aid, FACEBOOK).text
    except Refused:  # a title with a line end in it
        return
    ours = [tag for tag in hashtags(text) if tag.text.lstrip("#＃").casefold() == TAG[1:].casefold()]
    assert [(tag.text, tag.end) for tag in ours] == [(TAG, len(text))]


@pytest.mark.parametrize("network", NETWORKS)
def test_the_link_in_the_text_and_beside_it_is_the_same_tracked_one(network: Network) -> None:
    campaign = replace(CAMPAIGN, tracking={"utm_source": network.name}, own_domains=("valor.example.gov",))
    post = written(AID, network, campaign=campaign)
    assert post.link == f"{LINK}?utm_source={network}"
    assert post.text.split().count(post.link) == 1
    elsewhere = replace(AID, link="https://example.org/a")
    assert written(elsewhere, network, campaign=campaign).link == "https://example.org/a"
