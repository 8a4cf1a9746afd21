"""Small fakes: the clock and the network are faked, the database never is."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from spotlight_notify.model.errors import PublishError
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Picture, Post, Receipt
from spotlight_notify.networks.x.traits import X
from spotlight_notify.ports.parts import Ready


class FakeClock:
    """Stand still until moved."""

    def __init__(self, now: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> datetime:
        self.now += by
        return self.now


def at_once() -> None:
    """Let a post leave."""


class FakeSteady:
    """Be a clock that never steps, and stands still until its seconds are moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class FakePublisher:
    """Keep what was published; answer with the next thing in ``script`` (an error or None for success).

    ``before`` and ``after`` are called around what happens on the network, before the answer is given.
    ``first`` is the number of its first post: no network gives an id twice.
    ``removed`` keeps the ids of what was taken down, and ``removals`` is the script for that.
    """

    def __init__(self, network: Network = X, script: Sequence[PublishError | None] = ()) -> None:
        self._network = network
        self.script = list(script)
        self.removals: list[PublishError | None] = []
        self.removed: list[str] = []
        self.posts: list[Post] = []
        self.pictures: list[tuple[Picture, ...]] = []
        self.keys: list[str] = []
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None
        self.rest: timedelta | None = None
        self.first = 1

    @property
    def network(self) -> Network:
        return self._network

    def publish(self, post: Post, pictures: Sequence[Picture], ready: Ready, key: str = "") -> Receipt:
        ready()
        self.keys.append(key)
        self.before()
        error = self.script.pop(0) if self.script else None
        if error is None or error.may_be_public:
            self.posts.append(post)
            self.pictures.append(tuple(pictures))
        self.after()
        if error is not None:
            raise error
        number = self.first + len(self.posts) - 1
        return Receipt(post_id=str(number), url=f"https://net.example/{number}")

    def remove(self, post_id: str) -> None:
        error = self.removals.pop(0) if self.removals else None
        if error is None or error.may_be_public:
            self.removed.append(post_id)
        if error is not None:
            raise error

    def pace(self) -> timedelta | None:
        return self.rest
