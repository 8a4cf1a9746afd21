"""Look through one aid's posts, or all that a source holds."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from spotlight_notify.app.chance import clock
from spotlight_notify.app.sources import build_sources
from spotlight_notify.app.wire import open_wire
from spotlight_notify.app.writing import open_previewing, writers_of
from spotlight_notify.cli.errors import UNAVAILABLE
from spotlight_notify.cli.lint import FOUND
from spotlight_notify.cli.output import Settings, echo, line_of, print_json, print_table
from spotlight_notify.config.configuration import Config
from spotlight_notify.model.errors import SourceError, refuse_unknown
from spotlight_notify.operations.lint_report import (
    LEVELS,
    NO_POST,
    Entry,
    Report,
    report_on_aid,
    report_on_source,
    sums_of,
)


def lint_aid(config: Config, words: str, as_json: bool) -> None:
    """Print what is found in a known aid's posts; ends with 1 if one of them would not go out."""
    with open_previewing(config, clock()) as parts:
        report = report_on_aid(parts, words)
    _tell(report, as_json)


def lint_source(settings: Settings, config: Config, name: str, limit: int, as_json: bool) -> None:
    """Print what is found in the posts of a source's entries; ends with 1 if one would not go out."""
    refuse_unknown("source", name, config.sources)
    writers = writers_of(config, clock())
    try:
        with open_wire(config) as wire, ExitStack() as stack:
            source = build_sources(config, wire, stack)[name]
            report = report_on_source(name, source, limit, writers, config.alt_texts)
    except SourceError as error:
        echo(str(error), err=True)
        raise SystemExit(UNAVAILABLE) from error
    for warning in report.warnings:
        settings.say(f"source {name}: {warning}")
    _tell(report, as_json)


def _tell(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(_summary(report))
    else:
        _print(report)
    if any(entry.needs_a_person for entry in report.entries):
        raise SystemExit(FOUND)


def _summary(report: Report) -> dict[str, Any]:
    """Return what programs read."""
    return {
        "entries": [_shown(entry) for entry in report.entries],
        "rules": [
            {"rule": rule, "level": level, "entries": count} for (level, rule), count in sums_of(report)
        ],
        "need_a_person": sum(entry.needs_a_person for entry in report.entries),
        "more": report.more,
        "warnings": report.warnings,
    }


def _shown(entry: Entry) -> dict[str, Any]:
    names = ("campaign", "channel", "network", "findings", "trouble")
    posts = [{name: getattr(post, name) for name in names} for post in entry.posts]
    return {"aid": entry.aid.key, "title": entry.aid.title, "link": entry.aid.link, "posts": posts}


def _print(report: Report) -> None:
    """Print what was found in each entry, then how many entries each rule found something in."""
    for entry in report.entries:
        lines = list(_lines(entry))
        if lines:
            echo(entry.aid.title or entry.aid.key)
            for line in lines:
                echo(f"  {line}")
            echo()
    if sums := sums_of(report):
        print_table(
            ("ENTRIES", "LEVEL", "RULE"), [(str(count), level, rule) for (level, rule), count in sums]
        )
        echo()
    looked = len(report.entries)
    stuck = sum(entry.needs_a_person for entry in report.entries)
    rest = "; there is more, see --limit" if report.more else ""
    echo(f"{looked} looked through, {stuck} would need a person{rest}")


def _lines(entry: Entry) -> Iterator[str]:
    """Write each finding once, gravest first, with the channels it holds for unless it holds for all."""
    channels: dict[str, list[str]] = {}
    found = [(post.channel, finding) for post in entry.posts for finding in post.findings]
    lines = [(post.channel, f"{NO_POST}: {post.trouble}") for post in entry.posts if post.text is None]
    gravest_first = sorted(found, key=lambda pair: LEVELS.index(pair[1].level))
    lines += [(channel, line_of(finding)) for channel, finding in gravest_first]
    for channel, line in lines:
        channels.setdefault(line, []).append(channel)
    for line, names in channels.items():
        yield line if len(names) == len(entry.posts) else f"{line} ({', '.join(names)})"
