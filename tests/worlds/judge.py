"""Judge a finished world by what the networks showed and what the records say, and by nothing else.

Every aid is announced at most once per channel, nothing is lost, nothing is posted twice after an unclear
answer, and the record is true. The judge shares no code with the program, so that it shares no mistake.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain, pairwise
from typing import Literal
from urllib.parse import parse_qsl, urlsplit


class State(StrEnum):
    PROPOSED = "proposed"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    TWICE = "twice"
    FALSE_RECEIPT = "false receipt"
    SHARED_RECEIPT = "shared receipt"
    UNRECORDED = "unrecorded"
    LOST = "lost"
    UNSAID = "unsaid"
    HELD = "held"
    BASELINE = "baseline"
    STUCK = "stuck"
    EARLY = "early"
    ASTRAY = "astray"
    STRAY = "stray"
    CROSSED = "crossed"
    STILL_UP = "still up"
    CRASHED = "crashed"
    REPEATED_BY_HAND = "repeated by hand"
    WITHDRAWN = "withdrawn"
    CONTRADICTED = "contradicted"
    RIVAL_RECORD = "rival record"


# What the program could not always have known, what a person said, or a danger that has done no harm yet.
WEAK = frozenset({Kind.REPEATED_BY_HAND, Kind.WITHDRAWN, Kind.CONTRADICTED, Kind.RIVAL_RECORD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """Hold a post that was public from `at` until `gone_at`, in true seconds."""

    channel: str
    post_id: str
    text: str
    at: float
    by: Literal["program", "hand"]
    links: tuple[str, ...] = ()
    reply_to: str | None = None
    gone_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Hold what the record says at the end; a digest has one for each of its aids."""

    delivery_id: str
    campaign: str
    channel: str
    aid: str
    state: State
    reason: str | None = None
    receipt: str | None = None
    changed_by_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Aid:
    """Hold an aid; every program post of it holds the words of `token`, and no other post of the program does."""

    key: str
    token: str
    link: str
    shown_at: float
    channels: tuple[str, ...]
    own_link: bool = True
    baseline: bool = False
    ordered: bool = False
    withdrawn_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Hold back one channel, or all of them (None), until `until_at`, or for ever (None)."""

    from_at: float
    until_at: float | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Hold a finished world.

    `marks` are the (delivery_id, post_id) that a person vouched for; `taken_down` the posts that the record says
    were taken down; `crashed` says that the program ended by its own error, not that the world killed it.
    """

    settled: bool
    aids: tuple[Aid, ...] = ()
    publics: tuple[Public, ...] = ()
    records: tuple[Record, ...] = ()
    holds: tuple[Hold, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    taken_down: tuple[str, ...] = ()
    crashed: bool = False
    ended_at: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    kind: Kind
    channel: str | None
    aid: str | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """Hold one program post with the program's replies to it, and the aids whose tokens they hold."""

    posts: tuple[Public, ...]
    aids: tuple[Aid, ...]

    @property
    def first(self) -> Public:
        return self.posts[0]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(post.post_id for post in self.posts)

    def fault(self, kind: Kind, sentence: str, aid: Aid | None = None) -> Fault:
        about = aid.key if aid else next((each.key for each in self.aids), None)
        post = f"Program post {self.first.post_id} on {self.first.channel} at {self.first.at:g} s"
        return Fault(
            kind=kind, channel=self.first.channel, aid=about, sentence=f"{post}, about {about}, {sentence}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    world: World
    grace: float
    lag: float
    asking: tuple[str, ...]
    tellings: tuple[_Telling, ...]
    aids: Mapping[str, Aid]
    records: Mapping[tuple[str, str], tuple[Record, ...]]

    @property
    def calm(self) -> bool:
        return self.world.settled and not self.world.crashed

    def told(self) -> Iterator[tuple[_Telling, Aid]]:
        return ((telling, aid) for telling in self.tellings for aid in telling.aids)

    def records_of(self, channel: str, aid: Aid) -> tuple[Record, ...]:
        return self.records.get((channel, aid.key), ())


def judge(
    world: World, *, grace: float = 60.0, lag: float = 3600.0, asking: tuple[str, ...] = ("person",)
) -> tuple[Fault, ...]:
    """Return every fault of a finished world; those of a kind in `WEAK` are hints.

    `grace` is the seconds a post in flight may take after a hold begins, `lag` the seconds until the program must
    know what others did. A reason asks a person if it holds a word of `asking`; without any, if it is not blank.
    """
    aids = tuple(sorted(world.aids, key=lambda aid: aid.key))
    records: defaultdict[tuple[str, str], tuple[Record, ...]] = defaultdict(tuple)
    for record in sorted(world.records, key=lambda record: (record.channel, record.aid, record.delivery_id)):
        records[record.channel, record.aid] += (record,)
    case = _Case(
        world=world,
        grace=grace,
        lag=lag,
        asking=asking,
        tellings=_tellings(world.publics, aids),
        aids={aid.key: aid for aid in aids},
        records=dict(records),
    )
    return tuple(chain.from_iterable(check(case) for check in _CHECKS))


def _tellings(publics: Iterable[Public], aids: tuple[Aid, ...]) -> tuple[_Telling, ...]:
    own = {(post.channel, post.post_id): post for post in publics if post.by == "program"}
    threads: defaultdict[tuple[str, str], list[Public]] = defaultdict(list)
    for post in sorted(own.values(), key=lambda post: (post.at, post.channel, post.post_id)):
        threads[post.channel, _root(post, own).post_id].append(post)
    return tuple(
        _Telling(
            posts=tuple(posts), aids=tuple(aid for aid in aids if any(_holds(p.text, aid.token) for p in posts))
        )
        for posts in threads.values()
    )


def _root(post: Public, own: Mapping[tuple[str, str], Public]) -> Public:
    seen: set[str] = set()
    while post.reply_to and post.post_id not in seen and (post.channel, post.reply_to) in own:
        seen.add(post.post_id)
        post = own[post.channel, post.reply_to]
    return post


@lru_cache(maxsize=65536)
def _words(text: str) -> str:
    # Networks and people change case, quotes, dashes, and spaces; "Aid 1" must still not be found in "Aid 12".
    return f" {' '.join(re.findall(r'\w+', unicodedata.normalize('NFKC', text).casefold()))} "


def _holds(text: str, token: str) -> bool:
    return _words(token) in _words(text)


@lru_cache(maxsize=65536)
def _address(link: str) -> str:
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return link
    kept = sorted(pair for pair in parse_qsl(parts.query) if not pair[0].startswith(("utm_", "fbclid")))
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{kept}#{parts.fragment}"


def _links_to(links: Iterable[str], aid: Aid) -> bool:
    return aid.own_link and _address(aid.link) in map(_address, links)
