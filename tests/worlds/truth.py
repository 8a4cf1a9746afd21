"""Remember what really happened, and put it before the judge."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from worlds import judge
from worlds.feed import Feed, token_of
from worlds.networks import Live, Shore


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Hold a copy of the ledger, and what had been ordered by then."""

    made_at: float
    ledger: sqlite3.Connection
    ordered: frozenset[int]


@dataclass(slots=True)
class Truth:
    """Remember people's doings. ``forgotten``: from when to when the ledger knows nothing any more."""

    holds: list[judge.Hold] = field(default_factory=list)
    ordered: set[int] = field(default_factory=set)
    marks: list[tuple[str, str]] = field(default_factory=list)
    taken_down: list[str] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    forgotten: list[tuple[float, float]] = field(default_factory=list)

    def hold(self, at: float, seconds: int, channel: str | None) -> None:
        """Remember a hold that was placed."""
        until_at = at + seconds if seconds else None
        self.holds.append(judge.Hold(from_at=at, until_at=until_at, channel=channel, ends_at=until_at))

    def lift(self, at: float) -> None:
        """Remember that all holds are lifted."""
        self.holds = [
            replace(hold, until_at=at) if hold.until_at is None or hold.until_at > at else hold
            for hold in self.holds
        ]

    def forget(self, copy: Copy, at: float) -> None:
        """Remember that the ledger knows only what was in a copy."""
        self.forgotten.append((copy.made_at, at + 1))
        self.ordered = set(copy.ordered)
        self.holds = [_as_it_was(hold, copy.made_at, at) for hold in self.holds]


def outcome(
    truth: Truth,
    feed: Feed,
    shores: Mapping[str, Shore],
    records: tuple[judge.Record, ...],
    ended_at: float,
) -> judge.World:
    """Say what the judge may know: what became public, what the records say, what people did."""
    known = {(record.channel, record.aid) for record in records}
    publics = tuple(post for post in _publics(shores) if _may_be_known(post, truth, feed, known))
    aids = tuple(_aids(truth, feed, tuple(shores), publics, known))
    keys = {aid.key for aid in aids}
    return judge.World(
        settled=True,
        aids=aids,
        publics=publics,
        records=tuple(record for record in records if record.aid in keys),
        holds=tuple(truth.holds),
        marks=tuple(truth.marks),
        taken_down=tuple(truth.taken_down),
        ended_at=ended_at,
    )


def _publics(shores: Mapping[str, Shore]) -> Iterator[judge.Public]:
    for name, shore in shores.items():
        for post in shore.posts:
            if post.at is not None:
                yield _public(name, post, post.at)


def _public(channel: str, post: Live, at: float) -> judge.Public:
    return judge.Public(
        channel=channel,
        post_id=post.post_id,
        text=post.text,
        links=post.links,
        at=at,
        by="program" if post.by == "program" else "hand",
        reply_to=post.reply_to,
        gone_at=post.gone_at,
    )


def _aids(
    truth: Truth,
    feed: Feed,
    channels: tuple[str, ...],
    publics: tuple[judge.Public, ...],
    known: set[tuple[str, str]],
) -> Iterator[judge.Aid]:
    """Tell of each aid; an old one whose order an old ledger forgot was ordered, if it came out.

    One that left the feed before a look could show it is none that the program could have announced.
    """
    shown = {entry.index for entry in feed.shown()}
    missed = {n for n in feed.entries if n not in shown and f"guid:{n}" not in {key for _, key in known}}
    for entry in feed.entries.values():
        out = any(token_of(entry.index) in post.text for post in publics)
        forgotten = bool(truth.forgotten) and entry.index < 0 and out
        yield judge.Aid(
            key=f"guid:{entry.index}",
            token=entry.token,
            link=entry.link,
            own_link=entry.about.own_link,
            shown_at=entry.shown_at,
            channels=channels,
            baseline=entry.index < 0,
            ordered=entry.index in truth.ordered or forgotten,
            withdrawn_at=entry.shown_at if entry.index in missed else entry.withdrawn_at,
        )


def _may_be_known(post: judge.Public, truth: Truth, feed: Feed, known: set[tuple[str, str]]) -> bool:
    """Leave out what was made after the copy that was put back, of aids that nothing shows any more."""
    if not any(begin <= post.at <= end for begin, end in truth.forgotten):
        return True
    told_of = (index for index in feed.entries if token_of(index) in post.text)
    return any((post.channel, f"guid:{index}") in known for index in told_of)


def _as_it_was(hold: judge.Hold, made_at: float, now: float) -> judge.Hold:
    """Say which holds there are when an old ledger is put back."""
    if hold.from_at > made_at:
        return replace(hold, until_at=min(now, hold.until_at or now))
    was_lifted = hold.until_at is not None and made_at < hold.until_at <= now
    if was_lifted and (hold.ends_at is None or hold.ends_at > now):
        return replace(hold, from_at=now, until_at=hold.ends_at)
    return hold
