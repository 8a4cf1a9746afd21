"""What the settings of every network's channels have in common; ``networks/*/settings.py`` say the rest."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, Field, SecretStr, StrictBool

from spotlight_notify.config.hours_settings import ChannelHoursSettings
from spotlight_notify.config.validation import TABLE, wrong
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Permalink
from spotlight_notify.ports.parts import Account, Clock, Drafts

if TYPE_CHECKING:
    from spotlight_notify.rules.pricing import Prices
    from spotlight_notify.wire.sessions import PublishingSession


def token(secret: SecretStr) -> SecretStr:
    """Check a token: there, and not torn by a blank or a line break on its way here."""
    value = secret.get_secret_value()
    if not value:
        raise wrong("is empty")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise wrong("holds a blank, a line break or an odd character; copy it again")
    return secret


Token = Annotated[SecretStr, AfterValidator(token)]


class ChannelSettings(BaseModel, ABC):
    """A channel: an account on one network, and what talks to it."""

    model_config = TABLE

    on: ClassVar[Network]
    """The network that the channel is on; its name is the literal of ``network``."""
    account_setting: ClassVar[str]
    """The setting by which two channels are the same account."""

    network: str
    adopt: StrictBool = False
    """Before announcing an aid, look for a post with its link made by hand, and record that instead."""
    hours: ChannelHoursSettings = Field(default_factory=ChannelHoursSettings)

    @abstractmethod
    def account(self, session: "PublishingSession", *, drafts: Drafts, clock: Clock) -> Account:
        """Return what posts to the account and looks at it."""

    def charges(self) -> "Prices | None":
        """Return what the network charges; None where it charges nothing."""
        return None

    def refuse_stranger(self, channel: str, found: Permalink) -> None:
        """Raise Refused if an address on the network surely is of another account."""


Kinds = tuple[type[ChannelSettings], ...]
"""The settings of all networks that a configuration may name."""


def account_settings(kinds: Kinds) -> dict[Any, str]:
    """Return by network the setting that tells its accounts apart."""
    return {kind.on.name: kind.account_setting for kind in kinds}
