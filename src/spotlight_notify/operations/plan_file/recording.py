"""Record what a plan file's rows order."""

from collections.abc import Sequence

from spotlight_notify.model.errors import Problem, Refused
from spotlight_notify.model.states import UNDONE
from spotlight_notify.operations.announce.aids import announce_aid
from spotlight_notify.operations.announce.digests import announce_digests
from spotlight_notify.operations.announce.orders import Order, Signature
from spotlight_notify.operations.plan_file.entries import Entry, Parts
from spotlight_notify.operations.plan_file.lines import DONE_BEFORE, Line, recorded_lines


def record_rows(entries: Sequence[Entry], parts: Parts) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """Record the rows, each in a transaction of its own, and their pictures before them.

    One that cannot be recorded after all, since somebody else was faster, is a problem that stops none of
    the others.
    """
    for picture in parts.album.new.values():
        parts.ledger.keep_picture(picture, parts.now)
    carried_out, problems = [], []
    for entry in entries:
        try:
            carried_out.append((entry, _carry_out(entry, parts)))
        except Refused as refusal:
            problems.append(
                Problem(str(parts.file), entry.row.line, f"not recorded: {parts.word(refusal.said)}")
            )
    return recorded_lines(carried_out, parts.ledger, parts.tempos, parts.now), tuple(problems)


def _carry_out(entry: Entry, parts: Parts) -> tuple[Order, ...]:
    ledger, when, now = parts.ledger, entry.when, parts.now
    wrote = entry.row.wanted.has_own_words
    by = Signature(who=parts.who, reason=f"planned in {parts.file.name}", wrote=wrote)
    if entry.is_done:
        return tuple(
            Order(campaign=each.campaign, channel=each.channel, delivery_id=each.id, note=DONE_BEFORE)
            for each in entry.standing
        )
    if entry.aid:
        return announce_aid(
            entry.aid, entry.places, ledger=ledger, writing=parts.writing, when=when, by=by, now=now
        )
    assert entry.theme is not None, "an entry is an aid or a digest"
    return announce_digests(
        entry.theme,
        entry.gathered,
        standing=entry.standing,
        ledger=ledger,
        render=parts.render,
        lint=parts.writing.lint,
        when=when,
        by=by,
        now=now,
    )


def is_undone(line: Line) -> bool:
    """Return whether a person must look at what became of a row."""
    return line.state in UNDONE or line.is_sent_already
