"""Join the program's parts for one process, as the daemon joins them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from requests.adapters import BaseAdapter

from spotlight_notify.app.chance import LedgerClock
from spotlight_notify.app.channels import LedgerDrafts
from spotlight_notify.app.composition import FAR
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign
from spotlight_notify.model.errors import SpotlightError
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.networks.x.publisher import XKeys, XPublisher
from spotlight_notify.operations.adopt import Adopter, Adopting
from spotlight_notify.operations.announce.rewriting import Rewriting, rewrite_unfit
from spotlight_notify.operations.deliver import Delivering, deliver_next
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Polling
from spotlight_notify.operations.resolve import FirstLooks, Patience, Resolving, resolve_channel
from spotlight_notify.rules.retry import Retries
from spotlight_notify.wire.connections import Departure
from spotlight_notify.wire.sessions import NotSent, PublishingSession
from spotlight_notify.worker.daemon import STEP_BACK
from worlds.feed import Feed
from worlds.graph_face import PAGE_ID
from worlds.networks import BEGAN
from worlds.program.stepping import SteppedLedger
from worlds.program.values import (
    CAMPAIGN,
    CHANNELS,
    HASHTAG,
    PLAIN,
    ROADS,
    SOURCE,
    TEMPO,
    Process,
    Site,
    load_picture,
    middle,
    plain_digest,
)
from worlds.scripts import Net, Script, X
from worlds.x_face import USER

EVERY = timedelta(minutes=15)
KEYS = XKeys(consumer_key="k", consumer_secret="s", access_token=f"{USER}-t", access_token_secret="ts")
TROUBLE = SpotlightError
"""What the program raises when it could not do or record something; a daemon tells of it and goes on."""

Cross = Callable[[str], BaseAdapter]
"""Give what carries requests to a channel's network."""


class Program:
    """Be one process of the program: what it remembers is lost with it."""

    def __init__(self, ledger: SqlLedger, process: Process, script: Script, feed: Feed, cross: Cross) -> None:
        self._process, self._script, self._source = process, script, Site(feed, process)
        self.ledger: Any = SteppedLedger(ledger, process)
        self._nets = {net.name: net for net in script.nets}
        self._cross = cross
        self._seen_at: datetime | None = None
        self.clock = LedgerClock(self._shared_time, process.now, process.monotonic)
        self.publishers = {name: self._client(net) for name, net in self._nets.items()}
        self._lookers = {name: self._client(net) for name, net in self._nets.items()}
        self.campaign = Campaign(
            name=CAMPAIGN,
            sources=(SOURCE,),
            channels=tuple(CHANNELS[name] for name in self._nets),
            hashtag=HASHTAG,
            approval=ApprovalPolicy(everything=script.approval),
        )
        self._delivering = self._deliver_with()
        patience = Patience(apart=timedelta(seconds=script.looks_apart))
        self._resolving = Resolving(
            ledger=self.ledger,
            clock=self.clock,
            jitter=middle,
            patience=patience,
            first_looks=FirstLooks(process.monotonic),
        )
        self._polling = Polling(
            ledger=self.ledger,
            campaigns=(self.campaign,),
            writing=PLAIN,
            illustrate=lambda aid, hurry=False: aid,
            clock=self.clock,
            jitter=middle,
        )

        self._rewriting = Rewriting(
            ledger=self.ledger,
            campaigns=(self.campaign,),
            writing=PLAIN,
            render_digest=plain_digest,
            themes={ROADS.name: ROADS},
            gate=lambda post, hashtag, network: None,
        )

    def beat(self) -> None:
        """See, as the daemon does at each beat, whether the clock has been set back."""
        now = self.clock()
        if self._seen_at is None or now < self._seen_at - STEP_BACK:
            self.ledger.bring_back(now)
        self._seen_at = now

    def work(self, kind: str, name: str) -> bool:
        """Do what is due, as the daemon does; tells whether there was anything to do."""
        match kind:
            case "strand":
                return bool(self.ledger.strand(self.clock()))
            case "look":
                return bool(resolve_channel(name, self._lookers[name], self._resolving))
            case "poll":
                return self._poll()
        if abs(self.clock.ahead()) > FAR:
            return False
        return deliver_next(name, self.publishers[name], self._delivering) is not None

    def _shared_time(self) -> datetime | None:
        """Tell the time as a database server does that several machines share; one alone has its own."""
        seconds = timedelta(seconds=self._process.monotonic())
        return BEGAN + seconds if len(self._script.machines) > 1 else None

    def _poll(self) -> bool:
        now = self.clock()
        if not self.ledger.claim_poll(SOURCE, now, now + EVERY, None):
            return False
        told = poll_source(self._source, EVERY, self._polling)
        if told.digests:
            rewrite_unfit(self._rewriting, self.clock(), told.digests)
        return True

    def _client(self, net: Net) -> Any:
        session = PublishingSession(self._cross(net.name), "worlds", Departure())  # type: ignore[arg-type]
        if net.name == X:
            return XPublisher(session, KEYS, clock=self.clock)
        return FacebookPublisher(
            session,
            page_id=PAGE_ID,
            access_token="t",
            clock=self.clock,
            two_phase=net.two_phase,
            drafts=LedgerDrafts(self.ledger, net.name),
        )

    def _deliver_with(self) -> Delivering:
        adopters = {
            name: Adopter(
                self.publishers[name], self.ledger, self.clock, self._process.monotonic, self._how(net)
            )
            for name, net in self._nets.items()
        }
        return Delivering(
            ledger=self.ledger,
            campaigns={CAMPAIGN: self.campaign},
            gate=lambda post, hashtag, network: None,
            check_link=lambda url, network: (),
            load_picture=load_picture,
            clock=self.clock,
            jitter=middle,
            pause=self._process.wait,
            claimant="daemon:1",
            lease=timedelta(seconds=self._script.lease),
            tempos=dict.fromkeys(CHANNELS, TEMPO),
            retries=Retries(most=8, apart=timedelta(seconds=self._script.looks_apart)),
            adopts=lambda claim: adopters[claim.channel].find(claim),
            steady=self._process.monotonic,
        )

    def _how(self, net: Net) -> Adopting:
        apart = timedelta(seconds=self._script.looks_apart)
        return Adopting(always=net.adopt, apart=apart, hashtags=[HASHTAG])


def not_sent() -> Exception:
    """Make the error of a request that never left."""
    return NotSent("no connection")
