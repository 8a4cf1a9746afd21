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
from typing import Literal, TypeVar
from urllib.parse import parse_qsl, urlsplit

K = TypeVar("K")
V = TypeVar("V")


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
WEAK = frozenset({Kind.REPEATED_BY_HAND, Kind.CONTRADICTED, Kind.RIVAL_RECORD})


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
    """Hold an aid; the words of `token` stand in every program post of it, and in no other program post."""

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
    """Hold back one channel, or all of them (None), until `until_at`, or for ever (None).

    `ends_at`: when it would have ended by itself, if nobody had lifted it before.
    """

    from_at: float
    until_at: float | None = None
    channel: str | None = None
    ends_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Hold a finished world.

    `marks` are the (delivery_id, post_id) that a person vouched for; `taken_down` the posts that the record
    says were taken down. `crashed` says that the program ended by its own error, not that the world killed
    it. `ended_at` is in true seconds; without it only a hold for ever covers the end.
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
        key = aid.key if aid else next((each.key for each in self.aids), None)
        post = f"Program post {self.first.post_id} (aid {key}) on {self.first.channel} at {self.first.at:g} s"
        return Fault(kind=kind, channel=self.first.channel, aid=key, sentence=f"{post} {sentence}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """Hold a world with its tellings and records by (channel, aid key)."""

    world: World
    grace: float
    lag: float
    asking: tuple[str, ...]
    aids: Mapping[str, Aid]
    tellings: tuple[_Telling, ...]
    told: Mapping[tuple[str, str], tuple[_Telling, ...]]
    records: Mapping[tuple[str, str], tuple[Record, ...]]

    @property
    def calm(self) -> bool:
        return self.world.settled and not self.world.crashed

    def announcements(self) -> Iterator[tuple[_Telling, Aid]]:
        return ((telling, aid) for telling in self.tellings for aid in telling.aids)


def judge(
    world: World, *, grace: float = 60.0, lag: float = 3600.0, asking: tuple[str, ...] = ("person",)
) -> tuple[Fault, ...]:
    """Return every fault of a finished world; those of a kind in `WEAK` are hints.

    `grace` is the seconds that a post in flight may take after a hold begins, `lag` the seconds until the
    program must know what others did. A reason asks a person if it holds a word of `asking`; if there are no
    such words, any reason does.
    """
    aids = {aid.key: aid for aid in sorted(world.aids, key=lambda aid: aid.key)}
    tellings = _tellings(world.publics, tuple(aids.values()))
    records = sorted(world.records, key=lambda record: (record.channel, record.aid, record.delivery_id))
    case = _Case(
        world=world,
        grace=grace,
        lag=lag,
        asking=asking,
        aids=aids,
        tellings=tellings,
        told=_grouped(((each.first.channel, aid.key), each) for each in tellings for aid in each.aids),
        records=_grouped(((record.channel, record.aid), record) for record in records),
    )
    return tuple(chain.from_iterable(check(case) for check in _CHECKS))


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _tellings(publics: Iterable[Public], aids: tuple[Aid, ...]) -> tuple[_Telling, ...]:
    posts = sorted(publics, key=lambda post: (post.at, post.channel, post.post_id))
    own = {(post.channel, post.post_id): post for post in posts if post.by == "program"}
    threads = _grouped(((post.channel, _root(post, own)), post) for post in own.values())
    return tuple(
        _Telling(
            posts=thread, aids=tuple(aid for aid in aids if any(_holds(p.text, aid.token) for p in thread))
        )
        for thread in threads.values()
    )


def _root(post: Public, own: Mapping[tuple[str, str], Public]) -> str:
    seen: set[str] = set()
    while post.reply_to and post.post_id not in seen and (post.channel, post.reply_to) in own:
        seen.add(post.post_id)
        post = own[post.channel, post.reply_to]
    return post.post_id


@lru_cache(maxsize=65536)
def _words(text: str) -> str:
    # Networks and people change case, quotes, dashes and spaces; "Aid 1" must still not be found in "Aid 12".
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return f" {' '.join(words)} "


def _holds(text: str, token: str) -> bool:
    return _words(token) in _words(text)


@lru_cache(maxsize=65536)
def _address(link: str) -> str:
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return link
    query = parse_qsl(parts.query, keep_blank_values=True)
    kept = sorted(pair for pair in query if not pair[0].startswith(("utm_", "fbclid")))
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{kept}#{parts.fragment}"


def _links_to(links: Iterable[str], aid: Aid) -> bool:
    return aid.own_link and _address(aid.link) in map(_address, links)


def _is_by_hand(post: Public, aid: Aid) -> bool:
    """Tell whether a hand-made post proves by itself that it announces this aid."""
    return post.by == "hand" and _holds(post.text, aid.token) and _links_to(post.links, aid)


def _covers(hold: Hold, channel: str, at: float) -> bool:
    has_begun = hold.from_at <= at
    return has_begun and hold.channel in {None, channel} and (hold.until_at is None or at < hold.until_at)


def _reason(record: Record) -> str:
    return (record.reason or "").strip()


def _asks(case: _Case, record: Record) -> bool:
    reason = _reason(record)
    return bool(reason) and (not case.asking or any(_holds(reason, word) for word in case.asking))


def _is_said_by_person(record: Record) -> bool:
    ended = {State.SENT, State.FAILED, State.SKIPPED, State.CANCELLED}
    return record.changed_by_person and record.state in ended


def _listed(records: Iterable[Record]) -> str:
    said = (f"{record.delivery_id} {record.state} ({_reason(record) or 'no reason'})" for record in records)
    return ", ".join(said) or "none"


def _fault(record: Record, kind: Kind, sentence: str) -> Fault:
    about = f"Record {record.delivery_id} ({record.state}) of aid {record.aid} on {record.channel}"
    return Fault(kind=kind, channel=record.channel, aid=record.aid, sentence=f"{about} {sentence}.")


def _twice(case: _Case) -> Iterator[Fault]:
    for (_, key), tellings in sorted(case.told.items()):
        for before, again in pairwise(tellings):
            gone_at = before.first.gone_at
            if not case.aids[key].ordered or gone_at is None or gone_at > again.first.at:
                sentence = f"came after {before.first.post_id} at {before.first.at:g} s had announced the aid"
                yield again.fault(Kind.TWICE, sentence, case.aids[key])


def _replied_twice(case: _Case) -> Iterator[Fault]:
    for telling in case.tellings:
        replies = [(post.reply_to, post.text, post.links) for post in telling.posts if post.reply_to]
        if len(set(replies)) < len(replies):
            yield telling.fault(Kind.TWICE, "has one and the same reply two times")


def _false_receipt(case: _Case) -> Iterator[Fault]:
    for record in case.world.records:
        if record.state == State.SENT and not _is_true(case, record):
            yield _fault(record, Kind.FALSE_RECEIPT, f"has no receipt that announces it: {record.receipt}")


def _is_true(case: _Case, record: Record) -> bool:
    aid = case.aids.get(record.aid)
    if record.receipt is None:
        # A person may say that it is out without naming the post; then it must be out.
        return record.changed_by_person and aid is not None and _is_public(case, record.channel, aid)
    if any(record.receipt in telling.ids for telling in case.told.get((record.channel, record.aid), ())):
        return True
    named = (record.channel, record.receipt)
    by_hand = [p for p in case.world.publics if p.by == "hand" and (p.channel, p.post_id) == named]
    is_marked = (record.delivery_id, record.receipt) in case.world.marks
    return any(is_marked or (aid is not None and _is_by_hand(post, aid)) for post in by_hand)


def _is_public(case: _Case, channel: str, aid: Aid) -> bool:
    """Tell whether the program ever announced it there, or a hand-made post that does still stands."""
    here = (post for post in case.world.publics if post.channel == channel and post.gone_at is None)
    return (channel, aid.key) in case.told or any(_is_by_hand(post, aid) for post in here)


def _shared_receipt(case: _Case) -> Iterator[Fault]:
    sent = [record for record in chain.from_iterable(case.records.values()) if record.state == State.SENT]
    sharing = _grouped(((each.channel, each.receipt), each) for each in sent if each.receipt is not None)
    for (_, receipt), records in sharing.items():
        is_digest = len({record.aid for record in records}) == len(records)
        if len(records) > 1 and not (is_digest and all(_is_true(case, record) for record in records)):
            yield _fault(records[0], Kind.SHARED_RECEIPT, f"shares {receipt} with {_listed(records[1:])}")


def _unrecorded(case: _Case) -> Iterator[Fault]:
    for telling, aid in case.announcements():
        records = case.records.get((telling.first.channel, aid.key), ())
        if not _is_explained(case, telling, aid, records) and not any(map(_is_said_by_person, records)):
            sentence = f"is the receipt of no record; the records of the aid are: {_listed(records)}"
            yield telling.fault(Kind.UNRECORDED, sentence, aid)


def _contradicted(case: _Case) -> Iterator[Fault]:
    for telling, aid in case.announcements():
        records = case.records.get((telling.first.channel, aid.key), ())
        said = list(filter(_is_said_by_person, records))
        if said and not _is_explained(case, telling, aid, records):
            yield telling.fault(Kind.CONTRADICTED, f"was public, but a person left: {_listed(said)}", aid)


def _is_explained(case: _Case, telling: _Telling, aid: Aid, records: tuple[Record, ...]) -> bool:
    was_replaced = aid.ordered and telling.first.gone_at is not None
    was_taken_down = bool(telling.ids.intersection(case.world.taken_down))
    is_recorded = any(record.receipt in telling.ids or _leaves_open(case, record) for record in records)
    doubles = {post.post_id for post in case.world.publics if _is_double(telling.first, post)}
    is_double = any(record.receipt in doubles for record in records if record.state == State.SENT)
    return was_replaced or was_taken_down or is_recorded or is_double


def _is_double(one: Public, other: Public) -> bool:
    """Tell whether a person wrote the very same post: a ledger that was put back cannot tell them apart."""
    said = [(post.channel, post.text, post.links, post.reply_to) for post in (one, other)]
    return other.by == "hand" and said[0] == said[1]


def _leaves_open(case: _Case, record: Record) -> bool:
    """Tell whether a record allows for a post that it does not name; pending and the ended states do not."""
    if record.state == State.SENT:
        return record.changed_by_person and record.receipt is None
    if record.state == State.SENDING:
        return not case.calm or _asks(case, record)
    return record.state == State.UNSURE or (record.state == State.PROPOSED and bool(_reason(record)))


def _lost(case: _Case) -> Iterator[Fault]:
    due = [aid for aid in case.aids.values() if case.calm and _is_due(case, aid)]
    for aid, channel in [(each, channel) for each in due for channel in each.channels]:
        records = case.records.get((channel, aid.key), ())
        if not _is_public(case, channel, aid) and not any(_accounts(case, record) for record in records):
            shown = f"Aid {aid.key}, shown at {aid.shown_at:g} s, never came out on {channel}"
            sentence = f"{shown}; its records there are: {_listed(records)}."
            yield Fault(kind=Kind.LOST, channel=channel, aid=aid.key, sentence=sentence)


def _is_due(case: _Case, aid: Aid) -> bool:
    is_wanted = aid.ordered or not aid.baseline
    return is_wanted and aid.withdrawn_at is None and aid.shown_at <= case.world.ended_at


def _accounts(case: _Case, record: Record) -> bool:
    """Tell whether a record says why the aid is not out; one that says it is out is judged by its receipt."""
    if record.state in {State.PENDING, State.SENDING}:
        is_held = any(_covers(hold, record.channel, case.world.ended_at) for hold in case.world.holds)
        return is_held or _asks(case, record)
    return record.state == State.SENT or _is_said_by_person(record) or bool(_reason(record))


def _unsaid(case: _Case) -> Iterator[Fault]:
    speaking = {State.UNSURE, State.FAILED, State.PROPOSED, State.SKIPPED, State.CANCELLED}
    for record in case.world.records:
        if record.state in speaking and not _reason(record):
            yield _fault(record, Kind.UNSAID, "gives no reason")


def _stuck(case: _Case) -> Iterator[Fault]:
    for record in case.world.records:
        if case.calm and record.state in {State.UNSURE, State.SENDING} and not _asks(case, record):
            yield _fault(record, Kind.STUCK, f"is open after the calm and asks nobody: {_listed([record])}")


def _rival_record(case: _Case) -> Iterator[Fault]:
    unfinished = {State.PENDING, State.SENDING, State.UNSURE}
    live = [r for r in chain.from_iterable(case.records.values()) if r.state in {*unfinished, State.SENT}]
    rivals = _grouped(((record.campaign, record.channel, record.aid), record) for record in live)
    for (_, _, key), records in rivals.items():
        is_ordered = key in case.aids and case.aids[key].ordered
        first = next((record for record in records if record.state in unfinished), None)
        if first and len(records) > 1 and not is_ordered:
            others = [record for record in records if record is not first]
            yield _fault(first, Kind.RIVAL_RECORD, f"may announce again what has a record: {_listed(others)}")


def _held(case: _Case) -> Iterator[Fault]:
    for telling in case.tellings:
        hold = next((hold for hold in case.world.holds if _breaks(telling, hold, case.grace)), None)
        if hold:
            yield telling.fault(Kind.HELD, f"or a reply to it came out in the hold from {hold.from_at:g} s")


def _breaks(telling: _Telling, hold: Hold, grace: float) -> bool:
    late = (post for post in telling.posts if post.at > hold.from_at + grace)
    return any(_covers(hold, post.channel, post.at) for post in late)


def _baseline(case: _Case) -> Iterator[Fault]:
    for telling, aid in case.announcements():
        if aid.baseline and not aid.ordered:
            yield telling.fault(Kind.BASELINE, "announced what was there at the first look", aid)


def _astray(case: _Case) -> Iterator[Fault]:
    for telling, aid in case.announcements():
        if telling.first.channel not in aid.channels and not aid.ordered:
            yield telling.fault(Kind.ASTRAY, "came out on a channel that is not meant for the aid", aid)


def _early(case: _Case) -> Iterator[Fault]:
    for telling, aid in case.announcements():
        if telling.first.at < aid.shown_at:
            yield telling.fault(Kind.EARLY, f"came before the aid was shown at {aid.shown_at:g} s", aid)


def _withdrawn(case: _Case) -> Iterator[Fault]:
    for telling, aid in case.announcements():
        withdrawn_at = math.inf if aid.withdrawn_at is None else aid.withdrawn_at
        if telling.first.at > withdrawn_at + case.lag and not aid.ordered:
            yield telling.fault(
                Kind.WITHDRAWN, f"came after the aid was withdrawn at {withdrawn_at:g} s", aid
            )


def _repeated_by_hand(case: _Case) -> Iterator[Fault]:
    for telling, aid in case.announcements():
        before = (post for post in case.world.publics if _stood_before(post, telling.first, case.lag))
        hand = next((post for post in before if _is_by_hand(post, aid)), None)
        if hand and not aid.ordered:
            sentence = f"repeats {hand.post_id}, made by hand at {hand.at:g} s"
            yield telling.fault(Kind.REPEATED_BY_HAND, sentence, aid)


def _stood_before(hand: Public, post: Public, lag: float) -> bool:
    stood = hand.at + lag < post.at and (hand.gone_at is None or hand.gone_at > post.at)
    return stood and hand.channel == post.channel and hand.reply_to is None


def _stray(case: _Case) -> Iterator[Fault]:
    for telling in case.tellings:
        if not telling.aids:
            yield telling.fault(Kind.STRAY, "announces nothing that the programme published")


def _crossed(case: _Case) -> Iterator[Fault]:
    for telling in case.tellings:
        meant = {_address(aid.link) for aid in telling.aids}
        foreign = [link for post in telling.posts for link in post.links if _address(link) not in meant]
        owner = next((aid for aid in case.aids.values() if _links_to(foreign, aid)), None)
        if telling.aids and owner:
            yield telling.fault(Kind.CROSSED, f"holds the own link of another aid, {owner.key}")


def _still_up(case: _Case) -> Iterator[Fault]:
    for post in case.world.publics:
        if case.calm and post.post_id in case.world.taken_down and post.gone_at is None:
            sentence = f"Post {post.post_id} on {post.channel} is recorded as taken down, but it is public."
            yield Fault(kind=Kind.STILL_UP, channel=post.channel, aid=None, sentence=sentence)


def _crashed(case: _Case) -> Iterator[Fault]:
    if case.world.crashed:
        yield Fault(kind=Kind.CRASHED, channel=None, aid=None, sentence="The program ended by its own error.")


_CHECKS: tuple[Callable[[_Case], Iterator[Fault]], ...] = (
    *(_twice, _replied_twice, _false_receipt, _shared_receipt, _unrecorded, _lost, _unsaid, _stuck, _held),
    *(_baseline, _astray, _early, _stray, _crossed, _still_up, _crashed),
    *(_repeated_by_hand, _withdrawn, _contradicted, _rival_record),
)
