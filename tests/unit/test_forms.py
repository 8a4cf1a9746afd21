"""What form an aid has beside its kind, and in which language it is: what a reader is told to do with it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from builders import CAMPAIGN, aid
from spotlight_notify.model.aids import Aid
from spotlight_notify.model.words import Kind
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X
from spotlight_notify.posts.rendering.posts import render
from spotlight_notify.posts.templates.forms import form_of, without_kind
from spotlight_notify.posts.templates.loading import packaged_templates
from spotlight_notify.text.language import language_of

TEMPLATES = packaged_templates(NETWORKS)
AT = datetime(2027, 3, 3, 19, tzinfo=UTC)


def written(one: Aid, network: object = X, **languages: str) -> str:
    network = FACEBOOK if network is FACEBOOK else X
    return render(TEMPLATES, {}, one, CAMPAIGN, network, languages=languages).text


@pytest.mark.parametrize(
    ("kind", "title", "changes", "first", "deed"),
    [
        (Kind.WEBINAR, "Calm Words (Recording)", {}, "[RECORDING] Calm Words (Recording)", "Watch it: "),
        (Kind.WEBINAR, "Calm Words", {"event_at": AT}, "[WEBINAR] Calm Words", "Register: "),
        (Kind.WEBINAR, "Calm Words", {}, "[WEBINAR] Calm Words", "Join or watch it: "),
        (Kind.TRAINING, "Calm Words Guide", {}, "[GUIDE] Calm Words Guide", "Read or download it: "),
        (Kind.TRAINING, "Calm Words", {"event_at": AT}, "[TRAINING] Calm Words", "Register: "),
        (
            Kind.TRAINING,
            "Calm Words",
            {"event_at": AT, "summary": "Join us at the Ohio Peace Officer Training Academy."},
            "[CLASS] Calm Words",
            "Register: ",
        ),
        (
            Kind.TRAINING,
            "Calm Words",
            {"event_at": AT, "summary": "In person and online."},
            "[TRAINING] Calm Words",
            "Register: ",
        ),
        (
            Kind.PODCAST,
            "Calm Words",
            {"categories": ("Transcript",)},
            "[PODCAST] Calm Words",
            "Listen (transcript available): ",
        ),
        (Kind.PODCAST, "Calm", {"summary": "Has a transcript."}, "[PODCAST] Calm", "Listen: "),
        (
            Kind.WEBINAR,
            "Calm Replay",
            {"categories": ("Captioned",)},
            "[RECORDING] Calm Replay",
            "it (captioned)",
        ),
        (Kind.TRAINING, "Calm Words", {}, "[TRAINING] Calm Words", "Go to the training: "),
        (Kind.ARTICLE, "Night Out", {"event_at": AT}, "[EVENT] Night Out", "See when and where: "),
        (Kind.ARTICLE, "Calm Words", {"theme": "Calm Words"}, "[NEW THEME] Calm Words", "See it: "),
        (Kind.ARTICLE, "A Center", {"link": "https://center.test/"}, "[RESOURCE] A Center", "Visit it: "),
        (Kind.ARTICLE, "Calm Words", {}, "[ARTICLE] Calm Words", "Read it: "),
        (Kind.PODCAST, "Podcast: Calm Words", {}, "[PODCAST] Calm Words", "Listen: "),
        (Kind.WEBINAR, "[WEBINAR] Webinar: Calm", {}, "[WEBINAR] Webinar: Calm", "Join or watch it: "),
        (
            Kind.PUBLICATION,
            "B 5",
            {"link": "https://v.test/b.PDF"},
            "[PUBLICATION] B 5",
            "Read or download it (PDF): ",
        ),
        (
            Kind.PUBLICATION,
            "B 5",
            {"link": "https://v.test/b.pdf", "file_size": 1_234_567},
            "[PUBLICATION] B 5",
            "Read or download it (PDF, 1.23 MB): ",
        ),
    ],
)
def test_a_reader_is_told_what_to_do(
    kind: Kind, title: str, changes: dict[str, Any], first: str, deed: str
) -> None:
    """Words w26, w28, and kinds that their own words tell."""
    text = written(aid(title=title, kind=kind, **changes))
    assert (text.splitlines()[0], deed in text) == (first, True)
    assert ("When: Wednesday, March 3, 2027" in text) == ("event_at" in changes)


def test_only_what_is_certain_is_a_form() -> None:
    assert form_of(aid(kind=Kind.TRAINING, title="Guide to Calm", summary="Register for the class.")) is None
    assert form_of(aid(kind=Kind.PODCAST, title="Recorded Voices")) is None
    assert form_of(aid(kind=Kind.ARTICLE, title="A Center", link="https://center.test/?id=5")) is None


def test_a_kind_is_said_once() -> None:
    assert without_kind("Podcast: Calm Words", Kind.PODCAST) == "Calm Words"
    assert without_kind("(Webinar) Calm Words", Kind.WEBINAR) == "Calm Words"
    assert without_kind("Podcasts on Calm Words", Kind.PODCAST) == "Podcasts on Calm Words"
    assert without_kind("Podcast: Calm Words", Kind.WEBINAR) == "Podcast: Calm Words"
    assert without_kind("Training", Kind.TRAINING) == "Training"


SPANISH = aid(
    title="Cartel: Mantenga la calma",
    summary="El Sr. López y la Dra. Ruiz explican cómo calmar una situación tensa.",
    kind=Kind.POSTER,
    theme="Cómo calmar encuentros difíciles",
)


def test_spanish_aids_have_spanish_labels() -> None:
    """Words w21."""
    assert written(SPANISH) == (
        "[CARTEL] Mantenga la calma\n\n"
        "El Sr. López y la Dra. Ruiz explican cómo calmar una situación tensa.\n\n"
        "Tema: Cómo calmar encuentros difíciles\n"
        f"Descargue e imprima el cartel: {SPANISH.link}\n\n{CAMPAIGN.hashtag}"
    )
    on_facebook = written(replace(SPANISH, kind=Kind.WEBINAR, event_at=AT), FACEBOOK)
    assert "Cuándo: miércoles 3 de marzo de 2027, 7:00 p. m. UTC" in on_facebook


def test_a_source_may_say_its_language() -> None:
    assert "Theme: " in written(SPANISH, site="en")
    assert "Lea el artículo: " in written(aid(title="FBI"), site="es")


@pytest.mark.parametrize(
    ("text", "categories", "language"),
    [
        ("Mantenga la calma con los cinco pasos", (), "es"),
        ("Keep Calm", ("Español",), "es"),
        ("Keep calm in Los Angeles and El Paso", (), "en"),
        ("La Paz, El Paso, Los Lunas", (), "es"),
        ("Alerta", (), "en"),
        ("", (), "en"),
    ],
)
def test_a_language_is_told_by_small_words(text: str, categories: tuple[str, ...], language: str) -> None:
    assert language_of(text, categories) == language
