"""The programme's own configuration is complete, true to the schema, and loads as it is."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from spotlight_notify.app.configuration import load_config, schema_text
from spotlight_notify.config.configuration import reading_of
from spotlight_notify.config.cross_checks import notes_on
from spotlight_notify.config.source_settings import DatabaseSettings
from spotlight_notify.model.errors import ConfigError
from spotlight_notify.model.words import Access, Kind
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.sources.traits import Told, read_traits

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config" / "spotlight.toml"
SCHEMA = ROOT / "config" / "spotlight.schema.json"
OFFERED = re.compile(r"^# (?=\[[a-z_.-]+\]$|[a-z_]+ = )", re.MULTILINE)
ENVIRON = {
    "VALOR_FEED_URL": "https://valor.example/feed.xml",
    "AIDS_DATABASE_URL": "postgresql://reader:pw@db.example/aids",
    "X_CONSUMER_KEY": "one",
    "X_CONSUMER_SECRET": "two",
    "X_ACCESS_TOKEN": "three",
    "X_ACCESS_TOKEN_SECRET": "four",
    "FACEBOOK_PAGE_ID": "1234567890",
    "FACEBOOK_PAGE_TOKEN": "five",
    "FACEBOOK_APP_SECRET": "six",
}


def test_the_schema_is_current() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "run: python scripts/make_schema.py"


def test_the_schema_shows_defaults_as_they_are_written_and_no_stars() -> None:
    text = SCHEMA.read_text(encoding="utf-8")
    assert '"default": "15m"' in text
    assert '"default": "sqlite:///spotlight.sqlite3"' in text
    assert '"PT' not in text
    assert "**" not in text


def test_the_example_names_its_schema_for_editors() -> None:
    assert EXAMPLE.read_text(encoding="utf-8").startswith("#:schema ./spotlight.schema.json\n")


def test_the_packaged_example_is_this_one() -> None:
    packaged = ROOT / "src" / "spotlight_notify" / "posts" / "packaged" / "spotlight.toml"
    assert packaged.read_bytes() == EXAMPLE.read_bytes()


def test_the_example_loads_when_its_variables_are_set() -> None:
    config = load_config(EXAMPLE, ENVIRON)
    (campaign,) = config.campaigns
    assert campaign.name == "spotlight-on-safety"
    assert campaign.hashtag == "#SpotlightOnSafety"
    assert {channel.network for channel in campaign.channels} == set(NETWORKS)
    assert campaign.sources == tuple(config.sources)
    assert config.programme.timezone.key == "America/New_York"


def test_a_new_programme_is_paced() -> None:
    config = load_config(EXAMPLE, ENVIRON)
    hours = {tempo.paces["spotlight-on-safety"].campaign for tempo in config.tempos.values()}
    assert [each.gap for each in hours] == [timedelta(minutes=15)]
    assert notes_on(config) == ()


def test_without_its_variables_the_example_tells_each_that_is_missing() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    active = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    named = re.findall(r"\$\{([A-Z_]+)\}", active)
    with pytest.raises(ConfigError) as caught:
        load_config(EXAMPLE, {})
    said = str(caught.value)
    assert [f"the environment variable {name} is not set" in said for name in named] == [True] * 8
    assert len(said.splitlines()) == 8


def settings_of(node: dict[str, Any]) -> Iterator[str]:
    for part in node["$defs"].values():
        yield from part.get("properties", ())


def test_the_example_shows_every_setting_there_is() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    unseen = {
        name
        for name in settings_of(json.loads(SCHEMA.read_text(encoding="utf-8")))
        if not re.search(rf"^(# )?{name} = |\.{name}\]$", text, re.MULTILINE)
    }
    assert unseen == set()


def test_everything_the_example_offers_is_right_when_it_is_taken(tmp_path: Path) -> None:
    (tmp_path / "templates" / "posts").mkdir(parents=True)
    taken = OFFERED.sub("", EXAMPLE.read_text(encoding="utf-8"))
    (tmp_path / "spotlight.toml").write_text(taken, encoding="utf-8")
    config = load_config(tmp_path / "spotlight.toml", ENVIRON)
    table = config.sources["aids-table"]
    assert isinstance(table, DatabaseSettings)
    assert (table.schema_name, table.overlap, table.columns.expires) == ("public", 1000, "expires_at")
    assert config.templates_folder == tmp_path / "templates" / "posts"


def test_what_the_example_offers_as_a_default_is_the_default() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    offered = dict(re.findall(r"^# ([a-z_]+) = (.+)$", text, re.MULTILINE))
    defaults = {
        name: setting["default"]
        for part in schema["$defs"].values()
        for name, setting in part.get("properties", {}).items()
        if setting.get("default") not in (None, [], {})
    }
    shown = {name: tomllib.loads(f"x = {offered[name]}")["x"] for name in defaults if name in offered}
    differing = {
        name
        for name, value in shown.items()
        if name not in ("adopt", "base_url", "url", "timezone") and value != defaults[name]
    }
    assert differing == set()
    assert {"lease", "max_tries", "backoff_base", "backoff_cap", "graph_version"} <= set(shown)
    assert '# base_url = "https://api.x.com"' in text
    x, page = text.split('network = "facebook"')
    assert "# adopt = false" in x
    assert "# adopt = true" in page
    assert '# base_url = "https://graph.facebook.com"' in text
    assert '# url = "sqlite:///spotlight.sqlite3"' in text


def test_the_example_reads_what_the_programme_publishes() -> None:
    config = load_config(EXAMPLE, ENVIRON)
    assert config.sources["valor-site"].every == timedelta(minutes=15)
    reading = reading_of(config.sources["valor-site"])
    link = "https://valor.example/spotlight/defusing-difficult-encounters/keep-calm.pdf"
    poster = read_traits(
        Told(title="Keep Calm and De-Escalate", link=link, categories=["Printable Posters"]), reading
    )
    assert (poster.kind, *poster.themes, poster.access) == (
        Kind.POSTER, "Defusing Difficult Encounters", Access.PUBLIC,
    )  # fmt: skip
    podcast = read_traits(
        Told(title="[Podcast] De-Escalation", link="https://valor.example/p/1",
             categories=["Sign-in required", "Theme: Defusing Difficult Encounters"]), reading,
    )  # fmt: skip
    assert (podcast.title, podcast.kind, podcast.access) == ("De-Escalation", Kind.PODCAST, Access.SIGN_IN)
    assert podcast.themes == ("Defusing Difficult Encounters",)
    report = read_traits(Told(title="ICAT Training Guide", link="https://valor.example/icat.pdf"), reading)
    assert report.kind == Kind.PUBLICATION
