"""Every mistake in a configuration file is named in plain words on its own line, all of them at once."""

from pathlib import Path

import pytest

from spotlight_notify.app.configuration import load_config
from spotlight_notify.model.errors import ConfigError, Problem

RIGHT = """\
[programme]
name = "VALOR Spotlight on Safety"
timezone = "America/New_York"

[ledger]
url = "sqlite:///spotlight.sqlite3"

[wire]
allow_private_addresses = false
contact = "https://agency.gov/contact"

[delivery]
lease = "15m"
max_tries = 5
backoff_base = "30s"
backoff_cap = "1h"

[templates]
folder = "templates"

[sources.valor-site]
kind = "feed"
url = "https://agency.gov/feed.xml"
every = "15m"

[sources.valor-site.reading]
default_kind = "article"
sign_in_categories = ["Members"]

[sources.valor-site.reading.kind_categories]
Poster = "poster"

[sources.aids-table]
kind = "database"
url = "sqlite:///aids.sqlite3"
table = "digital_aids"
key = "id"
order_by = "id"
overlap = 100
every = "5m"

[sources.aids-table.columns]
title = "title"
link = "url"

[channels.valor-x]
network = "x"
base_url = "https://api.x.com"
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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    return tmp_path / "spotlight.toml"


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


def test_the_right_file_is_right(file: Path) -> None:
    file.write_text(RIGHT)
    assert load_config(file, {}).programme.name == "VALOR Spotlight on Safety"


ONE = [
    # a setting or table that is not known, with the one that was meant
    ("contact =", "kontact = 5 # HERE #", 'there is no setting "kontact"; did you mean "contact"?'),
    ("[wire]", "[wyre] # HERE", 'there is no setting "wyre"; did you mean "wire"?'),
    ("lease = ", "colour = 1 # HERE #", 'there is no setting "colour" (known here: lease, looks_apart, '),
    (
        'table = "d',
        'shema = "public" # HERE\ntable = "d',
        'there is no setting "shema"; did you mean "schema"?',
    ),
    ("graph_version =", "graph_verison = 1 # HERE #", 'did you mean "graph_version"?'),
    ("default_kind = ", "default_kin = 1 # HERE #", 'did you mean "default_kind"?'),
    ('title = "title"', 'title = "title"\nsumary = "s" # HERE', 'did you mean "summary"?'),
    # something that is missing: the line of its table
    (
        '[programme]\nname = "VALOR Spotlight on Safety"',
        "[programme] # HERE",
        '"name" is missing in [programme]',
    ),
    (
        '[campaigns.spotlight-on-safety]\nsources = ["valor-site", "aids-table"]',
        "[campaigns.spotlight-on-safety] # HERE",
        '"sources" is missing in [campaigns.spotlight-on-safety]',
    ),
    (
        '[sources.aids-table.columns]\ntitle = "title"',
        "[sources.aids-table.columns] # HERE",
        '"title" is missing in [sources.aids-table.columns]',
    ),
    ('[channels.valor-page]\nnetwork = "facebook"', "[channels.valor-page] # HERE", "network: must be"),
    # the wrong type
    ('name = "VALOR Spotlight on Safety"', "name = 5 # HERE", "name: must be text in quotation marks"),
    ("allow_private_addresses = false", 'allow_private_addresses = "false" # HERE', "must be true or false"),
    ("allow_private_addresses = false", "allow_private_addresses = 0 # HERE", "must be true or false"),
    ("max_tries = 5", 'max_tries = "5" # HERE', "max_tries: must be a whole number"),
    ("page_id = ", "page_id = 1234567890 # HERE #", "must be text in quotation marks"),
    ('channels = ["valor-x", "valor-page"]', 'channels = "valor-x" # HERE', "channels: must be a list"),
    ("folder = ", "folder = true # HERE #", "folder: must be the path"),
    ("timezone = ", "timezone = 5 # HERE #", "timezone: must be the name"),
    (
        'sign_in_categories = ["Members"]',
        'sign_in_categories = [\n"a",\n5 # HERE\n]',
        "sign_in_categories[1]: must be text",
    ),
    ('[ledger]\nurl = "sqlite:///spotlight.sqlite3"', "[ledger]\nurl = [] # HERE", "url: must be text"),
    # words, pictures, links
    ("[templates]", '[lint]\nignore = ["no-such-rule"] # HERE\n[templates]', "there is no such rule"),
    ("[templates]", '[lint]\nacronyms = ["cit"] # HERE\n[templates]', "must be an acronym in capitals"),
    (
        "[templates]",
        '[links]\ndomains = ["https://a.gov"] # HERE\n[templates]',
        "must be a domain without",
    ),
    ("[templates]", '[links]\ndomains = ["*.valor.gov"] # HERE\n[templates]', "must be a domain without"),
    ("[templates]", '[pictures]\nfrom_page = ["painting"] # HERE\n[templates]', "from_page[0]: must be"),
    ("[templates]", '[alt_texts]\n"https://a.gov/b.png" = "" # HERE\n[templates]', "must not be empty"),
    (
        "[templates]",
        f'[alt_texts]\n"https://a.gov/b.png" = "{"x" * 1001}" # HERE\n[templates]',
        "at most 1000",
    ),
    ("[templates]", '[alt_texts]\n"http://[bad" = "Words." # HERE\n[templates]', "must be the whole address"),
    ("[templates]", '[themes.Calm]\nhashtag = "#calm" # HERE\n[templates]', "begin each word with a capital"),
    ("contact =", 'reroute = { "a.gov" = "127.0.0.1:1" } # HERE\ncontact =', "needs allow_private_addresses"),
    ('hashtag = "#S', 'own_domains = ["valor"] # HERE\nhashtag = "#S', "must be a domain without"),
    ('hashtag = "#S', 'tracking = { utm_source = "a b" } # HERE\nhashtag = "#S', "must be made of letters"),
    ('network = "x"', 'network = "x"\nprices = { post = -1 } # HERE', "post: must be at least 0"),
    # hours, approvals, brakes
    (
        'hashtag = "#S',
        'hours = { windows = ["Mon 8-18"] } # HERE\nhashtag = "#S',
        "8 is not a time between",
    ),
    (
        'hashtag = "#S',
        'hours = { holidays = "Atlantis" } # HERE\nhashtag = "#S',
        "holidays of this place are not",
    ),
    ('hashtag = "#S', 'hours = { gap = "30m", per_hour = 5 } # HERE\nhashtag = "#S', "can never be reached"),
    ('hashtag = "#S', 'hours = { timezone = "Mars/Base" } # HERE\nhashtag = "#S', "timezone"),
    ('hashtag = "#S', 'hours = { late = "perhaps" } # HERE\nhashtag = "#S', "late: must be"),
    ('hashtag = "#S', 'approval = { kinds = ["poem"] } # HERE\nhashtag = "#S', "kinds[0]: must be"),
    ('every = "15m"', 'every = "15m"\nbrake = { most = 0 } # HERE', "most: must be at least 1"),
    # a closed set
    ('kind = "feed"', 'kind = "rss" # HERE', 'kind: must be "feed" or "database"'),
    ('network = "x"', 'network = "twitter" # HERE', 'network: must be "x" or "facebook"'),
    ('Poster = "poster"', 'Poster = "picture" # HERE', 'Poster: must be "article", "poster", "publication",'),
    ('default_kind = "article"', 'default_kind = "x" # HERE', '"podcast" or "training"'),
    # out of bounds
    ("max_tries = 5", "max_tries = 0 # HERE", "max_tries: must be at least 1"),
    ("max_tries = 5", "max_tries = 1001 # HERE", "max_tries: must be at most 1000"),
    ('channels = ["valor-x", "valor-page"]', "channels = [] # HERE", "channels: must not be empty"),
    ('table = "digital_aids"', 'table = " " # HERE', "table: must not be empty"),
    (
        'every = "15m"',
        'every = "15" # HERE',
        'every: must be a whole number with a unit, such as "90s", "15m"',
    ),
    ('every = "15m"', "every = 15 # HERE", "every: must be a duration in quotation marks with its unit"),
    ('every = "5m"', 'every = "5s" # HERE', 'every: must be "30s" or longer'),
    ('lease = "15m"', 'lease = "5 minutes" # HERE', "lease: must be a whole number with a unit"),
    ('lease = "15m"', 'lease = "824s" # HERE', 'lease: must be at least "14m": a post with four pictures'),
    (
        'backoff_cap = "1h"',
        'backoff_cap = "20s" # HERE',
        "backoff_cap: must not be shorter than backoff_base",
    ),
    # what a setting may be
    (
        'timezone = "America/New_York"',
        'timezone = "America/New York" # HERE',
        'did you mean "America/New_York"?',
    ),
    ('contact = "https://agency.gov/contact"', 'contact = "us" # HERE', "contact: must be a web address"),
    ('folder = "templates"', 'folder = "tmplates" # HERE', "folder: there is no such folder"),
    ('folder = "templates"', 'folder = "spotlight.toml" # HERE', "folder: there is no such folder"),
    ('"https://agency.gov/feed.xml"', '"agency.gov" # HERE', "url: must be an absolute web address"),
    ('"https://agency.gov/feed.xml"', '"https://u:hunter2@agency.gov" # HERE', "url: must not hold a user"),
    (
        '"https://agency.gov/feed.xml"',
        '"http://127.0.0.1/f" # HERE',
        "set allow_private_addresses = true in [wire]",
    ),
    ('"https://api.x.com"', '"http://api.x.com" # HERE', "base_url: must begin with https://"),
    (
        '"https://api.x.com"',
        '"https://localhost:8080" # HERE',
        "set allow_private_addresses = true in [wire]",
    ),
    (
        'sqlite:///spotlight.sqlite3"',
        'mysql://u:hunter2@h/d" # HERE',
        "url: the ledger can be kept in SQLite or",
    ),
    (
        'sqlite:///aids.sqlite3"',
        'oracel://u:hunter2@h/d" # HERE',
        "url: names a kind of database that is not known",
    ),
    ("overlap = 100", "overlap = -1 # HERE", "overlap: must be a whole number, 0 or more"),
    ('"v26.0"', '"26" # HERE', 'graph_version: must be a version such as "v26.0"'),
    ('"v26.0"', '"v19.0" # HERE', "graph_version: this version has ended"),
    ('page_id = "1234567890"', 'page_id = "valor" # HERE', "page_id: must be the Page's number"),
    ('"hunter2-c"', '"hunter2 c" # HERE', "access_token: holds a blank"),
    ('"hunter2-e"', '"" # HERE', "access_token: is empty"),
    ('"#SpotlightOnSafety"', '"SpotlightOnSafety" # HERE', 'hashtag: must begin with "#"'),
    ('"#SpotlightOnSafety"', '"#spotlightonsafety" # HERE', "hashtag: begin each word with a capital"),
    ('"#SpotlightOnSafety"', '"#Spotlight OnSafety" # HERE', "hashtag: after the"),
    # references between tables
    (
        'sources = ["valor-site", "aids-table"]',
        'sources = [\n"valor-site",\n"aids-tabel" # HERE\n]',
        'sources[1]: no source has this name; did you mean "aids-table"?',
    ),
    (
        'channels = ["valor-x", "valor-page"]',
        'channels = ["facebook"] # HERE',
        "channels[0]: no channel has this name (there are: valor-page, valor-x)",
    ),
    ('channels = ["valor-x", "valor-page"]', 'channels = ["valor-x", "valor-x"] # HERE', "listed twice"),
    # secrets that cannot be had
    ('"hunter2-a"', '"${X_CONSUMER_KEY}" # HERE', "the environment variable X_CONSUMER_KEY is not set"),
    ('"hunter2-b"', '"${file:/nowhere/key}" # HERE', "the file /nowhere/key cannot be read: no such file"),
    ('"hunter2-c"', '"${credential:key}" # HERE', "the credential key needs systemd's LoadCredential"),
    ('"hunter2-d"', '"$hunter2" # HERE', 'for a real dollar sign write "$$"'),
    ('"https://agency.gov/feed.xml"', '"${FEED}" # HERE', "the environment variable FEED is not set"),
]


@pytest.mark.parametrize(("before", "after", "words"), ONE)
def test_one_mistake_is_one_line(file: Path, before: str, after: str, words: str) -> None:
    text = changed((before, after))
    (line,) = marked(text)
    (problem,) = problems(file, text)
    assert words in problem.message
    assert (problem.file, problem.line) == (str(file), line)


@pytest.mark.parametrize(
    "text",
    [
        "sources = 1",
        "sources = ['a']",
        "channels = 'x'",
        "[[sources]]\nkind = 'feed'",
        "[sources]\nx = 1",
        "campaigns = { a = 1 }",
        "[campaigns.a]\nsources = [[1], {}]\nchannels = [{ a = 1 }]\nhashtag = 5",
        "wire = []",
        "[channels.a]\nnetwork = ['x']",
        "[channels.a]\nnetwork = 'x'\naccess_token = { a = 1 }",
        "[wire]\nallow_private_addresses = { a = 1 }",
        "[sources.a]\nkind = {}",
    ],
)
def test_tables_of_any_shape_are_refused_in_plain_words(file: Path, text: str) -> None:
    said = problems(file, text + "\n")
    assert any(problem.line for problem in said)
    assert not any("is not valid" in problem.message for problem in said)


def test_hours_that_never_meet_are_told(file: Path) -> None:
    night = '[channels.valor-x.hours]\nwindows = ["daily 22:00-04:00"]\n'
    day = '[campaigns.spotlight-on-safety.hours]\nwindows = ["daily 08:00-18:00"]\n'
    (problem,) = problems(file, f"{RIGHT}\n{night}\n{day}")
    assert "on valor-x: the windows of the channel and of the campaign are never open" in problem.message
