"""Look through one aid's posts, or all that sources hold."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from spotlight_notify.app.chance import clock
from spotlight_notify.app.sources import build_sources, unlisted_feed
from spotlight_notify.app.wire import open_wire
from spotlight_notify.app.writing import open_previewing, writers_of
from spotlight_notify.cli.errors import UNAVAILABLE
from spotlight_notify.cli.lint import FOUND, is_unlisted
from spotlight_notify.cli.output import Settings, echo, line_of, print_json, print_table
from spotlight_notify.cli.preview import write_preview
from spotlight_notify.config.configuration import Config
from spotlight_notify.model.errors import SourceError
from spotlight_notify.operations.lint_report import (
    LEVELS,
    NO_POST,
    VERDICTS,
    Entry,
    Report,
    joined,
    report_on_aid,
    report_on_source,
    sums_of,
    tallies,
)
from spotlight_notify.operations.preview.page import MARK
from spotlight_notify.operations.report_page import report_page


def lint_aid(config: Config, words: str, as_json: bool) -> None:
    """Print what is found in a known aid's posts; ends with 1 if one of them would not go out."""
    with open_previewing(config, clock()) as parts:
        report = report_on_aid(parts, words)
    _tell(report, as_json)


def lint_sources(
    settings: Settings, config: Config, names: tuple[str, ...], limit: int, page: str | None, as_json: bool
) -> None:
    """Print what is found in the posts of sources' entries; ends with 1 if one would not go out."""
    writers = writers_of(config, clock())
    reports = []
    try:
        with open_wire(config) as wire, ExitStack() as stack:
            listed = {} if all(map(is_unlisted, names)) else build_sources(config, wire, stack)
            for name in names:
                unlisted = name not in listed
                source = unlisted_feed(name, config, wire, stack) if unlisted else listed[name]
                found = report_on_source(source, limit, writers, config.alt_texts, unlisted=unlisted)
                reports.append(found)
                for warning in found.warnings:
                    settings.say(f"source {name}: {warning}")
    except SourceError as error:
        echo(str(error), err=True)
        raise SystemExit(UNAVAILABLE) from error
    report = joined(reports)
    if page:
        write_preview(page, report_page(report, writers.now).encode(), MARK)
        settings.say(f"wrote {page}")
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
        "networks": tallies(report),
        "need_a_person": sum(entry.needs_a_person for entry in report.entries),
        "more": report.more,
        "warnings": report.warnings,
    }


def _shown(entry: Entry) -> dict[str, Any]:
    names = ("campaign", "channel", "network", "text", "state", "trouble", "findings")
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
    print_table(
        ("NETWORK", "POSTS", *(verdict.upper() for verdict in VERDICTS), "WARNED"),
        [
            (each.network, *map(str, (each.posts, *map(each.verdicts.__getitem__, VERDICTS), each.warned)))
            for each in tallies(report)
        ],
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
