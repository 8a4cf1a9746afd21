"""Publish in two phases: an unpublished draft first, whose id is recorded, then the draft is made public.

What goes wrong in the first phase is never public, so it is safe to try again. A draft whose id is known is
used again. One whose answer was lost is looked for before another is made (``LeftoverDrafts``): without
pictures it is used again, else it is deleted, since its pictures may be gone. Where the token may not look,
it stays, and nobody sees it.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import requests

from spotlight_notify.model.errors import SpotlightError, Unreachable
from spotlight_notify.model.posts import Picture, Post, Receipt
from spotlight_notify.networks.facebook.calls import PageCalls
from spotlight_notify.networks.facebook.errors import PAGE, PERMISSION, classify
from spotlight_notify.networks.facebook.graph import GraphFailure
from spotlight_notify.networks.facebook.results import Hidden
from spotlight_notify.networks.failures import (
    REJECTED,
    UNREACHABLE,
    BadAnswer,
    ErrorTranslator,
    Evidence,
    Meaning,
    before_publishing,
    while_drafting,
)
from spotlight_notify.networks.timelines import SLACK
from spotlight_notify.ports.parts import Clock, Drafts, Ready

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


TROUBLE = (GraphFailure, BadAnswer, requests.RequestException, SpotlightError)
"""What may go wrong while cleaning up: a draft that stays harms nobody."""


class DraftsInMemory:
    """Remember drafts for as long as this process lives."""

    def __init__(self) -> None:
        self._post_ids: dict[str, str] = {}

    def remember(self, post_hash: str, post_id: str) -> None:
        self._post_ids[post_hash] = post_id

    def recall(self, post_hash: str) -> str | None:
        return self._post_ids.get(post_hash)

    def forget(self, post_hash: str) -> None:
        self._post_ids.pop(post_hash, None)


def hash_of(post: Post) -> str:
    """Return the SHA-256 of all that a post says: words, link, pictures and their alt texts."""
    said = [post.text, post.link, [[image.url, image.digest, image.alt] for image in post.images]]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft; ``is_old``: it was made in an earlier try."""

    post_hash: str
    post_id: str
    is_old: bool


class TwoPhases:
    """Publish to one Page in two phases."""

    def __init__(
        self, page: PageCalls, drafts: Drafts, strays: LeftoverDrafts, translator: ErrorTranslator
    ) -> None:
        self._page, self._drafts, self._strays, self._translator = page, drafts, strays, translator

    def publish(self, post: Post, pictures: Sequence[Picture], ready: Ready) -> Receipt:
        """Make a draft, or take the one of an earlier try (as it is, pictures too), and make it public."""
        post_hash = hash_of(post)
        old = self._recalled(post_hash) or self._found(post_hash, post, pictures)
        post_id = old or self._made(post_hash, post, pictures)
        ready()
        return self._make_public(Draft(post_hash=post_hash, post_id=post_id, is_old=old is not None))

    def _recalled(self, post_hash: str) -> str | None:
        try:
            return self._drafts.recall(post_hash)
        except SpotlightError as error:
            raise Unreachable(f"nothing was posted, earlier drafts are not known: {error}") from error

    def _found(self, post_hash: str, post: Post, pictures: Sequence[Picture]) -> str | None:
        """Find a stray to use; a post that has pictures in one try may have lost them in the other."""
        post_id = self._strays.clear(post.text, sparing=not (post.images or pictures))
        if post_id is not None:
            self._remember(post_hash, post_id)
        return post_id

    def _made(self, post_hash: str, post: Post, pictures: Sequence[Picture]) -> str:
        photo_ids = self._translator.call(lambda: [self._page.upload(p) for p in pictures], before_publishing)
        post_id = self._translator.call(lambda: self._page.draft(post, photo_ids), while_drafting)
        self._remember(post_hash, post_id)
        return post_id

    def _remember(self, post_hash: str, post_id: str) -> None:
        try:
            self._drafts.remember(post_hash, post_id)
        except SpotlightError as error:
            with suppress(*TROUBLE):
                self._page.delete(post_id)
            raise Unreachable(f"nothing was posted, the draft could not be recorded: {error}") from error

    def _make_public(self, draft: Draft) -> Receipt:
        try:
            receipt: Receipt | None = self._page.make_public(draft.post_id)
        except Exception as error:  # whatever it is, it must not look like "not sent"
            evidence = self._translator.evidence(error)
            failed = self._translator.error(_of_draft(draft, evidence), error)
            receipt = self._settle(draft, evidence)
        if receipt is None:
            raise failed
        with suppress(SpotlightError):  # it is public; publishing it again would change nothing
            self._drafts.forget(draft.post_hash)
        return receipt

    def _settle(self, draft: Draft, evidence: Evidence) -> Receipt | None:
        """Look at a draft that Graph refused: give the receipt if it is public after all, else clean it up.

        Only a draft that Graph calls unpublished is ever deleted.
        """
        with suppress(*TROUBLE):
            if evidence.kind is PAGE:
                self._drafts.forget(draft.post_hash)
            elif evidence.kind.meaning in (Meaning.REJECTED, Meaning.DUPLICATE):
                receipt, is_public = self._page.find(draft.post_id)
                if is_public:
                    return receipt
                self._page.delete(draft.post_id)
                self._drafts.forget(draft.post_hash)
        return None


def _of_draft(draft: Draft, evidence: Evidence) -> Evidence:
    """Read evidence against a draft that is gone or old: it says nothing against the words in it."""
    stale = draft.is_old and evidence.kind.meaning is Meaning.REJECTED
    if not stale and evidence.kind is not PAGE:
        return evidence
    words = f"nothing was posted, the draft is of no use and the next try makes a new one: {evidence.words}"
    return replace(evidence, kind=UNREACHABLE, words=words)
