"""The sentence over the door, against every order of events that Hypothesis can think of.

An aid is announced at most once per campaign and channel, and what happened is written down before and after.
The ledger is a real one in a file, and polling, delivering and resolving are the real ones; the clock stands
still until it is moved, and the networks are in memory.
"""

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from builders import ALWAYS, CAMPAIGN, NOW, PAGE, PLAIN, ListedSource, X, aid, delivering_with
from fakes import FakeClock
from ledgers import sqlite_url
from network import LIVE, Killed, MoodyNetwork, Whim
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid
from spotlight_notify.model.errors import ClaimLost
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post, Receipt
from spotlight_notify.model.records.attempts import Claim, Verdict
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Outcome, State
from spotlight_notify.operations.adopt import Adopter, Adopting
from spotlight_notify.operations.deliver import Delivering, deliver_next
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Polling
from spotlight_notify.operations.resolve import FirstLooks, Patience, Resolving, resolve_channel
from spotlight_notify.rules.proof import Adoption
from spotlight_notify.rules.retry import Retries

pytestmark = pytest.mark.long

IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where files are held in memory, if anywhere: nothing here is about power cuts."""
EVERY = timedelta(minutes=5)
LEASE = timedelta(minutes=5)
ONE_REQUEST = timedelta(seconds=75)
LONGEST_LAG = timedelta(minutes=9)
"""Longer than two looks lie apart beside a younger post, and shorter than without one."""
STEPS = st.sampled_from([timedelta(minutes=m) for m in (0, -11, 3, 11, -3 * 24 * 60, 3 * 24 * 60)])
SITE = "https://valor.test/"
CHANNELS = st.sampled_from([X.name, PAGE.name])
WHIMS = st.lists(st.sampled_from(Whim), min_size=1, max_size=2)
LOSSES = st.sampled_from([Whim.LOST_LIVE, Whim.LOST, Whim.KILLED_LIVE])
ANSWERS = st.sampled_from([Whim.TAKEN, Whim.LOST])
TIMES = st.sampled_from([timedelta(seconds=s) for s in (0, 1, 60, 121, 301, 1000)])
UNCLEAR = (Outcome.UNKNOWN, Outcome.STRANDED)
IN_THE_END = frozenset({State.SENT, State.FAILED, State.UNSURE, State.CANCELLED, State.PROPOSED})
MOST_AIDS = 4
ROUNDS_TO_SETTLE = 60
DECIDES = "a person must decide"
CUT_SHORT = "too few of its posts"
"""Why a person decides whose clock jumps ahead while lists are cut short: they are read again for a day."""


class Hand(StrEnum):
    """Name what people post by hand about an aid."""

    OTHER_WORDS = "its own link in other words"
    TITLE = "its own link and its title"
    SITE = "its title, and the site's link"
    NOTHING = "no link at all"


class Way(StrEnum):
    """Name how a network's lists answer."""

    WELL = "well"
    LATE = "late"
    DEAF = "deaf"
    BRIEF = "brief"


WAYS = st.sampled_from(Way)
APART = st.sampled_from([timedelta(), timedelta(minutes=2)])
LOOKS = st.one_of(
    st.builds(lambda way, apart: [(timedelta(), way), (apart, way)], WAYS, APART),
    st.lists(st.tuples(TIMES, WAYS), min_size=1, max_size=3),
)
"""Two alike, which may prove an absence if they lie far enough apart, or any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleeper:
    """Be a claimant that has sent its post and fell asleep before it could record that."""

    claim: Claim
    receipt: Receipt | None


class AtMostOnce(RuleBasedStateMachine):
    """Let one site, two channels, several claimants and a person do whatever may happen."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="spotlight-once-", dir=IN_MEMORY))
        self.true, self.ahead = FakeClock(NOW), timedelta()
        self.networks = {c.name: MoodyNetwork(c.network, self.true) for c in (X, PAGE)}
        self.url = sqlite_url(self.folder)
        self.ledger: SqlLedger = open_ledger(self.url)
        self.backup: sqlite3.Connection | None = None
        self.restored = False
        self.ledger.register({"site": ""}, CAMPAIGN.channels, NOW)
        self.site: list[Aid] = []
        self.sleepers: list[Sleeper] = []
        self.adopts = False
        patience = Patience(longest=timedelta(minutes=10))
        self.resolving = Resolving(
            ledger=self.ledger,
            clock=self.clock,
            jitter=lambda: 0.5,
            patience=patience,
            first_looks=FirstLooks(self.steady),
        )
        self.delivering = self.started()

    def started(self) -> Delivering:
        """Be a new process: what was only in memory is gone."""
        adopters = {
            name: Adopter(network, self.ledger, self.clock, self.steady, self.how(name))
            for name, network in self.networks.items()
        }
        return delivering_with(
            self.ledger,
            self.clock,
            lease=LEASE,
            retries=Retries(most=4, longest=timedelta(minutes=10)),
            adopts=lambda claim: adopters[claim.channel].find(claim),
        )

    def how(self, name: str) -> Adopting:
        always = self.adopts and name == PAGE.name
        return Adopting(always=always, apart=Patience().apart, hashtags=[CAMPAIGN.hashtag])

    def clock(self) -> datetime:
        """Tell the time by this machine's clock, which may have been set wrong."""
        return self.true() + self.ahead

    def steady(self) -> float:
        """Tell seconds by a clock that goes on whatever this machine's clock is set to."""
        return (self.true() - NOW).total_seconds()

    # --- the site
    @initialize(count=st.integers(0, 1), adopts=st.booleans())
    def begin(self, count: int, adopts: bool) -> None:
        """See what is there at first; the Page may or may not look for each post before it is made."""
        self.adopts = adopts
        self.delivering = self.started()
        self.announce(count)

    @precondition(lambda self: len(self.site) < MOST_AIDS)
    @rule(count=st.integers(1, 2))
    def announce(self, count: int) -> None:
        self.site += [aid(len(self.site) + number) for number in range(1, count + 1)]
        self.poll()

    @rule()
    def poll(self) -> None:
        parts = Polling(
            ledger=self.ledger,
            campaigns=(CAMPAIGN,),
            writing=PLAIN,
            illustrate=lambda aid, hurry=False: aid,
            clock=self.clock,
            jitter=lambda: 0.5,
        )
        assert poll_source(ListedSource(self.site), EVERY, parts).error is None

    # --- the program, and what goes wrong around it
    @rule(channel=CHANNELS, whims=WHIMS)
    def deliver(self, channel: str, whims: Sequence[Whim]) -> None:
        """Deliver as often as there are whims, each time with one."""
        for whim in whims:
            self.networks[channel].whims = [whim]
            try:
                deliver_next(channel, self.networks[channel], self.delivering)
            except Killed:
                self.delivering = self.started()

    @rule(channel=CHANNELS, whim=LOSSES, times=st.integers(2, 3), looks=LOOKS)
    def lose_and_look(
        self, channel: str, whim: Whim, times: int, looks: Sequence[tuple[timedelta, Way]]
    ) -> None:
        """Go straight to where it matters: something is due, its answer is lost, lists are looked at."""
        self.resume(channel)
        if not self.ledger.due_channels(self.clock(), [CAMPAIGN.name]):
            self.announce(1)
        for _ in range(times):
            self.deliver(channel, [whim])
            self.look(channel, looks, hurry=True)

    @rule(channel=CHANNELS, looks=LOOKS, hurry=st.booleans())
    def look(self, channel: str, looks: Sequence[tuple[timedelta, Way]], hurry: bool = False) -> None:
        """Let time pass and look, again and again; lists may lag, fail, or be cut. A person may hurry it."""
        for after, way in looks:
            self.true.advance(after)
            self.ledger.strand(self.clock())
            if hurry:
                self.ledger.look_now(channel, self.clock())
            network = self.networks[channel]
            network.lag = LONGEST_LAG if way is Way.LATE else timedelta()
            network.deaf, network.brief = way is Way.DEAF, way is Way.BRIEF
            resolve_channel(channel, network, self.resolving)
            network.lag, network.deaf, network.brief = timedelta(), False, False

    @rule(by=TIMES)
    def advance(self, by: timedelta) -> None:
        self.true.advance(by)

    @rule(ahead=STEPS)
    def step_the_clock(self, ahead: timedelta) -> None:
        """Set this machine's clock; a daemon that sees it go back makes due what was put off."""
        back, self.ahead = ahead < self.ahead, ahead
        if back:
            self.ledger.bring_back(self.clock())

    @rule(channel=CHANNELS, hand=st.sampled_from(Hand), age=st.sampled_from((0, 1, 30, 144)))
    def post_by_hand(self, channel: str, hand: Hand, age: int) -> None:
        """Let a person post about the newest aid, or about the next one before the program sees it."""
        about = aid(len(self.site) + (age > 0))
        words = f"Have a look: {about.title}." if hand is not Hand.OTHER_WORDS else "Save the date!"
        link = about.link if hand in (Hand.OTHER_WORDS, Hand.TITLE) else SITE if hand is Hand.SITE else ""
        said = Post(text=f"{words} {link} {CAMPAIGN.hashtag}", link=link or "")
        self.networks[channel].make_by_hand(said, timedelta(hours=age))

    @rule()
    def back_up(self) -> None:
        self.backup = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self.file)) as live:
            live.backup(self.backup)

    @precondition(lambda self: self.backup is not None)
    @rule()
    def restore(self) -> None:
        """Put the copy back while nobody works on the ledger, which takes longer than lists lag."""
        assert self.backup is not None
        self.sleepers.clear()
        with closing(sqlite3.connect(self.file)) as live:
            self.backup.backup(live)
        self.true.advance(LONGEST_LAG)
        self.restored = True
        self.delivering = self.started()
        self.resolving = replace(self.resolving, first_looks=FirstLooks(self.steady))
        self.ledger.bring_back(self.clock())

    @rule(channel=CHANNELS, takes=TIMES)
    def upload_for_long(self, channel: str, takes: timedelta) -> None:
        """Let pictures take so long to upload that others may have gone on."""
        network = self.networks[channel]

        def others() -> None:
            network.uploading = lambda: None
            self.go_on(channel, [takes])

        network.uploading = others
        with suppress(ClaimLost):
            deliver_next(channel, network, self.delivering)
        network.uploading = lambda: None

    @rule(channel=CHANNELS)
    def claim_and_die(self, channel: str) -> None:
        self.claim(channel)

    @rule(channel=CHANNELS, naps=st.lists(TIMES, min_size=1, max_size=3), looked=st.booleans())
    def sleep_before_sending(self, channel: str, naps: Sequence[timedelta], looked: bool) -> None:
        """Let a claimant sleep with its claim in hand while others go on; it wakes and wants to send.

        ``looked``: it has made sure, before it sleeps, that its post is not public yet.
        """
        awake = self.started()

        def gate(post: Post, hashtag: str, network: Network) -> None:
            if not looked:
                self.go_on(channel, naps)

        def adopts(claim: Claim) -> Adoption:
            found = awake.adopts(claim)
            if looked:
                self.go_on(channel, naps)
            return found

        with suppress(ClaimLost):
            deliver_next(channel, self.networks[channel], replace(awake, gate=gate, adopts=adopts))

    @rule(channel=CHANNELS, takes=st.sampled_from([timedelta(seconds=1), ONE_REQUEST]), whim=ANSWERS)
    def answer_late(self, channel: str, takes: timedelta, whim: Whim) -> None:
        """Let a request take as long as it may, while others go on."""
        network = self.networks[channel]

        def others() -> None:
            network.meanwhile = lambda: None
            self.go_on(channel, [takes])
            network.whims = [whim]

        network.meanwhile = others
        with suppress(ClaimLost):
            deliver_next(channel, network, self.delivering)
        network.meanwhile = lambda: None

    @precondition(lambda self: not self.restored)
    @rule(channel=CHANNELS, whim=ANSWERS)
    def send_and_sleep(self, channel: str, whim: Whim) -> None:
        """Let a claimant fall asleep between the answer and its settlement.

        It makes its post without a look before, which a ledger that was put back needs.
        """
        claim = self.claim(channel)
        if claim is not None:
            receipt = self.networks[channel].make(claim.post) if whim in LIVE else None
            self.sleepers.append(Sleeper(claim=claim, receipt=receipt))

    @precondition(lambda self: self.sleepers)
    @rule(data=st.data())
    def wake(self, data: st.DataObject) -> None:
        sleeper = data.draw(st.sampled_from(self.sleepers))
        self.sleepers.remove(sleeper)
        sent = sleeper.receipt is not None
        verdict = Verdict(
            state=State.SENT if sent else State.UNSURE,
            outcome=Outcome.SENT if sent else Outcome.UNKNOWN,
            reason=None if sent else "no answer came",
        )
        with suppress(ClaimLost):
            self.ledger.settle(sleeper.claim, verdict, sleeper.receipt, self.clock())

    # --- the person
    @rule(channel=CHANNELS)
    def resume(self, channel: str) -> None:
        self.ledger.resume_channel(channel, "mended", self.clock(), "a person")

    @rule()
    def look_now(self) -> None:
        self.ledger.look_now(None, self.clock())

    @rule(data=st.data())
    def decide(self, data: st.DataObject) -> None:
        """Do what a person may, and vouch only for what is true."""
        found = self.ledger.deliveries()
        if not found:
            return
        one = data.draw(st.sampled_from(found))
        live = self.live(one)
        if not live and one.state in (State.PENDING, State.PROPOSED) and data.draw(st.booleans()):
            self.change(one, State.CANCELLED)
        elif live and one.state is State.UNSURE:
            self.change(one, State.SENT, Receipt(post_id=live[0], url=None))
        elif not live and one.state in (State.FAILED, State.UNSURE, State.CANCELLED, State.PROPOSED):
            self.change(one, State.PENDING)

    # --- what must hold
    @invariant()
    def nothing_is_live_twice(self) -> None:
        for name, network in self.networks.items():
            ours = [post for _, post in network.live if post.receipt.post_id not in network.by_hand]
            for link, times in Counter(post.links[0] for post in ours).items():
                assert times == 1, f"{link} is live {times} times on {name}"

    @invariant()
    def the_ledger_tells_the_truth(self) -> None:
        found = self.ledger.deliveries()
        for one in found:
            if one.state is State.SENT:
                assert one.receipt is not None
                assert one.receipt.post_id in [*self.live(one), *self.announced_by_hand(one)]
            elif one.state is State.SENDING:
                assert [a for a in self.ledger.attempts(one.id) if a.ended_at is None]
            elif one.state in (State.UNSURE, State.FAILED, State.CANCELLED, State.PROPOSED):
                assert one.reason

    @invariant()
    def what_is_live_was_written_down_before(self) -> None:
        if self.restored:  # what was written down may have been lost with the ledger
            return
        for name, network in self.networks.items():
            tried = {d.post.link for d in self.ledger.deliveries(channel=name) if d.post and self.tried(d)}
            ours = [post for _, post in network.live if post.receipt.post_id not in network.by_hand]
            assert {post.links[0] for post in ours} <= tried

    @invariant()
    def nothing_is_sent_again_by_itself_more_than_once(self) -> None:
        retried = Counter(c.delivery_id for c in self.ledger.changes() if c.action.endswith("pending"))
        for one in self.ledger.deliveries():
            unclear = [a for a in self.ledger.attempts(one.id) if a.outcome in UNCLEAR]
            assert len(unclear) <= 2 + retried[one.id]

    def teardown(self) -> None:
        """End all trouble, let time pass, and see that nothing is lost."""
        try:
            self.settle_everything()
            self.nothing_is_live_twice()
            self.the_ledger_tells_the_truth()
            self.nothing_is_lost()
        finally:
            self.ledger.close()
            shutil.rmtree(self.folder)

    def settle_everything(self) -> None:
        self.sleepers.clear()
        self.ahead = timedelta()
        self.ledger.bring_back(self.clock())
        self.poll()
        for _ in range(ROUNDS_TO_SETTLE):
            if all(self.is_settled(one) for one in self.ledger.deliveries()):
                return
            self.true.advance(timedelta(minutes=11))
            for name in self.networks:
                self.resume(name)
                self.go_on(name, [timedelta()])

    def nothing_is_lost(self) -> None:
        baseline = {known.id for known in self.ledger.aids() if known.baseline}
        wanted = {(k.id, name) for k in self.ledger.aids() for name in self.networks if k.id not in baseline}
        found = self.ledger.deliveries()
        assert {(d.aid_id, d.channel) for d in found} == wanted
        for one in found:
            assert one.state in IN_THE_END, f"delivery {one.id} is {one.state}: {one.reason}"
            if one.state is State.UNSURE:
                assert DECIDES in (one.reason or "")
            is_told = one.state in (State.SENT, State.PROPOSED) or CUT_SHORT in (one.reason or "")
            assert is_told or not self.live(one), one.reason

    # --- shorter words
    def is_settled(self, one: Delivery) -> bool:
        return one.state in IN_THE_END and (one.state is not State.UNSURE or DECIDES in (one.reason or ""))

    def go_on(self, channel: str, naps: Sequence[timedelta]) -> None:
        """Be another process that does all there is to do, in fair weather."""
        for nap in naps:
            self.look(channel, [(nap, Way.WELL)])
            self.networks[channel].whims = []
            deliver_next(channel, self.networks[channel], self.started())

    def claim(self, channel: str) -> Claim | None:
        return self.ledger.claim_due(channel, self.clock(), LEASE, "another:2", ALWAYS)

    def live(self, one: Delivery) -> list[str]:
        assert one.post is not None
        return self.networks[one.channel].shows(one.post.link)

    def announced_by_hand(self, one: Delivery) -> list[str]:
        """List the posts by hand that are an announcement of a delivery's aid: its own link and its title."""
        network, link = self.networks[one.channel], one.post.link if one.post else ""
        return [
            post.receipt.post_id
            for _, post in network.live
            if post.receipt.post_id in network.by_hand and link in post.links and one.aid_title in post.text
        ]

    @property
    def file(self) -> str:
        return self.url.removeprefix("sqlite:///")

    def tried(self, one: Delivery) -> bool:
        return bool(self.ledger.attempts(one.id))

    def change(self, one: Delivery, state: State, receipt: Receipt | None = None) -> None:
        now = self.clock()
        assert self.ledger.change_delivery(
            one.id, [one.state], state, who="a person", reason="I looked", now=now, receipt=receipt
        )


TestAtMostOnce = AtMostOnce.TestCase
TestAtMostOnce.settings = settings(
    max_examples=200,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
