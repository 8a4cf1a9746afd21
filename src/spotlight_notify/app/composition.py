"""The composition root: build all parts of the program, and join them."""

import os
import socket
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from spotlight_notify.app.chance import LedgerClock, jitter, pause, steady
from spotlight_notify.app.chance import clock as local_clock
from spotlight_notify.app.channels import build_adopts, build_publishers
from spotlight_notify.app.ledgers import addresses_of, configured_in, open_ledger
from spotlight_notify.app.sources import build_sources
from spotlight_notify.app.wire import open_wire
from spotlight_notify.app.writing import (
    build_check_link,
    build_illustrating,
    clean_file,
    open_render_digest,
    open_writing,
)
from spotlight_notify.config.configuration import Config
from spotlight_notify.config.hours_settings import brake_of
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.words import Cause
from spotlight_notify.operations.announce.rewriting import Rewriting, Rewritten, rewrite_unfit
from spotlight_notify.operations.attach_pictures import (
    Illustrating,
    TryingAgain,
    illustrate,
    illustrate_again,
    load_picture,
)
from spotlight_notify.operations.carry_out import Ordering
from spotlight_notify.operations.decide.renames import Stray, refuse_renamed, strays
from spotlight_notify.operations.deliver import Adopts, Delivering, Settled, deliver_next
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Poll, Polling, refuse_moved
from spotlight_notify.operations.resolve import FirstLooks, Patience, Resolved, Resolving, resolve_channel
from spotlight_notify.operations.status import has_turn, next_to_go
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import CheckLink, Clock, Illustrate, Looker, Publisher, Source
from spotlight_notify.rules.planning import Writing
from spotlight_notify.rules.retry import Retries

FAR = timedelta(minutes=1)
"""How far this machine's clock may be from the ledger's: more than any time service leaves."""

if TYPE_CHECKING:
    from spotlight_notify.ledger.opening import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """One program's parts. One source and one channel is worked on by one thread at a time."""

    config: Config
    ledger: Ledger
    campaigns: tuple[Campaign, ...]
    sources: Mapping[str, Source]
    publishers: Mapping[str, Publisher]
    lookers: Mapping[str, Looker]
    writing: Writing
    illustrate: Illustrate
    polling: Polling
    delivering: Delivering
    resolving: Resolving
    rewriting: Rewriting
    clock: Clock
    clock_ahead: Callable[[], timedelta]

    def poll_if_due(self, name: str) -> Poll | None:
        """Look at a source if its time has come and nobody else has taken it; else None.

        Refused if the ledger follows it at another address than this program was told, or at this address
        under a name that the configuration has no more.
        """
        every, now = self.config.sources[name].every, self.clock()
        addresses, status = self.polling.addresses, self.ledger.source_status(name)
        refuse_moved(status, addresses)
        refuse_renamed(status, configured_in(self.config), self.ledger)
        if not self.ledger.claim_poll(name, now, now + every, addresses.get(name)):
            return None
        poll = poll_source(self.sources[name], every, self.polling)
        if poll.digests:
            self.rewrite_unfit(poll.digests)
        return poll

    def doubtful_channels(self) -> tuple[str, ...]:
        """Return the channels that have unsure deliveries whose look-up is due."""
        doubts = self.ledger.doubts(self.clock())
        return tuple(dict.fromkeys(doubt.channel for doubt in doubts))

    def resolve(self, channel: str) -> tuple[Resolved, ...]:
        """Look up the channel's unsure deliveries that are due, and settle them by what is found."""
        return resolve_channel(channel, self.lookers[channel], self.resolving)

    def due_channels(self) -> tuple[str, ...]:
        """Return the channels whose turn it is: something waits there, and its time has come."""
        now, tempos = self.clock(), self.config.tempos
        due = self.ledger.due_channels(now, [campaign.name for campaign in self.campaigns])
        return tuple(
            name for name in due if name in tempos and has_turn(self.ledger, name, tempos[name], now)
        )

    def deliver_next(self, channel: str, *, delivery_id: int | None = None) -> Settled | None:
        """Send the channel's next due delivery (or just the one named) once; None if none can be claimed.

        One whose post this configuration refuses is rewritten, to go next, or a person is asked about it.
        """
        if abs(ahead := self.clock_ahead()) > FAR:
            raise Refused(_clock_is_off(ahead))
        publisher = self.publishers[channel]
        self._illustrate_again(channel, delivery_id)
        settled = deliver_next(channel, publisher, self.delivering, delivery_id=delivery_id)
        if settled and settled.verdict.cause is Cause.RULE:
            self.rewrite_unfit([settled.claim.delivery_id])
        return settled

    def _illustrate_again(self, channel: str, delivery_id: int | None) -> None:
        """Find for the post that goes next the picture that its page did not show at first."""
        now = self.clock()
        if wanted := delivery_id or next_to_go(self.ledger, channel, self.config.tempos[channel], now):
            parts = TryingAgain(
                ledger=self.ledger,
                campaigns=self.campaigns,
                illustrate=self.illustrate,
                writing=self.writing,
            )
            illustrate_again(self.ledger.delivery(wanted), parts, now)

    def rewrite_unfit(self, ids: Collection[int] | None = None) -> Rewritten:
        """Rewrite what waits and does not pass under this configuration, or have a person asked."""
        return rewrite_unfit(self.rewriting, self.clock(), ids)

    def strays(self) -> tuple[Stray, ...]:
        """List what the ledger holds under names that the configuration has no more."""
        return strays(self.ledger, configured_in(self.config), self.clock())


def _clock_is_off(ahead: timedelta) -> str:
    where = "ahead of" if ahead > timedelta() else "behind"
    minutes = round(abs(ahead) / timedelta(minutes=1))
    return (
        f"nothing is sent from here: this machine's clock is {minutes} min {where} the ledger's; "
        "set it (use a time service)"
    )


def ordering_of(app: App) -> Ordering:
    """Build what carries out a person's orders."""
    return Ordering(
        ledger=app.ledger,
        campaigns=app.campaigns,
        tempos=app.config.tempos,
        themes=app.config.themes,
        writing=app.writing,
        render_digest=open_render_digest(app.config),
        illustrate=app.illustrate,
        clean=partial(clean_file, app.config),
        deliver=lambda channel, delivery_id: app.deliver_next(channel, delivery_id=delivery_id),
        clock=app.clock,
    )


@contextmanager
def open_app(config: Config, purpose: "Purpose | None" = None) -> Iterator[App]:
    """Build every part the configuration names, and close them at the end; the ledger is for writing."""
    with ExitStack() as stack:
        writing = open_writing(config)
        ledger = stack.enter_context(open_ledger(config, purpose))
        wire = stack.enter_context(open_wire(config))
        illustrating = build_illustrating(config, ledger, wire, stack)
        clock = LedgerClock(ledger.tell_time, local_clock, steady)
        publishers = build_publishers(config, wire, ledger, clock)
        adopts = build_adopts(config, ledger, publishers, clock)
        yield App(
            config=config,
            ledger=ledger,
            campaigns=config.campaigns,
            sources=build_sources(config, wire, stack),
            publishers=publishers,
            lookers=build_publishers(config, wire, ledger, clock),
            writing=writing,
            illustrate=partial(illustrate, parts=illustrating),
            polling=_polling(config, ledger, writing, illustrating, clock),
            delivering=_delivering(
                config, ledger, illustrating, build_check_link(config, wire), adopts, clock
            ),
            resolving=_resolving(config, ledger, clock),
            rewriting=_rewriting(config, ledger, writing),
            clock=clock,
            clock_ahead=clock.ahead,
        )


def _polling(
    config: Config, ledger: Ledger, writing: Writing, illustrating: Illustrating, clock: Clock
) -> Polling:
    return Polling(
        ledger=ledger,
        campaigns=config.campaigns,
        writing=writing,
        illustrate=partial(illustrate, parts=illustrating),
        clock=clock,
        jitter=jitter,
        brakes={name: brake_of(source.brake) for name, source in config.sources.items()},
        caps=_caps(config),
        addresses=addresses_of(config),
        settles={name: source.settle for name, source in config.sources.items() if source.settle},
    )


def _caps(config: Config) -> dict[tuple[str, str], int]:
    """Return how many posts a day a campaign may make on a channel, where either of them says so."""
    found = {
        (campaign, channel): [cap for cap in (pace.campaign.per_day, tempo.channel.per_day) if cap]
        for channel, tempo in config.tempos.items()
        for campaign, pace in tempo.paces.items()
    }
    return {place: min(caps) for place, caps in found.items() if caps}


def _delivering(
    config: Config,
    ledger: Ledger,
    illustrating: Illustrating,
    check_link: CheckLink,
    adopts: Adopts,
    clock: Clock,
) -> Delivering:
    from spotlight_notify.posts.rendering.gate import gate

    patience = config.delivery
    return Delivering(
        ledger=ledger,
        campaigns={campaign.name: campaign for campaign in config.campaigns},
        gate=gate,
        check_link=check_link,
        load_picture=partial(load_picture, parts=illustrating),
        clock=clock,
        jitter=jitter,
        pause=pause,
        tempos=config.tempos,
        claimant=f"{socket.gethostname()}:{os.getpid()}",
        lease=patience.lease,
        adopts=adopts,
        steady=steady,
        retries=Retries(
            most=patience.max_tries,
            first=patience.backoff_base,
            longest=patience.backoff_cap,
            apart=patience.looks_apart,
        ),
    )


def _rewriting(config: Config, ledger: Ledger, writing: Writing) -> Rewriting:
    from spotlight_notify.posts.rendering.gate import gate

    return Rewriting(
        ledger=ledger,
        campaigns=config.campaigns,
        writing=writing,
        render_digest=open_render_digest(config),
        themes=config.themes,
        gate=gate,
    )


def _resolving(config: Config, ledger: Ledger, clock: Clock) -> Resolving:
    return Resolving(
        ledger=ledger,
        clock=clock,
        jitter=jitter,
        patience=Patience(apart=config.delivery.looks_apart),
        first_looks=FirstLooks(steady),
    )
