"""What sites add to the end of every entry is cut off; what people wrote stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.text.boilerplate import without_footers
from spotlight_notify.text.html import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            '<p>Keep calm.</p><p>The post <a href="#">Keep</a> appeared first on <a>Site</a>.</p>',
            "Keep calm.",
        ),
        (
            "The post office closes early. The post Hours first appeared on City News",
            "The post office closes early.",
        ),
        ("Keep calm. Read more", "Keep calm."),
        ("Keep calm. Read More »", "Keep calm."),
        ("<p>Keep calm.</p><a>Continue reading <span>Keep Calm</span> &rarr;</a>", "Keep calm."),
        ("Keep calm and [&hellip;]", "Keep calm and…"),
        ("Keep calm. [...]", "Keep calm."),
        ("Keep calm and […] <a>Read more</a>", "Keep calm and…"),
        ("<p>Keep calm.</p><a>read more</a>", "Keep calm."),
        ("Keep calm. learn more &raquo;", "Keep calm."),
        ("Keep calm and […] <a>continue reading</a>", "Keep calm and…"),
        ("read more", ""),
        ("Officers who want to read more", "Officers who want to read more"),
        ("Officers read more and want to read more", "Officers read more and want to read more"),
        ("Read more about de-escalation in the report.", "Read more about de-escalation in the report."),
    ],
)
def test_tails_are_cut_off(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize(
    "tail",
    [
        "Read more",
        "READ MORE",
        "read more",
        "Read More…",
        "read more...",
        "Read more »",
        "READ MORE >>",
        "→ Read more",
        "➡️ Read more",
        "👉 Read more 👈",
        "[Read more]",
        "(read more…)",
        "| Read more",
        "– read more",
        "Learn more",
        "LEARN MORE →",
        "Find out more!",
        "See more ›",
        "More »",
        "(more…)",
        "Read on",
        "Continue reading",
        "CONTINUE READING →",
        "continue reading “Keep Calm” →",
        "Keep reading",
        "Read the full article",
        "READ THE FULL ARTICLE »",
        "read the full article.",
        "Read the full story here",
        "View full post",
        "Read the rest of this entry »",
        "Read full press release.",
        "Full story",
        "Click here to read",
        "CLICK HERE TO READ",
        "click here to read »",
        "Click here to read the full article.",
        "Click here for more",
        "Read more: https://example.gov/a?b=c",
        "Read more at https://example.gov/a.",
        "[…]",
        "[...]",
        "[ … ]",
        "(…) →",
        "The post Keep Calm appeared first on Site.",
        "THE POST KEEP CALM APPEARED FIRST ON SITE.",
        "The post Keep Calm first appeared on Site. Read more",
        "[…] Read more The post Keep Calm appeared first on Site.",
    ],
)
@pytest.mark.parametrize("gap", [" ", "\n"])
def test_a_tail_goes_whatever_its_dress(tail: str, gap: str) -> None:
    assert without_footers(f"Keep calm at the scene.{gap}{tail}") == "Keep calm at the scene."
    assert without_footers(tail) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Tips, tools and more…",
        "They need more",
        "Do not click here to read",
        "Officers should read the report.",
        "He said the post appeared first on a wall",
        "The story of those whose names first appeared on the wall in 1991.",
        "Keep calm… or not",
        "Keep calm (and more)",
        "A post about reading on",
        "We ❤️",
    ],
)
def test_words_that_only_look_like_a_tail_stay(text: str) -> None:
    assert without_footers(text) == text


def test_a_link_glued_to_a_word_goes_and_marks_of_emoji_stay() -> None:
    assert plain_text("Keep calm at the scene<a>Read More</a>") == "Keep calm at the scene"
    assert plain_text("We ❤️ <a>Read more</a>") == "We ❤️"


def test_an_invitation_with_a_title_goes_when_it_is_a_line_of_its_own() -> None:
    assert plain_text("<p>Keep calm.</p><ul><li>Read more about Keep Calm</li></ul>") == "Keep calm."
    assert (
        plain_text("<p>Keep calm.</p><p>Read more about calm in it.</p>")
        == "Keep calm.\nRead more about calm in it."
    )


@given(st.text(alphabet=st.sampled_from("Read more.→»[…] \n(Co)the pst"), max_size=60))
def test_what_stays_is_the_beginning(text: str) -> None:
    shorter = without_footers(text)
    assert text.startswith(shorter.removesuffix("…"))
