"""A look that is no longer of what the ledger follows leaves no trace; a source may be the same elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from builders import CAMPAIGN, NOW, ListedSource, X, aid, polling_with
from fakes import FakeClock
from ledgers import snapshot
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.model.errors import Refused, SourceError
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Poll, Polling
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


# --- the first look at a new address

FRIDAY, MONDAY = NOW, NOW + timedelta(days=3)


def poll_elsewhere(ledger: SqlLedger, parts: Polling, *aids: Aid, address: str = "elsewhere") -> Poll:
    ledger.register({"site": address}, [], MONDAY)
    parts = replace(parts, addresses={"site": address}, clock=FakeClock(MONDAY))
    return poll_source(ListedSource(aids), EVERY, parts)


def states(ledger: SqlLedger) -> set[tuple[str, State, Cause | None]]:
    return {(each.aid_key, each.state, each.cause) for each in ledger.deliveries(channel=X.name)}


def test_what_came_while_an_address_was_mended_is_announced(ledger: SqlLedger, parts: Polling) -> None:
    poll(parts, OLD, SourceError("site", "it answers 404"))
    told = poll_elsewhere(ledger, parts, *OLD[1:], aid(100), aid(101, published_at=FRIDAY + EVERY))
    assert (told.new, told.baseline, told.warnings) == (2, 0, ())
    assert states(ledger) == {("guid:100", State.PENDING, None), ("guid:101", State.PENDING, None)}
    assert ledger.source_status("site").baseline_at == FRIDAY


def test_the_brake_stands_at_a_new_address(ledger: SqlLedger, parts: Polling) -> None:
    poll(parts, OLD)
    told = poll_elsewhere(ledger, parts, OLD[0], *(aid(n) for n in range(100, 130)))
    assert (told.planned, told.alarm is not None) == (0, True)


def test_what_a_new_address_shows_of_earlier_times_is_asked_about(ledger: SqlLedger, parts: Polling) -> None:
    """All of a site's feed shows what one theme's did not."""
    poll(parts, OLD)
    before = aid(100, published_at=FRIDAY - timedelta(days=2))
    told = poll_elsewhere(ledger, parts, *OLD, before, aid(101, published_at=MONDAY - EVERY))
    assert (told.new, told.planned) == (2, 2)
    assert states(ledger) == {("guid:100", State.PROPOSED, Cause.DATE), ("guid:101", State.PENDING, None)}


@pytest.mark.parametrize("strangers", [NEW, [aid(1, key="row:1", aliases=()), aid(7)]])
def test_a_new_address_that_shows_nothing_known_is_a_baseline_with_a_warning(
    ledger: SqlLedger, parts: Polling, strangers: list[Aid]
) -> None:
    """A row's number is no sign: any table has a first row."""
    poll(parts, [aid(1, key="row:1", aliases=("row:1",)), *OLD])
    told = poll_elsewhere(ledger, parts, *strangers)
    assert [warning[:23] for warning in told.warnings] == ["its address was changed"]
    assert (told.planned, ledger.deliveries()) == (0, ())
    status = ledger.source_status("site")
    assert (status.baseline_at, status.notes) == (MONDAY, told.warnings)
    again = poll_elsewhere(ledger, parts, *strangers, aid(8))
    assert (again.new, again.warnings) == (1, ())


def test_a_new_address_that_fails_is_judged_when_it_answers(ledger: SqlLedger, parts: Polling) -> None:
    poll(parts, OLD)
    move(ledger)
    poll(replace(parts, addresses={"site": "elsewhere"}), SourceError("site", "it answers 404"))
    assert ledger.source_status("site").has_moved
    poll_elsewhere(ledger, parts, *OLD, aid(100), address="at last")
    assert states(ledger) == {("guid:100", State.PENDING, None)}
