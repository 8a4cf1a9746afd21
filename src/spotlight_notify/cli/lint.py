"""Look through words before they are posted: a text, one aid's posts, or all that sources hold."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from spotlight_notify.app.writing import policy_of
from spotlight_notify.cli.output import Settings, echo, json_option, line_of, print_json
from spotlight_notify.config.configuration import Config
from spotlight_notify.config.words import hashtag
from spotlight_notify.model.errors import refuse_unknown
from spotlight_notify.model.posts import Finding
from spotlight_notify.model.words import Level
from spotlight_notify.rules.lint.linter import lint_text

LONGEST_TEXT = 1_000_000
"""How many bytes are read from stdin: many times Facebook's limit."""
FOUND = 1
"""The exit code that says something would stop a post."""


@click.command()
@click.argument("text", required=False)
@click.option("--hashtag", help="The hashtag that TEXT must have; the campaign's, if there is only one.")
@click.option("--aid", "aid_words", metavar="AID", help="A known aid, by its key, number or link.")
@click.option(
    "--feed",
    "sources",
    multiple=True,
    metavar="SOURCE",
    help="All that a source holds now: its name, or a feed's file or address. May be repeated.",
)
@click.option(
    "--report", "page", metavar="FILE", help="With --feed: a page with every post beside its source."
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=500,
    show_default=True,
    help="With --feed: at most so many entries.",
)
@json_option
@click.pass_obj
def lint(
    settings: Settings,
    text: str | None,
    hashtag: str | None,
    aid_words: str | None,
    sources: tuple[str, ...],
    page: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Look through TEXT ("-": from stdin) for what breaks a rule of good and accessible posts.

    Or through the posts that a known aid, or every entry of sources, would get. Each finding has its level,
    its rule and where the rule comes from. Errors stop a post until a person has looked, warnings go on
    record with it, hints show only here and in a preview. Nothing is recorded or sent. The exit code is 1
    when there is an error.

    \b
    Examples:  spotlight-notify lint "Keep calm. #SpotlightOnSafety"
               spotlight-notify lint - < draft.txt
               spotlight-notify lint --aid 12
               spotlight-notify lint --feed valor-site --report posts.html
    """
    if sum(map(bool, (text is not None, aid_words is not None, sources))) != 1:
        raise click.UsageError("give a TEXT, or --aid AID, or --feed SOURCE")
    if hashtag is not None and text is None:
        raise click.UsageError("--hashtag goes with a TEXT; posts have their campaign's")
    if page is not None and not sources:
        raise click.UsageError("--report goes with --feed")
    config = settings.load(secrets=False)
    if named := [each for each in sources if not is_unlisted(each)]:
        for each in named:
            refuse_unknown("source", each, config.sources)
        config = settings.load()
    if text is not None:
        _lint_text(config, text, hashtag, as_json)
        return
    from spotlight_notify.cli.lint_posts import lint_aid, lint_sources  # needs a database, which no text does

    if aid_words is not None:
        lint_aid(config, aid_words, as_json)
    else:
        lint_sources(settings, config, sources, limit, page, as_json)


def is_unlisted(source: str) -> bool:
    """Return whether a source is given as a file or an address, and not by its name in the configuration."""
    return "://" in source or Path(source).is_file()


def _lint_text(config: Config, text: str, hashtag: str | None, as_json: bool) -> None:
    if text == "-":
        text = sys.stdin.buffer.read(LONGEST_TEXT).decode("utf-8", "replace")
    words = text.encode("utf-8", "replace").decode()  # a shell may hand over what is no text
    findings = lint_text(words.strip(), _hashtag(config, hashtag), policy_of(config))
    if as_json:
        print_json({"findings": findings})
    for line in () if as_json else (map(line_of, findings) if findings else ("nothing found",)):
        echo(line)
    if _has_error(findings):
        raise SystemExit(FOUND)


def _hashtag(config: Config, said: str | None) -> str:
    """Return the hashtag that was said, with or without its sign, or else the only campaign's."""
    if said is not None:
        return _right(f"#{said.removeprefix('#')}")
    hashtags = sorted({campaign.hashtag for campaign in config.campaigns})
    if len(hashtags) > 1:
        raise click.UsageError(f"say which --hashtag is meant; the campaigns have: {', '.join(hashtags)}")
    return hashtags[0]


def _right(tag: str) -> str:
    """Check a hashtag as the configuration's are."""
    try:
        return hashtag(tag)
    except ValueError as error:
        raise click.UsageError(f"--hashtag: {error}") from error


def _has_error(findings: Iterable[Finding]) -> bool:
    """Return whether one of these stops a post."""
    return any(finding.level is Level.ERROR for finding in findings)
