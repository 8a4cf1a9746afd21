"""What a configuration may say of which aids are announced, and what is told of its mistakes."""

from pathlib import Path

import pytest

from spotlight_notify.app.configuration import load_config
from spotlight_notify.model.campaigns import Choice, Selection
from spotlight_notify.model.errors import ConfigError
from spotlight_notify.model.words import Kind

FILE = """\
[programme]
name = "VALOR"

[sources.site]
kind = "feed"
url = "https://agency.gov/feed.xml"
{source}

[channels.page]
network = "facebook"
page_id = "1234567890"
access_token = "a"

[campaigns.spotlight]
sources = ["site"]
channels = ["page"]
hashtag = "#SpotlightOnSafety"
{campaign}
"""


def test_feeds_only_and_except_are_read_for_sources_and_campaigns(tmp_path: Path) -> None:
    file = tmp_path / "spotlight.toml"
    source = 'only = { categories = ["Wellness"], words = ["calm"], kinds = ["poster"] }'
    file.write_text(FILE.format(source=source, campaign='except = { kinds = ["podcast"] }'))
    (campaign,) = load_config(file, {}).campaigns
    only = Choice(categories=("Wellness",), words=("calm",), kinds=(Kind.POSTER,))
    assert campaign.source_selections == {"site": Selection(only=only)}
    assert campaign.selection == Selection(without=Choice(kinds=(Kind.PODCAST,)))


@pytest.mark.parametrize("place", ["source", "campaign"])
@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("only = {}", "only: must name categories, words or kinds"),
        ("except = { words = [] }", "except: must name categories, words or kinds"),
        ('only = { category = ["a"] }', 'there is no setting "category"; did you mean "categories"?'),
        ('except = { kinds = ["painting"] }', "kinds[0]: must be"),
        ('only = { words = [""] }', "words[0]: must not be empty"),
        ('only = { words = ["\\u200b"] }', "words[0]: must hold something that can be seen"),
        ('only = { words = "calm" }', "words: must be a list"),
        ('only = "calm"', "only: must be a table"),
    ],
)
def test_feeds_only_and_except_that_are_wrong_are_told_in_plain_words(
    tmp_path: Path, place: str, written: str, words: str
) -> None:
    file = tmp_path / "spotlight.toml"
    file.write_text(FILE.format(**{"source": "", "campaign": "", place: written}))
    with pytest.raises(ConfigError) as caught:
        load_config(file, {})
    (problem,) = caught.value.problems
    assert words in problem.message
    assert (
        FILE.format(**{"source": "", "campaign": "", place: written}).splitlines()[problem.line - 1]
        == written
    )
