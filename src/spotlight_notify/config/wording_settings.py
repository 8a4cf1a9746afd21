"""Describe what a configuration file may say about words, pictures and links."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, StrictBool

from spotlight_notify.config.tables import TABLE
from spotlight_notify.config.times import Duration
from spotlight_notify.config.urls import Domain, PublicUrl
from spotlight_notify.config.validation import wrong
from spotlight_notify.config.words import Acronym, Hashtag, Text, each_once
from spotlight_notify.model.words import Kind
from spotlight_notify.rules.lint.rules import RULES
from spotlight_notify.text.links import usable_link

LONGEST_ALT = 1_000
"""X takes no longer alt text (OpenAPI 2.167); Graph documents no limit."""


def known_rule(name: str) -> str:
    """Check that there is a rule of this name, and that it may be left out."""
    rule = RULES.get(name)
    if rule is None:
        raise wrong(f"there is no such rule; there are: {', '.join(sorted(RULES))}")
    if not rule.optional:
        raise wrong("this rule cannot be left out")
    return name


def alt_text(words: str) -> str:
    """Check words for a picture: there, and no longer than networks take."""
    if not words.strip():
        raise wrong("must not be empty")
    if len(words) > LONGEST_ALT:
        raise wrong(f"must be at most {LONGEST_ALT} characters long; about 250 are best")
    return words


RuleName = Annotated[str, AfterValidator(known_rule)]
AltText = Annotated[str, AfterValidator(alt_text)]


class LintSettings(BaseModel):
    """Say how strictly posts are looked through."""

    model_config = TABLE

    ignore: Annotated[tuple[RuleName, ...], AfterValidator(each_once)] = ()
    """Rules that are left out; those whose findings stop a post cannot be."""
    acronyms: Annotated[tuple[Acronym, ...], AfterValidator(each_once)] = ()
    """Acronyms that your followers know, beside those that everybody does."""


class LinkSettings(BaseModel):
    """Say how links are checked before a post is sent."""

    model_config = TABLE

    check: StrictBool = True
    """Ask the link before each post whether it answers."""
    domains: Annotated[tuple[Domain, ...], AfterValidator(each_once)] = ()
    """The only domains that links may lead to, redirects followed; empty: any but link shorteners."""
    cached_for: Duration = timedelta(hours=1)
    """How long the answer of one link is believed."""


class PictureSettings(BaseModel):
    """Say where pictures come from when a source gives none."""

    model_config = TABLE

    from_page: Annotated[tuple[Kind, ...], AfterValidator(each_once)] = (Kind.POSTER,)
    """Kinds of aids that get the picture which their page names for cards (og:image)."""
    from_pdf: StrictBool = True
    """Make one from the first page, when the aid is a PDF."""


class ThemeSettings(BaseModel):
    """Tell more about a theme."""

    model_config = TABLE

    hashtag: Hashtag | None = None
    """The theme's own hashtag, for campaigns with theme_hashtags."""
    link: PublicUrl | None = None
    """The theme's page: where a digest of several aids leads."""


def picture_address(address: str) -> str:
    """Check the address of a picture, or of an aid."""
    if usable_link(address) != address:
        raise wrong("must be the whole address of a picture or of an aid, beginning with https:// or http://")
    return address


Themes = dict[Text, ThemeSettings]
AltTexts = dict[Annotated[Text, AfterValidator(picture_address)], AltText]
