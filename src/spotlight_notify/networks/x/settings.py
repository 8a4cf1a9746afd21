"""The settings of a channel that is an account on X, and what talks to it."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import BaseModel, Field, StrictBool

from spotlight_notify.config.channel_settings import ChannelSettings, Token
from spotlight_notify.config.urls import NetworkUrl
from spotlight_notify.config.validation import TABLE
from spotlight_notify.model.networks import Network
from spotlight_notify.networks.x.traits import X
from spotlight_notify.ports.parts import Clock, Drafts

if TYPE_CHECKING:
    from spotlight_notify.networks.x.publisher import XPublisher
    from spotlight_notify.wire.sessions import PublishingSession

Price = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


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


class XSettings(ChannelSettings):
    """A channel that is an account on X, with OAuth 1.0a user keys."""

    on: ClassVar[Network] = X
    account_setting: ClassVar[str] = "access_token"

    network: Literal["x"]
    base_url: Annotated[NetworkUrl, Field(repr=False)] = "https://api.x.com"
    consumer_key: Token
    consumer_secret: Token
    access_token: Token
    access_token_secret: Token
    adopt: StrictBool = False
    """As for a Page; on X every post that is read costs money."""
    prices: PriceSettings = Field(default_factory=PriceSettings)

    def account(self, session: "PublishingSession", *, drafts: Drafts, clock: Clock) -> "XPublisher":
        """Return what posts to the account and looks at it."""
        from spotlight_notify.networks.x.publisher import XKeys, XPublisher

        keys = XKeys(
            consumer_key=self.consumer_key.get_secret_value(),
            consumer_secret=self.consumer_secret.get_secret_value(),
            access_token=self.access_token.get_secret_value(),
            access_token_secret=self.access_token_secret.get_secret_value(),
        )
        return XPublisher(session, keys, clock=clock, base_url=self.base_url)

    def charges(self) -> PriceSettings:
        """Return what X charges."""
        return self.prices
