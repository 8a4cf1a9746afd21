"""What one poll shows in several looks is judged and recorded together."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import CAMPAIGN, NOW, ListedSource, X, aid
from ledgers import make_plan
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.model.errors import LedgerError, SourceError
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.poll.looks import MOST_JOINED, join, look_to_the_end
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Poll, Polling
from spotlight_notify.ports.parts import Known

EVERY = timedelta(minutes=15)
OLD = [aid(n) for n in range(100)]


class WatchedSource(ListedSource):
    """Have a word before each look."""

    def __init__(self, before: Callable[[], None], *looks: Look | Exception) -> None:
        super().__init__(*looks)
        self.before = before
        self.knew: list[frozenset[str]] = []

    def look(self, cursor: str | None, known: Known, waiting: Sequence[Aid] = ()) -> Look:
        self.before()
        self.knew.append(known([f"guid:{n}" for n in range(100, 400)]))
        return super().look(cursor, known, waiting)


@pytest.fixture
def ledger(url: str) -> Iterator[SqlLedger]:
    with closing(open_ledger(url)) as opened:
        opened.register({"site": ""}, CAMPAIGN.channels, NOW)
        yield opened


def poll(parts: Polling, *looks: Sequence[Aid] | Look | Exception) -> Poll:
    return poll_source(ListedSource(*looks), EVERY, parts)


def page(*numbers: int, cursor: str = "page", more: bool = True) -> Look:
    return Look(aids=tuple(aid(n) for n in numbers), cursor=cursor, more=more)


def planned(ledger: SqlLedger) -> dict[str, str]:
    """Give the text of each post that goes to X, by aid."""
    return {d.aid_key: d.post.text for d in ledger.deliveries(channel=X.name) if d.post}


def test_nothing_of_a_poll_goes_out_before_all_of_it_is_judged(ledger: SqlLedger, parts: Polling) -> None:
    poll(parts, OLD)
    due: list[tuple[str, ...]] = []
    source = WatchedSource(
        lambda: due.append(ledger.due_channels(NOW, [CAMPAIGN.name])),
        page(*range(100, 120)),
        page(*range(200, 220), cursor="end", more=False),
    )
    told = poll_source(source, EVERY, parts)
    assert due == [(), ()]
    assert told.alarm is not None
    assert "40 aids are new at once" in told.alarm
    assert {(d.state, d.cause) for d in ledger.deliveries()} == {(State.PROPOSED, Cause.BRAKE)}
    assert (len(ledger.deliveries()), ledger.source_status("site").cursor) == (80, "end")


def test_a_later_look_knows_what_an_earlier_one_showed(ledger: SqlLedger, parts: Polling) -> None:
    poll(parts, OLD)
    source = WatchedSource(lambda: None, page(100, 101), page(102), page(103, more=False))
    poll_source(source, EVERY, parts)
    assert source.knew == [set(), {"guid:100", "guid:101"}, {"guid:100", "guid:101", "guid:102"}]


def test_an_aid_that_shows_up_twice_counts_once_in_its_last_words(ledger: SqlLedger, parts: Polling) -> None:
    poll(parts, OLD)
    first, again = aid(100, title="First words"), aid(100, title="Last words")
    renamed = aid(101, key="guid:new", aliases=("guid:new", aid(101).aliases[1]), title="Another guid")
    looks = [
        Look(aids=(first, aid(101)), cursor="page", more=True),
        Look(aids=(renamed, again), cursor="end"),
    ]
    told = poll(parts, *looks)
    assert (told.new, told.planned) == (2, 4)
    texts = planned(ledger)
    assert texts.keys() == {"guid:100", "guid:101"}
    assert (texts["guid:100"][:10], texts["guid:101"][:12]) == ("Last words", "Another guid")
    assert [known.aid.title for known in ledger.find_aids("guid:new")] == ["Another guid"]


def test_what_was_read_before_a_look_failed_is_recorded_and_the_failure_is_told(
    ledger: SqlLedger, parts: Polling
) -> None:
    poll(parts, OLD)
    trouble = SourceError("site", "the connection is lost")
    source = ListedSource(page(100), page(101, cursor="good"), trouble, trouble)
    told = poll_source(source, EVERY, parts)
    assert (told.new, told.error) == (2, "source site: the connection is lost")
    status = ledger.source_status("site")
    assert (status.cursor, status.failures, status.error) == ("good", 1, told.error)
    assert planned(ledger).keys() == {"guid:100", "guid:101"}
    assert source.cursors == ["cursor 1", "page", "good", "good"]


def test_a_stumble_in_between_is_got_over(ledger: SqlLedger, parts: Polling) -> None:
    poll(parts, OLD)
    told = poll(parts, page(100), ValueError("ours"), page(101, cursor="end", more=False))
    assert (told.new, told.error, ledger.source_status("site").cursor) == (2, None, "end")


def test_what_comes_after_a_stumble_is_judged_with_what_came_before(
    ledger: SqlLedger, parts: Polling
) -> None:
    poll(parts, OLD)
    lost = SourceError("site", "lost")
    told = poll(parts, page(*range(100, 120)), lost, page(*range(200, 220), cursor="end", more=False))
    assert "40 aids are new at once" in (told.alarm or "")
    states = {d.aid_key: d.state for d in ledger.deliveries()}
    assert (states["guid:100"], states["guid:200"]) == (State.PENDING, State.PROPOSED)


def test_a_baseline_is_recorded_page_by_page(ledger: SqlLedger, parts: Polling) -> None:
    counts: list[int] = []
    source = WatchedSource(lambda: counts.append(len(ledger.aids())), page(1), page(2), page(3, more=False))
    told = poll_source(source, EVERY, parts)
    assert (counts, told.baseline) == ([0, 1, 2], 3)


def test_a_long_scan_that_shows_nothing_is_kept_in_steps(ledger: SqlLedger, parts: Polling) -> None:
    poll(parts, OLD)
    cursors: list[str | None] = []
    source = WatchedSource(
        lambda: cursors.append(ledger.source_status("site").cursor),
        page(cursor="a"),
        page(cursor="b"),
        page(100, cursor="c"),
        page(cursor="d", more=False),
    )
    told = poll_source(source, EVERY, parts)
    assert (cursors, told.new) == (["cursor 1", "a", "b", "b"], 1)


def test_nobody_else_takes_a_source_while_there_is_more_to_read(ledger: SqlLedger, parts: Polling) -> None:
    taken: list[bool] = []
    source = WatchedSource(
        lambda: taken.append(ledger.claim_poll("site", NOW, NOW + EVERY)), page(1), page(2), page(more=False)
    )
    poll_source(source, EVERY, parts)
    assert taken == [True, False, False]


def test_the_brake_holds_what_its_poll_planned_and_nothing_else(ledger: SqlLedger, parts: Polling) -> None:
    poll(parts, OLD)
    with ledger.recording("site") as book:
        ordered = book.plan(book.match([aid(1)])["guid:1"].id, make_plan(channel=X.name), NOW)
    assert ordered is not None
    told = poll(parts, [aid(n) for n in range(100, 140)])
    assert told.alarm is not None
    assert ledger.delivery(ordered).state is State.PENDING


def test_looks_are_joined_up_to_a_limit() -> None:
    half = MOST_JOINED // 2
    looks = [page(*range(start, start + half), cursor=f"at {start}") for start in range(0, 4 * half, half)]
    look = look_to_the_end(ListedSource(*looks), None, lambda keys: frozenset(), ())
    assert (len(look.aids), look.cursor, look.more) == (MOST_JOINED, f"at {half}", True)


def test_a_ledger_that_cannot_be_read_ends_it() -> None:
    with pytest.raises(LedgerError):
        look_to_the_end(ListedSource(page(1), LedgerError("?")), None, lambda keys: frozenset(), ())


def test_what_the_last_look_says_of_its_source_holds() -> None:
    first = Look(aids=(aid(1),), cursor="a", more=True, wait=EVERY, warnings=("odd", "row 1"))
    joined = join(first, Look(aids=(), cursor="b", unchanged=True, warnings=("odd", "row 2")))
    assert joined == Look(aids=(aid(1),), cursor="b", warnings=("odd", "row 1", "row 2"))


def test_what_a_later_look_shows_is_not_gone() -> None:
    first = Look(aids=(aid(1),), cursor="a", more=True, gone=frozenset({"guid:2", "guid:3"}))
    joined = join(first, Look(aids=(aid(3),), cursor="b"))
    assert joined.gone == {"guid:2"}


def test_only_the_first_of_joined_looks_is_told_what_waits(parts: Polling) -> None:
    poll(parts, OLD[:1])
    poll(parts, [*OLD[:1], aid(100)])
    source = ListedSource(page(1, cursor="a"), page(2, cursor="b", more=False))
    poll_source(source, EVERY, parts)
    assert source.waited == [("guid:100",), ()]


NAMES = st.integers(0, 6).map("guid:{}".format)
AIDS = st.lists(
    st.builds(
        lambda key, others, title: aid(1, key=key, aliases=(key, *others), title=title),
        NAMES,
        st.lists(NAMES, max_size=2),
        st.text(max_size=2),
    ),
    max_size=4,
    unique_by=lambda made: made.key,
).map(tuple)


@given(AIDS, AIDS)
def test_joined_aids_keep_every_name_and_what_was_said_last(
    first: tuple[Aid, ...], last: tuple[Aid, ...]
) -> None:
    joined = join(Look(aids=first, cursor="a", more=True), Look(aids=last, cursor="b")).aids
    keys = [each.key for each in joined]
    assert len(set(keys)) == len(keys)
    assert keys[: len(first)] == [each.key for each in first]
    names = {name for each in joined for name in each.aliases}
    assert names == {name for each in (*first, *last) for name in each.aliases}
    for each in last:
        if each.key in {one.key for one in first}:
            (found,) = [one for one in joined if one.key == each.key]
            assert set(each.aliases) <= set(found.aliases)


def test_pictures_of_joined_looks_are_looked_for_once(ledger: SqlLedger, parts: Polling) -> None:
    poll(parts, OLD)
    asked: list[str] = []

    def illustrate(aid: Aid, *, hurry: bool = False) -> Aid:
        asked.append(aid.title)
        return aid

    looks = [page(100), Look(aids=(aid(100, title="Last words"), aid(101)), cursor="end")]
    poll(replace(parts, illustrate=illustrate), *looks)
    assert asked == ["Last words", aid(101).title]
