"""How kind, theme and access are read from what a source tells."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.model.aids import Reading
from spotlight_notify.model.words import Access, Kind
from spotlight_notify.sources.traits import Told, Traits, read_traits

READING = Reading(
    kind_categories={"Poster": Kind.POSTER, "On-Demand Training": Kind.TRAINING},
    kind_title_prefixes={"[Podcast]": Kind.PODCAST, "Webinar:": Kind.WEBINAR},
    kind_link_paths={"/posters/": Kind.POSTER},
    kind_link_suffixes={".pdf": Kind.PUBLICATION},
    theme_categories={"de-escalation": "Defusing Difficult Encounters"},
    theme_category_prefix="Theme:",
    theme_link_paths={"/wellness/": "Officer Wellness"},
    default_theme="General",
    sign_in_categories=("Members",),
    sign_in_title_prefixes=("[Sign-in required]", "[Podcast]"),
    sign_in_link_paths=("/members/",),
)


def read(title: str = "An aid", link: str | None = "https://valor.test/aid", **told: Any) -> Traits:
    return read_traits(Told(title=title, link=link, **told), READING)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({}, Kind.ARTICLE),
        ({"link": None}, Kind.ARTICLE),
        ({"link": "https://valor.test/a/Keep%20Calm.PDF?download=1"}, Kind.PUBLICATION),
        ({"link": "https://valor.test/Posters/calm.pdf"}, Kind.POSTER),
        ({"link": "https://valor.test/posters/calm.pdf", "title": "webinar: Calm"}, Kind.WEBINAR),
        ({"title": "Webinar: Calm", "categories": ("News", " on-demand training ")}, Kind.TRAINING),
        ({"categories": ("Poster",), "kind": "Podcast"}, Kind.PODCAST),
        ({"kind": "POSTER"}, Kind.POSTER),
        ({"kind": "On-demand training"}, Kind.TRAINING),
        ({"kind": "flyer"}, Kind.ARTICLE),
    ],
)
def test_reads_the_kind_by_the_first_rule_that_matches(told: dict[str, Any], kind: Kind) -> None:
    assert read(**told).kind is kind


@pytest.mark.parametrize(
    ("told", "theme"),
    [
        ({}, "General"),
        ({"link": "https://valor.test/wellness/sleep"}, "Officer Wellness"),
        ({"link": "https://valor.test/wellness/", "categories": ("theme: Ambush ",)}, "Ambush"),
        ({"categories": ("Theme:",)}, "General"),
        ({"categories": ("De-Escalation",), "themes": (" Ambush ",)}, "Ambush"),
    ],
)
def test_reads_the_theme(told: dict[str, Any], theme: str) -> None:
    assert read(**told).themes == (theme,)


@pytest.mark.parametrize(
    ("categories", "themes"),
    [
        (("Theme: Ambush", "De-Escalation"), ("Defusing Difficult Encounters", "Ambush")),
        (("Theme: Risk", "News", "Theme: Ambush"), ("Risk", "Ambush")),
        (("Theme: Risk", "theme: RISK", "Theme:"), ("Risk",)),
    ],
)
def test_promise_24_all_categories_that_name_a_theme_are_kept(
    categories: tuple[str, ...], themes: tuple[str, ...]
) -> None:
    assert read(categories=categories).themes == themes


@pytest.mark.parametrize(
    "category",
    [
        "De‑escalation",
        "ｄｅ－ｅｓｃａｌａｔｉｏｎ",
        "de-esca\u200blation",
        "Theme: Defusing Difficult Encounters",
    ],
)
def test_promise_23_a_category_names_its_theme_however_it_is_written(category: str) -> None:
    assert read(categories=(category,)).themes == ("Defusing Difficult Encounters",)


@pytest.mark.parametrize("category", ["Theme\u200b: Ambush", "ＴＨＥＭＥ： Ambush", "theme:\u00a0Ambush"])
def test_promise_23_a_prefix_is_found_however_it_is_written(category: str) -> None:
    assert read(categories=(category,)).themes == ("Ambush",)


@pytest.mark.parametrize(
    ("told", "access"),
    [
        ({}, Access.PUBLIC),
        ({"categories": ("MEMBERS",)}, Access.SIGN_IN),
        ({"title": "[podcast] Calm"}, Access.SIGN_IN),
        ({"link": "https://valor.test/Members/calm"}, Access.SIGN_IN),
        ({"link": "https://valor.test/members/calm", "access": "Public"}, Access.PUBLIC),
        ({"access": "sign-in"}, Access.SIGN_IN),
        ({"access": "members"}, Access.SIGN_IN),
        ({"access": "who knows"}, Access.PUBLIC),
    ],
)
def test_reads_the_access(told: dict[str, Any], access: Access) -> None:
    assert read(**told).access is access


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("[Podcast] Calm", "Calm"),
        ("[Sign-in required] [Podcast] Calm", "Calm"),
        ("[PODCAST]: Calm", "Calm"),
        ("Webinar: Calm – now", "Calm – now"),
        ("[Podcast]", "[Podcast]"),
        ("About the [Podcast]", "About the [Podcast]"),
    ],
)
def test_takes_prefixes_off_the_title(title: str, bare: str) -> None:
    assert read(title=title).title == bare


def test_reads_nothing_into_an_aid_without_rules() -> None:
    told = Told(title="[Podcast] Calm", link="https://valor.test/x.pdf", categories=("Poster",))
    assert read_traits(told, Reading()) == Traits(
        title="[Podcast] Calm", kind=Kind.ARTICLE, themes=(), access=Access.PUBLIC
    )


@given(st.text(), st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=9), max_size=3))
def test_any_rules_end_and_keep_a_title(title: str, prefixes: list[str], categories: list[str]) -> None:
    reading = Reading(kind_title_prefixes=dict.fromkeys(prefixes, Kind.POSTER))
    traits = read_traits(Told(title=title, link=None, categories=categories), reading)
    assert bool(traits.title) == bool(title.strip())
    assert title.strip().endswith(traits.title)
