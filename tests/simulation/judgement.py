"""Watch every minute of a year from outside, hold it against the reference, and count."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from simulation import reference
from simulation.counting import Sums, sum_up
from simulation.desk import Closing, FoundLate, Promise, Sifted
from simulation.mirror import Mirror
from simulation.programme import Programme
from simulation.weather import Weather
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.schedule import LatePolicy, Waiting
from spotlight_notify.model.words import State


class Kind(StrEnum):
    """Name what must not be."""

    WINDOW = "outside a window"
    GAP = "under the gap"
    CAP = "over a cap"
    FORGOTTEN = "forgotten"
    TWICE = "twice"
    CHOICE = "not what was to go"
    LATE = "wrongly late"
    FORECAST = "not as foretold"
    RECORD = "not as on record"


class Judge:
    """Count what a year brought; ``troubles`` are sentences about what must not be, ``kinds`` counts them."""

    def __init__(self, programme: Programme, weather: Weather) -> None:
        self._programme, self._weather = programme, weather
        self._mirror = Mirror(programme)
        self._told: Mapping[int, datetime | None] | None = None
        self._open: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.late: Counter[LatePolicy] = Counter()
        self.kinds: Counter[Kind] = Counter()
        self.troubles: list[str] = []

    @property
    def waits(self) -> bool:
        """Tell whether anything still waits."""
        return bool(self._mirror.waiting)

    def is_due(self, now: datetime) -> bool:
        """Tell whether anything is due and not held."""
        return bool(self._mirror.free(now))

    def see_minute(self, now: datetime) -> None:
        """Count windows as they open: for each campaign those in which it and the channel are open."""
        opens: set[str] = set()
        if reference.is_open(self._programme.channel, now):
            paces = self._programme.paces.items()
            opens = {campaign for campaign, pace in paces if reference.is_open(pace.campaign, now)}
        self.counts["minutes"] += 1
        self.counts["windows"] += len(opens - self._open)
        self._open = opens

    def see_downtime(self) -> None:
        """Note that one begins."""
        self.counts["downtimes"] += 1

    def see_asked(self, *, probing: bool) -> None:
        """Note that the desk is asked in this minute; ``probing``: by chance, and without looking first."""
        self.counts["minutes asked"] += 1
        self.counts["claims by chance"] += probing

    def see_hold(self, scope: Scope | None) -> None:
        """Note what is held from now on."""
        self._mirror.held = scope
        self.counts["holds"] += scope is not None

    def see_planned(self, number: int, promise: Promise) -> None:
        """Note what was promised."""
        self.counts["planned"] += 1
        self._mirror.plan(number, promise)

    def see_asked_about(self) -> None:
        """Note that a person is asked."""
        self.counts["asked"] += 1

    def see_answer(self, number: int, now: datetime) -> None:
        """Note that a person lets one go."""
        self.counts["approved"] += 1
        self._mirror.answer(number, now)

    def see_forecast(self, told: Mapping[int, datetime | None] | None) -> None:
        """Hold every post from now on against this forecast; None when something has overtaken it."""
        self._told = told

    def see_sifted(self, sifted: Sifted, now: datetime) -> None:
        """Compare what a claim settled on its way with the reference."""
        self.counts["claims"] += 1
        told = {one.id: one.slot for one in sifted.late}
        late = self._mirror.expected_late(now)
        lapsed = self._mirror.lapsed(now) - {*late}
        if told != late:
            self._complain(Kind.LATE, now, f"late are {told} instead of {late}")
        if lapsed != {*sifted.lapsed}:
            self._complain(Kind.LATE, now, f"approvals of {sifted.lapsed} ended instead of {lapsed}")
        if sifted != Sifted():
            self._told = None
        for one in sifted.late:
            self._settle(one, now)
        for number in {*sifted.lapsed} & {*self._mirror.waiting}:
            self._mirror.lapse(number)

    def see_choice(self, number: int | None, now: datetime) -> None:
        """Compare what was handed out, or that nothing was, with reference, rules and forecast."""
        expected = self._mirror.expected(now)
        if number != expected:
            self._complain(Kind.CHOICE, now, f"delivery {number} went where {expected} was to go")
        if number is None:
            return
        if self._told is not None and self._told.get(number) != now:
            told = self._told.get(number)
            self._complain(Kind.FORECAST, now, f"delivery {number} went, foretold for {told}")
        self.counts["as foretold"] += self._told is not None
        if number in self._mirror.waiting:
            self.counts["sent"] += 1
            self._check_rules(self._mirror.waiting[number], now)
            self._send(number, now)
        else:
            kind = Kind.TWICE if number in self._mirror.numbers else Kind.RECORD
            self._complain(kind, now, f"delivery {number} went and was not waiting")

    def close(self, closing: Closing) -> None:
        """Compare the year's posts with the channel's rules once more, in sum, and with what is on record."""
        hours, sums = self._programme.channel, self.sums()
        self.counts["left with a person"] = len(self._mirror.asked)
        if sums.smallest_gap is not None and sums.smallest_gap < hours.gap:
            self._add(Kind.GAP, f"two posts were only {sums.smallest_gap} apart")
        for most, cap in ((sums.most_in_an_hour, hours.per_hour), (sums.most_in_a_day, hours.per_day)):
            if cap is not None and most > cap:
                self._add(Kind.CAP, f"{most} posts, and no more than {cap} may go")
        for number in self._mirror.waiting:
            self._add(Kind.FORGOTTEN, f"delivery {number} has not gone")
        self._compare(closing)

    def sums(self) -> Sums:
        """Sum up the bare list of what went."""
        return sum_up(self._mirror.times, self._programme.channel.zone)

    def _compare(self, closing: Closing) -> None:
        """Hold what the network shows, and the states on record, against what was seen."""
        seen = [*zip(self._mirror.numbers, self._mirror.times, strict=True)]
        for number, times in Counter(number for number, _ in closing.public).items():
            if times > 1:
                self._add(Kind.TWICE, f"delivery {number} is public {times} times")
        if sorted(closing.public) != sorted(seen):
            self._add(Kind.RECORD, "what is public is not what was seen going")
        states = {
            State.SENT: len(seen),
            State.SKIPPED: self.late[LatePolicy.SKIP],
            State.PROPOSED: len(self._mirror.asked),
            State.PENDING: len(self._mirror.waiting),
        }
        expected = {str(state): count for state, count in states.items() if count}
        if expected != {**closing.states}:
            self._add(Kind.RECORD, f"on record are {closing.states} instead of {expected}")

    def _settle(self, one: FoundLate, now: datetime) -> None:
        if one.id not in self._mirror.waiting:
            self._complain(Kind.LATE, now, f"{one} is called late and was not waiting")
            return
        late = self._programme.paces[self._mirror.waiting[one.id].campaign].late
        if now - one.slot <= late.after or one.policy is not late.policy:
            self._complain(Kind.LATE, now, f"{one} is called late too soon, or by another policy")
        if not any(began <= one.slot < ended for began, ended in self._weather.stops):
            self._complain(Kind.LATE, now, f"{one} is called late though nothing kept it from going")
        self._mirror.settle(one)
        self.late[one.policy] += 1

    def _send(self, number: int, now: datetime) -> None:
        """Turn it into a post; what goes though it is late is told by its campaign's policy."""
        late = self._programme.paces[self._mirror.waiting[number].campaign].late
        slot = self._mirror.send(number, now)
        if late.policy is LatePolicy.SEND and slot is not None and now - slot > late.after:
            self.late[late.policy] += 1

    def _check_rules(self, one: Waiting, now: datetime) -> None:
        for rule in self._mirror.rules_of(one, now):
            if not one.any_hour and not reference.is_open(rule.hours, now):
                self._complain(Kind.WINDOW, now, f"delivery {one.id} went in closed hours")
            if not reference.keeps_gap(rule, now):
                self._complain(Kind.GAP, now, f"delivery {one.id} went too soon after another")
            if not (reference.keeps_hour(rule, now) and reference.keeps_day(rule, now)):
                self._complain(Kind.CAP, now, f"delivery {one.id} went beyond a cap")

    def _complain(self, kind: Kind, now: datetime, sentence: str) -> None:
        self._add(kind, f"{now.astimezone(self._programme.channel.zone)}: {sentence}")

    def _add(self, kind: Kind, sentence: str) -> None:
        self.kinds[kind] += 1
        self.troubles.append(sentence)
