"""Compare what is public with what the ledger says, and search for tokens where none may be."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text

from spotlight_notify.ledger.schema import metadata
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.sandbox.shown import ShownPost

ASKED = frozenset({State.UNSURE, State.PROPOSED})
"""States in which a person is, or will be, asked whether a post is the announcement."""
WAITING = ASKED | {State.FAILED, State.PENDING}
MISTAKE = re.compile(r"Traceback \(most recent|unexpected \w+ at ")
"""How a mistake of the program's own looks in its log."""
Place = tuple[str, str]
"""A channel and the id of a post there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """Hold what is public: all posts by channel, those made by hand (with the aid's link that they hold, or
    None), and those of strangers.
    """

    timelines: Mapping[str, Sequence[ShownPost]]
    by_hand: Mapping[Place, str | None]
    strangers: Collection[Place]

    @property
    def ours(self) -> dict[Place, ShownPost]:
        """Find the posts that the program made."""
        others = {*self.by_hand, *self.strangers}
        return {
            (channel, post.id): post
            for channel, posts in self.timelines.items()
            for post in posts
            if (channel, post.id) not in others
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Count what a campaign did; ``troubles`` are sentences about what must not be.

    ``waiting``: aids that are not public, with a reason, by their cause or, where a delivery has none, by its
    state. ``lost``: those that are not, without one.
    """

    aids: int
    sent: int
    waiting: Mapping[str, int]
    unsure: int
    failed: int
    duplicates: int
    lost: int
    troubles: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Tell whether every promise was kept."""
        return not (self.duplicates or self.lost or self.troubles)


def judge(
    links: Collection[str], public: Public, deliveries: Sequence[Delivery], heard: Iterable[str]
) -> Judgement:
    """Judge every aid that was published (by its link) on every channel; ``heard``: troubles found before."""
    ours = public.ours
    live = Counter(
        (channel, word) for (channel, _), post in ours.items() for word in post.text.split() if word in links
    )
    told = {(d.channel, d.post.link): d for d in deliveries if d.post}
    fates = [
        (live[place], told.get(place)) for place in ((c, link) for c in public.timelines for link in links)
    ]
    absent = [delivery for times, delivery in fates if not times and not _is_adopted(delivery, public)]
    states = Counter(delivery.state for delivery in deliveries)
    return Judgement(
        aids=len(links),
        sent=states[State.SENT],
        waiting=Counter(str(each.cause or each.state) for each in absent if each and _waits(each)),
        unsure=states[State.UNSURE],
        failed=states[State.FAILED],
        duplicates=sum(max(0, times - 1) for times, _ in fates),
        lost=sum(not _waits(delivery) for delivery in absent),
        troubles=(
            *heard,
            *_untrue(public, deliveries),
            *_mistaken(public, deliveries),
            *_strange(links, ours),
            *_undone(deliveries),
        ),
    )


def _waits(delivery: Delivery | None) -> bool:
    return delivery is not None and delivery.state in WAITING and bool(delivery.reason)


def _is_adopted(delivery: Delivery | None, public: Public) -> bool:
    """Tell whether a post by hand that holds the aid's own link counts as its announcement."""
    if delivery is None or delivery.receipt is None or delivery.post is None:
        return False
    return public.by_hand.get((delivery.channel, delivery.receipt.post_id)) == delivery.post.link


def _untrue(public: Public, deliveries: Sequence[Delivery]) -> list[str]:
    """Find receipts of posts that are not there, and posts that no record accounts for."""
    sent = {(d.channel, d.receipt.post_id) for d in deliveries if d.state is State.SENT and d.receipt}
    live = {(channel, post.id) for channel, posts in public.timelines.items() for post in posts}
    asked = {(d.channel, d.post.link) for d in deliveries if d.post and d.state in ASKED}
    false = [f"the receipt {post_id} on {channel} is of no live post" for channel, post_id in sent - live]
    bare = [f"delivery {d.id} is sent without a receipt" for d in deliveries if _is_bare(d)]
    unheard = [
        f"post {post_id} on {channel} is public, and no receipt says so"
        for (channel, post_id), post in public.ours.items()
        if (channel, post_id) not in sent and not any((channel, w) in asked for w in post.text.split())
    ]
    return false + bare + unheard


def _is_bare(delivery: Delivery) -> bool:
    return delivery.state is State.SENT and delivery.receipt is None


def _mistaken(public: Public, deliveries: Sequence[Delivery]) -> Iterable[str]:
    """Find receipts that are posts of others, or posts by hand that are not about the aid."""
    for delivery in deliveries:
        place = (delivery.channel, delivery.receipt.post_id) if delivery.receipt else None
        if place in public.strangers:
            yield f"delivery {delivery.id} on {delivery.channel} takes a stranger's post for its own"
        elif place in public.by_hand and not _is_adopted(delivery, public):
            yield f"delivery {delivery.id} on {delivery.channel} takes a post without its link for its own"


def _strange(links: Collection[str], ours: Mapping[Place, ShownPost]) -> Iterable[str]:
    """Find posts about aids that were not to be announced."""
    strange = Counter(channel for (channel, _), post in ours.items() if not {*post.text.split()} & {*links})
    for channel, number in strange.items():
        yield f"{number} posts on {channel} are of no aid that was published"


def _undone(deliveries: Sequence[Delivery]) -> list[str]:
    """Find deliveries that the program did not bring to an end though nothing kept it."""
    ends = {State.SENT} | WAITING
    return [
        f"delivery {d.id} on {d.channel} is still {d.state}"
        for d in deliveries
        if d.state not in ends or (d.state is State.PENDING and not d.reason)
    ]


def tokens_of(sandbox: Sandbox) -> tuple[str, ...]:
    """List the values that must appear nowhere."""
    account, page = sandbox.x.account, sandbox.graph.page
    of_x = (
        account.consumer_key,
        account.consumer_secret,
        account.access_token,
        account.access_token_secret,
    )
    return (*of_x, page.access_token, page.app_secret)


def leaks(tokens: Sequence[str], folder: Path, ledger_url: str) -> list[str]:
    """Search all that the program wrote (logs, output, ledger) for tokens, by their value."""
    places = {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.suffix == ".log" or path.name.startswith("spotlight.sqlite3")
    }
    places["the ledger's rows"] = _rows(ledger_url)
    return [
        f"{place} holds a token ({token[:6]}...)"
        for place, content in places.items()
        for token in tokens
        if token.encode() in content
    ]


def mistakes(folder: Path) -> list[str]:
    """Search the logs for mistakes of the program's own."""
    return [
        f"{path.name}: {line[:300]}"
        for path in sorted(folder.glob("*.log"))
        for line in path.read_text(errors="replace").splitlines()
        if MISTAKE.search(line)
    ]


def _rows(ledger_url: str) -> bytes:
    engine = create_engine(ledger_url, poolclass=NullPool)
    with engine.connect() as connection:
        rows = [
            repr(tuple(row))
            for table in metadata.tables
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        ]
    return "\n".join(rows).encode()
