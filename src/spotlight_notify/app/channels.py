"""Build what talks to the networks, and what remembers for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spotlight_notify.app.chance import steady
from spotlight_notify.config.channel_settings import FacebookSettings, XSettings
from spotlight_notify.config.configuration import Config
from spotlight_notify.model.records.attempts import Claim
from spotlight_notify.operations.adopt import Adopter, Adopting
from spotlight_notify.operations.deliver import Adopts
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Clock, Drafts, Looker
from spotlight_notify.rules.proof import Adoption
from spotlight_notify.wire.wire import Wire

if TYPE_CHECKING:
    from requests import Session

    from spotlight_notify.networks.facebook.publisher import FacebookPublisher
    from spotlight_notify.networks.x.publisher import XPublisher

LONGEST_READ_SECONDS = 30.0
"""How long an answer of a network is waited for."""


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
    config: Config, wire: Wire, ledger: Ledger, clock: Clock
) -> "dict[str, XPublisher | FacebookPublisher]":
    """Build one for each channel; no request takes longer than a claim leaves it (see ``delivering``)."""
    read = min(LONGEST_READ_SECONDS, config.delivery.lease.total_seconds() / 2)
    return {
        name: _publisher(settings, wire.session(read=read), LedgerDrafts(ledger, name), clock)
        for name, settings in config.channels.items()
    }


def _publisher(
    settings: XSettings | FacebookSettings, session: "Session", drafts: Drafts, clock: Clock
) -> "XPublisher | FacebookPublisher":
    if isinstance(settings, XSettings):
        return _x(settings, session, clock)
    from spotlight_notify.networks.facebook.publisher import FacebookPublisher

    return FacebookPublisher(
        session,
        page_id=settings.page_id,
        access_token=settings.access_token.get_secret_value(),
        app_secret=settings.app_secret.get_secret_value() if settings.app_secret else None,
        base_url=settings.base_url,
        graph_version=settings.graph_version,
        two_phase=settings.two_phase,
        drafts=drafts,
        clock=clock,
    )


def _x(settings: XSettings, session: "Session", clock: Clock) -> "XPublisher":
    from spotlight_notify.networks.x.publisher import XKeys, XPublisher

    keys = XKeys(
        consumer_key=settings.consumer_key.get_secret_value(),
        consumer_secret=settings.consumer_secret.get_secret_value(),
        access_token=settings.access_token.get_secret_value(),
        access_token_secret=settings.access_token_secret.get_secret_value(),
    )
    return XPublisher(session, keys, clock=clock, base_url=settings.base_url)


def build_looker(config: Config, name: str, wire: Wire, ledger: Ledger, clock: Clock) -> Looker:
    """Build what looks at one channel, alone."""
    session = wire.session(read=LONGEST_READ_SECONDS)
    return _publisher(config.channels[name], session, LedgerDrafts(ledger, name), clock)


def build_adopts(config: Config, ledger: Ledger, lookers: Mapping[str, Looker], clock: Clock) -> Adopts:
    """Build what asks a network before a post is made: whether it is public already.

    After an answer that did not take the token, the token is probed first.
    """
    hashtags = frozenset(campaign.hashtag for campaign in config.campaigns)
    adopters = {}
    for name, looker in lookers.items():
        settings = config.channels[name]
        how = Adopting(
            always=settings.adopt,
            apart=config.delivery.looks_apart,
            hashtags=hashtags,
        )
        adopters[name] = Adopter(looker, ledger, clock, steady, how)

    def find(claim: Claim) -> Adoption:
        if claim.signed_out:
            lookers[claim.channel].probe()
        return adopters[claim.channel].find(claim)

    return find
