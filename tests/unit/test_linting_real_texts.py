"""Posts as the packaged templates write them: our words are above suspicion, and no error stops real ones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from builders import CAMPAIGN, aid
from spotlight_notify.model.aids import Aid, Reading, Theme
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding
from spotlight_notify.model.words import Access, Kind, Level
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.posts.rendering.posts import render, render_digest
from spotlight_notify.posts.templates.loading import packaged_templates
from spotlight_notify.rules.lint.linter import lint, lint_text
from spotlight_notify.rules.lint.rules import Policy
from spotlight_notify.sources.feed.aids import aids_from
from spotlight_notify.sources.feed.child_main import read

TEMPLATES = packaged_templates(NETWORKS, UTC)
THEME = Theme(
    name="Defusing Difficult Encounters", hashtag="#DefusingDifficultEncounters", link="https://valor.test/t"
)
TAGGED = replace(CAMPAIGN, theme_hashtags=True)
PROGRAMME = (
    "Defusing Difficult Situations",
    "Keep Calm and De-Escalate",
    "De-Escalation Techniques",
    "Polis Solutions",
    "Improving Police Response to Persons Affected by Mental Illness",
    "Final Report of The President's Task Force on 21st Century Policing",
    "Training For Police-Mental Health Collaboration Programs",
    "An Integrated Approach to De-Escalation and Minimizing Use of Force",
    "ICAT: Integrating Communications, Assessment, and Tactics: "
    "A Training Guide for Defusing Critical Incidents",
)


def found_in(aid: Aid, campaign: Campaign, network: Network) -> tuple[Finding, ...]:
    post = render(TEMPLATES, {THEME.name: THEME}, aid, campaign, network)
    return lint(aid, post, campaign, network, Policy(themes=(THEME,)))


@pytest.mark.parametrize("title", PROGRAMME)
def test_the_programmes_own_aids_are_above_suspicion_in_every_template(title: str) -> None:
    at, summary = datetime(2026, 11, 23, 18, tzinfo=UTC), "Slow it down. It has a transcript."
    for kind, access, network in product(Kind, Access, NETWORKS):
        told = replace(
            aid(title=title, summary=summary, theme=THEME.name, event_at=at),
            kind=kind,
            access=access,
        )
        assert not found_in(told, TAGGED, network)
        bare = found_in(replace(told, summary="", theme=None, event_at=None), CAMPAIGN, network)
        assert [each.rule for each in bare] == ["text-version"] * (kind is Kind.PODCAST)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_digest_is_above_suspicion(network: Network) -> None:
    aids = [aid(number, title=title) for number, title in enumerate(PROGRAMME)]
    post = render_digest(TEMPLATES, THEME, aids, TAGGED, network)
    assert not lint_text(post.text, TAGGED.hashtag, Policy(themes=(THEME,)), network=network)


def real_aids(folder: Path) -> Iterator[Aid]:
    for path in sorted(folder.glob("*.xml")):
        document = read(path.read_bytes(), "text/xml", "https://example.gov/feed.xml")
        yield from aids_from(document, path.name, Reading())


def test_no_error_stops_a_real_feeds_post(shared_data: Path) -> None:
    judged = 0
    for real, network in product(real_aids(shared_data / "feeds"), NETWORKS):
        try:
            found = found_in(real, CAMPAIGN, network)
        except Refused:
            continue
        judged += 1
        assert not [each for each in found if each.level is Level.ERROR], real.title
    assert judged > 80
