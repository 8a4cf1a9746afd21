"""Keep an own account of what waits and what went on a channel, and ask the reference what is to happen."""

from bisect import bisect_right
from dataclasses import replace
from datetime import datetime, timedelta

from simulation import reference
from simulation.desk import FoundLate, Promise
from simulation.programme import Programme
from spotlight_notify.timing import LatePolicy, Posted, Waiting

FIVE = timedelta(minutes=5)
TWO_DAYS = timedelta(days=2)


class Mirror:
    """Hold what waits, by id, what a person is asked about, what went and when, and late ones' slots."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        self.waiting: dict[int, Waiting] = {}
        self.numbers: list[int] = []
        self.times: list[datetime] = []
        self._proposed: dict[int, Waiting] = {}
        self._posts: list[Posted] = []
        self._last: dict[str, Posted] = {}
        self._slots: dict[int, Posted] = {}

    def plan(self, number: int, promise: Promise) -> None:
        self.waiting[number] = Waiting(
            id=number,
            campaign=promise.campaign,
            theme=promise.theme,
            due_at=promise.due_at,
            any_hour=promise.any_hour,
        )

    def approve(self, number: int, now: datetime) -> None:
        self.waiting[number] = replace(self._proposed.pop(number), due_at=now)

    def send(self, number: int, now: datetime) -> None:
        """Turn what waits into a post; KeyError when it was not waiting."""
        one = self.waiting.pop(number)
        post = self._last[one.campaign] = Posted(campaign=one.campaign, theme=one.theme, at=now)
        self.numbers.append(number)
        self.times.append(now)
        self._posts.append(post)

    def settle(self, late: FoundLate) -> None:
        """Do with a late one what its policy says."""
        one = self.waiting[late.id]
        self._slots.setdefault(late.id, Posted(campaign=one.campaign, theme=one.theme, at=late.slot))
        if late.policy is not LatePolicy.SEND:
            del self.waiting[late.id]
        if late.policy is LatePolicy.ASK:
            self._proposed[late.id] = one

    def expected(self, now: datetime) -> int | None:
        """Ask the reference what is to go now."""
        due = [one for one in self.waiting.values() if one.due_at <= now]
        if not due:
            return None
        plan = self._programme
        chosen = reference.choose(due, plan.paces, plan.channel, self._posts_since(now), now)
        return chosen.id if chosen else None

    def expected_late(self, now: datetime) -> dict[int, datetime]:
        """Ask the reference what is late now and was not found so before; with slots."""
        plan, waiting = self._programme, list(self.waiting.values())
        since = min((one.due_at for one in waiting), default=now)
        posts = [*self._posts_since(since), *self._slots.values()]
        late = reference.late(waiting, plan.paces, plan.channel, posts, now, FIVE)
        sent = {one.id for one in waiting if plan.paces[one.campaign].late.policy is LatePolicy.SEND}
        return {number: slot for number, slot in late.items() if number not in sent & {*self._slots}}

    def _posts_since(self, since: datetime) -> list[Posted]:
        first = bisect_right(self.times, since - TWO_DAYS)
        earlier = [post for post in self._last.values() if post.at <= since - TWO_DAYS]
        return sorted(earlier, key=lambda post: post.at) + self._posts[first:]
