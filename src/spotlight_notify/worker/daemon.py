"""Beat time: every second, start what is due. The ledger holds the truth; a lost beat loses nothing."""

import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic

from spotlight_notify.app.chance import clock
from spotlight_notify.app.composition import App
from spotlight_notify.model.errors import LedgerLost, Refused, SpotlightError
from spotlight_notify.model.words import State
from spotlight_notify.operations.check_tokens import WATCHER, Watch
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.rules.retry import PROBE_AFTER, PROBES
from spotlight_notify.worker.events import Lost, Ordered, SignedOut, Stranded, Tell, Trouble
from spotlight_notify.worker.sources_first import SourcesFirst
from spotlight_notify.worker.stop_signals import Stopping, StopWish
from spotlight_notify.worker.threads import Crew

BEAT_SECONDS = 1
LONG_STILL = timedelta(minutes=1)
"""After so long without a beat (the machine slept) sources are looked at before posts go, as at a start."""
STEP_BACK = timedelta(seconds=30)
"""How far back a clock must go before it counts as set, not as slowed down by a time service."""
MOST_POLLS = 128
"""Sources looked at together: nearly all of that is waiting; reading and recording have their own limits."""
FOR_DOUBTFUL = 112
"""Places for sources that failed or were slow the last time, or are new: the others always find one."""
SLOW_SECONDS = 10.0
"""What a look may last before its source counts as slow; posts and pictures of what is new take longer."""
MOST_CHANNELS = 256
STOPPING_POLLS_SECONDS = 2
"""How long a stop waits for looks at sources, which lose nothing when they are cut off."""


MOST_ORDERS = 50
"""How many changes are looked through at a beat."""
NO_PERSONS = ("policy", "configuration", WATCHER)
"""Who makes changes that nobody ordered."""


class Daemon:
    """Poll what is due and drain every channel that has something due."""

    def __init__(self, app: App, tell: Tell) -> None:
        self._app, self._tell = app, tell
        self._polls = Crew(MOST_POLLS, self._start_polls, for_doubtful=FOR_DOUBTFUL)
        self._sound = {each.name for each in app.ledger.sources() if each.succeeded_at and not each.failures}
        self._drains = Crew(MOST_CHANNELS, self._start_drains)
        self._looks = Crew(MOST_CHANNELS, self._start_looks)
        self._sources_first = SourcesFirst(monotonic)
        self._stopping: Stopping = StopWish()
        self._lost: LedgerLost | None = None
        self._losing = threading.Lock()
        self._watch = Watch(app.lookers, app.clock(), app.ledger.tokens_proven_at())
        self._refused: set[str] = set()
        self._seen_at: datetime | None = None
        self._seen_change = max((each.id for each in app.ledger.changes(1, by_program=True)), default=0)

    def run(self, stopping: Stopping) -> None:
        """Work until ``stopping`` is set, then finish and record the posts in flight.

        LedgerLost, once what is in flight has ended, if the ledger must not be used any more.
        """
        self._stopping = stopping
        self._rewrite()
        with self.beating() as keep_beating:
            # A wait without a limit would keep signal handlers from running on some platforms.
            while not stopping.wait(BEAT_SECONDS) and self._lost is None:
                keep_beating()
        self._raise_lost()

    def once(self, stopping: Stopping) -> None:
        """Do one round of all that is due, to its end; when ``stopping`` is set no further post leaves.

        LedgerLost as ``run``.
        """
        self._stopping = stopping
        if not stopping.is_set():
            self._rewrite()
            self.tick()
        while not self._polls.wait(BEAT_SECONDS) and not stopping.is_set():
            pass
        self._looks.wait()
        self._ask_again(stopping)
        if not stopping.is_set():
            self._start_drains()
        self._finish()
        self._raise_lost()

    @contextmanager
    def beating(self) -> Iterator[Callable[[], None]]:
        """Beat in the background; at the end, the posts in flight are finished and recorded.

        Gives what is to be called now and then: APScheduler goes by this machine's clock, and would wait for
        the old time where that steps back.
        """
        from apscheduler.schedulers.background import BackgroundScheduler

        scheduler = BackgroundScheduler(timezone="UTC")
        beat = {"seconds": BEAT_SECONDS, "next_run_time": clock()}
        job = scheduler.add_job(
            self.tick, "interval", **beat, max_instances=1, coalesce=True, misfire_grace_time=None
        )

        def keep_beating() -> None:
            now = clock()
            if job.next_run_time - now > STEP_BACK:
                job.modify(next_run_time=now)

        scheduler.start()
        try:
            yield keep_beating
        finally:
            self._stopping.set()
            scheduler.shutdown(wait=True)
            self._finish()

    def tick(self) -> None:
        """Start everything that is due now; returns at once."""
        self._notice_time()
        with self._told("look for stranded deliveries"):
            for delivery_id in self._app.ledger.strand(self._app.clock()):
                self._tell(Stranded(delivery_id=delivery_id))
        self._tell_orders()
        self._start_polls()
        self._start_drains()
        self._start_looks()

    def _notice_time(self) -> None:
        """See what a long stillness and a clock that was set back mean: at first, and later."""
        now, before = self._app.clock(), self._seen_at
        if before is None or now > before + LONG_STILL:
            with self._told("look at due sources before anything is posted"):
                due = self._app.ledger.due_sources(now)
                self._sources_first.await_all(name for name in due if name in self._app.sources)
        with self._told("bring back what a clock that was ahead has put off"):
            if before is None or now < before - STEP_BACK:
                self._app.ledger.bring_back(now)
            self._seen_at = now

    def _tell_orders(self) -> None:
        with self._told("look what people have ordered"):
            for change in reversed(self._app.ledger.changes(MOST_ORDERS, after=self._seen_change)):
                self._seen_change = change.id
                if change.who not in NO_PERSONS:
                    self._tell(Ordered(change=change))

    def _rewrite(self) -> None:
        with self._told("see whether what waits passes under this configuration"):
            if rewritten := self._app.rewrite_unfit():
                self._tell(rewritten)

    def _start_polls(self) -> None:
        with self._told("look for due sources"):
            busy = self._polls.busy()
            for name in self._app.ledger.due_sources(self._app.clock()):
                if name in self._app.sources and name not in busy:
                    self._polls.start(name, partial(self._poll, name), doubtful=name not in self._sound)

    def _start_drains(self) -> None:
        if not self._sources_first.are_over():
            return
        with self._told("look for due channels"):
            for name in self._app.due_channels():
                if name in self._app.publishers:
                    self._drains.start(name, partial(self._drain, name))

    def _start_looks(self) -> None:
        with self._told("look for unsure deliveries"):
            for name in {*self._app.doubtful_channels(), *self._watch.due(self._app.clock())}:
                if name in self._app.lookers:
                    self._looks.start(name, partial(self._look, name))

    def _ask_again(self, stopping: Stopping) -> None:
        """Ask about tokens that were refused without a reason until it is clear: no later beat does."""
        for _ in range(PROBES):
            doubted = self._watch.doubted()
            if not doubted or stopping.wait(PROBE_AFTER.total_seconds()):
                return
            for name in doubted:
                self._ask(name)

    def _ask(self, name: str) -> None:
        app = self._app
        with self._told(f"ask whether the token of {name} works"):
            if refused := self._watch.ask(name, app.lookers[name], app.ledger, app.clock):
                self._tell(SignedOut(channel=name, reason=refused))

    def _look(self, name: str) -> None:
        if name in self._watch.due(self._app.clock()):
            self._ask(name)
        with self._told(f"look up what is unsure on {name}"):
            for resolved in self._app.resolve(name):
                self._tell(resolved)
                if resolved.conclusion.state is State.PENDING:
                    self._start_drains()

    def _poll(self, name: str) -> None:
        started = monotonic()
        with self._told(f"poll {name}"), self._refused_once(name):
            try:
                poll = self._app.poll_if_due(name)
            finally:
                self._sources_first.done(name)
            if poll is not None:
                self._remember(poll, monotonic() - started)
                self._tell(poll)
                if poll.planned:
                    self._start_drains()

    def _remember(self, poll: Poll, seconds: float) -> None:
        sound = poll.error is None and (seconds < SLOW_SECONDS or poll.new > 0)
        (self._sound.add if sound else self._sound.discard)(poll.source)

    @contextmanager
    def _refused_once(self, name: str) -> Iterator[None]:
        """Let the refusal to poll a source through when it begins, not at every beat."""
        try:
            yield
            self._refused.discard(name)
        except Refused:
            if name not in self._refused:
                self._refused.add(name)
                raise

    def _drain(self, name: str) -> None:
        with self._told(f"drain {name}"):
            while not self._stopping.is_set() and (settled := self._app.deliver_next(name)):
                self._tell(settled)

    @contextmanager
    def _told(self, work: str) -> Iterator[None]:
        try:
            yield
        except LedgerLost as error:
            self._lose(error)
        except SpotlightError as error:
            self._tell(Trouble(work=work, error=error.said))
        except Exception as error:  # a mistake of ours must not end the daemon, nor pass unheard
            where = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(where.filename).name}:{where.lineno}"
            self._tell(Trouble(work=work, error=f"unexpected {type(error).__name__} at {place}: {error}"))

    def _lose(self, error: LedgerLost) -> None:
        """Report the first only: every thread runs into it."""
        with self._losing:
            is_first, self._lost = self._lost is None, self._lost or error
        if is_first:
            self._tell(Lost(error=str(error)))

    def _raise_lost(self) -> None:
        if self._lost is not None:
            raise self._lost

    def _finish(self) -> None:
        self._polls.close()
        self._drains.wait()
        self._drains.close()
        self._looks.close()
        self._looks.wait(STOPPING_POLLS_SECONDS)
        self._polls.wait(STOPPING_POLLS_SECONDS)
