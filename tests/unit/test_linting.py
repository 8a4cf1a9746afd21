"""The lint as a whole: its table of rules, its order, its calm in the face of any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import CAMPAIGN, aid
from spotlight_notify.model.aids import Image, Theme
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Kind, Level
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X
from spotlight_notify.rules.lint.linter import lint, lint_text
from spotlight_notify.rules.lint.rules import RULES, Policy, make_finding

TAG = CAMPAIGN.hashtag
TABLE = {
    Level.ERROR: {
        "hashtag-present": "this project",
        "hashtag-case": "section508.gov/create/social-media",
        "alt-missing": "X OpenAPI",
        "alt-length": "X OpenAPI",
        "garbled": "this project",
        "symbol-letters": "GCS",
        "ascii-art": "Defra",
        "animated-gif": "section508.gov",
        "alt-file-name": "section508.gov",
        "alt-says-nothing": "section508.gov",
        "poster-picture": "this project",
        "stop-words": "this project",
        "contact-details": "this project",
        "says-nothing": "this project",
        "event-unclear": "this project",
        "title-acronym": "this project",
        "accidental-link": "this project",
    },
    Level.WARNING: {
        "alt-long": "section508.gov",
        "alt-url": "section508.gov",
        "alt-opening": "section508.gov",
        "alt-repeats": "section508.gov",
        "alt-equal": "section508.gov",
        "hashtags-many": "GCS",
        "hashtags-place": "GCS",
        "hashtags-strangers": "this project",
        "emoji-many": "GCS",
        "emoji-repeated": "section508.gov",
        "emoji-place": "section508.gov",
        "capitals": "plainlanguage.gov",
        "cut-short": "this project",
        "one-link": "GCS",
        "short-link": "this project",
        "click-here": "GCS",
        "picture-unusable": "this project",
        "card-title": "developers.facebook.com",
        "card-image": "developers.facebook.com",
        "link-front-page": "this project",
        "link-unchecked": "this project",
    },
    Level.HINT: {
        "cut-away": "this project",
        "long-sentence": "GCS",
        "acronym": "digital.gov",
        "plain-words": "plainlanguage.gov",
        "text-version": "section508.gov/create/social-media",
    },
}
EASED = {"alt-missing", "alt-length", "animated-gif", "alt-file-name", "alt-says-nothing"}


def test_every_rule_has_its_level_and_its_source() -> None:
    listed = [(level, name, source) for level, rules in TABLE.items() for name, source in rules.items()]
    assert list(RULES) == [name for _, name, _ in listed]
    for level, name, source in listed:
        rule = RULES[name]
        assert (rule.name, rule.level) == (name, level)
        assert source in rule.source
        assert rule.eased == (name in EASED)
        assert rule.optional == (level is not Level.ERROR or rule.eased)


def test_a_finding_has_its_rules_level_and_source() -> None:
    finding = make_finding("card-image", "the page has no og:image")
    assert (finding.rule, finding.level, finding.message) == (
        "card-image",
        Level.WARNING,
        "the page has no og:image",
    )
    assert finding.source == RULES["card-image"].source
    with pytest.raises(KeyError):
        make_finding("no-such-rule", "what")


def test_the_gravest_comes_first_then_what_comes_first_in_the_text() -> None:
    text = "Click here 🚒 now. 𝗦𝘁𝗼𝗽 the NCTP. Utilize ¯\\_(ツ)_/¯ and SHOUT FROM THE ROOF."
    rules = [each.rule for each in lint_text(text, TAG)]
    assert rules == [
        "hashtag-present",
        "symbol-letters",
        "ascii-art",
        "click-here",
        "emoji-place",
        "capitals",
        "acronym",
        "plain-words",
    ]


def test_rules_can_be_left_out_but_for_those_that_stop_a_post() -> None:
    text = "Click here 𝗻𝗼𝘄"
    everything = Policy(ignore=frozenset(RULES))
    assert [each.rule for each in lint_text(text, TAG, everything)] == ["hashtag-present", "symbol-letters"]


def test_one_finding_a_rule_names_what_was_found_on_one_printable_line() -> None:
    text = (
        "𝗻𝗼𝘄 " * 50
        + "READ\u202e THIS\x1b[31m PLEASE\n" * 50
        + "#SpotlightonSafety " * 50
        + "Click\nhere " * 9
    )
    found = lint_text(text, TAG)
    assert len({each.rule for each in found}) == len(found) >= 5
    assert all(each.message.isprintable() and len(each.message) < 300 for each in found)


texts = st.text(max_size=300) | st.lists(
    st.sampled_from(
        [
            TAG,
            TAG.lower(),
            "#",
            "＃A",
            " ",
            "\n",
            "🚒",
            "👨\u200d",
            "🇺",
            "1️⃣",
            "𝗮",
            "Ⓐ",
            "ａ",
            "̶",
            "/\\",
            "|_",
            "(ツ)",
            "[A]",
            "FBI",
            "NCTP",
            "STOP",
            "a.com",
            "https://a.co/b",
            "@a",
            "utilize",
            "İ",
            "ß",
            "\ud800",
            "\x00",
            "。",
            ". ",
        ]
    ),
    max_size=80,
).map("".join)
alts = st.none() | texts
pictures = st.lists(st.builds(Image, url=texts, alt=alts, trouble=st.none() | texts), max_size=3).map(tuple)


@given(texts, pictures, pictures, st.sampled_from(NETWORKS))
def test_any_post_is_judged_without_an_error_and_always_alike(
    text: str, shown: tuple[Image, ...], had: tuple[Image, ...], network: Network
) -> None:
    policy = Policy(themes=(Theme(name="Back to School", hashtag="#BackToSchool"), Theme(name="Calm")))
    post = Post(text=text, link="https://valor.test/1", images=shown)
    found = lint(aid(images=had), post, CAMPAIGN, network, policy)
    assert found == lint(aid(images=had), post, CAMPAIGN, network, policy)
    for each in found:
        eased = RULES[each.rule].eased and each.level is Level.WARNING
        assert each.message
        assert each.level is RULES[each.rule].level or eased


UNITS = (
    "a|A|AB |A1 |#|#a |#spotlightonsafety |😀|👨\u200d|🇺|🇺 |1️⃣|𝗮|𝗮 |Ⓐ |ａ|ａ |a\u0336|\u0336|⠿|█|░|/|/ |"
    "/\\|()\n|.|. |a.com |[|[a] |utilize |in order |click |NCTP |ᴀ|ʰ|“|(ツ|安|A\n|-|_|ab-|\u200d|@a "
)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", UNITS.split("|"))
def test_judging_takes_time_in_proportion(unit: str) -> None:
    text = (unit * (50_000 // max(len(unit), 1) + 1))[:50_000]
    image = Image(url=text, alt=text, trouble=text)
    post = Post(text=text, link="https://valor.test/1", images=(image,))
    assert lint(aid(images=(image,)), post, CAMPAIGN, X)


def test_what_an_office_wants_to_be_asked_about_stops_a_post() -> None:
    podcast = aid(title="Calm Words", kind=Kind.PODCAST)
    post = Post(
        text=f"[PODCAST] Calm Words\n\nListen: {podcast.link}\n\n{CAMPAIGN.hashtag}", link=str(podcast.link)
    )
    for ask, level in ((frozenset[str](), Level.HINT), (frozenset({"text-version"}), Level.ERROR)):
        (found,) = lint(podcast, post, CAMPAIGN, X, Policy(ask=ask))
        assert (found.rule, found.level) == ("text-version", level)
