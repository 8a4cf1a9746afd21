"""Find posts that are public already, before they are made again."""

from collections.abc import Sequence
from datetime import timedelta

from spotlight_notify.matching import matches
from spotlight_notify.model import LivePost, Receipt, Timeline
from spotlight_notify.ports import Clock, Ledger, Looker
from spotlight_notify.records import Claim

LOOK_BACK = timedelta(days=7)
"""How old a post made by hand may be to count as the announcement: a restored backup is seldom older."""


class Adopter:
    """Look at one channel before each announcement: always, or only when the ledger may be behind it.

    A ledger may be behind when the channel shows a post of the last days that it does not know: somebody
    posted by hand, or the ledger was restored from a backup. Found out once, at the first claim, unless
    the channel has no receipt yet. One thread at a time, as with the channel's publisher.
    """

    def __init__(self, looker: Looker, ledger: Ledger, clock: Clock, *, always: bool) -> None:
        self._looker, self._ledger, self._clock = looker, ledger, clock
        self._looks: bool | None = True if always else None

    def find(self, claim: Claim) -> Receipt | None:
        """Find the oldest unknown post with this claim's words or link. Raises PublishErrors.

        A reply is never looked for: it has its link in common with the post that it stands under.
        """
        if claim.post.reply_to is not None:
            return None
        if self._looks is None:
            self._looks = self._may_be_behind(claim.channel)
        if not self._looks:
            return None
        unknown = self._unknown(claim.channel, matches(claim.post, self._timeline()))
        return unknown[-1].receipt if unknown else None

    def _may_be_behind(self, channel: str) -> bool:
        if self._ledger.newest_receipt_at(channel) is None:
            return False
        own = [live for live in self._timeline().posts if live.reply_to is None]
        return bool(self._unknown(channel, own))

    def _timeline(self) -> Timeline:
        return self._looker.timeline(self._clock() - LOOK_BACK)

    def _unknown(self, channel: str, posts: Sequence[LivePost]) -> list[LivePost]:
        taken = self._ledger.receipts(channel, [live.receipt.post_id for live in posts])
        return [live for live in posts if live.receipt.post_id not in taken]
