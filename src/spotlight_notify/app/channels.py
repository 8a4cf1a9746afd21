"""Build what talks to the networks, and what remembers for it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from spotlight_notify.app.chance import clock, steady
from spotlight_notify.app.wire import open_wire
from spotlight_notify.config.configuration import Config
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.posts import Permalink
from spotlight_notify.model.records.attempts import Claim
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.operations.adopt import Adopter, Adopting
from spotlight_notify.operations.deliver import Adopts
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Account, Clock, Looker
from spotlight_notify.rules.proof import Adoption
from spotlight_notify.text.links import usable_link
from spotlight_notify.wire.wire import Wire

LONGEST_READ_SECONDS = 30.0
"""How long an answer of a network is waited for."""


@dataclass(frozen=True, slots=True)
class LedgerDrafts:
    """Remember one channel's drafts in the ledger, so that they outlast this process."""

    ledger: Ledger
    channel: str

    def remember(self, post_hash: str, post_id: str) -> None:
        """Commit a draft's id."""
        self.ledger.remember_draft(self.channel, post_hash, post_id)

    def recall(self, post_hash: str) -> str | None:
        """Return the id of the draft that says this, if one is remembered."""
        return self.ledger.recall_draft(self.channel, post_hash)

    def forget(self, post_hash: str) -> None:
        """Drop what is remembered."""
        self.ledger.forget_draft(self.channel, post_hash)


def build_publishers(config: Config, wire: Wire, ledger: Ledger, clock: Clock) -> dict[str, Account]:
    """Build one for each channel; no request takes longer than a claim leaves it (see ``delivering``)."""
    read = min(LONGEST_READ_SECONDS, config.delivery.lease.total_seconds() / 2)
    return {
        name: settings.account(wire.session(read=read), drafts=LedgerDrafts(ledger, name), clock=clock)
        for name, settings in config.channels.items()
    }


def build_looker(config: Config, name: str, wire: Wire, ledger: Ledger, clock: Clock) -> Looker:
    """Build what looks at one channel, alone."""
    session = wire.session(read=LONGEST_READ_SECONDS)
    return config.channels[name].account(session, drafts=LedgerDrafts(ledger, name), clock=clock)


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


@contextmanager
def open_looker(config: Config, channel: str, ledger: Ledger) -> Iterator[Looker | None]:
    """Open what looks at one channel; None where its secrets are not at hand."""
    if channel not in config.channels or not config.is_signed(channel):
        yield None
        return
    with open_wire(config) as wire:
        yield build_looker(config, channel, wire, ledger, clock)


def permalink_of(one: Delivery, url: str, config: Config) -> Permalink:
    """Read the address of a delivery's post; Refused unless it is of its channel's network and account."""
    settings = config.channels.get(one.channel)
    if settings is None:
        raise Refused(f"the configuration has no channel {one.channel} any more")
    found, network = settings.on.permalink(url), next((n for n in config.networks if n.has(url)), None)
    if network not in (None, settings.on):
        raise Refused(f"{url} is on {network}; {one.channel} is on {settings.network}")
    if found is None and network is None and config.wire.allow_private_addresses and usable_link(url):
        return Permalink(url=url, post_id=url)  # a stand-in's: only a look tells which post that is
    if found is None:
        raise Refused(f"{url} is not the address of a post on {settings.network}")
    settings.refuse_stranger(one.channel, found)
    return found
