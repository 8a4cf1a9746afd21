"""Draw a report on one page: every post beside its source, so that a person can judge a thousand quickly."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.model.aids import Aid
from spotlight_notify.operations.lint_report import VERDICTS, Entry, Report, tallies, verdict_on
from spotlight_notify.operations.preview.page import drawn, shown_text
from spotlight_notify.operations.preview.values import Preview
from spotlight_notify.text.entities import Fragment

HEADINGS = dict(
    zip(
        VERDICTS,
        ("A person is asked first", "Over: would be skipped", "Cut within a sentence", "Whole"),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A post with its verdict, and its text as its network shows it."""

    preview: Preview
    verdict: str
    text: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An aid as its source words it, and the posts made of it."""

    aid: Aid
    posts: tuple[Line, ...]


def report_page(report: Report, made_at: datetime) -> str:
    """Return the page: the table of networks, then the aids, those that need a person first."""
    return drawn(
        "report.html",
        made_at,
        tallies=tallies(report),
        verdicts=VERDICTS,
        groups=[(verdict, HEADINGS[verdict], list(_rows(report, verdict))) for verdict in VERDICTS],
    )


def _rows(report: Report, verdict: str) -> Iterator[Row]:
    for entry in report.entries:
        if entry.finds == verdict:
            yield Row(aid=entry.aid, posts=tuple(_lines(entry)))


def _lines(entry: Entry) -> Iterator[Line]:
    for post in entry.posts:
        yield Line(preview=post, verdict=verdict_on(post), text=shown_text(post))
