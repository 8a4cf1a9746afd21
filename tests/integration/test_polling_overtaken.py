"""A look that is no longer of what the ledger follows leaves no trace; one that moved is not looked at."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from builders import CAMPAIGN, NOW, ListedSource, aid, polling_with
from fakes import FakeClock
from ledgers import snapshot
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.model.errors import Refused, SourceError
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Polling
from spotlight_notify.ports.parts import Known

EVERY = timedelta(minutes=15)
OLD, NEW = [aid(n) for n in range(3)], [aid(n) for n in range(100, 105)]


class MeddledSource(ListedSource):
    """Let something happen while it is looked at."""

    def __init__(self, meddle: Callable[[], object], *looks: list[Aid] | Look | Exception) -> None:
        super().__init__(*looks)
        self.meddle = meddle

    def look(self, cursor: str | None, known: Known, waiting: Sequence[Aid] = ()) -> Look:
        self.meddle()
        return super().look(cursor, known, waiting)


@pytest.fixture
def ledger(url: str) -> Iterator[SqlLedger]:
    with closing(open_ledger(url)) as opened:
        opened.register({"site": "here"}, CAMPAIGN.channels, NOW)
        yield opened


@pytest.fixture
def parts(ledger: SqlLedger) -> Polling:
    return replace(polling_with(ledger, FakeClock(NOW)), addresses={"site": "here"})


def poll(parts: Polling, *looks: list[Aid] | Look | Exception) -> None:
    source = ListedSource(*looks)
    while source.looks:
        poll_source(source, EVERY, parts)


def move(ledger: SqlLedger) -> None:
    """Register the source as a program with another configuration does."""
    ledger.register({"site": "elsewhere"}, [], NOW)


def order_baseline(ledger: SqlLedger) -> None:
    ledger.place_baseline("site", latest=0, since_at=None, who="Chief", reason="they moved", now=NOW)


IDLE = Look(aids=(), cursor="cursor 1", unchanged=True)


@pytest.mark.parametrize("meddle", [move, order_baseline])
@pytest.mark.parametrize("shown", [[*OLD, *NEW], IDLE, SourceError("site", "it answers 502")])
def test_a_look_under_way_when_its_source_begins_anew_leaves_no_trace(
    ledger: SqlLedger,
    url: str,
    parts: Polling,
    meddle: Callable[[SqlLedger], None],
    shown: list[Aid] | Look | Exception,
) -> None:
    poll(parts, OLD)
    seen: list[object] = []

    def begin_anew() -> None:
        meddle(ledger)
        seen.append(snapshot(url))

    told = poll_source(MeddledSource(begin_anew, shown), EVERY, parts)
    assert [snapshot(url)] == seen
    assert ledger.due_sources(NOW) == ("site",)
    assert (told.new, told.planned, told.error) == (0, 0, None)
    assert ["is dropped" in warning for warning in told.warnings] == [True]
    here = replace(parts, addresses={"site": ledger.source_status("site").address or ""})
    poll(here, NEW)
    assert ledger.source_status("site").baseline_at is not None
    assert not ledger.deliveries()


@pytest.mark.parametrize("more", [True, False])
def test_a_first_look_at_the_old_place_does_not_use_up_the_baseline_of_the_new(
    ledger: SqlLedger, parts: Polling, more: bool
) -> None:
    first = Look(aids=tuple(OLD), cursor="old place", more=more)
    poll_source(MeddledSource(lambda: move(ledger), first), EVERY, parts)
    assert not ledger.aids()
    assert ledger.source_status("site").cursor is None
    poll(replace(parts, addresses={"site": "elsewhere"}), NEW, [*NEW, aid(7)])
    assert {d.aid_key for d in ledger.deliveries()} == {"guid:7"}


def test_a_page_of_a_baseline_does_not_go_on_with_another_baseline(ledger: SqlLedger, parts: Polling) -> None:
    source = MeddledSource(
        lambda: order_baseline(ledger) if len(source.cursors) == 1 else None,
        Look(aids=(aid(1),), cursor="half", more=True),
        Look(aids=(aid(2),), cursor="whole"),
    )
    told = poll_source(source, EVERY, parts)
    status = ledger.source_status("site")
    assert (status.cursor, status.baseline_at, told.baseline) == (None, None, 1)
    poll(parts, [aid(1), aid(2), aid(3)])
    assert not ledger.deliveries()


def test_of_two_looks_at_once_one_is_recorded(ledger: SqlLedger, parts: Polling) -> None:
    poll(parts, OLD)
    shown = Look(aids=(*OLD, aid(9)), cursor="cursor 2")
    source = MeddledSource(lambda: poll(parts, shown), [*OLD, *NEW])
    told = poll_source(source, EVERY, parts)
    assert (told.new, len(told.warnings)) == (0, 1)
    assert {d.aid_key for d in ledger.deliveries()} == {"guid:9"}
    assert ledger.source_status("site").cursor == "cursor 2"


def test_a_failure_does_not_count_against_a_source_that_another_program_has_just_read(
    ledger: SqlLedger, parts: Polling
) -> None:
    poll(parts, OLD)
    shown = Look(aids=(*OLD, aid(9)), cursor="cursor 2")
    poll_source(MeddledSource(lambda: poll(parts, shown), SourceError("site", "busy")), EVERY, parts)
    status = ledger.source_status("site")
    assert (status.failures, status.error, status.succeeded_at) == (0, None, NOW)


def test_what_comes_while_another_program_reads_an_unchanged_source_is_recorded(
    ledger: SqlLedger, parts: Polling
) -> None:
    poll(parts, OLD)
    told = poll_source(MeddledSource(lambda: poll(parts, IDLE), [*OLD, *NEW]), EVERY, parts)
    assert (told.new, told.warnings) == (len(NEW), ())


def test_a_source_that_has_moved_is_not_looked_at_any_more(
    ledger: SqlLedger, url: str, parts: Polling
) -> None:
    poll(parts, OLD)
    move(ledger)
    before, source = snapshot(url), ListedSource(NEW)
    with pytest.raises(Refused, match=r"^source site has moved to another address .*: restart it$"):
        poll_source(source, EVERY, parts)
    assert (source.cursors, snapshot(url)) == ([], before)


def test_a_source_that_has_come_back_is_looked_at_again(ledger: SqlLedger, parts: Polling) -> None:
    poll(parts, OLD)
    move(ledger)
    ledger.register({"site": "here"}, [], NOW)
    poll(parts, NEW, [*NEW, aid(7)])
    assert {d.aid_key for d in ledger.deliveries()} == {"guid:7"}
