"""Templates: what a folder may hold, and how its mistakes are told."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from spotlight_notify.errors import TemplateError
from spotlight_notify.model import Access, Aid, Kind, Network
from spotlight_notify.templates import FIELDS, fields_of, load_templates, packaged_templates

WORDS = "{{ title }}\n{{ summary }}\n{{ link }}\n{{ hashtag }}\n"
AID = Aid(source="site", key="1", title="Keep Calm", link="https://example.gov/1", kind=Kind.WEBINAR)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with the least that works."""
    for network in Network:
        (tmp_path / f"{network}.j2").write_text(WORDS, encoding="utf-8")
    return tmp_path


def write(folder: Path, kind: Kind, network: Network = Network.X) -> str:
    layout = load_templates(folder).layouts[network]
    return layout.write(kind, fields_of(AID, "#SpotlightOnSafety"))


def test_the_least_that_works(folder: Path) -> None:
    layout = load_templates(folder).layouts[Network.X]
    assert (layout.shrink, layout.drop) == (("summary",), ())
    assert write(folder, Kind.POSTER) == "Keep Calm\n\nhttps://example.gov/1\n#SpotlightOnSafety"


def test_a_kind_has_words_of_its_own_or_the_network_s(folder: Path) -> None:
    (folder / "x.poster.j2").write_text("Print: " + WORDS, encoding="utf-8")
    assert write(folder, Kind.POSTER).startswith("Print: Keep Calm")
    assert write(folder, Kind.PODCAST).startswith("Keep Calm")
    assert write(folder, Kind.POSTER, Network.FACEBOOK).startswith("Keep Calm")


def test_parts_can_be_shared(folder: Path) -> None:
    (folder / "_end.j2").write_text("{{ link }}\n{{ hashtag }}", encoding="utf-8")
    (folder / "x.j2").write_text("{{ title }}\n{% include '_end.j2' %}\n", encoding="utf-8")
    assert write(folder, Kind.POSTER).endswith("\n#SpotlightOnSafety")


def test_every_field_can_be_used(folder: Path) -> None:
    every = "".join(f"{{{{ {name} }}}}\n" for name in sorted(FIELDS))
    (folder / "x.j2").write_text(every, encoding="utf-8")
    assert "webinar\n" in write(folder, Kind.WEBINAR)
    assert set(fields_of(AID, "#A")) == FIELDS


@pytest.mark.parametrize(
    ("file", "text", "line", "says"),
    [
        ("x.j2", WORDS + "{% if %}", 5, "Expected an expression"),
        ("x.j2", WORDS + "\n{{ headline }}", 6, "no field 'headline'"),
        ("x.podcast.j2", WORDS + "{{ title | shout }}", 5, "shout"),
        ("x.poster.j2", WORDS + "{{ event_at.year }}", 5, "cannot be filled in"),
        ("x.poster.j2", WORDS + "{{ 1 / 0 }}", 5, "division"),
        ("x.j2", WORDS + "{% include '_gone.j2' %}", 5, "_gone.j2"),
        ("x.j2", '{% extends "x.j2" %}', 1, "cannot be filled in"),
        ("facebook.j2", WORDS + "{{ title.__class__.__mro__ }}", 5, "unsafe"),
        ("x.j2", "{{ summary }}\n{{ link }}\n{{ hashtag }}", 0, "must have the title"),
        ("x.j2", "{{ title | upper }} {{ link }} {{ hashtag }}", 0, "must have the title"),
        ("x.j2", "{{ title }}\n{{ hashtag }}", 0, "must have the link"),
        ("x.j2", "{{ title }}\n{{ link }}", 0, "must have the hashtag"),
        ("x.j2", "{{ title }}\n{{ link }}{{ hashtag }}", 0, "white space"),
        ("x.j2", "{{ title }}{{ hashtag }} {{ link }}", 0, "white space"),
        ("x.potcast.j2", WORDS, 0, "no post uses this file"),
        ("twitter.j2", WORDS, 0, "no post uses this file"),
        ("x.toml", "shrink = [", 0, "x.toml"),
        ("x.toml", 'cut = ["summary"]', 0, "no setting 'cut'"),
        ("x.toml", 'shrink = ["title"]', 0, "shrink must be a list"),
        ("x.toml", 'drop = ["link"]', 0, "drop must be a list"),
        ("x.toml", 'drop = "theme"', 0, "drop must be a list"),
        ("x.toml", "drop = [1, []]", 0, "drop must be a list"),
    ],
)
def test_a_mistake_is_told_with_its_place(folder: Path, file: str, text: str, line: int, says: str) -> None:
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load_templates(folder)
    assert (caught.value.file, caught.value.line) == (file, line)
    assert says in str(caught.value)


def test_every_network_needs_a_template(folder: Path) -> None:
    (folder / "facebook.j2").unlink()
    with pytest.raises(TemplateError, match=r"facebook\.j2: this template is missing"):
        load_templates(folder)


def test_a_missing_folder_and_an_unreadable_file_are_told(folder: Path) -> None:
    with pytest.raises(TemplateError, match="cannot be read"):
        load_templates(folder / "gone")
    (folder / "x.j2").write_bytes(b"\xff\xfe{{ title }}")
    with pytest.raises(TemplateError, match="cannot be read"):
        load_templates(folder)


def test_event_times_are_told_where_the_programme_is(tmp_path: Path) -> None:
    aid = Aid(
        source="site",
        key="1",
        title="Keep Calm",
        link="https://example.gov/1",
        kind=Kind.WEBINAR,
        event_at=datetime(2026, 7, 4, 1, 5, tzinfo=UTC),
        access=Access.SIGN_IN,
    )
    layout = packaged_templates(ZoneInfo("America/New_York")).layouts[Network.FACEBOOK]
    text = layout.write(aid.kind, fields_of(aid, "#SpotlightOnSafety"))
    assert "When: Friday, July 3, 9:05 PM EDT" in text


def test_the_packaged_templates_are_the_ones_in_the_checkout(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "templates" / "posts"
    copy = shutil.copytree(shipped, tmp_path / "posts")
    fields = fields_of(AID, "#SpotlightOnSafety")
    for network in Network:
        for kind in Kind:
            packaged = packaged_templates().layouts[network].write(kind, fields)
            assert packaged == load_templates(copy).layouts[network].write(kind, fields)
            assert packaged.startswith(f"[{kind.upper()}] Keep Calm\n")
