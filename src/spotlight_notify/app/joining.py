"""Join the parts: the one place that knows which class plays which part, reads the clock and rolls the dice.

SDKs are imported where they are built, so that a command pays only for what it uses.
"""

import os
import random
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from spotlight_notify import __version__
from spotlight_notify.adopting import Adopter
from spotlight_notify.config import (
    Config,
    DatabaseSettings,
    FacebookSettings,
    FeedSettings,
    XSettings,
    reading_of,
)
from spotlight_notify.delivering import Adopts, Delivering, Settled, deliver_next
from spotlight_notify.model import ON_DEMAND, Campaign, Channel
from spotlight_notify.polling import Poll, Polling, poll_source
from spotlight_notify.ports import Clock, Drafts, Ledger, Looker, Publisher, Render, Source
from spotlight_notify.resolving import Patience, Resolved, Resolving, resolve_channel
from spotlight_notify.retrying import Retries
from spotlight_notify.wire import Wire

if TYPE_CHECKING:
    from spotlight_notify.publishers.facebook import FacebookPublisher
    from spotlight_notify.publishers.x import XPublisher
    from spotlight_notify.sources.database_table import Table


def clock() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


def jitter() -> float:
    """Roll the dice."""
    return random.random()


def pause(seconds: float) -> None:
    """Let time pass; for a command that waits for another process."""
    time.sleep(seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Hold one program's parts. One source and one channel is worked on by one thread at a time."""

    config: Config
    ledger: Ledger
    campaigns: tuple[Campaign, ...]
    sources: Mapping[str, Source]
    publishers: Mapping[str, Publisher]
    lookers: Mapping[str, Looker]
    render: Render
    polling: Polling
    delivering: Delivering
    resolving: Resolving
    clock: Clock

    def poll_if_due(self, name: str) -> Poll | None:
        """Look at a source if its time has come and nobody else has taken it; else None."""
        every, now = self.config.sources[name].every, self.clock()
        if not self.ledger.claim_poll(name, now, now + every):
            return None
        return poll_source(self.sources[name], every, self.polling)

    def doubtful_channels(self) -> tuple[str, ...]:
        """Name the channels that have unsure deliveries whose look-up is due."""
        doubts = self.ledger.doubts(self.clock())
        return tuple(dict.fromkeys(doubt.channel for doubt in doubts))

    def resolve(self, channel: str) -> tuple[Resolved, ...]:
        """Look up the channel's unsure deliveries that are due, and settle them by what is found."""
        return resolve_channel(channel, self.lookers[channel], self.resolving)

    def due_channels(self) -> tuple[str, ...]:
        """Name the channels that can send something now."""
        return self.ledger.due_channels(self.clock(), [campaign.name for campaign in self.campaigns])

    def deliver_next(self, channel: str, *, delivery_id: int | None = None) -> Settled | None:
        """Send the channel's next due delivery (or just the one named) once; None if none can be claimed."""
        return deliver_next(channel, self.publishers[channel], self.delivering, delivery_id=delivery_id)


@contextmanager
def open_app(config: Config) -> Iterator[App]:
    """Build every part the configuration names, and close them at the end."""
    with ExitStack() as stack:
        render = open_render(config)
        ledger = stack.enter_context(open_ledger(config))
        wire = _wire(config)
        stack.callback(wire.close)
        polling = Polling(
            ledger=ledger, campaigns=config.campaigns, render=render, clock=clock, jitter=jitter
        )
        publishers = _publishers(config, wire, ledger)
        yield App(
            config=config,
            ledger=ledger,
            campaigns=config.campaigns,
            sources=_sources(config, wire, stack),
            publishers=publishers,
            lookers=_publishers(config, wire, ledger),
            render=render,
            polling=polling,
            delivering=_delivering(config, ledger, wire, _adopts(config, ledger, publishers)),
            resolving=_resolving(config, ledger),
            clock=clock,
        )


@contextmanager
def open_ledger(config: Config) -> Iterator[Ledger]:
    """Open the ledger alone, with a row for everything that the configuration names."""
    from spotlight_notify.ledger import open_ledger as open_sql

    ledger = open_sql(config.ledger_url)
    try:
        channels = [Channel(name=name, network=c.network) for name, c in config.channels.items()]
        ledger.register((*config.sources, ON_DEMAND), channels, clock())
        yield ledger
    finally:
        ledger.close()


def open_render(config: Config) -> Render:
    """Load the templates; TemplateError when one of them is wrong."""
    from spotlight_notify.rendering import render
    from spotlight_notify.templates import load_templates, packaged_templates

    folder, zone = config.templates_folder, config.programme.timezone
    return partial(render, load_templates(folder, zone) if folder else packaged_templates(zone))


def _wire(config: Config) -> Wire:
    contact = f" (+{config.wire.contact})" if config.wire.contact else ""
    agent = f"spotlight-notify/{__version__}{contact}"
    return Wire(allow_private=config.wire.allow_private_addresses, user_agent=agent)


def _sources(config: Config, wire: Wire, stack: ExitStack) -> dict[str, Source]:
    from spotlight_notify.sources.database import DatabaseSource
    from spotlight_notify.sources.feed import FeedSource
    from spotlight_notify.sources.parsing import FeedParser

    parser = FeedParser()
    stack.callback(parser.close)
    sources: dict[str, Source] = {}
    for name, settings in config.sources.items():
        reading = reading_of(settings)
        if isinstance(settings, FeedSettings):
            sources[name] = FeedSource(
                name=name, url=settings.url, reading=reading, wire=wire, parser=parser, clock=clock
            )
        else:
            database = DatabaseSource(
                name=name,
                url=settings.url.get_secret_value(),
                table=_table(settings),
                clock=clock,
                reading=reading,
                zone=config.programme.timezone,
            )
            stack.callback(database.close)
            sources[name] = database
    return sources


def _table(settings: DatabaseSettings) -> "Table":
    from spotlight_notify.sources.database_table import Columns, Table

    return Table(
        name=settings.table,
        schema=settings.schema_name,
        key=settings.key,
        columns=Columns(**settings.columns.model_dump()),
        filter=settings.filter,
        order_by=settings.order_by,
        overlap=settings.overlap,
        updated=settings.updated,
    )


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


def _publishers(config: Config, wire: Wire, ledger: Ledger) -> "dict[str, XPublisher | FacebookPublisher]":
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


def _delivering(config: Config, ledger: Ledger, wire: Wire, adopts: Adopts) -> Delivering:
    from spotlight_notify.publishers.pictures import load_picture
    from spotlight_notify.rendering import gate

    patience = config.delivery
    return Delivering(
        ledger=ledger,
        campaigns={campaign.name: campaign for campaign in config.campaigns},
        gate=gate,
        load_picture=partial(load_picture, wire),
        clock=clock,
        jitter=jitter,
        pause=pause,
        claimant=f"{socket.gethostname()}:{os.getpid()}",
        lease=patience.lease,
        adopts=adopts,
        retries=Retries(most=patience.max_tries, first=patience.backoff_base, longest=patience.backoff_cap),
    )


def _resolving(config: Config, ledger: Ledger) -> Resolving:
    patience = Patience(apart=config.delivery.looks_apart)
    return Resolving(ledger=ledger, clock=clock, jitter=jitter, patience=patience)


def _adopts(config: Config, ledger: Ledger, lookers: Mapping[str, Looker]) -> Adopts:
    adopters = {
        name: Adopter(looker, ledger, clock, always=config.channels[name].adopt)
        for name, looker in lookers.items()
    }
    return lambda claim: adopters[claim.channel].find(claim)
