"""Keep an own account of what waits and what went on a channel, and ask the reference what is to happen."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from simulation import reference
from simulation.desk import APPROVAL_LASTS, FoundLate, Promise
from simulation.programme import Programme
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.schedule import LatePolicy, Posted, Waiting
from spotlight_notify.model.words import ScopeKind
from spotlight_notify.rules.schedule.rate_limits import RateLimit

FIVE = timedelta(minutes=5)
TWO_DAYS = timedelta(days=2)


class Mirror:
    """Hold what waits and what a person is asked about, by id; what went, and when; slots that were missed.

    ``held``: what a hold in force is about.
    """

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        self.waiting: dict[int, Waiting] = {}
        self.asked: dict[int, Waiting] = {}
        self.numbers: list[int] = []
        self.times: list[datetime] = []
        self.held: Scope | None = None
        self._posts: list[Posted] = []
        self._last: dict[str, Posted] = {}
        self._slots: dict[int, Posted] = {}
        self._approved_until: dict[int, datetime] = {}
        self._was_late: set[int] = set()

    def plan(self, number: int, promise: Promise) -> None:
        one = Waiting(
            id=number,
            campaign=promise.campaign,
            theme=promise.theme,
            due_at=promise.due_at,
            any_hour=promise.any_hour,
        )
        (self.asked if promise.gated else self.waiting)[number] = one

    def answer(self, number: int, now: datetime) -> None:
        """Let go what a person was asked about; that it goes though it is late prolongs no approval."""
        one = self.asked.pop(number)
        self.waiting[number] = replace(one, due_at=max(one.due_at, now))
        if number in self._was_late:
            self._was_late.remove(number)
        else:
            self._approved_until[number] = now + APPROVAL_LASTS

    def send(self, number: int, now: datetime) -> datetime | None:
        """Turn what waits into a post, and return the slot that it missed before; it must be waiting."""
        one = self.waiting.pop(number)
        slot = self._missed_slot(one, now)
        if slot is not None:
            self._slots.setdefault(number, Posted(campaign=one.campaign, theme=one.theme, at=slot))
        post = self._last[one.campaign] = Posted(campaign=one.campaign, theme=one.theme, at=now)
        self.numbers.append(number)
        self.times.append(now)
        self._posts.append(post)
        return slot

    def settle(self, late: FoundLate) -> None:
        """Skip a late one that was waiting, or ask a person."""
        one = self.waiting.pop(late.id)
        self._slots.setdefault(late.id, Posted(campaign=one.campaign, theme=one.theme, at=late.slot))
        if late.policy is LatePolicy.ASK:
            self.asked[late.id] = one
            self._was_late.add(late.id)

    def lapse(self, number: int) -> None:
        """Ask a person again about one that was waiting."""
        self.asked[number] = self.waiting.pop(number)

    def rules_of(self, one: Waiting, now: datetime) -> list[RateLimit]:
        """Join the hours that one is under, the channel's and its campaign's, to their posts."""
        plan = self._programme
        return reference.rules_of(one.campaign, plan.paces[one.campaign], plan.channel, self.posts_since(now))

    def free(self, now: datetime) -> list[Waiting]:
        """List what is due and not held."""
        return [one for one in self.due(now) if not self._is_held(one)]

    def due(self, now: datetime) -> list[Waiting]:
        """List what is due, held or not."""
        return [one for one in self.waiting.values() if one.due_at <= now]

    def unheld(self) -> list[Waiting]:
        """List what is not held, due or not."""
        return [one for one in self.waiting.values() if not self._is_held(one)]

    def expected(self, now: datetime) -> int | None:
        """Ask the reference what is to go now."""
        due = self.free(now)
        if not due:
            return None
        plan = self._programme
        chosen = reference.choose(due, plan.paces, plan.channel, self.posts_since(now), now)
        return chosen.id if chosen else None

    def expected_late(self, now: datetime) -> dict[int, datetime]:
        """Ask the reference what is to be skipped or asked about because it is late; with slots."""
        due = self.due(now)
        if not any(self._matters(one) and now - one.due_at > self._after(one) for one in due):
            return {}  # no slot is earlier than its delivery is due
        plan, since = self._programme, min(one.due_at for one in due)
        late = reference.late(due, plan.paces, plan.channel, self.taken_since(since), now, FIVE)
        return {number: slot for number, slot in late.items() if self._matters(self.waiting[number])}

    def lapsed(self, now: datetime) -> set[int]:
        """List what is due and was approved until now."""
        ended = {number for number, until in self._approved_until.items() if until <= now}
        return ended & {one.id for one in self.due(now)}

    def _missed_slot(self, one: Waiting, now: datetime) -> datetime | None:
        if one.due_at >= now:
            return None
        plan, taken = self._programme, self.taken_since(one.due_at)
        rules = reference.rules_of(one.campaign, plan.paces[one.campaign], plan.channel, taken)
        ticks = reference.minutes(one.due_at, now, FIVE)
        return next((tick for tick in ticks if reference.may_go(rules, tick, one.any_hour)), None)

    def _matters(self, one: Waiting) -> bool:
        return self._programme.paces[one.campaign].late.policy is not LatePolicy.SEND

    def _after(self, one: Waiting) -> timedelta:
        return self._programme.paces[one.campaign].late.after

    def _is_held(self, one: Waiting) -> bool:
        if self.held is None or self.held.kind is ScopeKind.ALL:
            return self.held is not None
        return self.held.name == (one.campaign if self.held.kind is ScopeKind.CAMPAIGN else one.theme)

    def taken_since(self, since: datetime) -> list[Posted]:
        """List posts, and beside them the slots that were missed."""
        return sorted([*self.posts_since(since), *self._slots_since(since)], key=lambda post: post.at)

    def _slots_since(self, since: datetime) -> Iterator[Posted]:
        return (slot for slot in self._slots.values() if slot.at >= since - TWO_DAYS)

    def posts_since(self, since: datetime) -> list[Posted]:
        """List the posts from two days before, and each campaign's last one."""
        first = bisect_right(self.times, since - TWO_DAYS)
        earlier = [post for post in self._last.values() if post.at <= since - TWO_DAYS]
        return sorted(earlier, key=lambda post: post.at) + self._posts[first:]
