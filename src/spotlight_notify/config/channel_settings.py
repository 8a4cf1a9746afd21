"""Describe the channels a configuration file may hold."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, SecretStr, StrictBool

from spotlight_notify.config.hours_settings import ChannelHoursSettings
from spotlight_notify.config.urls import NetworkUrl
from spotlight_notify.config.validation import TABLE, wrong
from spotlight_notify.model.words import Network

OLDEST_GRAPH_VERSION = 21
"""v20.0 ended on 2026-09-24 and v21.0 ends on 2027-01-21; calls to an ended one are served by another."""

_GRAPH_VERSION = re.compile(r"v([1-9][0-9]{0,2})\.[0-9]")


def token(secret: SecretStr) -> SecretStr:
    """Check a token: there, and not torn by a blank or a line break on its way here."""
    value = secret.get_secret_value()
    if not value:
        raise wrong("is empty")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise wrong("holds a blank, a line break or an odd character; copy it again")
    return secret


def graph_version(version: str) -> str:
    """Check a version of the Graph API: well-formed, and not ended."""
    found = _GRAPH_VERSION.fullmatch(version)
    if not found:
        raise wrong('must be a version such as "v26.0"')
    if int(found[1]) < OLDEST_GRAPH_VERSION:
        raise wrong(f'this version has ended; use "v{OLDEST_GRAPH_VERSION}.0" or newer, such as "v26.0"')
    return version


def page_id(number: str) -> str:
    """Check a Page's id: its number, not its name."""
    if not (number.isascii() and number.isdigit()):
        raise wrong("must be the Page's number (digits only), as shown under About, Page transparency")
    return number


Token = Annotated[SecretStr, AfterValidator(token)]
GraphVersion = Annotated[str, AfterValidator(graph_version)]
Price = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
PageId = Annotated[str, AfterValidator(page_id)]


class PriceSettings(BaseModel):
    """What X charges, in US dollars; the defaults hold since 2026-04-20."""

    model_config = TABLE

    post: Price = 0.015
    """A post without a link."""
    post_with_link: Price = 0.20
    """A post with a link; a bare domain in its words counts as one."""
    alt_text: Price = 0.005
    """The words for one picture."""
    read: Price = 0.001
    """One own post that is read."""


class XSettings(BaseModel):
    """A channel that is an account on X, with OAuth 1.0a user keys."""

    model_config = TABLE

    network: Literal[Network.X]
    base_url: Annotated[NetworkUrl, Field(repr=False)] = "https://api.x.com"
    consumer_key: Token
    consumer_secret: Token
    access_token: Token
    access_token_secret: Token
    adopt: StrictBool = False
    """As for a Page; on X every post that is read costs money."""
    prices: PriceSettings = Field(default_factory=PriceSettings)
    hours: ChannelHoursSettings = Field(default_factory=ChannelHoursSettings)


class FacebookSettings(BaseModel):
    """A channel that is a Facebook Page."""

    model_config = TABLE

    network: Literal[Network.FACEBOOK]
    base_url: Annotated[NetworkUrl, Field(repr=False)] = "https://graph.facebook.com"
    graph_version: GraphVersion = "v26.0"
    """The version of the Graph API."""
    page_id: PageId
    """The Page's number."""
    access_token: Token
    """A Page token, not a User token."""
    adopt: StrictBool = True
    """Before announcing an aid, look for a post with its link made by hand, and record that instead."""
    two_phase: StrictBool = False
    """Make every post as an invisible draft first, so that a lost answer leaves less in doubt."""
    app_secret: Token | None = None
    """The app's secret; with it every call is signed (appsecret_proof)."""
    hours: ChannelHoursSettings = Field(default_factory=ChannelHoursSettings)


ChannelSettings = Annotated[XSettings | FacebookSettings, Field(discriminator="network")]
