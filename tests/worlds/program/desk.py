"""Give the orders that people give, and read what the record says."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, ScopeKind, State
from spotlight_notify.operations.announce.aids import announce_aid
from spotlight_notify.operations.announce.digest_members import gather
from spotlight_notify.operations.announce.digests import announce_digests
from spotlight_notify.operations.announce.orders import When, places_for
from spotlight_notify.operations.decide.approvals import approve
from spotlight_notify.operations.decide.edits import Edit, edit
from spotlight_notify.operations.decide.holds import lift_holds, place_hold
from spotlight_notify.operations.decide.retries import retry
from spotlight_notify.operations.takedown import Withdrawal, take_down
from worlds import judge
from worlds.program.parts import Program
from worlds.program.values import BY, CAMPAIGN, PLAIN, ROADS, SOURCE, WHO, WHY, no_lint, plain_digest

Visible = Callable[[str, str], str | None]
"""Find what a person sees on a channel (by name) with such words: a post's id; None if there is nothing."""

RETRIED = (State.FAILED, State.SKIPPED, State.CANCELLED)


class Desk:
    """Be the people who run the programme; each order is a command of its own."""

    def __init__(self, program: Program, now: Callable[[], datetime]) -> None:
        self._program, self._ledger, self._now = program, program.ledger, now
        self._campaigns = {CAMPAIGN: program.campaign}

    def announce(self, guid: str) -> bool:
        """Order one aid that the ledger knows."""
        found = [each for each in self._ledger.find_aids(guid) if each.aid.source == SOURCE]
        if not found:
            return False
        places = places_for(SOURCE, [self._program.campaign], [])
        announce_aid(
            found[0].aid,
            places,
            ledger=self._ledger,
            writing=PLAIN,
            when=When(),
            by=BY,
            now=self._now(),
        )
        return True

    def digest(self) -> list[str]:
        """Order a digest of the theme wherever there are aids enough, and tell the keys of its aids."""
        places = places_for(ON_DEMAND, [self._program.campaign], [])
        gathered = gather(ROADS.name, places, self._ledger, When(), self._now())
        enough = [each for each in gathered if each.is_enough]
        announce_digests(
            ROADS,
            enough,
            ledger=self._ledger,
            render=plain_digest,
            lint=no_lint,
            when=When(),
            by=BY,
            now=self._now(),
        )
        return [member.aid.key for each in enough for member in each.members]

    def hold(self, channel: str | None, seconds: int) -> None:
        """Hold a channel or all, for a time or (0) until it is lifted."""
        scope = Scope(kind=ScopeKind.CHANNEL, name=channel) if channel else Scope(kind=ScopeKind.ALL)
        now = self._now()
        until_at = now + timedelta(seconds=seconds) if seconds else None
        place_hold(scope, ledger=self._ledger, who=WHO, reason=WHY, now=now, until_at=until_at)

    def lift(self) -> None:
        """Lift all holds."""
        now = self._now()
        lift_holds(self._ledger.holds(now), ledger=self._ledger, who=WHO, reason=WHY, now=now)

    def resume(self) -> None:
        """Let every channel that is stopped go on."""
        for status in self._ledger.channels():
            if status.paused_at is not None:
                self._ledger.resume_channel(status.name, WHY, self._now(), WHO)

    def approve(self) -> None:
        """Approve all that waits for that."""
        asked = [one for one in self._of(State.PROPOSED) if one.cause is Cause.APPROVAL]
        approve(
            [one.id for one in asked],
            ledger=self._ledger,
            campaigns=self._campaigns,
            who=WHO,
            now=self._now(),
        )

    def edit(self) -> None:
        """Give all that waits a word more."""
        for one in self._of(State.PENDING, State.PROPOSED):
            if one.post is not None and not one.is_digest:
                edit(
                    one.id,
                    Edit(text=f"New: {one.post.text}"),
                    ledger=self._ledger,
                    campaigns=self._campaigns,
                    lint=no_lint,
                    who=WHO,
                    reason=WHY,
                    now=self._now(),
                )

    def cancel(self) -> list[tuple[str, str]]:
        """Cancel the newest that waits, and tell its aid and channel."""
        waiting = (State.PENDING, State.PROPOSED)
        one = next((one for one in self._of(*waiting) if not one.is_digest), None)
        if one and self._change(one, waiting, State.CANCELLED):
            return [(one.aid_key.removesuffix("-again"), one.channel)]
        return []

    def retry(self) -> None:
        """Let all go that has failed."""
        for one in self._of(State.FAILED):
            self._retry(one)

    def answer_doubts(self, visible: Visible, *, older_than: float) -> list[tuple[str, str]]:
        """See for oneself what is unsure: mark what is there as sent, let go what is not there after a while.

        Returns what was marked: numbers of deliveries and ids of posts.
        """
        marked = []
        for one in self._of(State.UNSURE):
            seen = visible(one.channel, one.post.text if one.post else "")
            if seen and self._change(one, (State.UNSURE,), State.SENT, Receipt(post_id=seen, url=None)):
                marked.append((str(one.id), seen))
            elif not seen and (self._now() - one.changed_at).total_seconds() > older_than:
                self._retry(one)
        return marked

    def take_down(self) -> list[str]:
        """Take the newest post down, and tell its id."""
        one = next(iter(self._of(State.SENT)), None)
        if one is None or one.receipt is None:
            return []
        wanted = Withdrawal(delivery_id=one.id, who=WHO, reason=WHY, approved_by="Chief")
        take_down(
            wanted,
            ledger=self._ledger,
            publishers=self._program.publishers,
            campaigns=[self._program.campaign],
            clock=self._now,
        )
        return [one.receipt.post_id]

    def _of(self, *states: State) -> list[Delivery]:
        found: list[Delivery] = list(self._ledger.deliveries(states=states))
        return found

    def _retry(self, one: Delivery) -> None:
        retry(one.id, ledger=self._ledger, campaigns=self._campaigns, who=WHO, reason=WHY, now=self._now())

    def _change(
        self, one: Delivery, states: Iterable[State], state: State, receipt: Receipt | None = None
    ) -> bool:
        return bool(
            self._ledger.change_delivery(
                one.id, tuple(states), state, who=WHO, reason=WHY, now=self._now(), receipt=receipt
            )
        )


def read_records(ledger: Any) -> tuple[judge.Record, ...]:
    """Read what the record says at the end; aids that a digest tells of are told by it."""
    found = {one.id: one for one in ledger.deliveries()}
    last: dict[int, bool] = {}
    for change in ledger.changes():
        if change.delivery_id is not None:
            last.setdefault(change.delivery_id, change.who == WHO)
    digests = _digests(ledger, found)
    return tuple(
        _record(one, digests.get(one.id, one), last.get(one.id, False))
        for one in found.values()
        if not one.is_digest
    )


def _digests(ledger: Any, found: dict[int, Delivery]) -> dict[int, Delivery]:
    """Tell by which digest's delivery each aid's is told."""
    return {
        one.id: found[one.digest_id]
        for one in found.values()
        if one.state is State.SKIPPED and one.cause is Cause.DIGEST and one.digest_id in found
    }


def _record(own: Delivery, told: Delivery, by_person: bool) -> judge.Record:
    return judge.Record(
        delivery_id=str(told.id),
        campaign=own.campaign,
        channel=own.channel,
        aid=own.aid_key.partition("-again")[0],
        state=judge.State(told.state),
        reason=told.reason,
        receipt=told.receipt.post_id if told.receipt else None,
        changed_by_person=by_person,
    )
