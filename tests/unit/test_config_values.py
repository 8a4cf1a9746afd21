"""Single settings: what is taken, what is refused, in words that never hold the value."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError
from sqlalchemy import make_url

from spotlight_notify.config.channel_settings import Token
from spotlight_notify.config.database_urls import DatabaseUrl, LedgerUrl, passwords_in
from spotlight_notify.config.times import Duration, Interval, Overlap, TimeZone, written
from spotlight_notify.config.urls import Contact, NetworkUrl, PublicUrl, is_private
from spotlight_notify.config.validation import FileContext
from spotlight_notify.config.words import Hashtag, Name, SourceName, did_you_mean
from spotlight_notify.networks.facebook.settings import GraphVersion, PageId

Annotation = Any


def around(*, allow_private: bool = False, folder: Path = Path("/etc/spotlight")) -> FileContext:
    return FileContext(folder=folder, allow_private=allow_private, sources=frozenset(), channels=frozenset())


def taken(kind: Annotation, value: object, context: FileContext | None = None) -> Any:
    return TypeAdapter(kind).validate_python(value, context=context or around())


def refusal(kind: Annotation, value: object, context: FileContext | None = None) -> str:
    """Give the words a value is refused with."""
    with pytest.raises(ValidationError) as caught:
        taken(kind, value, context)
    (error,) = caught.value.errors()
    assert error["type"] == "spotlight", "refused in our own words"
    return str(error["ctx"]["words"])


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        ("366d", timedelta(days=366)),
        ("007s", timedelta(seconds=7)),
    ],
)
def test_a_duration_carries_a_unit(text: str, length: timedelta) -> None:
    assert taken(Duration, text) == length


@pytest.mark.parametrize(
    "value",
    [15, 1.5, True, None, "", "15", "m", "1.5h", "-1m", "15 m", "15min", "1h30m", "0s", "367d", "١٥m"],
)
def test_a_duration_without_a_unit_or_out_of_bounds_is_told_how(value: object) -> None:
    assert '"' in refusal(Duration, value)


def test_a_huge_duration_is_refused_and_does_not_overflow() -> None:
    assert "366d" in refusal(Duration, "999999999d")
    assert "unit" in refusal(Duration, "9" * 5000 + "d")


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=366)))
def test_a_duration_that_is_written_reads_the_same(length: timedelta) -> None:
    whole = timedelta(seconds=int(length.total_seconds()))
    assert taken(Duration, written(whole)) == whole


def test_public_sites_are_not_asked_more_than_twice_a_minute() -> None:
    assert "30s" in refusal(Interval, "29s")
    assert taken(Interval, "30s") == timedelta(seconds=30)
    assert taken(Interval, "1s", around(allow_private=True)) == timedelta(seconds=1)


def test_an_overlap_is_a_number_or_a_duration() -> None:
    assert taken(Overlap, 0) == 0
    assert taken(Overlap, 500) == 500
    assert taken(Overlap, "1h") == timedelta(hours=1)
    for value in (True, -1, 1.5, "500"):
        assert "duration" in refusal(Overlap, value) or "unit" in refusal(Overlap, value)


@pytest.mark.parametrize(
    "url", ["https://a.gov/feed.xml", "http://a.gov/?x=1", "https://8.8.8.8/", "https://a.gov"]
)
def test_a_public_address_is_taken_as_it_is(url: str) -> None:
    assert taken(PublicUrl, url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.gov/feed",
        "/feed",
        "ftp://a.gov/",
        "file:///etc/passwd",
        "https://",
        "https://a b.gov/",
        "https://a.gov/\n",
        "https://a.gov:port/",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert "https://" in refusal(PublicUrl, url)


def test_a_password_in_a_web_address_is_refused() -> None:
    words = refusal(PublicUrl, "https://user:hunter2@a.gov/")
    assert "password" in words
    assert "hunter2" not in words


PRIVATE = [
    "localhost",
    "LOCALHOST.",
    "feeds.localhost",
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.9",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "[::1]",
    "[fd00::1]",
    "[fe80::1]",
    "[::ffff:10.0.0.1]",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_refused_unless_allowed(host: str) -> None:
    assert "allow_private_addresses" in refusal(PublicUrl, f"https://{host}/")
    assert "allow_private_addresses" in refusal(NetworkUrl, f"https://{host}")
    assert taken(NetworkUrl, f"http://{host}:8080/", around(allow_private=True)) == f"http://{host}:8080"


@pytest.mark.parametrize("host", ["168.63.129.16", "192.0.0.192", "192.88.99.1", "[3fff::1]", "[2001:10::1]"])
def test_promise_17_a_configured_address_is_judged_as_the_wire_judges_it(host: str) -> None:
    assert "allow_private_addresses" in refusal(PublicUrl, f"https://{host}/")


def test_names_and_public_addresses_are_not_private() -> None:
    assert not any(map(is_private, ("a.gov", "8.8.8.8", "2606:4700::1111", "localhost.gov", "10.gov")))


def test_a_network_is_reached_over_https_only() -> None:
    assert taken(NetworkUrl, "https://api.x.com/") == "https://api.x.com"
    assert "tokens" in refusal(NetworkUrl, "http://api.x.com")
    assert "?" in refusal(NetworkUrl, "https://api.x.com/?a=1")
    assert "#" in refusal(NetworkUrl, "https://api.x.com/#a")


def test_a_contact_is_a_page_or_a_mail_address_that_fits_a_header() -> None:
    assert taken(Contact, "https://a.gov/contact") == "https://a.gov/contact"
    assert taken(Contact, "web@a.gov") == "web@a.gov"
    for text in ("", "us", "web@a", "web@a.gov\r\nX: y", "https://ä.gov/", "<web@a.gov>"):
        assert "mail address" in refusal(Contact, text)


@pytest.mark.parametrize(
    ("url", "settled"),
    [
        ("sqlite:///a.sqlite3", "sqlite:////etc/spotlight/a.sqlite3"),
        ("sqlite:///sub/a.sqlite3", "sqlite:////etc/spotlight/sub/a.sqlite3"),
        ("sqlite:////var/a.sqlite3", "sqlite:////var/a.sqlite3"),
        ("sqlite+pysqlite:///a.db?timeout=5", "sqlite+pysqlite:////etc/spotlight/a.db?timeout=5"),
        ("postgresql://u:p%40@h:5432/d", "postgresql+psycopg://u:p%40@h:5432/d"),
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://localhost/d", "postgresql+psycopg://localhost/d"),
    ],
)
def test_a_database_url_is_settled(url: str, settled: str) -> None:
    for kind in (LedgerUrl, DatabaseUrl):
        assert taken(kind, url).get_secret_value() == settled


def test_a_source_can_be_any_database_sqlalchemy_knows() -> None:
    assert taken(DatabaseUrl, "mysql+pymysql://u@h/d").get_secret_value() == "mysql+pymysql://u@h/d"
    assert "not known" in refusal(DatabaseUrl, "tabledb://u:hunter2@h/d")
    assert "not known" in refusal(DatabaseUrl, "sqlite+nothing:///a.db")
    for text in ("", "nothing", "https//x", "postgresql://h:port/d"):
        assert "looks like" in refusal(DatabaseUrl, text)


def test_the_ledger_is_a_file_or_postgresql() -> None:
    for url in ("mysql://u:hunter2@h/d", "sqlite+aiosqlite:///a.db", "postgresql+psycopg2://h/d"):
        assert "SQLite or PostgreSQL" in refusal(LedgerUrl, url)
    for url in ("sqlite://", "sqlite:///:memory:"):
        assert "forget" in refusal(LedgerUrl, url)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20))
def test_a_database_password_is_found_however_it_is_written(password: str) -> None:
    url = make_url("postgresql+psycopg://u@h/d").set(password=password)
    found = passwords_in(SecretStr(url.render_as_string(hide_password=False)))
    assert password in found
    assert any(f":{form}@" in url.render_as_string(hide_password=False) for form in found)


def test_a_database_without_a_password_has_none() -> None:
    assert passwords_in(SecretStr("sqlite:////a.db")) == frozenset()


@pytest.mark.parametrize(
    "tag", ["#SpotlightOnSafety", "#VALOR", "#Safety2026", "#Officer_Safety", "#Été", "#安全"]
)
def test_a_hashtag_is_one_word_with_capitals(tag: str) -> None:
    assert taken(Hashtag, tag) == tag


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("SpotlightOnSafety", "begin with"),
        ("＃SpotlightOnSafety", "begin with"),
        ("", "begin with"),
        ("#", "letters"),
        ("#Spotlight On Safety", "no blanks"),
        ("#Spotlight-On-Safety", "no blanks"),
        ("#2026", "one letter"),
        ("#_1", "one letter"),
        ("#spotlightonsafety", "capital"),
        ("#spotlightOnSafety", "capital"),
        ("#" + "Safety" * 20, "100 characters"),
    ],
)
def test_a_hashtag_that_would_not_work_is_refused(tag: str, words: str) -> None:
    assert words in refusal(Hashtag, tag)


def test_a_name_is_lower_case_letters_digits_and_hyphens() -> None:
    for name in ("valor-site", "x", "2026-theme", "a" * 60):
        assert taken(Name, name) == name
    for name in ("Valor", "valor site", "valor_site", "-valor", "valor-", "a--b", "", "a" * 61, "válor"):
        assert "lower-case" in refusal(Name, name)


def test_the_name_of_aids_announced_by_hand_is_kept() -> None:
    assert "by hand" in refusal(SourceName, "on-demand")
    assert "lower-case" in refusal(SourceName, "On-Demand")


def test_a_time_zone_is_known_by_name() -> None:
    assert taken(TimeZone, "America/New_York") == ZoneInfo("America/New_York")
    assert taken(TimeZone, "UTC") == ZoneInfo("UTC")


@pytest.mark.parametrize(
    "value", ["Eastern", "EST5", "", "America", "../../etc/passwd", "/etc/localtime", "a\0b", "x" * 5000, 5]
)
def test_what_is_no_time_zone_is_refused(value: object) -> None:
    assert "time zone" in refusal(TimeZone, value)


def test_a_time_zone_that_is_nearly_right_is_suggested() -> None:
    assert 'did you mean "America/New_York"?' in refusal(TimeZone, "america/newyork")


def test_a_token_is_in_one_piece() -> None:
    assert taken(Token, "abc-123|x").get_secret_value() == "abc-123|x"
    assert "empty" in refusal(Token, "")
    for torn in ("hunter 2", "hunter2\n", "hunter2\r", "hünter2", "\u200bhunter2"):
        assert "copy it again" in refusal(Token, torn)


def test_a_graph_version_is_well_formed_and_alive() -> None:
    for version in ("v21.0", "v26.0", "v27.1", "v100.0"):
        assert taken(GraphVersion, version) == version
    for version in ("26.0", "v26", "v26.0.1", "V26.0", "latest", "", "v026.0"):
        assert '"v26.0"' in refusal(GraphVersion, version)
    for version in ("v20.0", "v3.1", "v2.0"):
        assert "ended" in refusal(GraphVersion, version)


def test_a_page_is_known_by_its_number() -> None:
    assert taken(PageId, "1234567890") == "1234567890"
    for name in ("VALORforBlue", "", "12 34", "١٢٣", "-1"):
        assert "number" in refusal(PageId, name)


def test_a_near_word_is_suggested_and_a_far_one_is_not() -> None:
    assert did_you_mean("Tittle", ("title", "link")) == '; did you mean "title"?'
    assert did_you_mean("wholly-else", ("title", "link")) == ""
    assert did_you_mean("x", ()) == ""


def test_a_table_built_by_hand_has_no_surroundings_to_break() -> None:
    class Table(BaseModel):
        url: PublicUrl
        every: Interval
        ledger: LedgerUrl

    table = Table.model_validate({"url": "http://localhost/", "every": "1s", "ledger": "sqlite:///a.db"})
    assert table.every == timedelta(seconds=1)
    assert table.ledger.get_secret_value() == "sqlite:///a.db"
