"""Let a year go by, one minute at a time."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from fakes import FakeClock
from simulation.desk import Desk, FoundLate
from simulation.judgement import Judge
from simulation.weather import Weather
from spotlight_notify.timing import LatePolicy

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
ANSWER_MINUTES = 3000
"""How long a person takes at most to answer about a late delivery."""
LONGEST_EBB = 200 * DAY
"""How long the last posts may take once there is no news any more."""


class Year:
    """Hold what a year works with."""

    def __init__(
        self, desk: Desk, judge: Judge, weather: Weather, clock: FakeClock, dice: random.Random
    ) -> None:
        self._desk, self._judge, self._weather, self._clock, self._dice = desk, judge, weather, clock, dice
        self._answers: dict[datetime, list[int]] = {}
        self._was_held = self._was_down = False

    def live(self, days: int) -> None:
        """Let the days go by, and as many more without news as it takes until nothing waits."""
        end = self._clock.now + days * DAY
        while self._clock.now < end or (self._has_more() and self._clock.now < end + LONGEST_EBB):
            self._live_minute(self._clock.now)
            self._clock.advance(MINUTE)
        self._judge.close()

    def _has_more(self) -> bool:
        return self._judge.waits or bool(self._answers)

    def _live_minute(self, now: datetime) -> None:
        down, held = _covers(self._weather.downtimes, now), self._hold_or_release(now)
        stirred = self._bring_news(now) or down or held or self._was_down
        self._judge.see_minute(now)
        if stirred:
            self._judge.see_forecast(None)
        if not down:
            stirred = self._work(now, held) or stirred
        if stirred and not down and not held:
            self._judge.see_forecast(self._desk.forecast(now))
        self._was_down, self._was_held = down, held

    def _hold_or_release(self, now: datetime) -> bool:
        held = _covers(self._weather.holds, now)
        if held and not self._was_held:
            self._desk.hold(now)
        if self._was_held and not held:
            self._desk.release(now)
        return held

    def _bring_news(self, now: datetime) -> bool:
        """Plan what is published now, and hear what a person says about late ones."""
        promises, answers = self._weather.promises.get(now, ()), self._answers.pop(now, ())
        for promise in promises:
            self._judge.see_planned(self._desk.plan(promise, now), promise)
        for number in answers:
            self._desk.approve(number, now)
            self._judge.see_approved(number, now)
        return bool(promises or answers)

    def _work(self, now: datetime, held: bool) -> bool:
        """Do what a daemon does in a minute; tells whether something was settled as late."""
        back, settled = self._was_down or self._was_held, False
        if not held and (back or now.minute == 0):
            found = self._desk.settle_late(now)
            self._judge.see_late(found, now, exactly=back)
            self._ask(found, now)
            settled = bool(found)
            if settled:
                self._judge.see_forecast(None)
        number: int | None = -1
        while number is not None:
            number = self._desk.send_next(now)
            self._judge.see_choice(number, now, held=held)
        return settled

    def _ask(self, found: Sequence[FoundLate], now: datetime) -> None:
        """Let a person approve two of three late ones, some time later."""
        for one in found:
            if one.policy is LatePolicy.ASK and self._dice.random() < 0.67:
                at = now + self._dice.randint(1, ANSWER_MINUTES // 5) * 5 * MINUTE
                self._answers.setdefault(at, []).append(one.id)


def _covers(stretches: Sequence[tuple[datetime, datetime]], now: datetime) -> bool:
    return any(began <= now < ended for began, ended in stretches)
