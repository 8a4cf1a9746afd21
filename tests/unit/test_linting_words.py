"""Each rule on words: what breaks it, and what comes near and does not."""

import pytest

from spotlight_notify.model.aids import Theme
from spotlight_notify.model.posts import Finding
from spotlight_notify.model.words import Level
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.x.traits import X
from spotlight_notify.rules.lint.linter import lint_text
from spotlight_notify.rules.lint.rules import Policy

TAG = "#SpotlightOnSafety"
END = f"\n\nRead it: https://www.valorforblue.org/aids/1\n\n{TAG}"


def found_in(text: str, rule: str, policy: Policy | None = None) -> list[Finding]:
    """Give what one rule finds in words that stand in an otherwise good post."""
    return [finding for finding in lint_text(text + END, TAG, policy) if finding.rule == rule]


def bare(text: str, rule: str, policy: Policy | None = None) -> list[Finding]:
    """Give what one rule finds in a text that is all there is."""
    return [finding for finding in lint_text(text, TAG, policy) if finding.rule == rule]


@pytest.mark.parametrize(
    "text",
    [
        "Keep calm.",
        "Keep calm. https://valor.example.org/#SpotlightOnSafety",
        "Keep calm x#SpotlightOnSafety",
        "Keep calm #SpotlightOnSafetyWeek",
        f"Follow {TAG} today. {TAG}",
        f"Follow #spotlightonsafety today. {TAG}",
    ],
)
def test_the_hashtag_must_be_there_once(text: str) -> None:
    assert bare(text, "hashtag-present")


@pytest.mark.parametrize(
    "text",
    [
        f"Keep calm. {TAG}",
        f"Spotlight on Safety: SpotlightOnSafety {TAG}",
        f"https://valor.example.org/#SpotlightOnSafety {TAG}",
    ],
)
def test_a_hashtag_that_is_there_once_is_right(text: str) -> None:
    assert not bare(text, "hashtag-present")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Keep calm. #spotlightonsafety", TAG),
        ("Keep calm. #SpotlightonSafety", TAG),
        ("Keep calm. ＃SpotlightOnSafety", TAG),
        (f"Keep calm. {TAG} #backtoschool", "#BackToSchool"),
    ],
)
def test_our_hashtags_keep_their_capitals(text: str, right: str) -> None:
    themes = (Theme(name="Back to School", hashtag="#BackToSchool"),)
    (finding,) = bare(text, "hashtag-case", Policy(themes=themes))
    assert finding.message.endswith(f"must be written {right}")


@pytest.mark.parametrize(
    "tag", ["#spotlightOnSafety", "#SPOTLIGHTONSAFETY", "#Backtoschool", "#BACKTOSCHOOL"]
)
def test_our_hashtags_tell_their_words_apart(tag: str) -> None:
    policy = Policy(themes=(Theme(name="Back to School", hashtag=tag),))
    assert [each.rule for each in lint_text(f"Keep calm. {tag}", tag, policy)] == ["hashtag-case"]


@pytest.mark.parametrize(
    "tag", ["#SpotlightOnSafety", "#VALOR", "#BackToSchool", "#21Days", "#安全", "#Safety"]
)
def test_hashtags_in_camel_case_are_right(tag: str) -> None:
    policy = Policy(themes=(Theme(name="Back to School", hashtag="#BackToSchool"),))
    assert not lint_text(f"Keep calm. {tag}", tag, policy)


def test_a_strangers_hashtag_is_written_as_its_owners_do() -> None:
    assert not found_in("Officers on #metoo and #BLUELIVESMATTERNOW", "hashtag-case")


@pytest.mark.parametrize(
    "text",
    [
        "𝗦𝘁𝗮𝘆 safe",
        "Ⓢⓣⓞⓟ and think",
        "🅢🅣🅞🅟 and think",
        "Ｓｔｏｐ and think",
        "ꜱᴀꜰᴇᴛʏ first",
        "S̶a̶f̶e̶",
        "🇸 🇦 🇫 🇪",
    ],
)
def test_letters_made_of_symbols_stop_a_post(text: str) -> None:
    assert found_in(text, "symbol-letters")


@pytest.mark.parametrize(
    "text",
    [
        "The 1ˢᵗ and 2ⁿᵈ of May",
        "Plan Ⓐ, plan Ⓑ ⓘ",
        "Teams from 🇺🇸 🇲🇽 🇨🇦",
        "ＮＨＫニュース",
        "The 𝑝-value of №5 in ℃, ½ of Hawaiʻi™",
        "① Slow down ② Listen",
        "Ελλάδα, Москва, ᏣᎳᎩ, ᐃᓄᒃᑎᑐᑦ, k̲wak̲wala",
    ],
)
def test_real_scripts_and_signs_are_letters_enough(text: str) -> None:
    assert not found_in(text, "symbol-letters")


@pytest.mark.parametrize(
    "text",
    [
        "Whatever ¯\\_(ツ)_/¯",
        "(╯°□°)╯︵ ┻━┻",
        "╔══════╗\n║ STOP ║\n╚══════╝",
        "▓▓▓▓▓░░░░░ half way",
        "⣿⣿⣿⠿⠿⠿⣿⣿⣿⣿",
        "  ^__^\n  (oo)\\_______\n  (__)\\       )\\/\\\n      ||----w |\n      ||     ||",
        "   ____\n  / __ \\\n | |  | |\n | |__| |\n  \\____/",
    ],
)
def test_drawings_made_of_characters_stop_a_post(text: str) -> None:
    assert found_in(text, "ascii-art")


@pytest.mark.parametrize(
    "text",
    [
        "Stay safe... — and be well | Site Name | News",
        "Call (555) 123-4567 / +1-555-123-4569 <24/7>",
        "Mon-Fri | 9:00-17:00 | (555) 123-4567\nSat | 10:00-14:00 | --\nSun | -- | --",
        "1) Slow down\n2) Listen\n3) Leave a way out",
        "(a)\n(b)\n(c)\n(d)\n(e)\n(f)\n(g)\n(h)",
        "----------\n**********\n==========",
        "+-----+-----+\n| Mon | 9-5 |\n+-----+-----+\n| Tue | 9-5 |\n+-----+-----+",
        "Pages 1-4, 5-8, (9-12), [13-16]; $1,200.00 (+3.5%) :-)",
        "Name: ____________ / Badge: ____________",
        "⠠⠃⠗⠁⠊⠇⠇⠑ for the blind",
        "The ██████ report",
        "Slides: https://valor.example.org/a/%7B%7D/--/__/~~/*.*/",
    ],
)
def test_lists_tables_and_signs_are_no_drawings(text: str) -> None:
    assert not found_in(text, "ascii-art")


def test_a_third_hashtag_is_one_too_many() -> None:
    assert found_in("Stay safe\n#Calm #Safe", "hashtags-many")
    assert found_in("Why #Calm #Safe #Sound matter", "hashtags-many")
    assert not found_in("Stay safe\n#Calm", "hashtags-many")
    assert not found_in("Stay safe, number #1 and C# and https://valor.example.org/#a", "hashtags-many")


def test_hashtags_come_last() -> None:
    assert bare(f"{TAG} Keep calm", "hashtags-place")
    assert found_in("Officers on #Calm tactics", "hashtags-place")
    assert not bare(f"Keep calm {TAG} #Calm 🚒", "hashtags-place")
    assert not bare(f"Keep calm {TAG}\nhttps://valor.example.org/1", "hashtags-place")


def test_three_emoji_are_one_too_many() -> None:
    assert found_in("Stay safe 🚒🚓🚑", "emoji-many")
    assert found_in("Stay safe 🇺🇸 👩🏽‍🚒 1️⃣", "emoji-many")
    assert not found_in("Stay safe 👩🏽‍🚒🚓", "emoji-many")
    assert not found_in("Call ☎ VALOR™ © ® ✔ ★ → 10", "emoji-many")


def test_an_emoji_is_not_repeated() -> None:
    assert found_in("Stay safe 🚒🚒", "emoji-repeated")
    assert found_in("Stay safe 🚒\nAnd sound 🚒", "emoji-repeated")
    assert not found_in("Stay safe 🚒🚓", "emoji-repeated")
    assert not found_in("Stay safe 👮🏻👮🏿", "emoji-repeated")


def test_emoji_end_a_line() -> None:
    assert found_in("🚒 Fire safety week", "emoji-place")
    assert found_in("Stay safe 🚒, and sound", "emoji-place")
    assert not found_in("Stay safe 🚒", "emoji-place")
    assert not found_in("Stay safe! 🚒🚓 \nIn summer too.", "emoji-place")


@pytest.mark.parametrize(
    "text",
    [
        "RECOMMENDATIONS AND REPORTS: antibiotics",
        "Please READ THIS NOW before you go",
        "STOP 2 FBI SCAM CALLS",
        "ОЧЕНЬ ВАЖНОЕ СООБЩЕНИЕ",
    ],
)
def test_three_words_in_capitals_in_a_row_shout(text: str) -> None:
    assert found_in(text, "capitals")


@pytest.mark.parametrize(
    "text",
    [
        "[PODCAST] [SIGN-IN REQUIRED] Keep Calm and De-Escalate",
        "The FBI, DEA and ATF meet DOJ, BJA and IACP",
        "FBI DEA ATF BJA meeting",
        "DO NOT run",
        "NDBC, QFES, XSEDE, AMIE",
        "World War II, Part III, M4 and AR15 in Washington DC",
        "Final Report of The President's Task Force on 21st Century Policing",
        "この警察官のための指針",
    ],
)
def test_titles_acronyms_and_marks_do_not_shout(text: str) -> None:
    assert not found_in(text, "capitals")


def test_acronyms_of_the_configuration_do_not_shout() -> None:
    text = "The NOBLE SHIELD PROGRAM TEAM"
    assert found_in(text, "capitals")
    assert not found_in(text, "capitals", Policy(acronyms=frozenset({"SHIELD"})))


def test_a_sentence_of_26_words_is_too_long() -> None:
    (finding,) = found_in("Slow " * 25 + "down.", "long-sentence")
    assert "26 words" in finding.message
    assert found_in("Short. " + "Slow " * 26 + "(https://valor.example.org/1)\nShort.", "long-sentence")


def test_short_sentences_marks_and_links_are_not_counted_together() -> None:
    assert not found_in("[ARTICLE] " + "Slow " * 24 + "down https://valor.example.org/1.", "long-sentence")
    assert not found_in("Slow " * 20 + "\n" + "down " * 20, "long-sentence")
    assert not found_in("Slow down " * 10 + "now. " + "Listen " * 20 + ".", "long-sentence")


def test_several_long_sentences_are_one_finding() -> None:
    (finding,) = found_in(("Slow " * 25 + "down.\n") * 3, "long-sentence")
    assert "and 2 more" in finding.message


def test_one_link_is_enough() -> None:
    (finding,) = found_in("More: https://valor.example.org/2", "one-link")
    assert "there are 2 links, first “https://valor.example.org/2”" in finding.message
    assert not found_in("The new CDC.gov and USA.gov", "one-link")
    assert not found_in("Go to the site", "one-link")
    assert not found_in("Write e.g. at 9.30 a.m., v2.0 or file.txt", "one-link")


def test_bare_domains_count_as_links_only_on_x() -> None:
    text = f"Stay home.Call us{END}"
    assert not [each for each in lint_text(text, TAG, network=FACEBOOK) if each.rule == "accidental-link"]
    assert [each for each in lint_text(text, TAG, network=X) if each.rule == "accidental-link"]
    more = f"https://valor.example.org/2{END}"
    assert [each for each in lint_text(more, TAG, network=FACEBOOK) if each.rule == "one-link"]


@pytest.mark.parametrize("text", ["A class in Martinsburg, W.Va., is free.", "Train for safety.Work as one."])
def test_a_link_that_nobody_meant_stops_a_post(text: str) -> None:
    """Words x07: X makes a link of "W.Va"."""
    (finding,) = found_in(text, "accidental-link")
    assert finding.level is Level.ERROR


@pytest.mark.parametrize("text", ["See USA.gov or CDC.GOV.", "At 9 a.m. in the U.S. or N.C.", "Dr. No"])
def test_names_of_sites_and_abbreviations_pass(text: str) -> None:
    assert not found_in(text, "accidental-link")


def test_a_bare_text_is_told_all_that_is_wrong_with_it() -> None:
    rules = {finding.rule for finding in lint_text("hello http://bit.ly/x #foo", TAG)}
    assert rules == {"hashtag-present", "short-link", "hashtags-strangers"}


def test_strangers_hashtags_are_told() -> None:
    """Words x12."""
    (finding,) = found_in("Join us! #NationalNightOut #backtheblue", "hashtags-strangers")
    assert "#NationalNightOut, #backtheblue" in finding.message
    policy = Policy(themes=(Theme(name="Night Out", hashtag="#NightOut"),))
    assert not found_in("Join us! #NightOut", "hashtags-strangers", policy)


def test_click_here_says_nothing() -> None:
    assert found_in("Click here for more", "click-here")
    assert found_in("To learn more, tap the link.", "click-here")
    assert not found_in("Double-click the file here", "click-here")
    assert not found_in("Learn how clickbait works here", "click-here")
