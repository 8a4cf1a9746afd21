"""Build values and parts for tests: an aid, a campaign, a ledger in a file."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fakes import FakeClock, FakeSteady
from ledgers import sqlite_url
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid, Image, Look
from spotlight_notify.model.campaigns import Campaign, Channel
from spotlight_notify.model.errors import FetchError
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding, Picture, Post
from spotlight_notify.model.schedule import Hours, Late, LatePolicy, Order, Pace, Tempo
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.x.traits import X as X_NETWORK
from spotlight_notify.operations.announce.orders import Signature
from spotlight_notify.operations.deliver import Delivering
from spotlight_notify.operations.poll.polls import Polling
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Clock, Known
from spotlight_notify.rules.planning import Writing
from spotlight_notify.rules.proof import Adoption
from spotlight_notify.rules.retry import Retries
from spotlight_notify.text.links import link_alias

DIGEST = "0f" * 32
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
X = Channel(name="valor-x", network=X_NETWORK)
PAGE = Channel(name="valor-page", network=FACEBOOK)
CAMPAIGN = Campaign(
    name="spotlight", sources=("site", "table"), channels=(X, PAGE), hashtag="#SpotlightOnSafety"
)
BY = Signature(who="Desk 4", reason="ordered by hand")
OPEN = Hours(zone=ZoneInfo("UTC"))
ALWAYS = Tempo(
    paces={
        CAMPAIGN.name: Pace(
            campaign=OPEN,
            order=Order.OLDEST,
            late=Late(policy=LatePolicy.SEND, after=timedelta(days=1)),
        )
    },
    channel=OPEN,
)


def aid(number: int = 1, **changes: Any) -> Aid:
    """Make an aid that differs from others by its number."""
    link = f"https://valor.test/aids/{number}"
    fields: dict[str, Any] = {
        "source": "site",
        "key": f"guid:{number}",
        "title": f"Aid number {number}",
        "link": link,
        "aliases": (f"guid:{number}", link_alias(link)),
    }
    return Aid(**fields | changes)


def plain_post(aid: Aid, campaign: Campaign, network: Network) -> Post:
    """Render in the plainest way; stands in for the templates."""
    return Post(text=f"{aid.title} {aid.link} {campaign.hashtag}", link=aid.link or "", images=aid.images)


def no_lint(aid: Aid, post: Post, campaign: Campaign, network: Network) -> tuple[Finding, ...]:
    """Find nothing."""
    return ()


PLAIN = Writing(render=plain_post, lint=no_lint)


def ledger_in(folder: Path) -> SqlLedger:
    """Open a SQLite ledger with a row for every source and channel of CAMPAIGN."""
    ledger = open_ledger(sqlite_url(folder))
    ledger.register(dict.fromkeys((*CAMPAIGN.sources, "on-demand"), ""), CAMPAIGN.channels, NOW)
    return ledger


class ListedSource:
    """Show lists of aids, one for each look; an error in the list is raised."""

    def __init__(self, *looks: Sequence[Aid] | Look | Exception, name: str = "site") -> None:
        self.name = name
        self.looks = list(looks)
        self.cursors: list[str | None] = []
        self.waited: list[tuple[str, ...]] = []

    def look(self, cursor: str | None, known: Known, waiting: Sequence[Aid] = ()) -> Look:
        self.cursors.append(cursor)
        self.waited.append(tuple(aid.key for aid in waiting))
        look = self.looks.pop(0)
        if isinstance(look, Exception):
            raise look
        if isinstance(look, Look):
            return look
        return Look(aids=tuple(look), cursor=f"cursor {len(self.cursors)}")


def polling_with(ledger: Ledger, clock: FakeClock) -> Polling:
    """Join what a poll needs, with dice that always fall in the middle."""
    return Polling(
        ledger=ledger,
        campaigns=(CAMPAIGN,),
        writing=PLAIN,
        illustrate=lambda aid, hurry=False: aid,
        clock=clock,
        jitter=lambda: 0.5,
    )


def no_gate(post: Post, hashtag: str, network: Network) -> None:
    """Let every post pass."""


def load_fixed(image: Image) -> Picture:
    """Load any picture but one that is named missing."""
    if "missing" in image.url:
        raise FetchError(image.url, "not found")
    return Picture(content=b"\x89PNG", media_type="image/png", alt=image.alt or "", digest=DIGEST)


def no_check(url: str, network: Network) -> tuple[Finding, ...]:
    """Let every link pass."""
    return ()


def delivering_with(ledger: Ledger, clock: Clock, **changes: Any) -> Delivering:
    """Join what a delivery needs."""
    fields: dict[str, Any] = {
        "ledger": ledger,
        "campaigns": {CAMPAIGN.name: CAMPAIGN},
        "gate": no_gate,
        "check_link": no_check,
        "load_picture": load_fixed,
        "clock": clock,
        "jitter": lambda: 0.5,
        "pause": lambda seconds: None,
        "claimant": "test:1",
        "lease": timedelta(minutes=5),
        "retries": Retries(),
        "adopts": lambda claim: Adoption(),
        "steady": FakeSteady(),
        "tempos": {channel.name: ALWAYS for channel in CAMPAIGN.channels},
    }
    return Delivering(**fields | changes)
