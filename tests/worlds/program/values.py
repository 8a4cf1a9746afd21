"""Put the world's aids, channels and posts into the program's terms."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from spotlight_notify.model.aids import Aid, Image, Look, Theme
from spotlight_notify.model.campaigns import Campaign, Channel
from spotlight_notify.model.errors import SourceError
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding, Picture, Post
from spotlight_notify.model.schedule import Hours, Late, LatePolicy, Order, Pace, Tempo
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.x.traits import X as X_NETWORK
from spotlight_notify.operations.announce.orders import Signature
from spotlight_notify.ports.parts import Known
from spotlight_notify.rules.planning import Writing
from spotlight_notify.text.links import link_alias
from worlds.feed import SITE, THEME, THEME_LINK, Entry, Feed
from worlds.networks import BEGAN
from worlds.scripts import PAGE, X

CHANNELS = {
    X: Channel(name=X, network=X_NETWORK),
    PAGE: Channel(name=PAGE, network=FACEBOOK),
}
SOURCE, CAMPAIGN, HASHTAG = "site", "spotlight", "#Spotlight"
WHO, WHY = "Desk 4", "a person says so"
BY = Signature(who=WHO, reason=WHY)
ROADS = Theme(name=THEME, link=THEME_LINK)
DIGEST = "0f" * 32
_OPEN = Hours(zone=ZoneInfo("UTC"))
_PACE = Pace(campaign=_OPEN, order=Order.OLDEST, late=Late(policy=LatePolicy.SEND, after=timedelta(days=1)))
TEMPO = Tempo(paces={CAMPAIGN: _PACE}, channel=_OPEN)


class Process(Protocol):
    """Be who runs the program: it is told of every step, and of every change in the ledger."""

    def step(self, name: str, told: str = "") -> None: ...

    def wait(self, seconds: float) -> None: ...

    def stir(self) -> None: ...

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class Site:
    """Show the world's feed as a source does."""

    name = SOURCE

    def __init__(self, feed: Feed, process: Process) -> None:
        self._feed, self._process = feed, process

    def look(self, cursor: str | None, known: Known, waiting: Sequence[Aid] = ()) -> Look:
        self._process.step("before look at the source")
        if self._feed.is_down():
            raise SourceError(self.name, "it does not answer")
        found = tuple(aid_of(entry) for entry in self._feed.shown())
        taken_back = {name for entry in self._feed.taken_back() for name in aid_of(entry).aliases}
        gone = frozenset(aid.key for aid in waiting if not taken_back.isdisjoint((aid.key, *aid.aliases)))
        return Look(aids=found, cursor=cursor_of(self._feed), gone=gone)


def cursor_of(feed: Feed) -> str:
    """Say where a look at the feed as it is now leads."""
    return f"version {feed.version}"


def aid_of(entry: Entry) -> Aid:
    """Describe an entry as a source does; a link is an alias only where it is the aid's own."""
    own = (link_alias(entry.link),) if entry.about.own_link else ()
    dated = entry.about.dated
    return Aid(
        source=SOURCE,
        key=entry.guid,
        title=entry.title,
        link=entry.link,
        theme=entry.about.theme,
        images=tuple(
            Image(url=f"{SITE}{n}.png", alt=f"Picture {n}", digest=DIGEST)
            for n in range(entry.about.pictures)
        ),
        published_at=None
        if dated is None
        else BEGAN + timedelta(seconds=entry.shown_at) - timedelta(days=dated),
        aliases=(entry.guid, *own),
    )


def words_of(title: str, link: str) -> str:
    """Write a post in the plainest way."""
    return f"{title} {link} {HASHTAG}"


def plain_post(aid: Aid, campaign: Campaign, network: Network) -> Post:
    link = aid.link or SITE
    return Post(text=words_of(aid.title, link), link=link, images=aid.images)


def plain_digest(theme: Theme, aids: Sequence[Aid], campaign: Campaign, network: Network) -> Post:
    titles = "; ".join(aid.title for aid in aids)
    return Post(text=words_of(f"{theme.name}: {titles}", THEME_LINK), link=THEME_LINK)


def no_lint(aid: Aid, post: Post, campaign: Campaign, network: Network) -> tuple[Finding, ...]:
    return ()


PLAIN = Writing(render=plain_post, lint=no_lint)


def load_picture(image: Image) -> Picture:
    return Picture(content=b"\x89PNG", media_type="image/png", alt=image.alt or "", digest=DIGEST)


def middle() -> float:
    """Roll the program's dice: always the middle."""
    return 0.5
