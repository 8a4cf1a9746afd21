"""Templates: what a folder may hold, and how its mistakes are told."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.errors import TemplateError
from spotlight_notify.model.networks import Network
from spotlight_notify.model.words import Access, Kind
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X
from spotlight_notify.posts.templates.fields import (
    CORRECTION_FIELDS,
    DIGEST_FIELDS,
    FIELDS,
    correction_fields,
    digest_fields,
    fields_of,
    listed,
)
from spotlight_notify.posts.templates.loading import load_templates, packaged_templates
from spotlight_notify.text.times import spoken_time

WORDS = "{{ title }}\n{{ summary }}\n{{ link }}\n{{ hashtag }}\n"
DIGEST = (
    "{{ theme }}\n{% for aid in aids %}\n{{ aid.title }}\n{% endfor %}\n"
    "+{{ more }}\n{{ link }}\n{{ hashtag }}\n"
)
CORRECTION = "{{ text }}\n{{ link }}\n{{ hashtag }}\n"
AID = Aid(source="site", key="1", title="Keep Calm", link="https://example.gov/1", kind=Kind.WEBINAR)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with the least that works."""
    for network in NETWORKS:
        (tmp_path / f"{network}.j2").write_text(WORDS, encoding="utf-8")
    return tmp_path


def write(folder: Path, kind: Kind, network: Network = X) -> str:
    layout = load_templates(folder, NETWORKS).layouts[network]
    return layout.write(kind, fields_of(AID, "#SpotlightOnSafety"))


def written_digest(folder: Path, network: Network = X) -> str:
    layout = load_templates(folder, NETWORKS).layouts[network]
    return layout.write_digest(digest_fields("Calm", [listed(AID)] * 2, AID.link or "", "#SpotlightOnSafety"))


def written_correction(folder: Path, network: Network = X) -> str:
    layout = load_templates(folder, NETWORKS).layouts[network]
    return layout.write_correction(correction_fields("On March 4.", AID.link or "", "#SpotlightOnSafety"))


def test_the_least_that_works(folder: Path) -> None:
    layout = load_templates(folder, NETWORKS).layouts[X]
    assert (layout.shrink, layout.drop) == (("summary",), ())
    assert write(folder, Kind.POSTER) == "Keep Calm\n\nhttps://example.gov/1\n#SpotlightOnSafety"


def test_a_kind_has_words_of_its_own_or_the_network_s(folder: Path) -> None:
    (folder / "x.poster.j2").write_text("Print: " + WORDS, encoding="utf-8")
    assert write(folder, Kind.POSTER).startswith("Print: Keep Calm")
    assert write(folder, Kind.PODCAST).startswith("Keep Calm")
    assert write(folder, Kind.POSTER, FACEBOOK).startswith("Keep Calm")


def test_parts_can_be_shared(folder: Path) -> None:
    (folder / "_end.j2").write_text("{{ link }}\n{{ hashtag }}", encoding="utf-8")
    (folder / "x.j2").write_text("{{ title }}\n{% include '_end.j2' %}\n", encoding="utf-8")
    assert write(folder, Kind.POSTER).endswith("\n#SpotlightOnSafety")


def test_every_field_can_be_used(folder: Path) -> None:
    every = "".join(f"{{{{ {name} }}}}\n" for name in sorted(FIELDS))
    (folder / "x.j2").write_text(every, encoding="utf-8")
    assert "webinar\n" in write(folder, Kind.WEBINAR)
    assert set(fields_of(AID, "#A")) == FIELDS
    every = "".join(f"{{{{ {name} }}}}\n" for name in sorted(DIGEST_FIELDS))
    (folder / "x.digest.j2").write_text(every, encoding="utf-8")
    assert "\n2\n" in written_digest(folder)
    assert set(digest_fields("Calm", [], "", "")) == DIGEST_FIELDS
    assert set(correction_fields("", "", "")) == CORRECTION_FIELDS


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
        ("x.j2", WORDS.strip() + "{{ theme_hashtag or '' }}", 0, "white space"),
        ("x.j2", WORDS + "a" * 230, 0, "its own words leave no room: with a short title"),
        ("x.podcast.j2", WORDS + "https://a.gov " * 11, 0, "and X takes 280"),
        ("facebook.j2", WORDS + "a" * 63_206, 0, "and Facebook takes 63206"),
        ("x.j2", WORDS + "\nClick here", 6, "tells nobody where a link leads"),
        ("x.j2", WORDS + "{# a\nnote #}\n{{ 'click  HERE' }}", 7, "tells nobody where a link leads"),
        ("_words.j2", "{{ headline }}", 1, "no field 'headline'"),
        ("facebook.j2", "<b>{{ title }}</b>\n" + WORDS, 0, "people would see <b>"),
        ("facebook.j2", WORDS + "Terms &amp; conditions", 0, "people would see &amp;"),
        ("x.digest.j2", DIGEST + "{% if %}", 8, "Expected an expression"),
        ("x.digest.j2", DIGEST + "{{ title }}", 8, "no field 'title'; there are aids, count"),
        ("x.j2", WORDS + "{{ more }}", 5, "no field 'more'"),
        ("x.digest.j2", DIGEST.replace("aid.title", "aid.name"), 3, "has no attribute 'name'"),
        ("x.digest.j2", DIGEST.replace("aid.title", "aid.title[:40]"), 0, "have each title in it, whole"),
        ("x.digest.j2", DIGEST.replace("{{ more }}", "a few more"), 0, "say how many more there are"),
        ("x.digest.j2", DIGEST.replace("{{ theme }}", "New"), 0, "must have the theme"),
        ("x.digest.j2", DIGEST.replace("{{ link }}", ""), 0, "must have the link"),
        ("x.digest.j2", DIGEST + "a" * 250, 0, "its own words leave no room"),
        ("facebook.digest.j2", DIGEST + "Click here.", 8, "tells nobody where a link leads"),
        ("x.correction.j2", CORRECTION + "{{ title }}", 4, "no field 'title'; there are hashtag, link, text"),
        ("x.digest.j2", DIGEST + "{{ text }}", 8, "no field 'text'"),
        ("x.correction.j2", CORRECTION + "{% if %}", 4, "Expected an expression"),
        ("x.correction.j2", "{{ text[:9] }} {{ link }} {{ hashtag }}", 0, "must have the text"),
        ("x.correction.j2", "{{ text }} {{ hashtag }}", 0, "must have the link"),
        ("x.correction.j2", "{{ text }} {{ link }}", 0, "must have the hashtag"),
        ("facebook.correction.j2", "<b>{{ text }}</b> {{ link }} {{ hashtag }}", 0, "people would see <b>"),
        ("x.correction.j2", CORRECTION + "a" * 250, 0, "its own words leave no room"),
        ("x.correction.j2", CORRECTION + "Click here.", 4, "tells nobody where a link leads"),
        ("x.corection.j2", CORRECTION, 0, "no post uses this file"),
        ("x.potcast.j2", WORDS, 0, "no post uses this file"),
        ("twitter.j2", WORDS, 0, "no post uses this file"),
        ("x.j2", "{{ title[:20] }} {{ link }} {{ hashtag }}", 0, "must have the title in it, whole"),
        ("x.podcast.j2", "{{ title[:900] }} {{ link }} {{ hashtag }}", 0, "must have the title in it, whole"),
        (
            "facebook.j2",
            "{{ title | title }} {{ link }} {{ hashtag }}",
            0,
            "must have the title in it, whole",
        ),
        ("facebook.j2", "{{ title | e }} {{ link }} {{ hashtag }}", 0, "people would see &amp;"),
        ("x.j2", "{{ title }} {{ link[:200] }} {{ hashtag }}", 0, "must have the link in it, whole"),
        ("x.webinar.j2", "{{ title }} {{ link | urlencode }} {{ hashtag }}", 0, "must have the link"),
        ("x.digest.j2", DIGEST.replace("{{ link }}", "{{ link[:99] }}"), 0, "must have the link"),
        ("x.poster.j2", '\n{% extends "gone.j2" %}', 2, 'it extends "gone.j2", and there is no such file'),
        ("x.toml", 'shrink = ["summary"]\ndrop = [,', 2, "this is not TOML: Invalid value"),
        ("x.toml", 'shrink = ["summary"]\n\nlongest = { titles = ', 3, "this is not TOML"),
        ("x.toml", "shrink = [", 1, "this is not TOML"),
        ("x.toml", 'cut = ["summary"]', 0, "no setting 'cut'"),
        ("x.toml", 'shrink = ["title"]', 0, "shrink must be a list"),
        ("x.toml", 'drop = ["link"]', 0, "drop must be a list"),
        ("x.toml", 'drop = "theme"', 0, "drop must be a list"),
        ("x.toml", "drop = [1, []]", 0, "drop must be a list"),
        ("x.toml", 'drop = ["theme_hashtag"]', 0, "drop must be a list"),
        ("x.toml", "longest = { titles = 0 }", 0, "longest must give a length above 0"),
        ("x.toml", "longest = { title = 9 }", 0, "longest must give a length above 0"),
        ("x.toml", "longest = 9", 0, "longest must give a length above 0"),
    ],
)
def test_a_mistake_is_told_with_its_place(folder: Path, file: str, text: str, line: int, says: str) -> None:
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load_templates(folder, NETWORKS)
    assert (caught.value.file, caught.value.line) == (str(folder / file), line)
    assert says in str(caught.value)


def problems_in(folder: Path) -> list[tuple[str, int, str]]:
    """Give all that is wrong with a folder: file, line and the first words of each message."""
    with pytest.raises(TemplateError) as caught:
        load_templates(folder, NETWORKS, called="my/posts")
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
    return [(p.file, p.line, " ".join(p.message.split()[:4])) for p in caught.value.problems]


def test_every_mistake_is_told_at_once_under_the_folder_s_own_name(folder: Path) -> None:
    (folder / "facebook.j2").write_text(WORDS + "{{ headline }} {{ tilte }}\nclick here")
    (folder / "x.j2").write_text("{{ title }}\n{{ summary }}")
    (folder / "x.poster.j2").write_text(WORDS + "{% if %}")
    (folder / "x.potcast.j2").write_text(WORDS)
    (folder / "x.webinar.j2").write_text(WORDS + "{{ event_at.year }}")
    (folder / "x.training.j2").write_bytes(b"\xff")
    (folder / "x.toml").write_text('cut = ["summary"]\ndrop = "theme"\nlongest = 9')
    assert problems_in(folder) == [
        ("my/posts/facebook.j2", 5, "there is no field"),
        ("my/posts/facebook.j2", 5, "there is no field"),
        ("my/posts/facebook.j2", 6, "“click here” tells nobody"),
        ("my/posts/x.j2", 0, "the post must have"),
        ("my/posts/x.j2", 0, "the post must have"),
        ("my/posts/x.poster.j2", 5, "Expected an expression, got"),
        ("my/posts/x.potcast.j2", 0, "no post uses this"),
        ("my/posts/x.toml", 0, "there is no setting"),
        ("my/posts/x.toml", 0, "drop must be a"),
        ("my/posts/x.toml", 0, "longest must give a"),
        ("my/posts/x.training.j2", 0, "this file cannot be"),
        ("my/posts/x.webinar.j2", 5, "cannot be filled in:"),
    ]


def test_a_mistake_is_not_told_again_of_what_is_built_on_it(folder: Path) -> None:
    for kind in ("poster", "podcast"):
        (folder / f"x.{kind}.j2").write_text('{% extends "x.j2" %}{% block end %}{{ 1 / 0 }}{% endblock %}')
    (folder / "x.j2").write_text("{{ title }}\n{{ link }}\n{% block end %}{% endblock %}")
    assert problems_in(folder) == [
        ("my/posts/x.j2", 0, "the post must have"),
        ("my/posts/x.podcast.j2", 1, "cannot be filled in:"),
        ("my/posts/x.poster.j2", 1, "cannot be filled in:"),
    ]
    (folder / "x.j2").write_text("{{ titel }}\n{% block end %}{% endblock %}")
    assert problems_in(folder) == [("my/posts/x.j2", 1, "there is no field")]


def test_a_part_that_two_networks_share_is_told_once(folder: Path) -> None:
    (folder / "_end.j2").write_text("{{ link }} {{ hashtag }}\n{{ 1 / 0 }}")
    for network in NETWORKS:
        (folder / f"{network}.j2").write_text('{{ title }}\n{% include "_end.j2" %}')
    assert problems_in(folder) == [("my/posts/_end.j2", 2, "cannot be filled in:")]


def test_a_file_that_may_be_missing_is_no_mistake(folder: Path) -> None:
    (folder / "x.j2").write_text(WORDS + '{% include "_gone.j2" ignore missing %}')
    assert "Keep Calm" in write(folder, Kind.POSTER)


def test_every_network_needs_a_template(folder: Path) -> None:
    (folder / "facebook.j2").unlink()
    with pytest.raises(TemplateError, match=r"facebook\.j2: this template is missing"):
        load_templates(folder, NETWORKS)


def test_a_missing_folder_and_an_unreadable_file_are_told(folder: Path) -> None:
    with pytest.raises(TemplateError, match=r"/gone: the templates cannot be read: no such file"):
        load_templates(folder / "gone", NETWORKS)
    (folder / "x.j2").write_bytes(b"\xff\xfe{{ title }}")
    with pytest.raises(TemplateError, match="cannot be read"):
        load_templates(folder, NETWORKS)


def test_a_folder_without_a_digest_has_the_packaged_one(folder: Path) -> None:
    packaged = packaged_templates(NETWORKS).layouts[X]
    fields = digest_fields("Calm", [listed(AID)], AID.link or "", "#SpotlightOnSafety")
    assert load_templates(folder, NETWORKS).layouts[X].write_digest(fields) == packaged.write_digest(fields)
    (folder / "x.digest.j2").write_text("Ours: " + DIGEST, encoding="utf-8")
    assert written_digest(folder).startswith("Ours: Calm\n")
    assert not written_digest(folder, FACEBOOK).startswith("Ours")


def test_a_folder_without_a_correction_has_the_packaged_one(folder: Path) -> None:
    fields = correction_fields("On March 4.", AID.link or "", "#SpotlightOnSafety")
    packaged = packaged_templates(NETWORKS).layouts[X].write_correction(fields)
    assert written_correction(folder) == packaged
    (folder / "x.correction.j2").write_text("Ours: " + CORRECTION, encoding="utf-8")
    assert written_correction(folder).startswith("Ours: On March 4.\n")
    assert not written_correction(folder, FACEBOOK).startswith("Ours")


def test_a_note_may_say_what_a_post_may_not(folder: Path) -> None:
    (folder / "x.j2").write_text(WORDS + "{# never “click here”, nor <b>bold</b> #}", encoding="utf-8")
    assert "here" not in write(folder, Kind.POSTER)


def test_bare_posts_may_be_as_long_as_the_limit(folder: Path) -> None:
    room = 280 - X.measure(write(folder, Kind.POSTER)) + len("#SpotlightOnSafety") - len("#SpecimenHashtag")
    (folder / "x.j2").write_text(WORDS + "a" * (room - 1), encoding="utf-8")
    load_templates(folder, NETWORKS)
    (folder / "x.j2").write_text(WORDS + "a" * room, encoding="utf-8")
    with pytest.raises(TemplateError, match="is 281 long, and X takes 280"):
        load_templates(folder, NETWORKS)


def test_words_that_give_way_may_be_longer(folder: Path) -> None:
    (folder / "x.j2").write_text(WORDS + "{% if roomy %}" + "a" * 280 + "{% endif %}", encoding="utf-8")
    with pytest.raises(TemplateError, match="its own words leave no room"):
        load_templates(folder, NETWORKS)
    (folder / "x.toml").write_text('drop = ["roomy"]', encoding="utf-8")
    load_templates(folder, NETWORKS)


@pytest.mark.parametrize(
    ("zone", "at", "long", "short"),
    [
        (
            "America/New_York",
            "2026-03-03 19:00",
            "Tuesday, March 3, 2026, 2:00 PM EST",
            "Tue, Mar 3, 2 PM EST",
        ),
        (
            "America/New_York",
            "2026-03-08 07:30",
            "Sunday, March 8, 2026, 3:30 AM EDT",
            "Sun, Mar 8, 3:30 AM EDT",
        ),
        (
            "America/Phoenix",
            "2026-07-01 19:00",
            "Wednesday, July 1, 2026, 12:00 PM MST",
            "Wed, Jul 1, 12 PM MST",
        ),
        ("UTC", "2026-07-01 00:05", "Wednesday, July 1, 2026, 12:05 AM UTC", "Wed, Jul 1, 12:05 AM UTC"),
        (
            "America/Sao_Paulo",
            "2026-07-01 12:00",
            "Wednesday, July 1, 2026, 9:00 AM UTC-03",
            "Wed, Jul 1, 9 AM UTC-03",
        ),
    ],
)
def test_times_are_told_as_people_do(zone: str, at: str, long: str, short: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert spoken_time(moment, ZoneInfo(zone)) == long
    assert spoken_time(moment, ZoneInfo(zone), short=True) == short


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
    layout = packaged_templates(NETWORKS, ZoneInfo("America/New_York")).layouts[FACEBOOK]
    text = layout.write(aid.kind, fields_of(aid, "#SpotlightOnSafety"))
    assert "When: Friday, July 3, 2026, 9:05 PM EDT" in text


def test_the_packaged_templates_are_the_ones_in_the_checkout(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "templates" / "posts"
    copy = shutil.copytree(shipped, tmp_path / "posts")
    fields = fields_of(AID, "#SpotlightOnSafety")
    for network in NETWORKS:
        for kind in Kind:
            packaged = packaged_templates(NETWORKS).layouts[network].write(kind, fields)
            assert packaged == load_templates(copy, NETWORKS).layouts[network].write(kind, fields)
            assert packaged.startswith(f"[{kind.upper()}] Keep Calm\n")
        digest = digest_fields("Calm", [listed(AID)] * 2, "https://a.gov/1", "#SpotlightOnSafety")
        packaged = packaged_templates(NETWORKS).layouts[network].write_digest(digest)
        assert packaged == load_templates(copy, NETWORKS).layouts[network].write_digest(digest)
        assert packaged.startswith("Calm: 2 new digital aids\n")
        correction = correction_fields("On March 4.", "https://a.gov/1", "#SpotlightOnSafety")
        packaged = packaged_templates(NETWORKS).layouts[network].write_correction(correction)
        assert packaged == load_templates(copy, NETWORKS).layouts[network].write_correction(correction)
        assert packaged.startswith("[CORRECTION] On March 4.\n")
