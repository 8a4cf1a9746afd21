"""Decide what a look at a channel proves of a post: public, absent, or neither. Pure.

docs/design.md, "What counts as proof", has the rules.
Adopting, resolving, restored ledgers and refused repeats all ask here, so that one question has one answer.
Times of live posts are the network's own; whoever asks brings other times to the same clock first.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from spotlight_notify.model import LivePost, Post, Receipt, Subject, Timeline
from spotlight_notify.ports import Clock
from spotlight_notify.text.links import normalised_link
from spotlight_notify.text.unseen import without_unseen

FRESH = timedelta(days=1)
"""How long before its aid was published a post may announce it: some offices post first."""
REACH = timedelta(days=1)
"""How much further back than asked for a look reaches: clocks are set wrong by hours, zones and dates."""
CLOCKS = timedelta(minutes=5)
"""How far a skew may be mistaken: an answer takes its time, and a Date header tells whole seconds."""
LONG_AGO = timedelta(days=60)
"""How old an announcement may be that a look still finds where its age is not known."""
INCOMPLETE = "incomplete"
"""Stands among what a person was asked about for a list that could not be read to its end."""
UNWITNESSED = 5
"""How many times further apart two looks must lie where nothing shows that a channel's list has caught up."""
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_ENDS = ".,;:!?'\"…)]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Hold the live posts that may be the one looked for; each list newest first, none a known receipt.

    ``same``: its very words, in its very place. ``announcing``: the aid's own link and its whole title,
    posted since the aid was published. ``linking``: the aid's own link in other words, or long before.
    """

    same: tuple[LivePost, ...] = ()
    announcing: tuple[LivePost, ...] = ()
    linking: tuple[LivePost, ...] = ()

    @property
    def public(self) -> tuple[LivePost, ...]:
        """The posts that prove the aid announced: its very words, or else what announces it."""
        return self.same or self.announcing


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """Say what is public already of a claim's post.

    ``receipt``: the post that announces its aid. ``question``: what a person must be asked instead, and about
    which live posts (``asked_about``). ``again_at``: nothing may leave before the channel is read again then.
    With none of them, the post may leave. ``behind_at``: when the channel first showed a post of ours that
    the ledger does not know; ``caught_up``: it shows none.
    """

    receipt: Receipt | None = None
    question: str | None = None
    asked_about: frozenset[str] = frozenset()
    again_at: datetime | None = None
    behind_at: datetime | None = None
    caught_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Say what one complete look that did not find a post adds to the proof that it is absent."""

    proven: bool
    again_in: timedelta
    """How long to wait before the next look; meant only while nothing is proven."""


def recognise(post: Post, subject: Subject, timeline: Timeline, taken: Collection[str]) -> Sighting:
    """Find the live posts that are, or may be, this one. ``taken``: ids that are other deliveries' receipts.

    A reply shares its link with the post above it, so it is known by its very words in its very place alone.
    """
    free = [live for live in timeline.posts if live.receipt.post_id not in taken]
    place = [live for live in free if live.reply_to == post.reply_to]
    wanted = as_shown(post.text)
    same = tuple(live for live in place if as_shown(live.text) == wanted)
    own = _identifying(post, subject)
    others = () if post.reply_to or not own else tuple(live for live in place if live not in same)
    linked = tuple(live for live in others if own & _forms(live.links))
    announcing = tuple(live for live in linked if _announces(live, subject))
    return Sighting(
        same=same,
        announcing=announcing,
        linking=tuple(live for live in linked if live not in announcing),
    )


def judge_adoption(
    post: Post,
    subject: Subject,
    timeline: Timeline,
    taken: Collection[str],
    asked_about: Collection[str],
    now: datetime,
) -> Adoption:
    """Say what a look proves of a post that is about to be made; ``asked_about``: answered already."""
    sighting = recognise(post, subject, timeline, taken)
    if sighting.public:
        return Adoption(receipt=sighting.public[-1].receipt)
    if new := [live for live in sighting.linking if live.receipt.post_id not in asked_about]:
        beside = shown(new, timeline.at or now)
        question = f"the channel shows the aid's link in other words ({beside}): is that its announcement?"
        return Adoption(question=question, asked_about=frozenset(live.receipt.post_id for live in new))
    if not timeline.complete and INCOMPLETE not in asked_about:
        question = "the channel shows too few of its posts to tell whether it is public already"
        return Adoption(question=question, asked_about=frozenset({INCOMPLETE}))
    return Adoption()


def judge_absence(
    timeline: Timeline, *, ended_at: datetime, elapsed: timedelta | None, apart: timedelta
) -> Absence:
    """Judge a complete look that did not find a post whose last attempt had ended at ``ended_at``.

    ``elapsed``: time since the first such look, by a clock that does not step; None for the first. Two looks
    prove an absence when they lie ``apart`` and the list shows a post that is younger than the attempt, so
    that it has caught up with it; without such a witness they must lie UNWITNESSED times as far apart.
    """
    witnessed = any(_time_of(live) >= ended_at + apart for live in timeline.posts if live.receipt.posted_at)
    needed = apart if witnessed else apart * UNWITNESSED
    if elapsed is None:
        return Absence(proven=False, again_in=apart)
    left = needed - elapsed
    return Absence(proven=left <= timedelta(), again_in=min(left, apart))


def unknown_since(
    posts: Iterable[LivePost], since: datetime, hashtags: Collection[str], taken: Collection[str]
) -> tuple[LivePost, ...]:
    """Find posts with a hashtag of ours, made since then, that the ledger does not know: it may be behind."""
    tags = {tag.casefold() for tag in hashtags}
    return tuple(
        live
        for live in posts
        if live.reply_to is None
        and live.receipt.post_id not in taken
        and (live.receipt.posted_at is None or live.receipt.posted_at >= since)
        and any(tag in live.text.casefold() for tag in tags)
    )


def read_back(look: Callable[[datetime], Timeline], since: datetime, clock: Clock) -> Timeline:
    """Look far enough back to cover ``since``, told by our clock; twice if the skew is too large for once."""
    start = since - REACH
    seen = look(start)
    needed = on_network(since, seen.at, clock())
    if start <= needed - CLOCKS:
        return seen
    again = look(needed - REACH)
    return replace(again, read=seen.read + again.read)


def on_network(moment: datetime, network_now: datetime | None, now: datetime) -> datetime:
    """Tell a time of our clock by the network's: the skew between them is what its last answer shows.

    A time in our own future was told by a clock that has stepped back since: nothing is known of it but that
    it has passed, so it counts as LONG_AGO. Without the network's time there is no skew to be seen.
    """
    if moment > now:
        return (network_now or now) - LONG_AGO
    return moment - (now - network_now) if network_now else moment


def as_shown(text: str) -> str:
    """Return the form in which a text as written and as a network shows it are equal.

    Networks change white space, what cannot be seen, the form of letters (X composes them), and how links
    are written: a protocol before a bare host, a slash after it, letters of a host, percent signs.
    """
    plain = unicodedata.normalize("NFKC", without_unseen(unicodedata.normalize("NFC", text)))
    return " ".join(map(_word, plain.split())).casefold()


def shown(posts: Sequence[LivePost], now: datetime) -> str:
    """Name posts for a person who must decide: where each is, and how old."""
    return "; ".join(f"{live.receipt.url or live.receipt.post_id}{_age(live, now)}" for live in posts)


def _word(word: str) -> str:
    """Bring a word that is or holds a link to one form; others stay."""
    found = _LINK.search(word)
    if found is None:
        return word.rstrip("/")
    link = found[0].rstrip(_ENDS)
    ending = found[0][len(link) :]
    return f"{word[: found.start()]}{_bare(link)}{ending}"


def _bare(link: str) -> str:
    try:
        return normalised_link(link).partition("://")[2]
    except ValueError:
        return link


def _identifying(post: Post, subject: Subject) -> frozenset[str]:
    """Return the forms of the link that is this aid's alone; a site's front page is nobody's."""
    if subject.link is None:
        return frozenset()
    return frozenset(form for form in _forms((subject.link, post.link)) if not _is_front_page(form))


def _forms(links: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(_form, links)))


def _form(link: str) -> str | None:
    try:
        return normalised_link(link)
    except ValueError:
        return None


def _is_front_page(form: str) -> bool:
    parts = urlsplit(form)
    return not (parts.path.strip("/") or parts.query or parts.fragment)


def _announces(live: LivePost, subject: Subject) -> bool:
    """Tell whether a post with the aid's own link is its announcement, though not in our words."""
    title, posted_at = as_shown(subject.title), live.receipt.posted_at
    if not (title and posted_at and subject.dated_at):
        return False
    named = re.search(rf"(?<!\w){re.escape(title)}(?!\w)", as_shown(live.text))
    return named is not None and posted_at >= subject.dated_at - FRESH


def _time_of(live: LivePost) -> datetime:
    assert live.receipt.posted_at is not None
    return live.receipt.posted_at


def _age(live: LivePost, now: datetime) -> str:
    at = live.receipt.posted_at
    if at is None:
        return ""
    age = now - at
    if age < timedelta(hours=1):
        return ", under an hour old"
    number, unit = (age.days, "day") if age.days else (age // timedelta(hours=1), "hour")
    return f", {number} {unit}{'s' if number > 1 else ''} old"
