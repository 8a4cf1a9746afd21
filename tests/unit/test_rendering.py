"""Posts: whole, within their limits, and refused with a reason when they cannot be."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.model.aids import Aid, Image
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Access, Kind
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X
from spotlight_notify.posts.rendering.gate import gate
from spotlight_notify.posts.rendering.posts import render
from spotlight_notify.posts.templates.layouts import Templates
from spotlight_notify.posts.templates.loading import load_templates, packaged_templates
from spotlight_notify.text.entities import hashtags
from spotlight_notify.text.html import plain_title
from spotlight_notify.text.links import normalised_link

TAG = "#SpotlightOnSafety"
LINK = "https://valor.example.gov/aids/keep-calm"
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


def written(aid: Aid, network: Network, templates: Templates = TEMPLATES) -> Post:
    return render(templates, {}, aid, CAMPAIGN, network)


def test_a_post_as_followers_see_it() -> None:
    assert written(AID, X).text == (
        "[POSTER] Keep Calm and De-Escalate\n"
        "\n"
        "De-escalation works. Use it unless it is unsafe or not feasible.\n"
        "\n"
        "Theme: Defusing Difficult Encounters\n"
        f"Download and print it: {LINK}\n"
        "\n"
        "#SpotlightOnSafety"
    )


@pytest.mark.parametrize("network", NETWORKS)
def test_an_aid_with_nothing_but_title_and_link(network: Network) -> None:
    bare = replace(AID, summary="", theme=None)
    action = {X: "Download and print it", FACEBOOK: "Download and print the poster"}[network]
    assert written(bare, network).text == f"[POSTER] Keep Calm and De-Escalate\n\n{action}: {LINK}\n\n{TAG}"


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_mark_and_a_call_to_action(network: Network, kind: Kind) -> None:
    first, *_, call, _, tag = written(replace(AID, kind=kind), network).text.splitlines()
    assert first == f"[{kind.upper()}] Keep Calm and De-Escalate"
    action, separator, link = call.partition(": ")
    assert (separator, link, tag) == (": ", LINK, TAG)
    assert action.split()[0] in {"Read", "Download", "Join", "Listen", "Go"}
    assert "click" not in action.lower()


@pytest.mark.parametrize("network", NETWORKS)
def test_a_theme_that_the_title_names_is_not_said_again(network: Network) -> None:
    named = replace(AID, title="Defusing difficult encounters: The Podcast")
    assert "Theme:" not in written(named, network).text
    assert "Theme: Defusing Difficult Encounters\n" in written(AID, network).text


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("kind", Kind)
def test_gated_aids_are_marked(network: Network, kind: Kind) -> None:
    public = replace(AID, kind=kind)
    assert "[Sign-in required]" not in written(public, network).text
    assert "[Sign-in required]" in written(replace(public, access=Access.SIGN_IN), network).text


@pytest.mark.parametrize("network", NETWORKS)
def test_a_webinar_tells_when_it_is(network: Network) -> None:
    at = datetime(2026, 3, 3, 19, tzinfo=UTC)
    webinar = replace(AID, kind=Kind.WEBINAR, event_at=at)
    assert "\nWhen: Tuesday, March 3, 2026, 7:00 PM UTC\n" in written(webinar, network).text
    assert "\nRegister" in written(webinar, network).text
    undated = written(replace(webinar, event_at=None), network).text
    assert "When:" not in undated
    assert "\nJoin or watch" in undated


def test_a_webinar_tells_its_time_in_short_before_it_says_less() -> None:
    at = datetime(2026, 3, 3, 19, tzinfo=UTC)
    webinar = replace(AID, kind=Kind.WEBINAR, event_at=at, summary="")
    long, short, neither = (written(replace(webinar, title="a" * size), X).text for size in (125, 160, 220))
    assert "\nWhen: Tuesday, March 3, 2026, 7:00 PM UTC\nTheme: " in long
    assert "\nWhen: Tue, Mar 3, 7 PM UTC\nTheme: " in short
    assert ("Register" in long, "Register" in short) == (True, False)
    assert ("When" in neither, "Theme" in neither) == (False, False)


def test_a_long_summary_is_cut_at_a_sentence() -> None:
    sentence = "Officers can slow the situation down and use time as an advantage. "
    text = written(replace(AID, summary=sentence * 9), X).text
    assert f"\n{(sentence * 2).strip()}\n" in text


def test_a_sentence_that_is_too_long_gives_way_to_a_later_one_that_stands_alone() -> None:
    long = f"Officers {'slow the situation down and ' * 9}wait. "
    told = replace(AID, summary=f"{long}This helps them too. Dispatchers can help with calm words.")
    assert "\n\nDispatchers can help with calm words.\n\n" in written(told, X).text


def test_a_short_summary_that_somebody_gave_stands_where_the_aids_own_has_no_room() -> None:
    long = f"Officers {'slow the situation down and ' * 9}wait."
    short = {normalised_link(LINK): "Nine ways to slow a situation down."}
    told = replace(AID, summary=long)
    text = render(TEMPLATES, {}, told, CAMPAIGN, X, summaries=short).text
    assert "\n\nNine ways to slow a situation down.\n\n" in text
    of_its_source = replace(told, short="Nine ways to slow a situation down.")
    assert render(TEMPLATES, {}, of_its_source, CAMPAIGN, X).text == text
    roomy = render(TEMPLATES, {}, told, CAMPAIGN, FACEBOOK, summaries=short).text
    assert (long in roomy, "Nine ways" in roomy) == (True, False)


def test_without_another_sentence_it_is_cut_at_a_clause_or_left_out() -> None:
    clause = "Officers can slow the situation down and use time as an advantage at every call of this kind"
    rest = (
        "because nobody has to win an argument to go home safe at the end of a long and hard shift on patrol"
    )
    text = written(
        replace(AID, summary=f"{clause}, {rest}, wherever and whenever that may be on this day."), X
    ).text
    assert f"\n\n{clause}…\n\n" in text
    endless = written(replace(AID, summary="slow the situation down and " * 9), X).text
    assert (endless.count("…"), endless.count("slow")) == (0, 0)


def test_what_gives_way_goes_in_order() -> None:
    """A bare poster needs 54 beside its title, the call to action 23 more, the theme 37 more.

    The theme gives way before the sentence does, and is there again where the sentence cannot be saved.
    """
    sizes = (100, 150, 189, 190)
    seen = [written(replace(AID, title="a" * size), X).text for size in sizes]
    assert ["\nTheme: " in text for text in seen] == [True, False, True, False]
    assert ["\nDownload and print it: " in text for text in seen] == [True, False, False, False]
    assert [AID.summary in text for text in seen] == [True, True, False, False]


def test_the_call_to_action_and_the_theme_go_before_a_sentence_is_lost() -> None:
    aid = replace(AID, summary=f"{'word ' * 25}word.")
    whole, saved, bare, gone = (written(replace(aid, title="a" * size), X).text for size in (34, 57, 90, 110))
    assert [aid.summary in text for text in (whole, saved, bare, gone)] == [True, True, True, False]
    assert ["Download" in text for text in (whole, saved, bare, gone)] == [True, False, False, True]
    assert ["Theme" in text for text in (whole, saved, bare, gone)] == [True, True, False, True]


def test_a_few_words_of_a_sentence_are_not_shown() -> None:
    aid = replace(AID, summary=f"Calm. Then {'word ' * 50}")
    assert "Calm" not in written(replace(aid, title="a" * 140), X).text.replace("Calm and", "")
    assert "\n\nCalm.\n\n" in written(replace(aid, summary="Calm."), X).text


def test_a_webinar_keeps_its_time_longest() -> None:
    at = datetime(2026, 12, 1, 19, tzinfo=UTC)
    aid = replace(AID, kind=Kind.WEBINAR, summary="", event_at=at)
    seen = [written(replace(aid, title="a" * size), X).text for size in range(100, 185, 5)]
    assert {"Register" in text for text in seen} == {True, False}
    assert all("When: " in text for text in seen)
    told = replace(aid, summary=f"{'word ' * 25}word.")
    texts = [written(replace(told, title="a" * size), X).text for size in range(20, 185, 5)]
    assert {told.summary in text for text in texts} == {True, False}
    assert all("When: " in text for text in texts)


def test_facebook_gets_no_endless_summary() -> None:
    aid = replace(AID, summary="A sentence of six plain words. " * 200)
    text = written(aid, FACEBOOK).text
    assert len(text) < 900
    assert "plain words.\n" in text


@pytest.mark.parametrize(("letter", "most"), [("a", 226), ("警", 113)])
def test_a_title_is_whole_or_the_post_is_refused(letter: str, most: int) -> None:
    aid = replace(AID, title=letter * most)
    assert written(aid, X).text == f"[POSTER] {aid.title}\n\n{LINK}\n\n{TAG}"
    longer = replace(AID, title=letter * (most + 1))
    with pytest.raises(Refused, match=r"the post is 28\d long, and X takes 280: shorten the title"):
        written(longer, X)
    assert longer.title in written(longer, FACEBOOK).text


CDATA = "Officers&#8217; &amp;amp; 安全 👮🏽 "
"""A title in CDATA keeps its entities through XML: they must be read, counted as X does, and never cut."""


@pytest.mark.parametrize("repeats", [3, 8])
def test_emoji_cjk_and_escaped_quotes_in_a_title(repeats: int) -> None:
    title = plain_title(CDATA * repeats)
    post = written(replace(AID, title=title), X)
    assert post.text.startswith("[POSTER] " + " ".join(["Officers’ & 安全 👮🏽"] * repeats) + "\n")
    assert X.measure(post.text) <= 280
    assert LINK in post.text.split()
    assert TAG in [tag.text for tag in hashtags(post.text)]
    assert "&amp;" not in post.text
    assert "&#" not in post.text


def test_a_title_of_300_characters_goes_to_a_person() -> None:
    title = plain_title(CDATA * 17)
    assert len(title) >= 300
    with pytest.raises(Refused, match="shorten the title at its source, or post this aid by hand"):
        written(replace(AID, title=title), X)
    assert title in written(replace(AID, title=title), FACEBOOK).text


@pytest.mark.parametrize(
    "text", ["{{ link }} {% raw %}", "{# no #} ${x} %s {0}", "Use of <Force> & AT&T", "#Calm @valor"]
)
@pytest.mark.parametrize("network", NETWORKS)
def test_feed_text_is_only_ever_a_value(text: str, network: Network) -> None:
    rendered = written(replace(AID, title=text, summary=f"So: {text}"), network).text
    assert rendered.startswith(f"[POSTER] {text}\n\nSo: {text}\n")


def test_only_sound_images_with_words_go_out_and_no_more_than_four() -> None:
    images: tuple[Image, ...] = (Image(url="https://a.gov/0.png"), Image(url="https://a.gov/1.png", alt=" "))
    images += (Image(url="https://a.gov/2.png", alt="Poster 2", trouble="it is damaged"),)
    images += (Image(url="https://a.gov/3.png", alt="<i></i>"), Image(url="https://a.gov/4.png", alt="<b>"))
    images += tuple(Image(url=f"https://a.gov/{n}.png", alt=f"Poster {n}", digest="0f") for n in range(5, 11))
    assert written(replace(AID, images=images), X).images == images[5:9]


@given(alt=st.text(max_size=60) | st.text(alphabet="a <b>&amp;#@\u202e\u200b\u200d👩🚒\n", max_size=60))
def test_words_for_a_picture_are_plain_in_the_post(alt: str) -> None:
    image = Image(url="https://a.gov/1.png", alt=f"Badge {alt}")
    try:
        (shown,) = written(replace(AID, images=(image,)), X).images
    except Refused:
        return
    assert shown.url == image.url
    assert not {"\n", "\u202e", "\u200b"} & set(shown.alt or "")


def test_words_for_a_picture_lose_what_they_should_not_have() -> None:
    said = "\u202eA <b>badge</b>\u200b of @stranger &amp; co"
    image = Image(url="https://a.gov/1.png", alt=said)
    (shown,) = written(replace(AID, images=(image,)), FACEBOOK).images
    assert shown.alt == "A badge of stranger & co"


@pytest.mark.parametrize(
    ("title", "link", "reason"),
    [
        ("", LINK, "no title"),
        (" \n", LINK, "no title"),
        ("Keep Calm", None, "no link"),
        ("Keep Calm", "", "no link"),
        ("Keep Calm", "https://example.gov/a.", "X would cut it"),
        ("Keep Calm", "https://example.gov/a b", "X would cut it"),
        ("Keep\ufeffCalm", LINK, r"U\+FEFF"),
        ("Keep\n\n\nCalm", LINK, "changed the title"),
        ("Q&amp;A", LINK, "people would see &amp; in the post"),
    ],
)
def test_what_cannot_be_posted_is_refused_with_a_reason(title: str, link: str | None, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        written(replace(AID, title=title, link=link), X)


def test_a_template_that_fails_on_one_aid_refuses_that_aid(tmp_path: Path) -> None:
    words = "{{ title }}\n{{ link }}\n{{ hashtag }}\n"
    (tmp_path / "facebook.j2").write_text(words, encoding="utf-8")
    (tmp_path / "x.j2").write_text(words + "{{ 1 / (title != 'No') }}", encoding="utf-8")
    templates = load_templates(tmp_path, NETWORKS)
    with pytest.raises(Refused, match=r"the template failed on this aid: x\.j2:4: .*division"):
        written(replace(AID, title="No"), X, templates)


def test_a_template_cannot_change_a_title(tmp_path: Path) -> None:
    for network in NETWORKS:
        words = "{{ title | replace('De-Escalate', 'so on') }}\n{{ link }}\n{{ hashtag }}"
        (tmp_path / f"{network}.j2").write_text(words, encoding="utf-8")
    with pytest.raises(Refused, match="changed the title"):
        written(AID, X, load_templates(tmp_path, NETWORKS))


def test_limits() -> None:
    assert (X.limit, FACEBOOK.limit) == (280, 63_206)
    assert X.measure("CDC.gov 警") == 26
    assert FACEBOOK.measure("CDC.gov 警") == 9


@given(
    title=st.text(min_size=1, max_size=250),
    summary=st.text(max_size=400),
    network=st.sampled_from(NETWORKS),
    kind=st.sampled_from(Kind),
)
def test_whatever_comes_in_is_whole_or_refused(
    title: str, summary: str, network: Network, kind: Kind
) -> None:
    aid = replace(AID, title=title, summary=summary, kind=kind)
    assert_whole_or_refused(TEMPLATES, aid, network)


def assert_whole_or_refused(templates: Templates, aid: Aid, network: Network) -> str | None:
    """Render; check the post with eyes of its own; return the reason if it is refused."""
    try:
        post = written(aid, network, templates)
    except Refused as refused:
        return str(refused)
    gate(post, TAG, network)
    assert network.measure(post.text) <= network.limit
    assert aid.title.strip() in post.text
    assert post.text.endswith(f"{aid.link}\n\n{TAG}")
    assert post.link == aid.link
    return None
