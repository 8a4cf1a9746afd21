"""A network in memory for tests: what it shows is true, what it answers may not be."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from spotlight_notify.model.errors import (
    OutcomeUnknown,
    PublishError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import LivePost, Picture, Post, Receipt, Timeline
from spotlight_notify.ports.parts import Clock, Ready


class Whim(StrEnum):
    """Name what a network does with one post."""

    TAKEN = "taken"
    LOST_LIVE = "live, no answer"
    LOST = "not live, no answer"
    TWICE = "live, delivered twice, and the second one's answer comes back"
    KILLED_LIVE = "live, then we are killed"
    KILLED = "we are killed, then nothing"
    REFUSED = "refused"
    DUPLICATE = "refused as a duplicate"
    THROTTLED = "throttled"
    SIGNED_OUT = "signed out"
    UNREACHABLE = "unreachable"


LIVE = frozenset({Whim.TAKEN, Whim.LOST_LIVE, Whim.TWICE, Whim.KILLED_LIVE})


class Killed(BaseException):
    """End a process in the middle of its work, as nothing in it can prevent."""


class MoodyNetwork:
    """Publish and show posts; ``whims`` are used up one by one, and then all goes well.

    ``lag``: posts younger than this are live but not shown. ``deaf``: looks fail. ``brief``: lists show
    nothing, and say that they are not complete.
    ``uploading`` runs while pictures are uploaded, ``meanwhile`` while the post's own request is on its way,
    before the post is live. ``clock`` is the network's own. ``by_hand``: ids of posts that people made.
    """

    def __init__(self, network: Network, clock: Clock) -> None:
        self._network, self._clock = network, clock
        self.live: list[tuple[datetime, LivePost]] = []
        self.whims: list[Whim] = []
        self.lag, self.deaf, self.brief = timedelta(), False, False
        self.uploading: Callable[[], None] = lambda: None
        self.meanwhile: Callable[[], None] = lambda: None
        self.by_hand: set[str] = set()

    @property
    def network(self) -> Network:
        return self._network

    def publish(self, post: Post, pictures: Sequence[Picture], ready: Ready, key: str = "") -> Receipt:
        self.uploading()
        ready()
        self.meanwhile()
        whim = self.whims.pop(0) if self.whims else Whim.TAKEN
        receipt = self.make(post) if whim in LIVE else None
        if receipt is None or whim is not Whim.TAKEN:
            raise self._trouble(whim)
        return receipt

    def pace(self) -> timedelta | None:
        return None

    def remove(self, post_id: str) -> None:
        self.live = [(at, post) for at, post in self.live if post.receipt.post_id != post_id]

    def timeline(self, since: datetime, under: str | None = None) -> Timeline:
        if self.deaf:
            raise Unreachable("the look-up failed: no answer")
        latest = self._clock() - self.lag
        shown = [post for made_at, post in reversed(self.live) if since <= made_at <= latest]
        told = () if self.brief else tuple(shown)
        return Timeline(posts=told, complete=not self.brief, read=len(told), at=self._clock())

    def probe(self) -> str:
        return "somebody"

    def shows(self, link: str) -> list[str]:
        """List the ids of the live posts of ours that hold a link, whether lists show them yet or not."""
        held = [post.receipt.post_id for _, post in self.live if link in post.links]
        return [post_id for post_id in held if post_id not in self.by_hand]

    def make(self, post: Post, *, age: timedelta = timedelta()) -> Receipt:
        """Make a post live, whoever asked for it, so long ago."""
        number, at = str(len(self.live) + 1), self._clock() - age
        receipt = Receipt(post_id=number, url=f"https://net.example/{number}", posted_at=at)
        live = LivePost(receipt=receipt, text=post.text, links=(post.link,), reply_to=post.reply_to)
        self.live.append((at, live))
        self.live.sort(key=lambda each: each[0])
        return receipt

    def make_by_hand(self, post: Post, age: timedelta) -> None:
        """Make a post as a person does, so long ago."""
        self.by_hand.add(self.make(post, age=age).post_id)

    def _trouble(self, whim: Whim) -> PublishError | Killed:
        troubles: dict[Whim, PublishError] = {
            Whim.REFUSED: Rejected("these words are not welcome"),
            Whim.DUPLICATE: Rejected("said already", duplicate=True),
            Whim.TWICE: Rejected("said already", duplicate=True),
            Whim.THROTTLED: Throttled("too fast", until_at=self._clock() + timedelta(minutes=15)),
            Whim.SIGNED_OUT: Unauthorized("the token is dead", advice="Sign in again."),
            Whim.UNREACHABLE: Unreachable("no connection"),
        }
        if whim in (Whim.KILLED, Whim.KILLED_LIVE):
            return Killed()
        return troubles.get(whim) or OutcomeUnknown("no answer came")
