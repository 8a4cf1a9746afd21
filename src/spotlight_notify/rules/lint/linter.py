"""Check a post by all rules."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding, Post
from spotlight_notify.model.words import Level
from spotlight_notify.rules.lint.capitals import acronym, capitals
from spotlight_notify.rules.lint.hashtags import (
    hashtag_case,
    hashtag_present,
    hashtags_many,
    hashtags_place,
    hashtags_strangers,
)
from spotlight_notify.rules.lint.links import accidental_link, click_here, one_link, short_link
from spotlight_notify.rules.lint.parsed_text import Breach, ParsedText, parse_text
from spotlight_notify.rules.lint.pictures import picture_breaches
from spotlight_notify.rules.lint.plain_language import long_sentence, plain_words
from spotlight_notify.rules.lint.publication import (
    contact,
    cut_short,
    no_text_version,
    publication_breaches,
    unclear_time,
)
from spotlight_notify.rules.lint.rules import Policy, make_finding
from spotlight_notify.rules.lint.stop_words import stop_word_breaches
from spotlight_notify.rules.lint.symbols import (
    ascii_art,
    emoji_many,
    emoji_place,
    emoji_repeated,
    garbled_letters,
    symbol_letters,
)

_TEXT_CHECKS: tuple[Callable[[ParsedText, Policy], Iterator[Breach]], ...] = (
    hashtag_present,
    hashtag_case,
    garbled_letters,
    symbol_letters,
    ascii_art,
    hashtags_many,
    hashtags_place,
    hashtags_strangers,
    emoji_many,
    emoji_repeated,
    emoji_place,
    capitals,
    long_sentence,
    one_link,
    accidental_link,
    short_link,
    click_here,
    acronym,
    plain_words,
)
_GRAVITY = tuple(Level)


def lint(
    aid: Aid, post: Post, campaign: Campaign, network: Network, policy: Policy | None = None
) -> tuple[Finding, ...]:
    """Check a post before it is planned; the gravest finding first, then in the order of the text.

    Those on the aid and its pictures come after those on the post's words. Takes time in proportion to the
    text, and never raises.
    """
    policy = policy or Policy()
    words = _sorted(_text_breaches(parse_text(post.text, campaign.hashtag, network), policy))
    of_the_aid = (
        *publication_breaches(aid, policy),
        *unclear_time(aid),
        *no_text_version(aid),
        *contact(post),
        *cut_short(aid, post),
    )
    return _findings((*words, *of_the_aid, *picture_breaches(aid, post, network)), policy)


def lint_text(
    text: str, hashtag: str, policy: Policy | None = None, *, network: Network | None = None
) -> tuple[Finding, ...]:
    """Check a bare text, as ``lint`` does a post's; without a network, for all of them."""
    policy = policy or Policy()
    breaches = (
        *_text_breaches(parse_text(text, hashtag, network), policy),
        *stop_word_breaches(text, policy),
    )
    return _findings(_sorted(breaches), policy)


def _text_breaches(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    for check in _TEXT_CHECKS:
        yield from check(parsed, policy)


def _sorted(breaches: Iterable[Breach]) -> list[Breach]:
    return sorted(breaches, key=lambda breach: breach.at)


def _finding(breach: Breach, policy: Policy) -> Finding:
    found = make_finding(breach.rule, breach.message, left_out=breach.left_out)
    return replace(found, level=Level.ERROR) if breach.rule in policy.ask else found


def _findings(breaches: Iterable[Breach], policy: Policy) -> tuple[Finding, ...]:
    """Leave out what may be and is to be left out; the gravest come first, else the order stays."""
    findings = (_finding(each, policy) for each in breaches)
    kept = (each for each in findings if each.level is Level.ERROR or each.rule not in policy.ignore)
    return tuple(sorted(kept, key=lambda finding: _GRAVITY.index(finding.level)))
