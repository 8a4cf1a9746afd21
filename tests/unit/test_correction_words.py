"""Corrections: what stands under a post that was wrong, whole or refused."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X
from spotlight_notify.posts.rendering.posts import render_correction
from spotlight_notify.posts.templates.layouts import Templates
from spotlight_notify.posts.templates.loading import load_templates, packaged_templates
from spotlight_notify.text.entities import hashtags
from spotlight_notify.text.invisible import in_one_line

TAG = "#SpotlightOnSafety"
LINK = "https://valor.example.gov/webinar"
CAMPAIGN = Campaign(name="spotlight", sources=("site",), channels=(), hashtag=TAG)
TEMPLATES = packaged_templates(NETWORKS)
ROOM = 280 - len("[CORRECTION] ") - 23 - len(TAG) - 4
"""What X leaves for the words: a link counts 23, and there are four line breaks."""


def corrected(text: str, network: Network = X, templates: Templates = TEMPLATES) -> Post:
    return render_correction(templates, text, LINK, CAMPAIGN, network)


def test_a_correction_as_followers_of_x_see_it() -> None:
    post = corrected(" The webinar is on March 4,\n not on March 3. ")
    assert post.text == (
        f"[CORRECTION] The webinar is on March 4, not on March 3.\n\n{LINK}\n\n#SpotlightOnSafety"
    )
    assert (post.link, post.images, post.reply_to) == (LINK, (), None)


def test_a_correction_as_followers_of_the_page_see_it() -> None:
    assert corrected("It is on March 4.", FACEBOOK).text == (
        f"[CORRECTION] It is on March 4.\n\nSee: {LINK}\n\n#SpotlightOnSafety"
    )


def test_words_that_fill_the_post_are_whole_and_one_more_is_refused() -> None:
    assert X.measure(corrected("a" * ROOM).text) == 280
    with pytest.raises(
        Refused, match=r"is 283 long with its link and hashtag, and X takes 280: shorten it by 3"
    ):
        corrected("a" * (ROOM + 3))


@pytest.mark.parametrize("text", ["", "  \n "])
def test_no_words_are_refused(text: str) -> None:
    with pytest.raises(Refused, match="the correction has no words"):
        corrected(text)


def test_what_followers_would_see_as_markup_is_refused() -> None:
    with pytest.raises(Refused, match="people would see <b>"):
        corrected("It is <b>not</b> on March 3.")


def test_a_template_that_fails_on_these_words_is_told(tmp_path: Path) -> None:
    folder = shutil.copytree(Path(__file__).parents[2] / "templates" / "posts", tmp_path / "posts")
    cut = "{{ text if text|length < 30 else text[:30] }} {{ link }} {{ hashtag }}"
    (folder / "x.correction.j2").write_text(cut, encoding="utf-8")
    with pytest.raises(Refused, match="the template changed the correction"):
        corrected("The webinar is on March 4, not on March 3.", templates=load_templates(folder, NETWORKS))


@given(text=st.text(max_size=400), network=st.sampled_from(NETWORKS))
def test_whatever_is_said_is_whole_or_refused(text: str, network: Network) -> None:
    try:
        post = corrected(text, network)
    except Refused:
        return
    assert in_one_line(text) in post.text
    assert network.measure(post.text) <= network.limit
    assert TAG in {tag.text for tag in hashtags(post.text)}
