"""Let others come in between the ledger's transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from spotlight_notify.ledger.sql_ledger import SqlLedger
from worlds.program.values import Process

READS = frozenset(
    {
        *("due_sources", "source_status", "known", "waiting_aids", "due_channels", "confirm", "late"),
        *("queue", "next_due_at", "tell_time"),
        *("doubts", "receipts", "subject", "look_ups", "reads", "recall_draft", "kept_picture"),
        *("deliveries", "delivery", "attempts", "aids", "find_aids", "sources", "channels", "counts"),
        *("changes", "holds", "takedown", "takedowns_left"),
    }
)
"""What changes nothing in the ledger."""


class SteppedLedger:
    """Let others come in between before and after each transaction, never within one."""

    def __init__(self, ledger: SqlLedger, process: Process) -> None:
        self._ledger, self._process = ledger, process
        self._within = False

    def __getattr__(self, name: str) -> Any:
        method, process, reads = getattr(self._ledger, name), self._process, name in READS
        wants_result = name.startswith(("claim", "strand"))

        def call(*args: Any, **options: Any) -> Any:
            if self._within:
                return method(*args, **options)
            process.step(f"before {name}")
            result = method(*args, **options)
            if not reads and (result or not wants_result):
                process.stir()
            process.step(f"after {name}", "" if reads else f"-> {result}")
            return result

        setattr(self, name, call)
        return call

    @contextmanager
    def recording(self, source: str) -> Iterator[Any]:
        """Record without a break."""
        self._process.step("before recording")
        with self._ledger.recording(source) as book:
            self._within = True
            try:
                yield book
            finally:
                self._within = False
        self._process.stir()
        self._process.step("after recording")
