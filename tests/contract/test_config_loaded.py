"""What comes out of a right file: frozen values, complete with defaults, and no secret ever in sight."""

import traceback
from dataclasses import FrozenInstanceError
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import make_url

from spotlight_notify.app.configuration import load_config
from spotlight_notify.config.configuration import reading_of, secrets_of
from spotlight_notify.config.source_settings import DatabaseSettings, FeedSettings
from spotlight_notify.model.aids import Reading
from spotlight_notify.model.campaigns import Campaign, Channel
from spotlight_notify.model.errors import ConfigError
from spotlight_notify.model.words import Kind
from spotlight_notify.networks.facebook.settings import FacebookSettings
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.x.settings import XSettings
from spotlight_notify.networks.x.traits import X
from spotlight_notify.rules.retry import Retries

LEAST = """\
[programme]
name = "VALOR"
[channels.valor-x]
network = "x"
consumer_key = "${CK}"
consumer_secret = "${file:secret}"
access_token = "${credential:token}"
access_token_secret = "${UNSET:-ats}"
[campaigns.by-hand]
sources = []
channels = ["valor-x"]
hashtag = "#VALOR"
"""

FULL = (
    LEAST
    + """\
[sources.site]
kind = "feed"
url = "https://agency.gov/feed?key=${FEED_KEY}"
timezone = "America/Chicago"
[sources.site.reading]
kind_categories = { Poster = "poster" }
kind_title_prefixes = { "[Podcast]" = "podcast" }
kind_link_paths = { "/webinars/" = "webinar" }
kind_link_suffixes = { ".pdf" = "publication" }
default_kind = "training"
theme_categories = { a = "A" }
theme_category_prefix = "Theme: "
theme_link_paths = { "/b/" = "B" }
default_theme = "C"
sign_in_categories = ["d"]
sign_in_title_prefixes = ["e"]
sign_in_link_paths = ["/f/"]
[sources.table]
kind = "database"
url = "postgresql://user:${DB_PASSWORD}@db.example/aids"
schema = "outreach"
table = "aids"
key = "id"
order_by = "id"
overlap = "1h"
columns.title = "headline"
columns.link = "url"
[channels.valor-page]
network = "facebook"
page_id = "42"
access_token = "pt"
app_secret = "as"
[ledger]
url = "postgresql://user:${LEDGER_PASSWORD:-l-pw}@db.example/ledger"
[campaigns.spotlight]
sources = ["table", "site"]
channels = ["valor-page", "valor-x"]
hashtag = "#SpotlightOnSafety"
"""
)

ENVIRON = {"CK": "ck", "FEED_KEY": "fk", "DB_PASSWORD": "p%40ss"}


def written(folder: Path, text: str, *, from_file: str = "cs", credential: str = "at") -> Path:
    for name, content in (("secret", from_file), ("token", credential)):
        (folder / name).write_text(content + "\n", encoding="utf-8")
        (folder / name).chmod(0o600)
    (folder / "spotlight.toml").write_text(text, encoding="utf-8")
    return folder / "spotlight.toml"


def environ(folder: Path, **more: str) -> dict[str, str]:
    return {**ENVIRON, "CREDENTIALS_DIRECTORY": str(folder), **more}


def test_the_least_file_has_every_default(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, LEAST), environ(tmp_path))
    assert config.programme.timezone.key == "UTC"
    assert config.ledger_url == f"sqlite:///{tmp_path}/spotlight.sqlite3"
    assert (config.wire.allow_private_addresses, config.wire.contact) == (False, None)
    assert config.delivery.lease == timedelta(minutes=15)
    assert config.templates_folder is None
    assert config.sources == {}
    channel = Channel(name="valor-x", network=X)
    assert config.campaigns == (Campaign(name="by-hand", sources=(), channels=(channel,), hashtag="#VALOR"),)


def test_the_default_patience_is_the_one_that_retrying_was_made_for(tmp_path: Path) -> None:
    patience = load_config(written(tmp_path, LEAST), environ(tmp_path)).delivery
    assert Retries() == Retries(
        most=patience.max_tries, first=patience.backoff_base, longest=patience.backoff_cap
    )


def test_secrets_come_from_all_four_places(tmp_path: Path) -> None:
    channel = load_config(written(tmp_path, LEAST), environ(tmp_path)).channels["valor-x"]
    assert isinstance(channel, XSettings)
    assert channel.base_url == "https://api.x.com"
    held = (channel.consumer_key, channel.consumer_secret, channel.access_token, channel.access_token_secret)
    assert [value.get_secret_value() for value in held] == ["ck", "cs", "at", "ats"]


def test_a_full_file_becomes_values(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, FULL), environ(tmp_path))
    assert list(config.sources) == ["site", "table"]
    site, table, page = config.sources["site"], config.sources["table"], config.channels["valor-page"]
    assert isinstance(site, FeedSettings)
    assert isinstance(table, DatabaseSettings)
    assert isinstance(page, FacebookSettings)
    assert (site.url, site.every) == ("https://agency.gov/feed?key=fk", timedelta(minutes=15))
    assert (site.timezone, table.timezone) == (ZoneInfo("America/Chicago"), None)
    assert (table.schema_name, table.table, table.overlap) == ("outreach", "aids", timedelta(hours=1))
    assert (table.columns.title, table.columns.link, table.columns.summary) == ("headline", "url", None)
    assert make_url(table.url.get_secret_value()).password == "p@ss"
    assert (page.graph_version, page.page_id) == ("v26.0", "42")
    campaign = config.campaigns[1]
    assert campaign.sources == ("table", "site")
    assert [channel.network for channel in campaign.channels] == [FACEBOOK, X]


def test_reading_rules_become_a_reading(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, FULL), environ(tmp_path))
    assert reading_of(config.sources["site"]) == Reading(
        kind_categories={"Poster": Kind.POSTER},
        kind_title_prefixes={"[Podcast]": Kind.PODCAST},
        kind_link_paths={"/webinars/": Kind.WEBINAR},
        kind_link_suffixes={".pdf": Kind.PUBLICATION},
        default_kind=Kind.TRAINING,
        theme_categories={"a": "A"},
        theme_category_prefix="Theme: ",
        theme_link_paths={"/b/": "B"},
        default_theme="C",
        sign_in_categories=("d",),
        sign_in_title_prefixes=("e",),
        sign_in_link_paths=("/f/",),
    )
    assert reading_of(config.sources["table"]) == Reading()


def test_a_configuration_cannot_be_changed(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, FULL), environ(tmp_path))
    with pytest.raises(FrozenInstanceError):
        config.ledger_url = "x"  # type: ignore[misc]  # the point of the test
    with pytest.raises(ValidationError):
        config.sources["site"].every = timedelta(1)
    with pytest.raises(TypeError):
        config.sources["more"] = config.sources["site"]  # type: ignore[index]  # the point of the test


def test_folders_are_meant_from_the_file_wherever_the_program_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "etc" / "templates").mkdir(parents=True)
    text = LEAST + '[ledger]\nurl = "sqlite:///../l.db"\n[templates]\nfolder = "templates"\n'
    written(tmp_path / "etc", text)
    monkeypatch.chdir(tmp_path)
    config = load_config(Path("etc/spotlight.toml"), environ(tmp_path / "etc"))
    assert config.templates_folder == tmp_path / "etc" / "templates"
    assert config.ledger_url == f"sqlite:///{tmp_path}/etc/../l.db"


def test_private_addresses_are_taken_when_they_are_allowed(tmp_path: Path) -> None:
    text = LEAST.replace('network = "x"', 'network = "x"\nbase_url = "http://127.0.0.1:8081/"')
    text += "[wire]\nallow_private_addresses = true\n"
    text += '[sources.a]\nkind = "feed"\nurl = "http://localhost/"\nevery = "1s"\n'
    config = load_config(written(tmp_path, text), environ(tmp_path))
    channel = config.channels["valor-x"]
    assert isinstance(channel, XSettings)
    assert channel.base_url == "http://127.0.0.1:8081"
    assert config.sources["a"].every == timedelta(seconds=1)


def test_every_secret_is_known_by_value(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, FULL), environ(tmp_path))
    assert secrets_of(config) == {"ck", "cs", "at", "ats", "fk", "p@ss", "p%40ss", "pt", "as", "l-pw"}


# Between these marks a secret cannot be taken for a part of the words around it.
SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=30).map(
    lambda text: f"<~{text}~>"
)


@settings(deadline=None, max_examples=40)
@given(st.lists(SECRETS, min_size=4, max_size=4, unique=True), st.booleans())
def test_no_secret_shows_in_any_print_or_error(
    tmp_path_factory: pytest.TempPathFactory, secrets: list[str], wrong: bool
) -> None:
    folder = tmp_path_factory.mktemp("secrets")
    text = FULL.replace("page_id", "every = 5\npage_id") if wrong else FULL
    path = written(folder, text, from_file=secrets[0], credential=secrets[1])
    quoted = secrets[3].replace("%", "%25").replace("@", "%40").replace(":", "%3A").replace("/", "%2F")
    given_ = environ(folder, CK=secrets[2], DB_PASSWORD=quoted, LEDGER_PASSWORD=quoted, FEED_KEY=secrets[2])
    try:
        config = load_config(path, given_)
        shown = "".join(map(repr, [config, *config.sources.values(), *config.channels.values()])) + str(
            config
        )
        assert set(secrets) <= secrets_of(config)
    except ConfigError as error:
        shown = "".join(traceback.format_exception(error)) + repr(error) + repr(error.problems)
    assert not [secret for secret in [*secrets, quoted] if secret in shown]


@settings(deadline=None, max_examples=40)
@given(
    SECRETS, st.sampled_from(["timezone", "every", "page_id", "graph_version", "hashtag", "kind", "overlap"])
)
def test_a_secret_in_the_wrong_place_is_refused_without_being_shown(
    tmp_path_factory: pytest.TempPathFactory, secret: str, setting: str
) -> None:
    folder = tmp_path_factory.mktemp("misplaced")
    lines = [line for line in FULL.splitlines() if not line.startswith(f"{setting} = ")]
    table = {
        "timezone": "[programme]",
        "every": "[sources.site]",
        "overlap": "[sources.table]",
        "kind": "[sources.site]",
        "hashtag": "[campaigns.spotlight]",
    }.get(setting, "[channels.valor-page]")
    lines.insert(lines.index(table) + 1, f'{setting} = "${{MISPLACED}}"')
    with pytest.raises(ConfigError) as caught:
        load_config(written(folder, "\n".join(lines)), environ(folder, MISPLACED=secret))
    shown = "".join(traceback.format_exception(caught.value))
    assert setting in shown
    assert secret not in shown
