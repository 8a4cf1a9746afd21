"""Find posts that are public already, before they are made again."""

from datetime import datetime, timedelta

from spotlight_notify.matching import matches
from spotlight_notify.model import Receipt
from spotlight_notify.ports import Clock, Ledger, Looker
from spotlight_notify.records import Claim

LOOK_BACK = timedelta(days=7)
"""How old a post made by hand may be to count as the announcement: a restored backup is seldom older."""


class Adopter:
    """Look at one channel before each announcement: always, or only when the ledger is behind the network.

    A ledger is behind when the channel shows a post that is younger than the newest receipt and not known:
    somebody posted by hand, or the ledger was restored from a backup. Found out once, at the first claim.
    One thread at a time, as with the channel's publisher.
    """

    def __init__(self, looker: Looker, ledger: Ledger, clock: Clock, *, always: bool) -> None:
        self._looker, self._ledger, self._clock = looker, ledger, clock
        self._since: timedelta | datetime | None = LOOK_BACK if always else None
        self._asked = always

    def find(self, claim: Claim) -> Receipt | None:
        """Find the oldest unknown post with this claim's words or link. Raises PublishErrors."""
        if not self._asked:
            self._since, self._asked = self._behind(claim.channel), True
        if self._since is None:
            return None
        since = self._since if isinstance(self._since, datetime) else self._clock() - self._since
        fitting = matches(claim.post, self._looker.timeline(since))
        taken = self._ledger.receipts(claim.channel, [live.receipt.post_id for live in fitting])
        unknown = [live.receipt for live in fitting if live.receipt.post_id not in taken]
        return unknown[-1] if unknown else None

    def _behind(self, channel: str) -> datetime | None:
        newest = self._ledger.newest_receipt_at(channel)
        if newest is None:
            return None
        ids = [live.receipt.post_id for live in self._looker.timeline(newest).posts]
        return newest if set(ids) - self._ledger.receipts(channel, ids) else None
