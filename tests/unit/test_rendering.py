"""Posts: whole, within their limits, and refused with a reason when they cannot be."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.errors import Refused
from spotlight_notify.model import Access, Aid, Image, Kind, Network, Post
from spotlight_notify.rendering import LIMITS, gate, measure, render
from spotlight_notify.templates import Templates, load_templates, packaged_templates
from spotlight_notify.text.entities import hashtags
from spotlight_notify.text.html import plain_title, summary_of
from spotlight_notify.text.links import usable_link

TAG = "#SpotlightOnSafety"
LINK = "https://valor.example.gov/aids/keep-calm"
TEMPLATES = packaged_templates()
AID = Aid(
    source="site",
    key="1",
    title="Keep Calm and De-Escalate",
    link=LINK,
    summary="De-escalation works. Use it unless it is unsafe or not feasible.",
    theme="Defusing Difficult Encounters",
    kind=Kind.POSTER,
)


def test_a_post_as_followers_see_it() -> None:
    assert render(TEMPLATES, AID, TAG, Network.X).text == (
        "[POSTER] Keep Calm and De-Escalate\n"
        "\n"
        "De-escalation works. Use it unless it is unsafe or not feasible.\n"
        "\n"
        "Theme: Defusing Difficult Encounters\n"
        f"Download and print it: {LINK}\n"
        "\n"
        "#SpotlightOnSafety"
    )


@pytest.mark.parametrize("network", Network)
def test_an_aid_with_nothing_but_title_and_link(network: Network) -> None:
    bare = replace(AID, summary="", theme=None)
    assert render(TEMPLATES, bare, TAG, network).text == (
        f"[POSTER] Keep Calm and De-Escalate\n\nDownload and print it: {LINK}\n\n{TAG}"
    )


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize("kind", Kind)
def test_gated_aids_are_marked(network: Network, kind: Kind) -> None:
    public = replace(AID, kind=kind)
    assert "[Sign-in required]" not in render(TEMPLATES, public, TAG, network).text
    assert (
        "[Sign-in required]" in render(TEMPLATES, replace(public, access=Access.SIGN_IN), TAG, network).text
    )


@pytest.mark.parametrize("network", Network)
def test_a_webinar_tells_when_it_is(network: Network) -> None:
    at = datetime(2026, 3, 3, 19, tzinfo=UTC)
    webinar = replace(AID, kind=Kind.WEBINAR, event_at=at)
    assert "\nWhen: Tuesday, March 3, 7:00 PM UTC\n" in render(TEMPLATES, webinar, TAG, network).text
    assert "When:" not in render(TEMPLATES, replace(webinar, event_at=None), TAG, network).text


def test_a_long_summary_is_cut_at_a_sentence_then_at_a_word() -> None:
    sentence = "Officers can slow the situation down and use time as an advantage. "
    text = render(TEMPLATES, replace(AID, summary=sentence * 9), TAG, Network.X).text
    assert f"\n{(sentence * 2).strip()}\n" in text
    endless = render(TEMPLATES, replace(AID, summary="slow the situation down and " * 9), TAG, Network.X).text
    assert endless.count("…") == 1
    assert 270 <= measure(endless, Network.X) <= 280


def test_what_gives_way_goes_in_order() -> None:
    """A bare poster needs 54 beside its title, the call to action 23 more, the theme 37 more."""
    sizes = (100, 167, 189, 190)
    seen = [render(TEMPLATES, replace(AID, title="a" * size), TAG, Network.X).text for size in sizes]
    assert ["\nTheme: " in text for text in seen] == [True, True, True, False]
    assert ["\nDownload and print it: " in text for text in seen] == [True, False, False, False]
    assert [AID.summary in text for text in seen] == [True, False, False, False]


def test_the_call_to_action_goes_before_a_sentence_is_broken_off() -> None:
    aid = replace(AID, title="a" * 100, summary=f"{'word ' * 13}word.")
    whole, saved, broken = (
        render(TEMPLATES, replace(aid, title="a" * size), TAG, Network.X).text for size in (90, 110, 140)
    )
    assert (aid.summary in whole, "Download" in whole) == (True, True)
    assert (aid.summary in saved, "Download" in saved) == (True, False)
    assert ("word…" in broken, "Download" in broken) == (True, True)


def test_a_webinar_keeps_its_time_longest() -> None:
    at = datetime(2026, 12, 1, 19, tzinfo=UTC)
    seen = [
        render(TEMPLATES, replace(AID, kind=Kind.WEBINAR, title="a" * size, event_at=at), TAG, Network.X).text
        for size in range(100, 185, 5)
    ]
    assert all("When: " in text for text in seen if "Sign up" in text or "Theme" in text)
    assert "When: " in seen[-1]


def test_facebook_gets_no_endless_summary() -> None:
    aid = replace(AID, summary="A sentence of six plain words. " * 200)
    text = render(TEMPLATES, aid, TAG, Network.FACEBOOK).text
    assert len(text) < 900
    assert "plain words.\n" in text


@pytest.mark.parametrize(("letter", "most"), [("a", 226), ("警", 113)])
def test_a_title_is_whole_or_the_post_is_refused(letter: str, most: int) -> None:
    aid = replace(AID, title=letter * most)
    assert render(TEMPLATES, aid, TAG, Network.X).text == f"[POSTER] {aid.title}\n\n{LINK}\n\n{TAG}"
    longer = replace(AID, title=letter * (most + 1))
    with pytest.raises(Refused, match=r"the post is 28\d long, and X takes 280: shorten the title"):
        render(TEMPLATES, longer, TAG, Network.X)
    assert longer.title in render(TEMPLATES, longer, TAG, Network.FACEBOOK).text


CDATA = "Officers&#8217; &amp;amp; 安全 👮🏽 "
"""A title in CDATA keeps its entities through XML: they must be read, counted as X does, and never cut."""


@pytest.mark.parametrize("repeats", [3, 8])
def test_emoji_cjk_and_escaped_quotes_in_a_title(repeats: int) -> None:
    title = plain_title(CDATA * repeats)
    post = render(TEMPLATES, replace(AID, title=title), TAG, Network.X)
    assert post.text.startswith("[POSTER] " + " ".join(["Officers’ & 安全 👮🏽"] * repeats) + "\n")
    assert measure(post.text, Network.X) <= 280
    assert LINK in post.text.split()
    assert TAG in [tag.text for tag in hashtags(post.text)]
    assert "&amp;" not in post.text
    assert "&#" not in post.text


def test_a_title_of_300_characters_goes_to_a_person() -> None:
    title = plain_title(CDATA * 17)
    assert len(title) >= 300
    with pytest.raises(Refused, match="shorten the title at its source, or post this aid by hand"):
        render(TEMPLATES, replace(AID, title=title), TAG, Network.X)
    assert title in render(TEMPLATES, replace(AID, title=title), TAG, Network.FACEBOOK).text


@pytest.mark.parametrize(
    "text", ["{{ link }} {% raw %}", "{# no #} ${x} %s {0}", "<b>&amp;</b>", "#Calm @valor"]
)
@pytest.mark.parametrize("network", Network)
def test_feed_text_is_only_ever_a_value(text: str, network: Network) -> None:
    rendered = render(TEMPLATES, replace(AID, title=text, summary=f"So: {text}"), TAG, network).text
    assert rendered.startswith(f"[POSTER] {text}\n\nSo: {text}\n")


def test_only_described_images_go_out_and_no_more_than_four() -> None:
    images: tuple[Image, ...] = (Image(url="https://a.gov/0.png"), Image(url="https://a.gov/1.png", alt=" "))
    images += tuple(Image(url=f"https://a.gov/{n}.png", alt=f"Poster {n}") for n in range(2, 8))
    assert render(TEMPLATES, replace(AID, images=images), TAG, Network.X).images == images[2:6]


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
    ],
)
def test_what_cannot_be_posted_is_refused_with_a_reason(title: str, link: str | None, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        render(TEMPLATES, replace(AID, title=title, link=link), TAG, Network.X)


def test_a_template_that_fails_on_one_aid_refuses_that_aid(tmp_path: Path) -> None:
    words = "{{ title }}\n{{ link }}\n{{ hashtag }}\n"
    (tmp_path / "facebook.j2").write_text(words, encoding="utf-8")
    (tmp_path / "x.j2").write_text(words + "{{ 1 / (title != 'No') }}", encoding="utf-8")
    templates = load_templates(tmp_path)
    with pytest.raises(Refused, match=r"the template failed on this aid: x\.j2:4: .*division"):
        render(templates, replace(AID, title="No"), TAG, Network.X)


def test_a_template_cannot_shorten_a_title(tmp_path: Path) -> None:
    for network in Network:
        words = "{{ title | truncate(20, leeway=0) }}\n{{ link }}\n{{ hashtag }}"
        (tmp_path / f"{network}.j2").write_text(words, encoding="utf-8")
    with pytest.raises(Refused, match="changed the title"):
        render(load_templates(tmp_path), AID, TAG, Network.X)


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
    ],
)
@pytest.mark.parametrize("network", Network)
def test_the_last_gate_is_shut_to(text: str, reason: str, network: Network) -> None:
    with pytest.raises(Refused, match=reason):
        gate(Post(text=text, link=LINK), TAG, network)


@pytest.mark.parametrize(("network", "link_size"), [(Network.X, 23), (Network.FACEBOOK, len(LINK))])
def test_the_last_gate_opens_up_to_the_limit(network: Network, link_size: int) -> None:
    room = LIMITS[network] - link_size - len(f"  {TAG}")
    gate(Post(text=f"{'a' * room} {LINK} {TAG}", link=LINK), TAG, network)
    with pytest.raises(Refused, match=rf"{LIMITS[network] + 1} long"):
        gate(Post(text=f"{'a' * (room + 1)} {LINK} {TAG}", link=LINK), TAG, network)


def test_links_that_x_does_not_link_may_pass_whole() -> None:
    for link in ("http://127.0.0.1:8080/aids/1", "https://valor.example/aids/1"):
        gate(Post(text=f"Keep Calm {link} {TAG}", link=link), TAG, Network.X)


def test_limits() -> None:
    assert LIMITS == {Network.X: 280, Network.FACEBOOK: 63_206}
    assert measure("CDC.gov 警", Network.X) == 26
    assert measure("CDC.gov 警", Network.FACEBOOK) == 9


@given(
    title=st.text(min_size=1, max_size=250),
    summary=st.text(max_size=400),
    network=st.sampled_from(Network),
    kind=st.sampled_from(Kind),
)
def test_whatever_comes_in_is_whole_or_refused(
    title: str, summary: str, network: Network, kind: Kind
) -> None:
    aid = replace(AID, title=title, summary=summary, kind=kind)
    assert_whole_or_refused(TEMPLATES, aid, network)


def test_real_feeds_are_whole_or_refused(shared_data: Path) -> None:
    files = sorted((shared_data / "feeds").glob("*.xml"))
    refused, rendered = [], 0
    for file in files:
        for aid in aids_of(file):
            for network in Network:
                reason = assert_whole_or_refused(TEMPLATES, aid, network)
                refused.extend([reason] if reason else [])
                rendered += reason is None
    assert len(files) == 7
    assert rendered >= 40
    assert all("no link" in reason for reason in refused)


def aids_of(file: Path) -> list[Aid]:
    """Read a feed's entries as aids, of each kind in turn, every other one behind a sign-in."""
    parsed = feedparser.parse(io.BytesIO(file.read_bytes()), sanitize_html=False, resolve_relative_uris=False)
    return [
        Aid(
            source=file.stem,
            key=str(number),
            title=(title := plain_title(entry.get("title", ""))),
            link=usable_link(entry.get("link")),
            summary=summary_of(entry.get("summary", ""), title),
            kind=list(Kind)[number % len(Kind)],
            access=list(Access)[number % len(Access)],
            theme="Defusing Difficult Encounters",
        )
        for number, entry in enumerate(parsed.entries)
    ]


def assert_whole_or_refused(templates: Templates, aid: Aid, network: Network) -> str | None:
    """Render; check the post with eyes of its own; return the reason if it is refused."""
    try:
        post = render(templates, aid, TAG, network)
    except Refused as refused:
        return str(refused)
    gate(post, TAG, network)
    assert measure(post.text, network) <= LIMITS[network]
    assert aid.title.strip() in post.text
    assert post.text.endswith(f"{aid.link}\n\n{TAG}")
    assert post.link == aid.link
    return None
