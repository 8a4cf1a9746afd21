"""Name the parts that touch the outside: time, chance, sources, networks, pictures, words."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from spotlight_notify.model.aids import Aid, Image, Look
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import CleanPicture, Finding, Picture, Post, Receipt, Timeline, WebPage

Clock = Callable[[], datetime]
"""Returns the time: an aware UTC datetime."""

Steady = Callable[[], float]
"""Returns seconds from some moment on, by a clock that never steps and does not stand still while asleep."""

Jitter = Callable[[], float]
"""Roll the dice: a number from 0 (included) to 1 (not included)."""

Known = Callable[[Sequence[str]], frozenset[str]]
"""Return which of these keys or aliases of one source the ledger has seen."""

LoadPicture = Callable[[Image], Picture]
"""Give a picture's bytes, ready to upload to any network, from the ledger or the web; the ledger keeps them.

FetchError when they cannot be had, PictureRefused when they are no picture that may be posted.
"""

CleanUp = Callable[[str], CleanPicture]
"""Fetch a picture, or a PDF's first page as one, and clean it; FetchError and PictureRefused as above."""

ReadPage = Callable[[str], WebPage]
"""Fetch a web page and read what it says about itself; FetchError when no answer can be had."""

CheckLink = Callable[[str, Network], tuple[Finding, ...]]
"""See whether a post's link answers and stays where it may lead; returns what is wrong with its card.

LinkDoubtful when a person must be asked first, FetchError when it should be tried again later.
"""

Render = Callable[[Aid, Campaign, Network], Post]
"""Write an aid's post for a network; Refused when it does not fit or lacks something."""

Lint = Callable[[Aid, Post, Campaign, Network], tuple[Finding, ...]]
"""Look for what breaks a rule of good and accessible posts, gravest first; pure."""


MayLeave = Callable[[], bool]
"""Tell whether a request may still leave: False once so much time has passed that its claim may be over."""

Ready = Callable[[], MayLeave | None]
"""Ask once more, immediately before the one request that makes a post public, whether it may leave.

Whatever it raises stops the post and passes through ``publish`` unchanged. What it returns, if anything, is
asked when that request's connection stands: names, connecting and TLS take their time, and a process that is
stopped in between, or a machine that sleeps, any time at all.
"""


class Illustrate(Protocol):
    """Find an aid's pictures and the words for them, and keep them."""

    def __call__(self, aid: Aid, *, hurry: bool = False) -> Aid:
        """Return the aid with them; what cannot be shown says why. In a ``hurry`` nothing is fetched."""
        ...


class Source(Protocol):
    """Show what a place that publishes aids holds. Reads only; safe to call from any one thread at a time."""

    @property
    def name(self) -> str: ...

    def look(self, cursor: str | None, known: Known, waiting: Sequence[Aid] = ()) -> Look:
        """Compare the whole of what is there with what was seen; ``cursor`` is None at the first look.

        One that does not fit, as after a change of address, counts as if nothing had been compared yet.

        ``waiting``: this source's aids that are yet to go out, or about which a person is asked, as they were
        seen last. Those that are still there are among the look's ``aids`` if anything of them may have
        changed; ``Look.gone`` names, by their keys, those that surely are not, by their key or any alias. A
        source that cannot tell names none: what slid out at a feed's old end, or was not read, is not gone.

        Raises SourceError and nothing else; a failed look has no effect.
        """
        ...


class Publisher(Protocol):
    """Talk to one network on behalf of one channel. One thread at a time."""

    @property
    def network(self) -> Network: ...

    def publish(self, post: Post, pictures: Sequence[Picture], ready: Ready, key: str = "") -> Receipt:
        """Make the post public with one publishing request, never repeated in here.

        ``ready`` is called once, right before that request: uploads, alt texts and drafts are done by then.
        If what it returns says no before the first byte of the request is written, that is Unreachable.
        ``key`` is an idempotency key, the same whenever a delivery is tried with the same words: for networks
        that make one post of two requests with one key. X and Facebook take none.
        Raises what ``ready`` raises, else PublishError and nothing else. Whatever is not recognised after
        the publishing request has left is OutcomeUnknown; whatever goes wrong before it (uploads too) is not
        public.
        """
        ...

    def remove(self, post_id: str) -> None:
        """Take a post, or a reply, off the network; one that is gone already counts as done.

        Raises PublishError and nothing else: the post is still there, but after OutcomeUnknown it may be
        gone or not. Doing it again harms nothing. What stands under the post may go with it.
        """
        ...

    def pace(self) -> timedelta | None:
        """Return how long to leave the channel alone after the last post; None for no longer than usual."""
        ...


class Looker(Protocol):
    """Look at what is public on one channel. Reads only; one thread at a time, as with its Publisher."""

    def timeline(self, since: datetime, under: str | None = None) -> Timeline:
        """Read the channel's own posts made since then (a moment too many never hurts), newest first.

        With the id of a post, ``under``, all the channel's replies to that one are among them, else replies
        may be left out; a look under a post that cannot be seen fails.
        Raises PublishError, never OutcomeUnknown: Unreachable when the look failed or was unclear.
        """
        ...

    def probe(self) -> str:
        """Ask the network whether the token can post; returns whom it speaks for. Raises as ``timeline``."""
        ...


class Account(Publisher, Looker, Protocol):
    """Post to one channel, and look at it."""


class Drafts(Protocol):
    """Remember one channel's posts that are made but not public yet, by the hash of what they say.

    Raises SpotlightErrors and nothing else; what raised did not happen.
    """

    def remember(self, post_hash: str, post_id: str) -> None:
        """Commit a draft's id before the draft is made public; it takes the place of an earlier one."""
        ...

    def recall(self, post_hash: str) -> str | None:
        """Return the id of the draft that says this; None when none is remembered."""
        ...

    def forget(self, post_hash: str) -> None:
        """Drop what is remembered, if anything."""
        ...


class Pictures(Protocol):
    """Keep pictures that went out, or are to go out, by the SHA-256 of their bytes. Raises LedgerErrors."""

    def keep_picture(self, picture: CleanPicture, now: datetime) -> str:
        """Commit a picture (4 MB at most) and return its hash; not for use within a recording."""
        ...

    def kept_picture(self, picture_hash: str) -> CleanPicture | None:
        """Return the picture of this hash; None when none is kept."""
        ...

    def is_shown_elsewhere(self, url: str, link: str) -> bool:
        """Return whether an aid with another link has the picture at this address."""
        ...
