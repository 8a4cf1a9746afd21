"""Let a year go by, one minute at a time."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from fakes import FakeClock
from simulation.desk import Desk, Promise, Sifted
from simulation.judgement import Judge
from simulation.weather import HoldOrder, Stretch, Weather
from spotlight_notify.model.schedule import LatePolicy

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
ANSWER_MINUTES = 3000
"""How long a person takes at most to answer."""
ANSWERED = 0.8
"""The share of questions that a person answers at all."""
LONGEST_EBB = 200 * DAY
"""How long the last posts may take once there is no news any more."""
PROBED = 0.01
"""The share of all minutes in which a claim is tried without looking first, be anything due or not."""


class Year:
    """Hold what a year works with."""

    def __init__(
        self, desk: Desk, judge: Judge, weather: Weather, clock: FakeClock, dice: random.Random
    ) -> None:
        self._desk, self._judge, self._weather, self._clock, self._dice = desk, judge, weather, clock, dice
        self._answers: dict[datetime, list[int]] = {}
        self._published: list[Promise] = []
        self._hold: HoldOrder | None = None
        self._was_down = False

    def live(self, days: int) -> None:
        """Let the days go by, and as many more without news as it takes until nothing waits."""
        end = self._clock.now + days * DAY
        while self._clock.now < end or (self._has_more() and self._clock.now < end + LONGEST_EBB):
            self._live_minute(self._clock.now)
            self._clock.advance(MINUTE)
        self._judge.close(self._desk.close())

    def _has_more(self) -> bool:
        return self._judge.waits or bool(self._answers or self._published)

    def _live_minute(self, now: datetime) -> None:
        down = _find(self._weather.downtimes, now) is not None
        if down and not self._was_down:
            self._judge.see_downtime()
        back, self._was_down = self._was_down and not down, down
        stirred = self._hold_or_release(now) | self._hear_orders(now, down)
        self._judge.see_minute(now)
        if down or back or stirred:
            self._judge.see_forecast(None)
        if down:
            return
        if back:
            self._desk.wake()
        stirred |= self._hear_news(now) | back
        self._work(now, stirred)

    def _hold_or_release(self, now: datetime) -> bool:
        """Begin and end holds; tells whether one of them did."""
        hold = next((each for each in self._weather.holds if each.began <= now < each.ended), None)
        if hold is self._hold:
            return False
        if self._hold is not None and self._hold.lifted:
            self._desk.release(now)
        if hold is not None:
            self._desk.hold(hold.scope, None if hold.lifted else hold.ended, now)
        self._hold = hold
        self._judge.see_hold(hold.scope if hold else None)
        return True

    def _hear_orders(self, now: datetime, down: bool) -> bool:
        """Do what people do, who need no daemon: order posts for any hour, and answer questions."""
        promises, answers = self._weather.promises.get(now, ()), self._answers.pop(now, ())
        ordered = [one for one in promises if one.any_hour]
        self._published += [one for one in promises if not one.any_hour]
        self._plan(ordered, now)
        for number in answers:
            self._desk.answer(number, now)
            self._judge.see_answer(number, now)
        return bool(ordered or answers)

    def _hear_news(self, now: datetime) -> bool:
        """Look at the sources; what was published in a downtime is found at its end."""
        published, self._published = self._published, []
        self._plan(published, now)
        return bool(published)

    def _plan(self, promises: Sequence[Promise], now: datetime) -> None:
        for number, promise in zip(self._desk.plan(promises, now) if promises else (), promises, strict=True):
            self._judge.see_planned(number, promise)
            if promise.gated:
                self._ask([number], now)

    def _work(self, now: datetime, stirred: bool) -> None:
        """Do what a daemon does in a minute, wherever something is due and not held; and try it at random."""
        if stirred:
            self._judge.see_forecast(None)
        probing = self._dice.random() < PROBED
        if stirred or probing or self._judge.is_due(now):
            stirred |= self._drain(now, probing)
        if stirred:
            self._judge.see_forecast(self._desk.forecast(now))

    def _drain(self, now: datetime, probing: bool) -> bool:
        """Send until nothing may go; tells whether anything was settled otherwise."""
        self._judge.see_asked(probing=probing)
        settled = False
        while True:
            turn = self._desk.take_turn(now, look=not probing)
            if turn.sifted is not None:
                self._judge.see_sifted(turn.sifted, now)
                late = [one.id for one in turn.sifted.late if one.policy is LatePolicy.ASK]
                self._ask([*late, *turn.sifted.lapsed], now)
                settled |= turn.sifted != Sifted()
            self._judge.see_choice(turn.number, now)
            if turn.number is None:
                return settled

    def _ask(self, numbers: Iterable[int], now: datetime) -> None:
        """Let a person answer most questions, some time later."""
        for number in numbers:
            self._judge.see_asked_about()
            if self._dice.random() < ANSWERED:
                at = now + self._dice.randint(1, ANSWER_MINUTES // 5) * 5 * MINUTE
                at = at.replace(minute=at.minute // 5 * 5)
                self._answers.setdefault(at, []).append(number)


def _find(stretches: Sequence[Stretch], now: datetime) -> Stretch | None:
    return next((each for each in stretches if each[0] <= now < each[1]), None)
