"""Rows become aids: what is odd in one is mended or left out, with a sentence."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from spotlight_notify.model.aids import Aid, Image, Reading
from spotlight_notify.model.words import Access, Kind
from spotlight_notify.sources.database.keys import identity
from spotlight_notify.sources.database.rows import RowReader

READER = RowReader(source="table", reading=Reading(), zone=UTC)


def read(reader: RowReader = READER, **row: Any) -> tuple[Aid, list[str]]:
    return reader.read({"key": 1} | row, ())


def test_a_full_row_becomes_an_aid() -> None:
    aid, notes = read(
        title="Keep Calm &amp; <b>De-Escalate</b>",
        link=" https://aids.example/Calm?utm_source=x ",
        summary="<p>A poster.</p><p>Print it.</p>",
        short="<p>Print it.</p>",
        language="es-MX",
        kind="Poster",
        theme=" Defusing Difficult Encounters ",
        access="SIGN-IN",
        image="https://aids.example/calm.png",
        alt=" An  officer\nlistens ",
        published="2026-11-20 12:00:00+00",
        updated="2026-11-21T12:00:00Z",
        event=datetime(2026, 12, 1, 15, tzinfo=UTC),
        expires=1_800_000_000,
    )
    assert notes == []
    assert aid == Aid(
        source="table",
        key="row:1",
        title="Keep Calm & De-Escalate",
        link="https://aids.example/Calm?utm_source=x",
        summary="A poster.\nPrint it.",
        short="Print it.",
        language="es",
        kind=Kind.POSTER,
        theme="Defusing Difficult Encounters",
        access=Access.SIGN_IN,
        images=(Image(url="https://aids.example/calm.png", alt="An officer listens"),),
        published_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
        updated_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
        event_at=datetime(2026, 12, 1, 15, tzinfo=UTC),
        expires_at=datetime(2027, 1, 15, 8, tzinfo=UTC),
        aliases=("row:1", "link:https://aids.example/Calm"),
    )


def test_a_language_without_templates_is_left_out_and_told() -> None:
    aid, notes = read(title="Ruhig bleiben", language="Deutsch")
    assert aid.language is None
    assert notes == ["row:1: language 'Deutsch' has no templates, left out"]


def test_a_row_of_nothing_is_still_an_aid() -> None:
    empty: dict[str, Any] = dict.fromkeys(
        ("title", "link", "summary", "kind", "theme", "access", "image", "alt", "published")
    )
    aid, notes = read(**empty)
    assert notes == []
    assert aid == Aid(source="table", key="row:1", title="", link=None, aliases=("row:1",))


def test_odd_values_are_left_out_with_a_sentence_each() -> None:
    aid, notes = read(
        title="Calm",
        link="javascript:alert(1)",
        kind="Flyer",
        access="members",
        image="/calm.png",
        published="soon",
        expires="2026-13-01",
    )
    assert (aid.link, aid.kind, aid.access, aid.images) == (None, Kind.ARTICLE, Access.PUBLIC, ())
    assert (aid.published_at, aid.expires_at) == (None, None)
    assert notes == [
        "row:1: link 'javascript:alert(1)' is no absolute http(s) address, left out",
        "row:1: kind 'Flyer' is not known, read by the rules instead",
        "row:1: access 'members' is not known, read by the rules instead",
        "row:1: image '/calm.png' is no absolute http(s) address, left out",
        "row:1: published 'soon' is no date, left out",
        "row:1: expires '2026-13-01' is no date, left out",
    ]


def test_the_rules_decide_where_the_columns_do_not() -> None:
    reading = Reading(
        kind_categories={"Flyer": Kind.POSTER},
        kind_title_prefixes={"[Podcast]": Kind.PODCAST},
        default_theme="Wellness",
        sign_in_categories=("Members",),
    )
    reader = RowReader(source="table", reading=reading, zone=UTC)
    aid, notes = read(reader, title="[Podcast] Calm", kind="flyer", access="MEMBERS")
    assert (aid.title, aid.kind, aid.theme, aid.access, notes) == (
        "Calm",
        Kind.POSTER,
        "Wellness",
        Access.SIGN_IN,
        [],
    )
    aid, notes = read(reader, title="[Podcast] Calm", kind="nonsense")
    assert aid.kind is Kind.PODCAST
    assert notes == ["row:1: kind 'nonsense' is not known, read by the rules instead"]


LISTS = [
    ("Calm", ("Calm",)),
    ("Calm; Risk", ("Calm", "Risk")),
    ("Calm,Risk, calm", ("Calm", "Risk")),
    ("Calm | Risk", ("Calm", "Risk")),
    ("Calm\nRisk\n", ("Calm", "Risk")),
    ('["Calm", "Health, Safety", null]', ("Calm", "Health, Safety")),
    ('{Calm,"Health, Safety","R \\"D\\"",NULL}', ("Calm", "Health, Safety", 'R "D"')),
    ("{}", ()),
    ("{Calm; Risk", ("{Calm", "Risk")),
    ("R&amp;D; Risk", ("R&D", "Risk")),
    ("[" * 9_999 + "; Risk", (f"{'[' * 999}…", "Risk")),
    ("[Calm; Risk]", ("[Calm", "Risk]")),
    ("Trauma, Stress", ("Trauma, Stress",)),
    ("Risk; trauma, stress", ("Risk", "trauma, stress")),
    (" ; ", ()),
    (None, ()),
]


@pytest.mark.parametrize(("value", "themes"), LISTS)
def test_promise_24_a_row_keeps_all_the_themes_it_lists(value: object, themes: tuple[str, ...]) -> None:
    reader = RowReader(source="table", reading=Reading(known_themes=("Trauma, Stress",)), zone=UTC)
    aid, notes = read(reader, title="Calm", theme=value)
    assert (aid.themes, notes) == (themes, [])


def test_a_link_that_several_rows_have_is_no_alias() -> None:
    aid, _ = READER.read({"key": 1, "link": "https://aids.example/"}, {"link:https://aids.example"})
    assert (aid.link, aid.aliases) == ("https://aids.example/", ("row:1",))


def test_times_without_a_zone_are_in_the_one_given_and_a_day_expires_at_its_end() -> None:
    reader = RowReader(source="table", reading=Reading(), zone=ZoneInfo("America/New_York"))
    aid, notes = read(
        reader, published="2026-11-20 12:00:00", event=date(2026, 12, 1), expires="2026-11-30", updated=None
    )
    assert notes == []
    assert aid.published_at == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert aid.event_at == datetime(2026, 12, 1, 5, tzinfo=UTC)
    assert aid.expires_at == datetime(2026, 12, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (7, "row:7"),
        ("A 7", "row:A 7"),
        (b"\x00\xff", "row:00ff"),
        (UUID(int=1), "row:00000000-0000-0000-0000-000000000001"),
        (date(2026, 11, 20), "row:2026-11-20"),
        (datetime.fromisoformat("2026-11-20 01:00"), "row:2026-11-20T01:00:00"),
        (Decimal("10.50"), "row:10.5"),
        (Decimal("1E+3"), "row:1000"),
        ("a\0b", "row:a\ufffdb"),
    ],
)
def test_a_key_is_told_by_the_same_text_however_it_is_held(key: object, told: str) -> None:
    assert identity(key) == told


def test_titles_keep_their_limit_and_words_for_a_picture_are_kept_whole() -> None:
    aid, _ = read(
        title="word " * 400, theme="word " * 400, alt="word " * 400, image="https://aids.example/a.png"
    )
    (image,) = aid.images
    assert [len(text or "") <= 1_000 for text in (aid.title, aid.theme)] == [True] * 2
    assert len(image.alt or "") == 1_999
    assert aid.title.startswith("word word")


def test_a_long_key_becomes_a_name_that_every_database_can_index() -> None:
    long = "安全" * 400
    assert len(identity(long)) < 100
    assert identity(long) != identity(long + "全")
    assert identity("x" * 900) == f"row:{'x' * 900}"
