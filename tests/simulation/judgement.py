"""Watch every minute of a year from outside, hold it against the reference, and count."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from simulation import reference
from simulation.desk import FoundLate, Promise
from simulation.mirror import Mirror
from simulation.programme import Programme
from simulation.weather import Weather
from spotlight_notify.timing import LatePolicy

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Judge:
    """Count what a year brought; ``troubles`` are sentences about what must not be."""

    def __init__(self, programme: Programme, weather: Weather) -> None:
        self._programme = programme
        self._mirror = Mirror(programme)
        self._stops = [*weather.downtimes, *weather.holds]
        self._told: Mapping[int, datetime | None] | None = None
        self._open: set[str] = set()
        self.planned = self.windows = self.foretold = 0
        self.late: Counter[LatePolicy] = Counter()
        self.troubles: list[str] = []

    def see_minute(self, now: datetime) -> None:
        """Count windows as they open: for each campaign those in which it and the channel are open."""
        opens: set[str] = set()
        if reference.is_open(self._programme.channel, now):
            paces = self._programme.paces.items()
            opens = {campaign for campaign, pace in paces if reference.is_open(pace.campaign, now)}
        self.windows += len(opens - self._open)
        self._open = opens

    def see_planned(self, number: int, promise: Promise) -> None:
        """Note what was promised."""
        self.planned += 1
        self._mirror.plan(number, promise)

    def see_approved(self, number: int, now: datetime) -> None:
        """Note that a person let a late one go."""
        self._mirror.approve(number, now)

    def see_forecast(self, told: Mapping[int, datetime | None] | None) -> None:
        """Hold every post from now on against this forecast; None when something has overtaken it."""
        self._told = told

    def see_choice(self, number: int | None, now: datetime, *, held: bool) -> None:
        """Compare what was handed out, or that nothing was, with the reference and the forecast."""
        expected = None if held else self._mirror.expected(now)
        if number != expected:
            self._complain(now, f"delivery {number} went where {expected} was to go")
        if number is None:
            return
        if self._told is not None and self._told.get(number) != now:
            self._complain(now, f"delivery {number} went, foretold for {self._told.get(number)}")
        self.foretold += self._told is not None
        if number in self._mirror.waiting:
            self._mirror.send(number, now)
        else:
            self._complain(now, f"delivery {number} went and was not waiting")

    def see_late(self, found: Sequence[FoundLate], now: datetime, *, exactly: bool) -> None:
        """Check that late ones could have gone in a stop, long enough ago; ``exactly``: that they are all."""
        if exactly:
            told, expected = {one.id: one.slot for one in found}, self._mirror.expected_late(now)
            if told != expected:
                self._complain(now, f"late are {told} instead of {expected}")
        for one in found:
            self._check_late(one, now)
            self._mirror.settle(one)
            self.late[one.policy] += 1

    def close(self) -> None:
        """Compare the year's posts with the channel's rules once more, in sum."""
        hours, counts = self._programme.channel, self.counts()
        gap = counts["smallest gap in minutes"]
        if gap is not None and gap < hours.gap / MINUTE:
            self.troubles.append(f"two posts were only {gap} minutes apart")
        for name, cap in (("most in an hour", hours.per_hour), ("most in a day", hours.per_day)):
            most = counts[name]
            if cap is not None and most is not None and most > cap:
                self.troubles.append(f"{name}: {most}, and no more than {cap} may go")
        self.troubles += [f"{name}: {counts[name]}" for name in ("forgotten", "twice") if counts[name]]

    def counts(self) -> dict[str, float | None]:
        """Count by the bare list of what went. Forgotten: neither gone nor skipped nor with a person."""
        times, zone = self._mirror.times, self._programme.channel.zone
        gaps = [(later - sooner) / MINUTE for sooner, later in pairwise(times)]
        hours = [bisect_right(times, at) - bisect_right(times, at - HOUR) for at in times]
        days = Counter(at.astimezone(zone).date() for at in times)
        return {
            "planned": self.planned,
            "posts": len(times),
            "windows checked": self.windows,
            "smallest gap in minutes": min(gaps, default=None),
            "most in an hour": max(hours, default=0),
            "most in a day": max(days.values(), default=0),
            **{f"late: {policy}": self.late[policy] for policy in LatePolicy},
            "as foretold": self.foretold,
            "forgotten": len(self._mirror.waiting),
            "twice": len(times) - len(set(self._mirror.numbers)),
        }

    @property
    def waits(self) -> bool:
        """Tell whether anything still waits."""
        return bool(self._mirror.waiting)

    def _check_late(self, one: FoundLate, now: datetime) -> None:
        late = self._programme.paces[self._mirror.waiting[one.id].campaign].late
        if now - one.slot <= late.after or one.policy is not late.policy:
            self._complain(now, f"{one} is called late too soon, or by another policy")
        if not any(began <= one.slot < ended for began, ended in self._stops):
            self._complain(now, f"{one} is called late though nothing kept it from going")

    def _complain(self, now: datetime, sentence: str) -> None:
        self.troubles.append(f"{now.astimezone(self._programme.channel.zone)}: {sentence}")
