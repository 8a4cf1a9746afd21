"""Compare what is public with what the ledger says, and search for tokens where none may be."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text

from spotlight_notify.ledger.schema import metadata
from spotlight_notify.model import State
from spotlight_notify.records import Delivery
from spotlight_notify.sandbox.serving import Sandbox
from spotlight_notify.sandbox.shown import ShownPost

WAITS_FOR_A_PERSON = frozenset({State.UNSURE, State.FAILED})
MISTAKE = re.compile(r"Traceback \(most recent|unexpected \w+ at ")
"""How a mistake of the program's own looks in its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Count what a campaign did; ``troubles`` are sentences about what must not be."""

    aids: int
    sent: int
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
    links: Collection[str],
    timelines: Mapping[str, Sequence[ShownPost]],
    deliveries: Sequence[Delivery],
    heard: Iterable[str],
) -> Judgement:
    """Judge every aid that was published (by its link) on every channel.

    ``timelines``: what is public, by channel. ``heard``: troubles that were found elsewhere.
    """
    live = {
        channel: Counter(word for post in posts for word in post.text.split() if word in links)
        for channel, posts in timelines.items()
    }
    told = {(d.channel, d.post.link): d for d in deliveries if d.post}
    fates = [(live[channel][link], told.get((channel, link))) for channel in timelines for link in links]
    states = Counter(delivery.state for delivery in deliveries)
    return Judgement(
        aids=len(links),
        sent=states[State.SENT],
        unsure=states[State.UNSURE],
        failed=states[State.FAILED],
        duplicates=sum(max(0, times - 1) for times, _ in fates),
        lost=sum(_is_lost(times, delivery) for times, delivery in fates),
        troubles=(*heard, *_untrue(timelines, deliveries), *_strange(timelines, live), *_undone(deliveries)),
    )


def _is_lost(times: int, delivery: Delivery | None) -> bool:
    """Tell whether an aid is neither public nor in a person's hands with a reason."""
    waits = delivery is not None and delivery.state in WAITS_FOR_A_PERSON and bool(delivery.reason)
    return times == 0 and not waits


def _untrue(timelines: Mapping[str, Sequence[ShownPost]], deliveries: Sequence[Delivery]) -> list[str]:
    """Find receipts of posts that are not there, and posts that no record accounts for."""
    sent = {(d.channel, d.receipt.post_id) for d in deliveries if d.state is State.SENT and d.receipt}
    live = {(channel, post.id): post for channel, posts in timelines.items() for post in posts}
    open_links = {(d.channel, d.post.link) for d in deliveries if d.post and d.state in WAITS_FOR_A_PERSON}
    false = [f"the receipt {post_id} on {channel} is of no live post" for channel, post_id in sent - {*live}]
    bare = [f"delivery {d.id} is sent without a receipt" for d in deliveries if _is_bare(d)]
    unheard = [
        f"post {post_id} on {channel} is public, and no receipt says so"
        for (channel, post_id), post in live.items()
        if (channel, post_id) not in sent and not any((channel, w) in open_links for w in post.text.split())
    ]
    return false + bare + unheard


def _is_bare(delivery: Delivery) -> bool:
    return delivery.state is State.SENT and delivery.receipt is None


def _strange(timelines: Mapping[str, Sequence[ShownPost]], live: Mapping[str, Counter[str]]) -> Iterable[str]:
    """Find posts about aids that were not to be announced."""
    for channel, posts in timelines.items():
        strangers = len(posts) - live[channel].total()
        if strangers:
            yield f"{strangers} posts on {channel} are of no aid that was published"


def _undone(deliveries: Sequence[Delivery]) -> list[str]:
    """Find deliveries that the program did not bring to an end though nothing kept it."""
    ends = {State.SENT} | WAITS_FOR_A_PERSON
    return [f"delivery {d.id} on {d.channel} is still {d.state}" for d in deliveries if d.state not in ends]


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
