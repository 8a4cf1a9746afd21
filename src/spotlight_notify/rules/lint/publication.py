"""Check an aid's own words: for what says that it is not for the public, and for what says nothing."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.posts import CUT_AWAY, Post
from spotlight_notify.model.words import TIMED, Kind
from spotlight_notify.rules.lint.capitals import looks_like_one
from spotlight_notify.rules.lint.parsed_text import Breach, quoted
from spotlight_notify.rules.lint.rules import Policy
from spotlight_notify.rules.lint.stop_words import stop_word_breaches
from spotlight_notify.text.contacts import contact_details
from spotlight_notify.text.press import press_text
from spotlight_notify.text.press_rules import UNSIGNED
from spotlight_notify.text.recordings import says_recorded, text_version
from spotlight_notify.text.said_times import said_times
from spotlight_notify.text.times import utc_minute

CUT_SHORT = "cut-short"
UNCLEAR = "event-unclear"
_CLOSING = re.compile(
    r"(?:\bby|before|until|through|deadline(?: is|:)?|closes?(?: on)?|ends?(?: on)?)\W*\Z", re.IGNORECASE
)
"""Before a time that is no beginning."""
_MOST_NAMED = 6
"""So many parts that were cut away are named."""
_HERE = r"attached|attachments?|links?|here|below|above|page|website|flyer|document|pdf|file"
_NOTHING = re.compile(
    rf"(?:(?:please )?(?:see|find|read|view|open|click)(?: on)?(?: the)? (?:{_HERE})"
    rf"(?: (?:for|to|more|details|information|learn|{_HERE})){{0,6}}"
    r"|(?:more |further )?(?:details|information|info)"
    r"(?: (?:are |is )?(?:to follow|to come|coming soon|soon|below))?"
    r"|for more information,? (?:please )?(?:click here|(?:see|visit) the (?:link|website|page)|see below)"
    r"|(?:no|without) (?:description|summary|content)(?: available)?|description|summary|content|untitled"
    r"|n/?a|none|null|tbd|tba|updated?|news?|coming soon|read more|learn more|click here"
    r"|watch (?:the |this )?(?:video|recording)|video|photos?|image|pdf|download|attachment|flyer)\W*",
    re.IGNORECASE,
)
"""A summary that is nothing but this says no more than its title."""


def publication_breaches(aid: Aid, policy: Policy) -> Iterator[Breach]:
    """Find words of an aid that a person should see before it is public: title and whole summary.

    And what is cut out of them when a post is written.
    """
    yield from stop_word_breaches(f"{aid.title}\n{aid.summary}", policy)
    told = press_text(aid.title, aid.summary)
    title, summary = told.title.strip(" .:!-–—"), told.summary
    if looks_like_one(title) and " " not in title:
        yield Breach(
            "title-acronym",
            0,
            f"the title is nothing but {quoted(title)}: say what it stands for, so that followers know "
            "what they will find",
        )
    unsigned = [each for each in told.cut if each.rule == UNSIGNED] if not summary else []
    if unsigned or (summary and _NOTHING.fullmatch(summary[:200])):
        said = unsigned[0].words if unsigned else summary
        yield Breach(
            "says-nothing",
            0,
            f"the summary, {quoted(said)}, says nothing: say what is in it, or leave it out",
        )
    if told.cut:
        parts = "; ".join(f"{each.rule} {quoted(each.words)}" for each in told.cut[:_MOST_NAMED])
        more = f"; and {len(told.cut) - _MOST_NAMED} more" if len(told.cut) > _MOST_NAMED else ""
        yield Breach(CUT_AWAY, 0, f"left out of the post: {parts}{more}")


def unclear_time(aid: Aid) -> Iterator[Breach]:
    """Find that words name several moments, or one that cannot be, for what takes place at one.

    Or another one than its source, or that it is over before it begins.
    """
    if aid.event_at and aid.expires_at and aid.expires_at < aid.event_at:
        ends, begins = utc_minute(aid.expires_at), utc_minute(aid.event_at)
        when = f"at {ends}, before it begins at {begins}"
        yield Breach(UNCLEAR, 0, f"it ends or expires {when}: which is right?")
    if aid.kind not in TIMED:
        return
    if aid.event_at is not None:
        yield from _contradiction(aid, aid.event_at)
        return
    found = said_times(f"{aid.title}\n{aid.summary}", UTC, aid.published_at)
    if found and (len(found) > 1 or found[0].at is None):
        said = ", ".join(quoted(each.words) for each in found[:_MOST_NAMED])
        yield Breach(
            UNCLEAR,
            0,
            f"when it takes place is unclear: its words name {said}; give its source a time of the event, "
            "or words that name one, with its year",
        )


def _contradiction(aid: Aid, event_at: datetime) -> Iterator[Breach]:
    """Find that the one moment which the words name, in a zone, is not the source's, and no closing date."""
    text = f"{aid.title}\n{aid.summary}"
    found = said_times(text, None, aid.published_at)
    if len(found) != 1 or found[0].at in (None, event_at):
        return
    said = found[0].words
    before = " ".join(text.split()).partition(said)[0]
    if not _CLOSING.search(before):
        yield Breach(
            UNCLEAR,
            0,
            f"its source says that it begins at {utc_minute(event_at)}, and its words {quoted(said)}: "
            "which is right?",
        )


def no_text_version(aid: Aid) -> Iterator[Breach]:
    """Find that nobody says what those have of a recording who cannot hear it."""
    said = "\n".join((aid.title, aid.summary, *aid.categories))
    recorded = aid.kind in TIMED and aid.event_at is None and says_recorded(said)
    if (aid.kind is Kind.PODCAST or recorded) and text_version(said) is None:
        yield Breach(
            "text-version",
            0,
            "nobody says whether it has a transcript or captions: those who cannot hear need one; say so in "
            "its summary",
        )


def contact(post: Post) -> Iterator[Breach]:
    """Find a mail address, a person's telephone number or a passcode that is left in a post."""
    if found := contact_details(post.text.replace(post.link, "")):
        yield Breach(
            "contact-details",
            post.text.find(found),
            f"{quoted(found)} leads to a person or into a meeting: take it out, or give another summary",
        )


def cut_short(aid: Aid, post: Post) -> Iterator[Breach]:
    """Find that a post ends the aid's summary in the middle of a sentence."""
    whole = f"{aid.title}\n{aid.summary or ''}"
    for line in post.text.splitlines():
        if line.endswith("…") and line not in whole:
            yield Breach(
                CUT_SHORT,
                post.text.find(line),
                f"the summary is cut within a sentence, at {quoted(line[-40:])}: give a shorter one",
            )
            return
