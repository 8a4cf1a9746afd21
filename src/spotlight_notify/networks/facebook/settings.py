"""The settings of a channel that is a Facebook Page, and what talks to it."""

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StrictBool

from spotlight_notify.config.channel_settings import ChannelSettings, Token
from spotlight_notify.config.urls import NetworkUrl
from spotlight_notify.config.validation import wrong
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Permalink
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.ports.parts import Clock, Drafts

if TYPE_CHECKING:
    from spotlight_notify.networks.facebook.publisher import FacebookPublisher
    from spotlight_notify.wire.sessions import PublishingSession

OLDEST_GRAPH_VERSION = 21
"""v20.0 ended on 2026-09-24 and v21.0 ends on 2027-01-21; calls to an ended one are served by another."""

_GRAPH_VERSION = re.compile(r"v([1-9][0-9]{0,2})\.[0-9]")


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


GraphVersion = Annotated[str, AfterValidator(graph_version)]
PageId = Annotated[str, AfterValidator(page_id)]


class FacebookSettings(ChannelSettings):
    """A channel that is a Facebook Page."""

    on: ClassVar[Network] = FACEBOOK
    account_setting: ClassVar[str] = "page_id"

    network: Literal["facebook"]
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
    refresh_cards: StrictBool = True
    """Before a post with a link and no picture, have Facebook read the page anew, where the token may."""
    app_secret: Token | None = None
    """The app's secret; with it every call is signed (appsecret_proof)."""

    def account(self, session: "PublishingSession", *, drafts: Drafts, clock: Clock) -> "FacebookPublisher":
        """Return what posts to the Page and looks at it."""
        from spotlight_notify.networks.facebook.publisher import FacebookPublisher

        return FacebookPublisher(
            session,
            page_id=self.page_id,
            access_token=self.access_token.get_secret_value(),
            app_secret=self.app_secret.get_secret_value() if self.app_secret else None,
            base_url=self.base_url,
            graph_version=self.graph_version,
            two_phase=self.two_phase,
            refresh_cards=self.refresh_cards,
            drafts=drafts,
            clock=clock,
        )

    def refuse_stranger(self, channel: str, found: Permalink) -> None:
        """Raise Refused if an address names another Page by its number."""
        number = found.account or ""
        if number.isdecimal() and number != self.page_id:
            raise Refused(f"{found.url} is of the Page {number}; {channel} is the Page {self.page_id}")
