"""Model the ledger in memory, on the pure room alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from simulation.desk import FoundLate, Promise
from simulation.programme import Programme
from spotlight_notify.timing import (
    LateOne,
    LatePolicy,
    Posted,
    Waiting,
    choose,
    forecast,
    late_ones,
    next_choice_at,
)

TWO_DAYS = timedelta(days=2)


class MemoryDesk:
    """Keep what waits, what went and what was late; sleeps until there may be something to choose."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        self._waiting: dict[int, Waiting] = {}
        self._proposed: dict[int, Waiting] = {}
        self._posts: list[Posted] = []
        self._slots: dict[int, Posted] = {}
        self._planned = 0
        self._held = False
        self._wake_at: datetime | None = None

    def plan(self, promise: Promise, now: datetime) -> int:
        self._planned += 1
        self._wait(
            Waiting(
                id=self._planned,
                campaign=promise.campaign,
                theme=promise.theme,
                due_at=promise.due_at,
                any_hour=promise.any_hour,
            ),
            now,
        )
        return self._planned

    def send_next(self, now: datetime) -> int | None:
        if self._held or self._wake_at is None or now < self._wake_at:
            return None
        waiting, plan = tuple(self._waiting.values()), self._programme
        posts = self._posts_since(now)
        chosen = choose(waiting, plan.paces, plan.channel, posts, now)
        if chosen is None:
            self._wake_at = next_choice_at(waiting, plan.paces, plan.channel, posts, now)
            return None
        del self._waiting[chosen.id]
        self._posts.append(Posted(campaign=chosen.campaign, theme=chosen.theme, at=now))
        return chosen.id

    def hold(self, now: datetime) -> None:
        self._held = True

    def release(self, now: datetime) -> None:
        self._held = False

    def settle_late(self, now: datetime) -> Sequence[FoundLate]:
        waiting, plan = tuple(self._waiting.values()), self._programme
        posts = self._posts_since(min((one.due_at for one in waiting), default=now))
        posts += self._slots.values()
        late = late_ones(waiting, plan.paces, plan.channel, posts, now)
        return [self._settle(one) for one in late if one.id not in self._slots or self._is_asked_again(one)]

    def approve(self, delivery_id: int, now: datetime) -> None:
        self._wait(replace(self._proposed.pop(delivery_id), due_at=now), now)

    def forecast(self, now: datetime) -> Mapping[int, datetime | None]:
        plan = self._programme
        return forecast(tuple(self._waiting.values()), plan.paces, plan.channel, self._posts_since(now), now)

    def _posts_since(self, since: datetime) -> list[Posted]:
        """Read no more than must be known: what went from two days before, and each campaign's last post."""
        last = {post.campaign: post for post in self._posts}
        return [post for post in self._posts if post.at >= since - TWO_DAYS or last[post.campaign] is post]

    def _wait(self, one: Waiting, now: datetime) -> None:
        self._waiting[one.id], self._wake_at = one, now

    def _is_asked_again(self, one: LateOne) -> bool:
        return self._policy(self._waiting[one.id]) is not LatePolicy.SEND

    def _policy(self, one: Waiting) -> LatePolicy:
        return self._programme.paces[one.campaign].late.policy

    def _settle(self, late: LateOne) -> FoundLate:
        """Remember its first slot, and do what the policy says."""
        one = self._waiting[late.id]
        policy = self._policy(one)
        self._slots.setdefault(late.id, Posted(campaign=one.campaign, theme=one.theme, at=late.slot))
        if policy is not LatePolicy.SEND:
            del self._waiting[late.id]
        if policy is LatePolicy.ASK:
            self._proposed[late.id] = one
        return FoundLate(id=late.id, slot=late.slot, policy=policy)
