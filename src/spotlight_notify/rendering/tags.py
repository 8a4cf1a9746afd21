"""Say which hashtags a post ends with, each once."""

from collections.abc import Mapping

from spotlight_notify.model import Campaign, Theme
from spotlight_notify.text.entities import hashtags


def theme_named(themes: Mapping[str, Theme], name: str | None) -> Theme | None:
    """Find a theme by its name; letter case and white space round it make no difference."""
    named = {known.strip().casefold(): theme for known, theme in themes.items()}
    return named.get((name or "").strip().casefold())


def theme_hashtag(theme: Theme | None, campaign: Campaign, words: str) -> str | None:
    """Return the theme's hashtag if the campaign wants it; None if it is there anyway, in the words, too."""
    tag = theme.hashtag if theme and campaign.theme_hashtags else None
    if tag is None:
        return None
    there = (campaign.hashtag, *(found.text for found in hashtags(words)))
    return None if tag.casefold() in map(str.casefold, there) else tag


def without(hashtag: str, text: str) -> str:
    """Take a hashtag that the post ends with out of a text; within a sentence only its sign goes."""
    for found in reversed(hashtags(text)):
        if found.text.casefold() == hashtag.casefold():
            rest = text[found.end :]
            text = text[: found.start] + (found.text[1:] + rest if rest.strip() else "")
    return text.strip()
