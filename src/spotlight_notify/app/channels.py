"""Build what talks to the networks, and what remembers for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spotlight_notify.adopting import Adopter
from spotlight_notify.app.chance import clock
from spotlight_notify.config import Config, FacebookSettings, XSettings
from spotlight_notify.delivering import Adopts
from spotlight_notify.ports import Drafts, Ledger, Looker
from spotlight_notify.wire import Wire

if TYPE_CHECKING:
    from spotlight_notify.publishers.facebook import FacebookPublisher
    from spotlight_notify.publishers.x import XPublisher


@dataclass(frozen=True, slots=True)
class LedgerDrafts:
    """Remember one channel's drafts in the ledger, so that they outlast this process."""

    ledger: Ledger
    channel: str

    def remember(self, digest: str, post_id: str) -> None:
        """Commit a draft's id."""
        self.ledger.remember_draft(self.channel, digest, post_id)

    def recall(self, digest: str) -> str | None:
        """Return the id of the draft that says this, if one is remembered."""
        return self.ledger.recall_draft(self.channel, digest)

    def forget(self, digest: str) -> None:
        """Drop what is remembered."""
        self.ledger.forget_draft(self.channel, digest)


def build_publishers(
    config: Config, wire: Wire, ledger: Ledger
) -> "dict[str, XPublisher | FacebookPublisher]":
    return {
        name: _publisher(settings, wire, LedgerDrafts(ledger, name))
        for name, settings in config.channels.items()
    }


def _publisher(
    settings: XSettings | FacebookSettings, wire: Wire, drafts: Drafts
) -> "XPublisher | FacebookPublisher":
    if isinstance(settings, XSettings):
        return _x(settings, wire)
    from spotlight_notify.publishers.facebook import FacebookPublisher

    return FacebookPublisher(
        wire.session(),
        page_id=settings.page_id,
        access_token=settings.access_token.get_secret_value(),
        app_secret=settings.app_secret.get_secret_value() if settings.app_secret else None,
        base_url=settings.base_url,
        graph_version=settings.graph_version,
        two_phase=settings.two_phase,
        drafts=drafts,
        clock=clock,
    )


def _x(settings: XSettings, wire: Wire) -> "XPublisher":
    from spotlight_notify.publishers.x import XKeys, XPublisher

    keys = XKeys(
        consumer_key=settings.consumer_key.get_secret_value(),
        consumer_secret=settings.consumer_secret.get_secret_value(),
        access_token=settings.access_token.get_secret_value(),
        access_token_secret=settings.access_token_secret.get_secret_value(),
    )
    return XPublisher(wire.session(), keys, clock=clock, base_url=settings.base_url)


def build_adopts(config: Config, ledger: Ledger, lookers: Mapping[str, Looker]) -> Adopts:
    """Build what looks for a post that is public before it is made."""
    adopters = {
        name: Adopter(looker, ledger, clock, always=config.channels[name].adopt)
        for name, looker in lookers.items()
    }
    return lambda claim: adopters[claim.channel].find(claim)
