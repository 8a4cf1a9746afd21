"""Find strays: drafts that nobody remembers, because the answer that held their id was lost.

Graph lists a Page's unpublished posts among those for advertisements (``ads_posts``). Meta's reference asks
for pages_manage_ads, pages_show_list, ads_management and the task to advertise; a dated note found
pages_read_engagement to be enough. None of this was tried on the live Graph, so it is an attempt: whatever
goes wrong with it, the stray stays, which nobody sees. A stray has exactly the words of the post, is
unpublished, set to no time, and young; it is read by itself, too, before it is touched, since lists lag.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from spotlight_notify.networks.facebook.calls import PageCalls
from spotlight_notify.networks.facebook.errors import PAGE, PERMISSION, classify
from spotlight_notify.networks.facebook.graph import GraphFailure
from spotlight_notify.networks.facebook.results import Hidden
from spotlight_notify.networks.failures import REJECTED, ErrorTranslator
from spotlight_notify.networks.timelines import SLACK
from spotlight_notify.ports.parts import Clock

LOOK_BACK = timedelta(hours=12)
"""How old a stray may be: half of what an unpublished photo lasts, and far more than a try takes to come."""
MOST = 5
"""How many strays one try touches; each takes two requests, and a try leaves at most one."""
NOT_FOR_US = (PERMISSION, PAGE, REJECTED)
"""Refusals of the list that would come again: no permission, no such edge, no such argument."""


class LeftoverDrafts:
    """Clear one Page of strays. Raises nothing: no post may wait for this."""

    def __init__(self, page: PageCalls, translator: ErrorTranslator, clock: Clock) -> None:
        self._page, self._translator, self._clock = page, translator, clock
        self._may_look = True

    def clear(self, text: str, *, sparing: bool) -> str | None:
        """Delete the strays with these words; ``sparing`` leaves the newest and returns its id, if any.

        The first trouble ends it, so a network that hangs costs the time of one request.
        """
        spared = None
        with suppress(Exception):
            for stray in self._listed(text):
                if not self._is_still(stray):
                    continue
                if sparing and spared is None:
                    spared = stray.post_id
                else:
                    self._page.delete(stray.post_id)
        return spared

    def _listed(self, text: str) -> list[Hidden]:
        """List strays, newest first; none any more once Graph has refused to."""
        if not self._may_look:
            return []
        now = self._clock()
        try:
            hidden = self._page.hidden(now - LOOK_BACK)
        except Exception as error:
            self._may_look = self._translator.evidence(error).kind not in NOT_FOR_US
            raise
        fitting = [post for post in hidden if post.text == text and _is_young(post, now)]
        return sorted(fitting, key=lambda post: post.made_at, reverse=True)[:MOST]

    def _is_still(self, stray: Hidden) -> bool:
        try:
            return self._page.find_hidden(stray.post_id) == stray
        except GraphFailure as failure:
            if classify(failure) is PAGE:  # gone since
                return False
            raise


def _is_young(post: Hidden, now: datetime) -> bool:
    return now - LOOK_BACK <= post.made_at <= now + SLACK
