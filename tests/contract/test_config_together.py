"""Mistakes that concern several tables, and many mistakes at once, are told in the order of their lines."""

from pathlib import Path

import pytest

from spotlight_notify.app.configuration import load_config
from spotlight_notify.config.cross_checks import notes_on
from spotlight_notify.model.errors import ConfigError, Problem

RIGHT = """\
[programme]
name = "VALOR Spotlight on Safety"
timezone = "America/New_York"

[sources.valor-site]
kind = "feed"
url = "https://agency.gov/feed.xml"
every = "15m"

[sources.aids-table]
kind = "database"
url = "sqlite:///aids.sqlite3"
table = "digital_aids"
key = "id"
order_by = "id"
overlap = 100
columns = { title = "title", link = "url" }

[channels.valor-x]
network = "x"
consumer_key = "hunter2-a"
consumer_secret = "hunter2-b"
access_token = "hunter2-c"
access_token_secret = "hunter2-d"

[channels.valor-page]
network = "facebook"
graph_version = "v26.0"
page_id = "1234567890"
access_token = "hunter2-e"

[campaigns.spotlight-on-safety]
sources = ["valor-site", "aids-table"]
channels = ["valor-x", "valor-page"]
hashtag = "#SpotlightOnSafety"
"""

HERE = "# HERE"


def problems(file: Path, text: str) -> tuple[Problem, ...]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(file, {})
    assert "hunter2" not in str(caught.value)
    return caught.value.problems


def changed(*changes: tuple[str, str]) -> str:
    text = RIGHT
    for before, after in changes:
        assert text.count(before) == 1, f"{before!r} is not there once"
        text = text.replace(before, after)
    return text


def marked(text: str) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), start=1) if HERE in line]


def test_a_setting_with_a_wrong_name_may_be_missing_as_well(file: Path) -> None:
    text = changed(
        ("[campaigns.spotlight-on-safety]", f"[campaigns.spotlight-on-safety] {HERE}"),
        ('hashtag = "#', f'hash_tag = {HERE}\n"#'.replace(f" {HERE}\n", " ")),
    )
    said = problems(file, text)
    assert [p.message for p in said] == [
        'the setting "hashtag" is missing in [campaigns.spotlight-on-safety]',
        'there is no setting "hash_tag"; did you mean "hashtag"?',
    ]
    assert said[0].line == marked(text)[0]
    assert said[1].line == marked(text)[0] + 3


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('[sources.Valor_Site]\nkind = "feed"\nurl = "https://a.gov/"', "lower-case letters"),
        ('[sources.on-demand]\nkind = "feed"\nurl = "https://a.gov/"', "by hand"),
        ('[channels."valor x"]\nnetwork = "facebook"\npage_id = "1"\naccess_token = "t"', "lower-case"),
        ('[campaigns.Two]\nsources = []\nchannels = ["valor-x"]\nhashtag = "#Two"', "lower-case letters"),
    ],
)
def test_a_name_that_is_not_allowed_is_told_at_its_table(file: Path, table: str, words: str) -> None:
    text = f"{RIGHT}\n{table.replace(']', f'] {HERE}', 1)}\n"
    (problem,) = problems(file, text)
    assert words in problem.message
    assert problem.line == marked(text)[0]


def test_an_overlap_needs_an_order(file: Path) -> None:
    text = changed(('order_by = "id"\n', ""), ("overlap = 100", f"overlap = 100 {HERE}"))
    (problem,) = problems(file, text)
    assert problem.message == "overlap: means nothing without order_by"
    assert problem.line == marked(text)[0]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("[]", 'must be a column, or columns in brackets, such as ["site", "id"]'),
        ("7", "must be a column, or columns in brackets"),
        ('["site", 7]', "must be a column, or columns in brackets"),
        ('["id", "id"]', "names a column that is empty or there twice"),
        ('""', "names a column that is empty or there twice"),
    ],
)
def test_database_8_a_key_is_a_column_or_some_that_differ(file: Path, key: str, words: str) -> None:
    text = changed(('key = "id"', f"key = {key} {HERE}"))
    (problem,) = problems(file, text)
    assert words in problem.message
    assert problem.line == marked(text)[0]


def test_two_campaigns_may_not_announce_the_same_aids_twice(file: Path) -> None:
    names = 'sources = ["valor-site"]\nchannels = ["valor-x"]\nhashtag = "#Spotlightonsafety"\n'
    second = f"[campaigns.second] {HERE}\n{names}"
    (problem,) = problems(file, RIGHT + second)
    assert problem.message == (
        "announces valor-site on valor-x under the same hashtag as the campaign spotlight-on-safety does"
    )
    assert problem.line == marked(RIGHT + second)[0]


def test_two_campaigns_may_share_a_source_under_different_hashtags(file: Path) -> None:
    second = (
        '[campaigns.second]\nsources = ["valor-site"]\nchannels = ["valor-x"]\nhashtag = "#OfficerSafety"\n'
    )
    file.write_text(RIGHT + second)
    config = load_config(file, {})
    assert [campaign.name for campaign in config.campaigns] == ["spotlight-on-safety", "second"]
    told = "spotlight-on-safety and second both tell of valor-site on valor-x, so each aid twice"
    assert any(told in note for note in notes_on(config))  # timing 5


def test_one_campaign_may_not_reach_the_same_account_twice(file: Path) -> None:
    again = '[channels.again]\nnetwork = "facebook"\npage_id = "1234567890"\naccess_token = "other"\n'
    text = changed(('"valor-page"]', f'"valor-page", "again"] {HERE}')) + again
    (problem,) = problems(file, text)
    assert problem.message == "channels[2]: leads to the same account as the channel valor-page"
    assert problem.line == marked(text)[0]


def test_wrong_in_many_places_is_told_at_once_in_the_order_of_the_lines(file: Path) -> None:
    text = changed(
        ('timezone = "America/New_York"', f'timezone = "Eastern" {HERE}'),
        ('every = "15m"', f"every = 15 {HERE}"),
        ("[sources.aids-table]", f"[sources.aids-table] {HERE}"),
        ('table = "digital_aids"', f'tabel = "digital_aids" {HERE}'),
        ('"hunter2-a"', f'"${{X_CONSUMER_KEY}}" {HERE}'),
        ('"v26.0"', f'"v2.0" {HERE}'),
        ('"aids-table"]', f'"aids-tables"] {HERE}'),
        ('"#SpotlightOnSafety"', f'"Spotlight" {HERE}'),
    )
    said = problems(file, text)
    assert [problem.line for problem in said] == marked(text)
    assert len(said) == 8


def test_wrong_in_three_places_prints_three_lines(file: Path) -> None:
    text = changed(
        ('every = "15m"', 'every = "soon"'),
        ('"#Spot', '"Spot'),
        ('kind = "feed"', 'kind = "feed"\ncolour = 1'),
    )
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_config(file, {})
    assert str(caught.value).splitlines() == [
        f'{file}:7: there is no setting "colour" (known here: kind, url, timezone, every, language, settle,'
        " only, except, reading, brake)",
        f'{file}:9: every: must be a whole number with a unit, such as "90s", "15m", "2h" or "1d"',
        f'{file}:36: hashtag: must begin with "#", such as #SpotlightOnSafety',
    ]


def test_a_table_with_one_wrong_entry_is_not_called_empty(file: Path) -> None:
    text = """\
[programme]
name = "VALOR"
[channels.valor-page]
network = "facebook"
page_id = "valor"
access_token = "t"
[campaigns.one]
sources = []
channels = ["valor-page"]
hashtag = "One"
"""
    assert [problem.line for problem in problems(file, text)] == [5, 10]


def test_missing_tables_have_no_line(file: Path) -> None:
    said = problems(file, "# nothing yet\n")
    assert [str(problem) for problem in said] == [
        f"{file}: the table [programme] is missing",
        f"{file}: the table [channels.NAME] is missing",
        f"{file}: the table [campaigns.NAME] is missing",
    ]
    empty = problems(file, "[programme]\nname = 'x'\n[channels]\n[campaigns]\n")
    assert [str(problem) for problem in empty] == [
        f"{file}:3: channels: must not be empty",
        f"{file}:4: campaigns: must not be empty",
    ]


def test_promise_23_two_tables_of_one_theme_are_a_mistake(file: Path) -> None:
    twice = '[themes."Officers\' Rest"]\nhashtag = "#Rest"\n\n[themes."OFFICERS’ rest"]\nhashtag = "#Sleep"\n'
    (problem,) = problems(file, f"{RIGHT}\n{twice}")
    assert problem.message == 'is the same theme as "Officers\' Rest"'
