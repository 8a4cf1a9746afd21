"""Say which hashtags a post ends with, each once."""

from collections.abc import Mapping

from spotlight_notify.model.aids import Theme
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.text.entities import hashtags
from spotlight_notify.text.names import is_same_name

_SIGNS = "#＃"
_LEADS = " \t\n|–—·•:,-"
"""What may stand between a text and the hashtag at its end."""


def theme_named(themes: Mapping[str, Theme], name: str | None) -> Theme | None:
    """Find a theme by its name, however it is spelt."""
    return next((theme for known, theme in themes.items() if is_same_name(known, name or "")), None)


def theme_hashtag(theme: Theme | None, campaign: Campaign, words: str) -> str | None:
    """Return the theme's hashtag if the campaign wants it; None if it is there anyway, in the words, too."""
    tag = theme.hashtag if theme and campaign.theme_hashtags else None
    if tag is None:
        return None
    there = (campaign.hashtag, *(found.text for found in hashtags(words)))
    return None if tag.casefold() in map(str.casefold, there) else tag


def without(hashtag: str, text: str) -> str:
    """Take a hashtag that the post ends with out of a text's end; within a sentence only its sign goes.

    Other hashtags may stand behind it at the end; a bar, dash or colon that led to it goes, too.
    """
    tags_begin, left = len(text), text
    for found in reversed(hashtags(text)):
        at_end = not text[found.end : tags_begin].strip()
        tags_begin = found.start if at_end else tags_begin
        if _bare(found.text) == _bare(hashtag):
            before, behind = left[: found.start], left[found.end :]
            if at_end:
                left = f"{before.rstrip(_LEADS)} {behind.lstrip()}"
            else:
                left = before.rstrip(_SIGNS) + found.text[1:] + behind
    return left.strip()


def title_without(hashtag: str, title: str) -> str:
    """Do the same with a title; of one that is nothing else the words stay, without the sign."""
    return without(hashtag, title) or title.strip().lstrip(_SIGNS)


def _bare(tag: str) -> str:
    return tag.lstrip(_SIGNS).casefold()
