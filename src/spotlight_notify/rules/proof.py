"""Decide what a look at a channel proves of a post: public, absent, or neither. Pure.

docs/design.md, "What counts as proof", has the rules.
Adopting, resolving, restored ledgers and refused repeats all ask here, so that one question has one answer.
Times of live posts are the network's own; whoever asks brings other times to the same clock first.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

from spotlight_notify.model.posts import LivePost, Post, Receipt, Subject, Timeline
from spotlight_notify.ports.parts import Clock
from spotlight_notify.text.invisible import without_invisible
from spotlight_notify.text.links import normalised_link

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
OLDEST = datetime(2006, 1, 1, tzinfo=UTC)
"""Neither network is older: empty dates are often written as the year 1 or 1970."""
WORDS_THAT_NAME = 3
"""How many words a title must have to name its aid by itself: "Water" names nothing."""
WHOLE_SECONDS = timedelta(seconds=2)
"""How much younger than a look a witness must be: its time and the look's are both cut to whole seconds."""
UNWITNESSED = 5
"""How many times further apart two looks must lie where nothing shows that a channel's list has caught up."""
_LINK = re.compile(
    r"https?://(?:(?![,;|]https?://)\S)+"
    r"|(?<![\w@.])(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]\S*)?(?![\w@])",
    re.IGNORECASE,
)
"""A link with its protocol, or a bare host with what follows it, which networks show with one."""
_ENDS = ".,;:!?'\"…)]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The live posts that may be the one looked for; each list newest first, none a known receipt.

    ``same``: its very words, in its very place. ``announcing``: the aid's own link and its whole title. Both
    were posted since the aid was published, but for replies. ``doubtful``: its very words or its own link
    with its title from before, its own link in other words, or its whole title without its link.
    """

    same: tuple[LivePost, ...] = ()
    announcing: tuple[LivePost, ...] = ()
    doubtful: tuple[LivePost, ...] = ()

    @property
    def public(self) -> tuple[LivePost, ...]:
        """The posts that prove the aid announced: its very words, or else what announces it."""
        return self.same or self.announcing


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What is public already of a claim's post.

    ``receipt``: the post that announces its aid. ``question``: what a person must be asked instead, and about
    which live posts (``asked_about``). ``again_at``: nothing may leave before the channel is read again then.
    With none of them, the post may leave. ``behind_at``: when the channel last showed one of our posts, a new
    one that the ledger does not know; ``known_until_at``: until when the ledger knows the channel from now.
    """

    receipt: Receipt | None = None
    question: str | None = None
    asked_about: frozenset[str] = frozenset()
    again_at: datetime | None = None
    behind_at: datetime | None = None
    known_until_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What one complete look that did not find a post adds to the proof that it is absent."""

    proven: bool
    again_in: timedelta
    """How long to wait before the next look; meant only while nothing is proven."""


def recognise(post: Post, subject: Subject, timeline: Timeline, taken: Collection[str]) -> Sighting:
    """Find the live posts that are, or may be, this one. ``taken``: ids that are other deliveries' receipts.

    A reply shares its link with the post above it, so it is known by its very words in its very place alone,
    whatever its age: no two corrections of one post say the same.
    """
    free = [live for live in timeline.posts if live.receipt.post_id not in taken]
    place = [live for live in free if live.reply_to == post.reply_to]
    wanted = as_shown(post.text)
    worded = tuple(live for live in place if as_shown(live.text) == wanted)
    same = tuple(live for live in worded if post.reply_to or not _is_from_before(live, subject))
    own = _identifying(post, subject)
    others = () if post.reply_to else tuple(live for live in place if live not in same)
    linked = tuple(live for live in others if own & _forms(live.links))
    named = tuple(live for live in others if _names(live, subject))
    return Sighting(
        same=same,
        announcing=tuple(live for live in linked if live in named and live not in worded),
        doubtful=tuple(live for live in others if live in worded or (live in linked) is not (live in named)),
    )


def of_others(post: Post, timeline: Timeline, others: Iterable[Post]) -> frozenset[str]:
    """Return the live posts with the very words of ``others``: deliveries that have no receipt yet.

    Words that are this post's too are left out: they may be its own.
    """
    words = frozenset(as_shown(other.text) for other in others) - {as_shown(post.text)}
    return frozenset(live.receipt.post_id for live in timeline.posts if as_shown(live.text) in words)


def judge_adoption(
    post: Post,
    subject: Subject,
    timeline: Timeline,
    taken: Collection[str],
    asked_about: Collection[str],
    now: datetime,
) -> Adoption:
    """Return what a look proves of a post that is about to be made; ``asked_about``: answered already."""
    sighting = recognise(post, subject, timeline, taken)
    if sighting.public:
        return Adoption(receipt=sighting.public[-1].receipt)
    if new := [live for live in sighting.doubtful if live.receipt.post_id not in asked_about]:
        beside = shown(new, timeline.at or now)
        question = f"the channel shows the aid's link or title by hand ({beside}): is that its announcement?"
        return Adoption(question=question, asked_about=frozenset(live.receipt.post_id for live in new))
    if not timeline.complete and INCOMPLETE not in asked_about:
        question = "the channel shows too few of its posts to tell whether it is public already"
        return Adoption(question=question, asked_about=frozenset({INCOMPLETE}))
    return Adoption()


def judge_absence(
    timeline: Timeline, *, first_at: datetime | None, elapsed: timedelta | None, apart: timedelta
) -> Absence:
    """Judge a complete look that did not find a post; the first such look was at ``first_at``, if told.

    ``elapsed``: time since that first look, by a clock that does not step; None for the first. Two looks
    prove an absence when they lie ``apart`` and the list shows a post that is younger than the first, so that
    it has caught up with it; without such a witness they must lie UNWITNESSED times as far apart. All times
    of the witness are the network's, so that none of our clocks can call an older post one.
    """
    witnessed = first_at is not None and any(
        live.receipt.posted_at is not None and live.receipt.posted_at >= first_at + WHOLE_SECONDS
        for live in timeline.posts
    )
    needed = apart if witnessed else apart * UNWITNESSED
    if elapsed is None:
        return Absence(proven=False, again_in=apart)
    left = needed - elapsed
    return Absence(proven=left <= timedelta(), again_in=min(left, apart))


def unknown_since(posts: Iterable[LivePost], since: datetime, taken: Collection[str]) -> tuple[LivePost, ...]:
    """Find posts, made since then, that the ledger does not know."""
    return tuple(
        live
        for live in posts
        if live.reply_to is None
        and live.receipt.post_id not in taken
        and (live.receipt.posted_at is None or live.receipt.posted_at >= since)
    )


def of_ours(posts: Iterable[LivePost], hashtags: Collection[str]) -> tuple[LivePost, ...]:
    """Find posts that bear one of our hashtags: if the ledger does not know one, it may be behind."""
    tags = {tag.casefold() for tag in hashtags}
    return tuple(live for live in posts if any(tag in live.text.casefold() for tag in tags))


def read_back(look: Callable[[datetime], Timeline], since: datetime, clock: Clock) -> Timeline:
    """Look far enough back to cover ``since``, told by our clock; twice if the skew is too large for once."""
    since = max(since, OLDEST)
    start = since - REACH
    seen = look(start)
    needed = on_network(since, seen.at, clock())
    if start <= needed - CLOCKS:
        return seen
    again = look(max(needed, OLDEST) - REACH)
    return replace(again, read=seen.read + again.read)


def on_network(moment: datetime, network_now: datetime | None, now: datetime) -> datetime:
    """Return a time of our clock by the network's: the skew between them is what its last answer shows.

    A time in our own future was told by a clock that has stepped back since: nothing is known of it but that
    it has passed, so it counts as LONG_AGO. Without the network's time there is no skew to be seen.
    """
    if moment > now:
        return (network_now or now) - LONG_AGO
    return moment - (now - network_now) if network_now else moment


def dated_on_network(subject: Subject, network_now: datetime | None, now: datetime) -> Subject:
    """Bring an aid's date to the network's clock where ours was ahead as it was seen, never to later."""
    if subject.dated_at is None:
        return subject
    return replace(subject, dated_at=min(subject.dated_at, on_network(subject.dated_at, network_now, now)))


def as_shown(text: str) -> str:
    """Return the form in which a text as written and as a network shows it are equal.

    Networks change white space, what cannot be seen, the form of letters (X composes them), and how links
    are written: a protocol before a bare host, a slash after it, letters of a host, percent signs.
    """
    plain = unicodedata.normalize("NFKC", without_invisible(unicodedata.normalize("NFC", text)))
    return " ".join(map(_word, plain.split())).casefold()


def shown(posts: Sequence[LivePost], now: datetime) -> str:
    """List posts for a person who must decide: where each is, and how old."""
    return "; ".join(f"{live.receipt.url or live.receipt.post_id}{_age(live, now)}" for live in posts)


def _word(word: str) -> str:
    """Bring a word that is or holds links to one form; others stay."""
    mended, found = _LINK.subn(lambda link: _in_one_form(link[0]), word)
    return mended if found else word.rstrip("/")


def _in_one_form(found: str) -> str:
    link = found.rstrip(_ENDS)
    return _bare(link) + found[len(link) :]


def _bare(link: str) -> str:
    whole = link if "://" in link else f"http://{link}"
    fragment = unquote(whole.partition("#")[2])
    try:
        plain = normalised_link(whole, keep_tracking=True).partition("://")[2].partition("#")[0]
    except ValueError:
        return link
    return f"{plain}#{fragment}" if fragment else plain


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


def _names(live: LivePost, subject: Subject) -> bool:
    """Return whether a post holds an aid's whole title, and was made since the aid was published."""
    title = as_shown(subject.title)
    if len(title.split()) < WORDS_THAT_NAME or not (live.receipt.posted_at and subject.dated_at):
        return False
    named = re.search(rf"(?<!\w){re.escape(title)}(?!\w)", as_shown(live.text))
    return named is not None and not _is_from_before(live, subject)


def _is_from_before(live: LivePost, subject: Subject) -> bool:
    """Return whether a post is too old to be about an aid: a weekly bulletin says the same each week."""
    posted_at, dated_at = live.receipt.posted_at, subject.dated_at
    return bool(posted_at and dated_at and posted_at < dated_at - FRESH)


def _age(live: LivePost, now: datetime) -> str:
    at = live.receipt.posted_at
    if at is None:
        return ""
    age = now - at
    if age < timedelta(hours=1):
        return ", under an hour old"
    number, unit = (age.days, "day") if age.days else (age // timedelta(hours=1), "hour")
    return f", {number} {unit}{'s' if number > 1 else ''} old"
