"""Hand out posts by the pure room alone, with the mirror for a memory: quick, and no proof of the ledger."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count

from simulation.desk import Closing, FoundLate, Promise, Sifted, Turn
from simulation.mirror import Mirror
from simulation.programme import Programme
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.schedule import LatePolicy, Waiting
from spotlight_notify.model.words import State
from spotlight_notify.rules.schedule.queue import choose, forecast, late_deliveries, next_choice_at


class MemoryDesk:
    """Sleep until there may be something to choose."""

    def __init__(self, programme: Programme) -> None:
        self._paces, self._channel = programme.paces, programme.channel
        self._mirror = Mirror(programme)
        self._numbers = count(1)
        self._skipped = 0
        self._held_until: datetime | None = None
        self._wake_at: datetime | None = None

    def plan(self, promises: Sequence[Promise], now: datetime) -> list[int]:
        self._wake_at = now
        planned = [(next(self._numbers), promise) for promise in promises]
        for number, promise in planned:
            self._mirror.plan(number, promise)
        return [number for number, _ in planned]

    def take_turn(self, now: datetime, *, look: bool) -> Turn:
        if self._held_until is not None and now >= self._held_until:
            self.release(now)
        if look and not self._is_time(now):
            return Turn()
        sifted, self._wake_at = self._sift(now), now
        chosen = self._choice(now)
        if chosen is not None:
            self._mirror.send(chosen.id, now)
        return Turn(number=chosen.id if chosen else None, sifted=sifted)

    def hold(self, scope: Scope, until_at: datetime | None, now: datetime) -> None:
        self._mirror.held, self._held_until, self._wake_at = scope, until_at, now

    def release(self, now: datetime) -> None:
        self._mirror.held, self._held_until, self._wake_at = None, None, now

    def answer(self, number: int, now: datetime) -> None:
        self._mirror.answer(number, now)
        self._wake_at = now

    def forecast(self, now: datetime) -> Mapping[int, datetime | None]:
        posts = self._mirror.posts_since(now)
        return forecast(self._mirror.unheld(), self._paces, self._channel, posts, now).goes_at

    def wake(self) -> None:
        """Nothing was lost."""

    def close(self) -> Closing:
        mirror = self._mirror
        states: dict[str, int] = {
            State.SENT: len(mirror.numbers),
            State.SKIPPED: self._skipped,
            State.PROPOSED: len(mirror.asked),
            State.PENDING: len(mirror.waiting),
        }
        public = [*zip(mirror.numbers, mirror.times, strict=True)]
        return Closing(public=public, states=+Counter(states))

    def _is_time(self, now: datetime) -> bool:
        if self._wake_at is None or now < self._wake_at:
            return False
        if self._choice(now) is not None:
            return True
        waiting, posts = self._mirror.unheld(), self._mirror.posts_since(now)
        self._wake_at = next_choice_at(waiting, self._paces, self._channel, posts, now)
        return False

    def _choice(self, now: datetime) -> Waiting | None:
        posts = self._mirror.posts_since(now)
        return choose(self._mirror.free(now), self._paces, self._channel, posts, now)

    def _sift(self, now: datetime) -> Sifted:
        """Settle what is late or has an approval that ended, held or not, as a claim does."""
        due = self._mirror.due(now)
        taken = self._mirror.taken_since(min((one.due_at for one in due), default=now))
        policies = {one.id: self._paces[one.campaign].late.policy for one in due}
        late = tuple(
            FoundLate(id=one.id, slot=one.slot, policy=policies[one.id])
            for one in late_deliveries(due, self._paces, self._channel, taken, now)
            if policies[one.id] is not LatePolicy.SEND
        )
        lapsed = tuple(self._mirror.lapsed(now) - {one.id for one in late})
        for one in late:
            self._mirror.settle(one)
            self._skipped += one.policy is LatePolicy.SKIP
        for number in lapsed:
            self._mirror.lapse(number)
        return Sifted(late=late, lapsed=lapsed)
