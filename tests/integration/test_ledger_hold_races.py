"""Holds against processes that claim as fast as they can: once a hold is placed, nothing of it goes any more.

Run as a script, this file is one of those processes: it takes ledgers' URLs on stdin and answers in JSON.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, make_url

from ledgers import MINUTE, NOW, SENT, SITE, TEMPO, make_aid, make_plan
from processes import until
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import Channel, Scope
from spotlight_notify.model.errors import LedgerBusy
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.words import ScopeKind, State
from spotlight_notify.networks.x.traits import X

Process = subprocess.Popen[str]
PROCESSES, WAITING = 4, 200
CHANNELS = ("first", "second", "third", "fourth")
MORE_ROUNDS = 10
SLOWLY = {"sqlite": 0.01, "postgresql": 0.1}
"""Seconds between the last look at holds and the commit: what would let a claim slip past a hold."""
REST = {"sqlite": 0.04, "postgresql": 0}
"""Seconds between two claims of a process: SQLite's lock is nobody's turn, and a hold must get it too."""


# --- the processes that claim


def hammer(url: str) -> None:
    """Claim and settle on all channels until some time after a hold."""
    rounds = 0
    with closing(open_ledger(url)) as ledger:
        while rounds < MORE_ROUNDS:
            for channel in CHANNELS:
                take_one(ledger, channel)
                time.sleep(REST[make_url(url).get_backend_name()])
            rounds += bool(ledger.holds(NOW))


def take_one(ledger: SqlLedger, channel: str) -> None:
    try:
        claimed = ledger.claim_due(channel, NOW, MINUTE, f"process {os.getpid()}", TEMPO)
        if claimed is not None:
            ledger.settle(claimed, SENT, Receipt(post_id=f"post {claimed.attempt_id}", url=None), NOW)
    except LedgerBusy:
        pass


def committing() -> list[tuple[str, int]]:
    """Slow claims down just before they end, and list each one's channel and the moment it is committed.

    The moment is read before the commit, on a clock that all processes share.
    """
    committed: list[tuple[str, int]] = []

    def see(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("INSERT INTO attempt"):
            connection.info["claims"] = True
            time.sleep(SLOWLY[connection.dialect.name])

    def tell(connection: Connection) -> None:
        if connection.info.pop("claims", False):
            committed.append((connection.info["channel"], time.monotonic_ns()))

    def note_channel(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("UPDATE channel SET epoch"):
            values = parameters.values() if isinstance(parameters, dict) else parameters
            connection.info["channel"] = next(each for each in values if each in CHANNELS)

    event.listen(Engine, "before_cursor_execute", see)
    event.listen(Engine, "before_cursor_execute", note_channel)
    event.listen(Engine, "commit", tell)
    return committed


# --- the test


@pytest.fixture
def ledger(url: str) -> Iterator[SqlLedger]:
    with closing(open_ledger(url)) as opened:
        opened.register({SITE: ""}, [Channel(name=name, network=X) for name in CHANNELS], NOW)
        with opened.recording(SITE) as book:
            for number in range(WAITING):
                known = book.add(make_aid(number), baseline=False, now=NOW)
                book.plan(known.id, make_plan(channel=CHANNELS[number % len(CHANNELS)]), NOW)
        yield opened


@pytest.fixture(scope="module")
def processes() -> Iterator[list[Process]]:
    """Start the processes, which claim from one ledger after the other."""
    with ExitStack() as stack:
        yield [stack.enter_context(start()) for _ in range(PROCESSES)]


def start() -> Process:
    return subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def tell(process: Process, url: str) -> None:
    assert process.stdin is not None
    process.stdin.write(url + "\n")
    process.stdin.flush()


def answer(process: Process) -> list[tuple[str, int]]:
    assert process.stdout is not None
    return [(channel, moment) for channel, moment in json.loads(process.stdout.readline())]


def place_in_the_middle(
    ledger: SqlLedger, url: str, processes: list[Process], scope: Scope
) -> tuple[int, list[tuple[str, int]]]:
    """Place a hold while processes claim; returns when it was placed, and all their claims."""
    for process in processes:
        tell(process, url)
    until(lambda: ledger.counts().get(State.SENT, 0) >= 8)
    ledger.place_hold(scope, who="ada", reason="an incident", now=NOW, until_at=None)
    placed = time.monotonic_ns()
    return placed, [claim for process in processes for claim in answer(process)]


def test_once_a_hold_is_placed_no_process_claims_any_more(
    ledger: SqlLedger, url: str, processes: list[Process]
) -> None:
    placed, claims = place_in_the_middle(ledger, url, processes, Scope(kind=ScopeKind.ALL))
    assert len(claims) >= 8
    assert [moment for _, moment in claims if moment > placed] == []
    counts = ledger.counts()
    assert counts == {State.SENT: len(claims), State.PENDING: WAITING - len(claims)}
    assert counts[State.PENDING] > 0


def test_what_a_hold_does_not_name_goes_on(ledger: SqlLedger, url: str, processes: list[Process]) -> None:
    held = CHANNELS[0]
    placed, claims = place_in_the_middle(ledger, url, processes, Scope(kind=ScopeKind.CHANNEL, name=held))
    late = {channel for channel, moment in claims if moment > placed}
    assert late
    assert held not in late
    assert ledger.queue(held, NOW).held


if __name__ == "__main__":
    commits = committing()
    for line in sys.stdin:
        commits.clear()
        hammer(line.strip())
        sys.stdout.write(json.dumps(commits) + "\n")
        sys.stdout.flush()
