"""Check hashtags: the campaign's once, ours in CamelCase, no others, few, and at the end."""

from collections.abc import Iterator

import regex

from spotlight_notify.rules.lint.parsed_text import Breach, ParsedText, quoted
from spotlight_notify.rules.lint.rules import Policy

MOST = 2
LONGEST_ACRONYM = 10
"""More letters than this, all capitals, are words run together rather than an acronym."""
_LAST_WORD = regex.compile(r"(?r)[\p{L}\p{N}]")


def hashtag_present(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find that the campaign's hashtag is missing, or there more than once, whatever its capitals."""
    mine = [tag for tag in parsed.hashtags if _same(tag.text, parsed.hashtag)]
    if not mine:
        where = parsed.text.casefold().find(parsed.hashtag.casefold())
        why = "is there, but not as a hashtag" if where >= 0 else "is missing"
        yield Breach(
            "hashtag-present",
            max(where, 0),
            f"{parsed.hashtag} {why}: put it at the end, with a blank before it and after it",
        )
    elif len(mine) > 1:
        yield Breach(
            "hashtag-present",
            mine[1].start,
            f"{parsed.hashtag} is there {len(mine)} times: take it out of the aid's own words",
        )


def hashtag_case(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find our own hashtags whose words are not told apart by capitals.

    A stranger's hashtag in an aid's own words is not ours: it is quoted as its owners write it.
    """
    ours = {_key(tag): tag for tag in _ours(parsed, policy)}
    for tag in parsed.hashtags:
        right = ours.get(_key(tag.text))
        trouble = _case_trouble(tag.text, right, policy) if right else None
        if right and trouble:
            yield Breach("hashtag-case", tag.start, trouble)
            del ours[_key(right)]


def hashtags_many(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find more hashtags than two."""
    if len(parsed.hashtags) > MOST:
        names = ", ".join(tag.text for tag in parsed.hashtags)
        yield Breach(
            "hashtags-many",
            parsed.hashtags[MOST].start,
            f"there are {len(parsed.hashtags)} hashtags ({quoted(names)}): keep at most {MOST}",
        )


def hashtags_place(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find hashtags with words after them; a link may come after a hashtag."""
    last = _LAST_WORD.search(parsed.plain)
    early = [tag for tag in parsed.hashtags if last and tag.start < last.start()]
    if early:
        names = ", ".join(tag.text for tag in early)
        yield Breach(
            "hashtags-place",
            early[0].start,
            f"words come after {quoted(names)}: put hashtags at the end, where they interrupt no sentence",
        )


def hashtags_strangers(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find hashtags that are neither the campaign's nor a theme's: who follows them is not ours to say."""
    ours = set(map(_key, _ours(parsed, policy)))
    strange = [tag for tag in parsed.hashtags if _key(tag.text) not in ours]
    if strange:
        names = ", ".join(tag.text for tag in strange)
        yield Breach(
            "hashtags-strangers",
            strange[0].start,
            f"{quoted(names)} is not a hashtag of this campaign: take it out, or write the words without #",
        )


def _case_trouble(written: str, right: str, policy: Policy) -> str | None:
    if written != right:
        return f"{quoted(written)} must be written {right}"
    if _is_camel_case(right, policy):
        return None
    return (
        f"{quoted(right)} does not begin each of its words with a capital, and only that: change it in the "
        "configuration, so that screen readers tell its words apart"
    )


def _ours(parsed: ParsedText, policy: Policy) -> Iterator[str]:
    yield from (theme.hashtag for theme in policy.themes if theme.hashtag)
    yield parsed.hashtag


def _same(one: str, other: str) -> bool:
    return _key(one) == _key(other)


def _key(tag: str) -> str:
    return tag.lstrip("#＃").casefold()


def _is_camel_case(tag: str, policy: Policy) -> bool:
    """Return whether a hashtag begins with a capital, does not shout, and has its theme's words told apart.

    What the words of a hashtag are is known only of a theme's, which has the theme's name.
    """
    cased = [letter for letter in tag if letter.islower() or letter.isupper()]
    if not cased:
        return True
    if not cased[0].isupper() or (len(cased) > LONGEST_ACRONYM and all(map(str.isupper, cased))):
        return False
    names = (_words_joined(theme.name) for theme in policy.themes if theme.hashtag == tag)
    return not any(_key(name) == _key(tag) and name != tag.lstrip("#＃") for name in names)


def _words_joined(name: str) -> str:
    """Write a theme's name as a hashtag without its sign: "Back to School" is BackToSchool."""
    words = ("".join(filter(str.isalnum, word)) for word in name.split())
    return "".join(word[:1].upper() + word[1:] for word in words)
