"""Which aids a source or a campaign leaves out, and in which words that is said."""

import pytest

from builders import CAMPAIGN, aid
from spotlight_notify.model.campaigns import Campaign, Choice, Selection
from spotlight_notify.model.words import Kind
from spotlight_notify.rules.selection import why_left_out

WELLNESS = Choice(categories=("Officer Wellness",))
EITHER = Choice(categories=("Calm",), words=("road safety",), kinds=(Kind.POSTER,))


def with_rules(*, source: Selection | None = None, campaign: Selection | None = None) -> Campaign:
    return Campaign(
        name="spotlight",
        sources=CAMPAIGN.sources,
        channels=CAMPAIGN.channels,
        hashtag=CAMPAIGN.hashtag,
        selection=campaign or Selection(),
        source_selections={"site": source} if source else {},
    )


@pytest.mark.parametrize("name", ["officer  wellness", "OFFICER WELLNESS", "Officer\u00a0Wellness"])
def test_feeds_only_takes_a_category_however_it_is_spelt(name: str) -> None:
    rules = with_rules(source=Selection(only=WELLNESS))
    assert why_left_out(aid(categories=("News", name)), rules) is None
    assert why_left_out(aid(theme=name), rules) is None
    assert why_left_out(aid(theme="Risk", other_themes=(name,)), rules) is None


def test_feeds_only_says_what_is_taken_where_nothing_fits() -> None:
    rules = with_rules(campaign=Selection(only=EITHER))
    assert why_left_out(aid(categories=("News",)), rules) == (
        "left out: campaign spotlight takes only what has the category “Calm” or the word “road safety”"
        " or the kind poster"
    )
    assert why_left_out(aid(kind=Kind.POSTER), rules) is None
    assert why_left_out(aid(title="Road-safety: ROAD   Safety"), rules) is None
    assert why_left_out(aid(summary="On road safety."), rules) is None


@pytest.mark.parametrize(
    ("title", "out"),
    [
        ("A Webinar for you", True),
        ("webinar", True),
        ("“Webinar”: today", True),
        ("Webinars for you", False),
        ("Prewebinar", False),
        ("", False),
    ],
)
def test_feeds_except_finds_whole_words_only(title: str, out: bool) -> None:
    rules = with_rules(source=Selection(without=Choice(words=("webinar",))))
    why = why_left_out(aid(title=title), rules)
    assert why == ("left out: source site takes nothing with the word “webinar”" if out else None)


def test_feeds_except_goes_before_only() -> None:
    rules = with_rules(source=Selection(only=WELLNESS, without=Choice(kinds=(Kind.PODCAST,))))
    shown = aid(categories=("Officer Wellness",), kind=Kind.PODCAST)
    assert why_left_out(shown, rules) == "left out: source site takes nothing with the kind podcast"


def test_feeds_only_of_source_and_campaign_must_both_fit() -> None:
    rules = with_rules(source=Selection(only=WELLNESS), campaign=Selection(only=Choice(words=("calm",))))
    assert why_left_out(aid(categories=("Officer Wellness",), title="Calm"), rules) is None
    assert "campaign spotlight" in str(why_left_out(aid(categories=("Officer Wellness",)), rules))
    assert "source site" in str(why_left_out(aid(title="Calm"), rules))


def test_feeds_only_without_rules_everything_is_taken() -> None:
    assert why_left_out(aid(), with_rules()) is None
    assert why_left_out(aid(), with_rules(source=Selection(), campaign=Selection())) is None
