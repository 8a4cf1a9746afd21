"""Hand out posts as the product does: real polls, orders, holds, approvals and claims on a real ledger."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from builders import BY, PLAIN, ListedSource, aid, delivering_with
from fakes import FakeClock
from network import MoodyNetwork
from simulation.desk import APPROVAL_LASTS, Closing, FoundLate, Promise, Sifted, Turn
from simulation.programme import Programme
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.model.aids import ON_DEMAND, Aid
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign, Channel, Scope
from spotlight_notify.model.records.standing import Delivery, Queue
from spotlight_notify.model.schedule import LatePolicy, Tempo
from spotlight_notify.model.words import Access, Cause, State
from spotlight_notify.networks.x.traits import X
from spotlight_notify.operations.announce.aids import announce_aid
from spotlight_notify.operations.announce.orders import When, places_for
from spotlight_notify.operations.decide.approvals import approve
from spotlight_notify.operations.decide.holds import lift_holds, place_hold
from spotlight_notify.operations.decide.retries import retry
from spotlight_notify.operations.deliver import deliver_next
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Polling
from spotlight_notify.operations.status import look_ahead
from spotlight_notify.rules.mass_change import Brake
from spotlight_notify.rules.schedule.queue import choose

EVERY = timedelta(minutes=1)
HERE = Channel(name="valor-x", network=X)
LEAVE = ApprovalPolicy(sign_in=True, lasts=APPROVAL_LASTS)
NO_BRAKE = Brake(most=1000, few=1000)
WHO, WHY = "Chief", "so ordered"
POLICIES = {State.SKIPPED: LatePolicy.SKIP, State.PROPOSED: LatePolicy.ASK}
SLOT = re.compile(r"could have gone at (\S+ \S+) UTC")


class LedgerDesk:
    """Let the use cases work on the ledger at a URL, one source for each campaign, and a network in memory.

    The clock is the year's own; what else is told the time is told the same.
    """

    def __init__(self, programme: Programme, clock: FakeClock, url: str) -> None:
        self._tempo = Tempo(paces=programme.paces, channel=programme.channel)
        self._campaigns = {
            name: Campaign(name=name, sources=(name,), channels=(HERE,), hashtag="#Spotlight", approval=LEAVE)
            for name in programme.paces
        }
        self._clock, self._url = clock, url
        self._network = MoodyNetwork(HERE.network, clock)
        self._numbers = count(1)
        self._open()
        for name in self._campaigns:
            self._poll(name, [])

    def plan(self, promises: Sequence[Promise], now: datetime) -> list[int]:
        """Poll each source that has news once; what may go at any hour is ordered by a person."""
        aids = [_aid(next(self._numbers), promise) for promise in promises]
        for name in sorted({one.source for one in aids} - {ON_DEMAND}):
            self._poll(name, [one for one in aids if one.source == name])
        for one, promise in zip(aids, promises, strict=True):
            if promise.any_hour:
                self._announce(one, promise, now)
        planned = {one.aid_key: one for one in self._ledger.deliveries(limit=len(aids))}
        for one, promise in zip(aids, promises, strict=True):
            _check_planned(planned[one.key], promise)
        return [planned[one.key].id for one in aids]

    def take_turn(self, now: datetime, *, look: bool) -> Turn:
        queue = self._ledger.queue(HERE.name, now)
        if look and not self._is_time(queue, now):
            return Turn()
        settled = deliver_next(HERE.name, self._network, self._delivering)
        number = settled.claim.delivery_id if settled else None
        assert settled is None or settled.verdict.state is State.SENT, settled
        left = _pending(self._ledger.queue(HERE.name, now))
        return Turn(number=number, sifted=self._sifted(_pending(queue) - left - {number}))

    def hold(self, scope: Scope, until_at: datetime | None, now: datetime) -> None:
        place_hold(scope, ledger=self._ledger, who=WHO, reason=WHY, now=now, until_at=until_at)

    def release(self, now: datetime) -> None:
        holds = self._ledger.holds(now)
        lifted = lift_holds(holds, ledger=self._ledger, who=WHO, reason=WHY, now=now)
        assert len(lifted) == 1, lifted

    def answer(self, number: int, now: datetime) -> None:
        ledger, campaigns = self._ledger, self._campaigns
        if ledger.delivery(number).cause is Cause.APPROVAL:
            approve([number], ledger=ledger, campaigns=campaigns, who=WHO, now=now)
        else:
            retry(number, ledger=ledger, campaigns=campaigns, who=WHO, reason=WHY, now=now)
        assert ledger.delivery(number).state is State.PENDING, number

    def forecast(self, now: datetime) -> Mapping[int, datetime | None]:
        return look_ahead(self._ledger, {HERE.name: self._tempo}, now, {HERE.name})[HERE.name].goes_at

    def wake(self) -> None:
        self._ledger.close()
        self._open()

    def close(self) -> Closing:
        deliveries = self._ledger.deliveries()
        by_link = {one.post.link: one.id for one in deliveries if one.post}
        public = [(by_link[post.links[0]], at) for at, post in self._network.live]
        receipts = Counter(one.receipt.post_id for one in deliveries if one.receipt)
        assert receipts == Counter(post.receipt.post_id for _, post in self._network.live)
        self._ledger.close()
        return Closing(public=public, states=Counter(one.state for one in deliveries))

    def _open(self) -> None:
        self._ledger = open_ledger(self._url)
        self._ledger.register(dict.fromkeys((*self._campaigns, ON_DEMAND), ""), [HERE], self._clock())
        self._delivering = delivering_with(
            self._ledger,
            self._clock,
            campaigns=self._campaigns,
            tempos={HERE.name: self._tempo},
            pause=_refuse_to_wait,
        )
        self._polling = Polling(
            ledger=self._ledger,
            campaigns=tuple(self._campaigns.values()),
            writing=PLAIN,
            illustrate=lambda aid, hurry=False: aid,
            clock=self._clock,
            jitter=lambda: 0.5,
            brakes=dict.fromkeys(self._campaigns, NO_BRAKE),
        )

    def _poll(self, name: str, aids: Sequence[Aid]) -> None:
        poll = poll_source(ListedSource(aids, name=name), EVERY, self._polling)
        assert poll.error is None, poll

    def _announce(self, one: Aid, promise: Promise, now: datetime) -> None:
        places = places_for(ON_DEMAND, [self._campaigns[promise.campaign]], [])
        when = When(due={promise.campaign: promise.due_at}, any_hour=True)
        announce_aid(one, places, ledger=self._ledger, writing=PLAIN, when=when, by=BY, now=now)

    def _is_time(self, queue: Queue, now: datetime) -> bool:
        """Look as a daemon does before it claims: is something due, and may it go?"""
        tempo = self._tempo
        chosen = choose(queue.waiting, tempo.paces, tempo.channel, queue.posts, now)
        return chosen is not None and HERE.name in self._ledger.due_channels(now, [*self._campaigns])

    def _sifted(self, settled: Collection[int | None]) -> Sifted:
        found = [self._ledger.delivery(number) for number in settled if number is not None]
        late = tuple(_late(one) for one in found if one.cause is Cause.LATE)
        lapsed = tuple(one.id for one in found if one.cause is Cause.APPROVAL)
        assert len(late) + len(lapsed) == len(found), found
        return Sifted(late=late, lapsed=lapsed)


def _aid(number: int, promise: Promise) -> Aid:
    """Make an aid that is dated; one for any hour comes from a person, who says when it goes."""
    return aid(
        number,
        source=ON_DEMAND if promise.any_hour else promise.campaign,
        theme=promise.theme,
        access=Access.SIGN_IN if promise.gated else Access.PUBLIC,
        published_at=None if promise.any_hour else promise.due_at,
    )


def _refuse_to_wait(seconds: float) -> None:
    """End a year in which the ledger does not take a settlement: its clock stands still meanwhile."""
    raise AssertionError("the ledger did not take a settlement")


def _check_planned(one: Delivery, promise: Promise) -> None:
    """Make sure that planning did what was promised."""
    state = State.PROPOSED if promise.gated else State.PENDING
    planned = (one.campaign, one.theme, one.due_at, one.any_hour, one.state)
    wanted = (promise.campaign, promise.theme, promise.due_at, promise.any_hour, state)
    assert planned == wanted, (planned, wanted)


def _pending(queue: Queue) -> set[int | None]:
    return {*(one.id for one in queue.waiting), *queue.held}


def _late(one: Delivery) -> FoundLate:
    told = SLOT.search(one.reason or "")
    assert told is not None, one
    slot = datetime.strptime(told[1], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return FoundLate(id=one.id, slot=slot, policy=POLICIES[one.state])
