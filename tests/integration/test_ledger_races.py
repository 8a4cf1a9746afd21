"""Races with real threads and real processes, and processes killed at the worst moments.

Run as a script, this file is one of those processes: it takes commands on stdin, one JSON line each.
"""

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from ledgers import (
    CAMPAIGNS,
    MINUTE,
    NOW,
    SENT,
    SITE,
    TEMPO,
    X,
    claim,
    furnish,
    make_aid,
    make_picture,
    make_plan,
    put,
    run_sql,
)
from spotlight_notify.ledger import uploads
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.records.attempts import Claim
from spotlight_notify.model.words import Cause, Outcome, ScopeKind, State

PROCESSES, THREADS, WAITING = 4, 8, 24
PICTURES = [make_picture(bytes([number]) * size) for number, size in enumerate((4_000_000, 9, 50_000, 9))]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    made: str = request.getfixturevalue("postgres_url")
    return made


@pytest.fixture
def ledger(url: str) -> Iterator[SqlLedger]:
    with closing(open_ledger(url)) as opened:
        yield furnish(opened)


# --- the other processes


def open_it(url: str) -> str:
    open_ledger(url).close()
    return "opened"


def receipt_of(claimed: Claim) -> Receipt:
    return Receipt(post_id=str(claimed.delivery_id), url=None)


def drain(url: str) -> list[int]:
    """Claim and settle until nothing is due; several do this at once, so None may only mean "not now"."""
    with closing(open_ledger(url)) as ledger:
        sent = []
        while ledger.counts().get(State.PENDING):
            claimed = ledger.claim_due(X, NOW, MINUTE, f"process {os.getpid()}", TEMPO)
            if claimed is not None:
                ledger.settle(claimed, SENT, receipt_of(claimed), NOW)
                sent.append(claimed.delivery_id)
        return sent


def take_poll(url: str) -> bool:
    with closing(open_ledger(url)) as ledger:
        return ledger.claim_poll(SITE, NOW, NOW + MINUTE)


def record(url: str) -> list[int | None]:
    """Record ten aids, and a delivery for each, as a poll would."""
    planned = []
    with closing(open_ledger(url)) as ledger:
        for number in range(10):
            aid = make_aid(number)
            with ledger.recording(SITE) as book:
                known = book.match([aid]).get(aid.key) or book.add(aid, baseline=False, now=NOW)
                planned.append(book.plan(known.id, make_plan(), NOW))
    return planned


def keep(url: str) -> list[str]:
    """Keep pictures that others keep too, large and small."""
    with closing(open_ledger(url)) as ledger:
        return [ledger.keep_picture(each, NOW) for each in PICTURES]


def say(words: Any) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def claim_and_hang(url: str) -> None:
    claim(open_ledger(url))
    say("claimed")
    sys.stdin.readline()


def record_and_hang(url: str) -> None:
    with open_ledger(url).recording(SITE) as book:
        known = book.add(make_aid(1), baseline=False, now=NOW)
        book.plan(known.id, make_plan(), NOW)
        say("recorded")
        sys.stdin.readline()


def keep_and_hang(url: str) -> None:
    """Keep a picture in a transaction that is never committed."""
    with create_engine(url).begin() as connection:
        uploads.keep_picture(connection, PICTURES[0], NOW)
        say("written")
        sys.stdin.readline()


COMMANDS: dict[str, Callable[[str], Any]] = {
    command.__name__: command
    for command in (open_it, drain, take_poll, record, keep, claim_and_hang, record_and_hang, keep_and_hang)
}


def obey() -> None:
    for line in sys.stdin:
        name, url = json.loads(line)
        say(COMMANDS[name](url))


Process = subprocess.Popen[str]


def start() -> Process:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )


def tell(process: Process, command: Callable[[str], Any], url: str) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps([command.__name__, url]) + "\n")
    process.stdin.flush()


def answer(process: Process) -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


@pytest.fixture(scope="module")
def processes() -> Iterator[list[Process]]:
    with ExitStack() as stack:
        started = [stack.enter_context(start()) for _ in range(PROCESSES)]
        yield started
        for process in started:
            process.kill()


def at_once(processes: list[Process], command: Callable[[str], Any], url: str) -> list[Any]:
    for process in processes:
        tell(process, command, url)
    return [answer(process) for process in processes]


def in_threads(work: Callable[[], Any]) -> list[Any]:
    barrier = threading.Barrier(THREADS)
    results: list[Any] = []

    def wait_and_work() -> None:
        barrier.wait()
        results.append(work())

    threads = [threading.Thread(target=wait_and_work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == THREADS, "a thread failed"
    return results


# --- races


def test_of_many_threads_one_gets_the_claim(ledger: SqlLedger) -> None:
    put(ledger, 1)
    put(ledger, 2)
    claims = in_threads(lambda: ledger.claim_due(X, NOW, MINUTE, "thread", TEMPO))
    (got,) = [each for each in claims if each is not None]
    assert isinstance(got, Claim)
    assert ledger.counts() == {State.SENDING: 1, State.PENDING: 1}
    assert len(ledger.attempts(got.delivery_id)) == 1


def test_of_many_threads_one_gets_the_poll(ledger: SqlLedger) -> None:
    results = in_threads(lambda: ledger.claim_poll(SITE, NOW, NOW + MINUTE))
    assert Counter(results) == {True: 1, False: THREADS - 1}


def test_threads_that_record_the_same_aid_make_one(ledger: SqlLedger) -> None:
    def see() -> int | None:
        with ledger.recording(SITE) as book:
            known = book.match([make_aid(1)]).get("guid:1") or book.add(make_aid(1), baseline=False, now=NOW)
            return book.plan(known.id, make_plan(), NOW)

    planned = in_threads(see)
    assert len(ledger.aids()) == 1
    assert Counter(each is None for each in planned) == {True: THREADS - 1, False: 1}
    assert len(ledger.deliveries()) == 1


def test_recordings_and_claims_go_side_by_side(ledger: SqlLedger) -> None:
    numbers = iter(range(1_000))
    guard = threading.Lock()

    def work() -> None:
        for _ in range(3):
            with guard:
                number = next(numbers)
            put(ledger, number)
            claimed = ledger.claim_due(X, NOW, MINUTE, "thread", TEMPO)
            if claimed is not None:
                ledger.settle(claimed, SENT, receipt_of(claimed), NOW)

    in_threads(work)
    counts = ledger.counts()
    assert counts.get(State.SENDING, 0) == 0
    assert sum(counts.values()) == 3 * THREADS


def test_many_processes_open_a_new_ledger_at_once(processes: list[Process], url: str) -> None:
    assert at_once(processes, open_it, url) == ["opened"] * PROCESSES
    with closing(open_ledger(url)) as ledger:
        assert ledger.counts() == {}


def test_processes_that_drain_one_channel_send_everything_once(
    processes: list[Process], ledger: SqlLedger, url: str
) -> None:
    ids = [put(ledger, number) for number in range(WAITING)]
    sent = at_once(processes, drain, url)
    assert sorted(delivery_id for each in sent for delivery_id in each) == ids
    assert ledger.counts() == {State.SENT: WAITING}
    attempts = run_sql(url, "SELECT delivery_id, number, epoch FROM attempt ORDER BY epoch")
    assert [tuple(row) for row in attempts] == [
        (delivery_id, 1, epoch) for epoch, delivery_id in enumerate(ids, start=1)
    ]


def test_of_many_processes_one_gets_the_poll(processes: list[Process], ledger: SqlLedger, url: str) -> None:
    assert Counter(at_once(processes, take_poll, url)) == {True: 1, False: PROCESSES - 1}
    assert ledger.due_sources(NOW) == ()


def test_processes_that_record_the_same_aids_make_one_of_each(
    processes: list[Process], ledger: SqlLedger, url: str
) -> None:
    planned = at_once(processes, record, url)
    for number in range(10):
        assert Counter(each[number] is None for each in planned) == {True: PROCESSES - 1, False: 1}
    assert len(ledger.aids()) == 10
    assert ledger.counts() == {State.PENDING: 10}


def test_processes_that_keep_the_same_pictures_keep_one_of_each(
    processes: list[Process], ledger: SqlLedger, url: str
) -> None:
    digests = [uploads.digest_of(each) for each in PICTURES]
    assert at_once(processes, keep, url) == [digests] * PROCESSES
    assert [ledger.kept_picture(digest) for digest in digests] == PICTURES
    assert run_sql(url, "SELECT count(*) FROM picture") == [(len(PICTURES),)]


def test_threads_that_keep_the_same_picture_keep_one(ledger: SqlLedger, url: str) -> None:
    digest = uploads.digest_of(PICTURES[0])
    assert in_threads(lambda: ledger.keep_picture(PICTURES[0], NOW)) == [digest] * THREADS
    assert ledger.kept_picture(digest) == PICTURES[0]
    assert run_sql(url, "SELECT count(*) FROM picture") == [(1,)]


def test_of_many_threads_one_lifts_a_hold(ledger: SqlLedger) -> None:
    hold = ledger.place_hold(Scope(kind=ScopeKind.ALL), who="ada", reason="so", now=NOW, until_at=None)
    lifted = in_threads(lambda: ledger.lift_hold(hold.id, who="bo", reason="over", now=NOW))
    assert Counter(lifted) == {True: 1, False: THREADS - 1}
    assert [each.action for each in ledger.changes()] == ["lifted", "placed"]


def test_threads_that_all_find_a_source_elsewhere_move_it_once(ledger: SqlLedger) -> None:
    ledger.register({SITE: "here"}, [], NOW)
    in_threads(lambda: ledger.register({SITE: "there"}, [], NOW))
    assert [each.action for each in ledger.changes()] == ["moved"]


def test_of_many_threads_one_accepts_what_a_brake_held(ledger: SqlLedger) -> None:
    for number in range(3):
        put(ledger, number, state=State.PROPOSED, cause=Cause.BRAKE)
    with ledger.recording(SITE) as book:
        book.raise_alarm("too much", NOW)
    accepted = in_threads(lambda: ledger.accept(SITE, who="ada", reason="right", now=NOW))
    assert Counter(accepted) == {3: 1, 0: THREADS - 1}
    let_go = ["proposed -> pending"] * 3
    assert [each.action for each in ledger.changes()] == ["accepted", *let_go]
    assert ledger.counts() == {State.PENDING: 3}


# --- kills


def test_killed_between_claim_and_settlement_it_is_unsure(ledger: SqlLedger, url: str) -> None:
    first, second = put(ledger, 1), put(ledger, 2)
    with start() as process:
        tell(process, claim_and_hang, url)
        assert answer(process) == "claimed"
        process.kill()
    assert ledger.delivery(first).state is State.SENDING
    (attempt,) = ledger.attempts(first)
    assert (attempt.outcome, attempt.ended_at) == (None, None)
    assert ledger.due_channels(NOW, CAMPAIGNS) == ()
    assert ledger.strand(NOW) == ()
    assert ledger.strand(NOW + MINUTE) == (first,)
    assert ledger.delivery(first).state is State.UNSURE
    assert ledger.attempts(first)[0].outcome is Outcome.STRANDED
    assert claim(ledger, NOW + MINUTE).delivery_id == second


def test_killed_within_a_recording_it_leaves_nothing(ledger: SqlLedger, url: str) -> None:
    with start() as process:
        tell(process, record_and_hang, url)
        assert answer(process) == "recorded"
        process.kill()
    assert (ledger.aids(), ledger.counts()) == ((), {})
    assert ledger.delivery(put(ledger, 1)).state is State.PENDING


def test_killed_while_it_keeps_a_picture_it_leaves_none_and_the_next_keeps_it(
    ledger: SqlLedger, url: str
) -> None:
    digest = uploads.digest_of(PICTURES[0])
    with start() as process:
        tell(process, keep_and_hang, url)
        assert answer(process) == "written"
        waiting = threading.Thread(target=ledger.keep_picture, args=(PICTURES[0], NOW))
        waiting.start()
        assert ledger.kept_picture(digest) is None
        process.kill()
        waiting.join()
    assert ledger.kept_picture(digest) == PICTURES[0]


if __name__ == "__main__":
    obey()
