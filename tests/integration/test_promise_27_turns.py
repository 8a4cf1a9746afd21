"""Promise 27: the threads of one process never starve each other at SQLite's write lock."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from builders import ListedSource
from ledgers import NOW, SITE, furnish, make_aid, put, run_sql, sqlite_url
from processes import until
from spotlight_notify.app.chance import clock
from spotlight_notify.app.composition import open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.transactions import Turns
from spotlight_notify.model.errors import LedgerBusy
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.worker.daemon import Daemon
from spotlight_notify.worker.events import Event, Trouble

pytestmark = pytest.mark.long

SOURCES = 1_000
TABLE = """
[sources.{name}]
kind = "feed"
url = "https://agency.example/{name}.xml"
"""


def test_promise_27_of_a_thousand_sources_with_a_new_entry_each_none_fails_as_busy(tmp_path: Path) -> None:
    names = [f"source-{number}" for number in range(SOURCES)]
    with Sandbox(clock=clock) as sandbox:
        path = write_configuration(sandbox, tmp_path)
    text = path.read_text()
    listed = ", ".join(f'"{name}"' for name in names)
    text = text.replace('sources = ["sample-site", "sample-database"]', f"sources = [{listed}]")
    path.write_text(text + "".join(TABLE.format(name=name) for name in names))
    config, told = load_config(path, {}), list[Event]()
    with open_app(config) as app:
        run_sql(config.ledger_url, f"UPDATE source SET baseline_at = '{NOW.isoformat()[:19]}.000000Z'")
        sources = {name: ListedSource([make_aid(source=name)], name=name) for name in names}
        app = replace(app, sources=sources, publishers={}, lookers={})
        Daemon(app, told.append).once(threading.Event())
        aids = app.ledger.aids()
    assert [event for event in told if isinstance(event, Trouble)] == []
    polls = [event for event in told if isinstance(event, Poll)]
    assert [(poll.error, poll.new) for poll in polls] == [(None, 1)] * SOURCES
    assert sorted(known.aid.source for known in aids) == sorted(names)


def test_feeds_142_hostile_on_postgresql_recordings_of_one_process_wait_for_each_other(
    postgres_url: str,
) -> None:
    with closing(furnish(open_ledger(postgres_url, lock_timeout=timedelta(milliseconds=100)))) as ledger:
        waits, done = threading.Event(), threading.Event()

        def second() -> None:
            waits.set()
            with ledger.recording(SITE) as book:
                book.add(make_aid(2), baseline=False, now=NOW)
            done.set()

        thread = threading.Thread(target=second)
        with ledger.recording(SITE) as book:
            thread.start()
            waits.wait(60)
            assert not done.wait(1)  # ten times as long as the lock is waited for
            book.add(make_aid(1), baseline=False, now=NOW)
        thread.join()
        assert done.is_set()
        assert len(ledger.aids()) == 2


@dataclass
class Line:
    """Threads that wait for one turn, in the order in which they came."""

    turns: Turns
    order: list[int]

    def come(self, number: int) -> threading.Thread:
        """Start a thread that waits; returns when it does."""
        waiting = self.turns.waiting()
        thread = threading.Thread(target=self._take, args=(number,))
        thread.start()
        until(lambda: self.turns.waiting() > waiting)
        return thread

    def _take(self, number: int) -> None:
        with self.turns.taken():
            self.order.append(number)


def test_promise_27_who_came_first_writes_first() -> None:
    line = Line(Turns(make_url("sqlite:///l")), [])
    with line.turns.taken():
        threads = [line.come(number) for number in range(20)]
    for thread in threads:
        thread.join()
    assert line.order == list(range(20))


def test_promise_27_a_write_within_a_write_is_refused_and_waits_for_no_one(tmp_path: Path) -> None:
    with closing(furnish(open_ledger(sqlite_url(tmp_path)))) as ledger:
        with ledger.recording(SITE) as book:
            book.add(make_aid(1), baseline=False, now=NOW)
            with pytest.raises(LedgerBusy):
                put(ledger, 2)
        put(ledger, 3)
        assert sorted(known.aid.key for known in ledger.aids()) == ["guid:1", "guid:3"]


def test_promise_27_a_write_that_fails_passes_the_turn_on(tmp_path: Path) -> None:
    with closing(furnish(open_ledger(sqlite_url(tmp_path)))) as ledger, ThreadPoolExecutor(8) as pool:

        def write(number: int) -> None:
            with suppress(ZeroDivisionError), ledger.recording(SITE) as book:
                book.add(make_aid(number), baseline=False, now=NOW)
                _ = 1 / (number % 2)

        done: Sequence[None] = list(pool.map(write, range(40)))
        assert len(done) == 40
        assert len(ledger.aids()) == 20
