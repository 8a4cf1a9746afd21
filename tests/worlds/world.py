"""Let one script happen, and judge what came of it."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from worlds import judge
from worlds.daemons import Daemon, Machine, Surroundings
from worlds.feed import SITE, THEME_LINK, own_link_of, token_of
from worlds.graph_face import GraphFace
from worlds.networks import Live, Shore
from worlds.program.desk import Desk, read_records
from worlds.program.ledgers import LedgerFile
from worlds.program.parts import TROUBLE, Program
from worlds.program.values import words_of
from worlds.scripts import X, Deed, Event, Script, Words
from worlds.x_face import XFace

HOUR, DAY = 3600.0, 86400.0
CALM_AFTER = HOUR
"""How long after the last event all troubles end."""
SETTLING = 8 * DAY
DOWN_FOR = 600.0
"""How long a restored ledger's daemons stay down: longer than any list lags."""
GRACE = 120.0
"""What a post in flight may take when a hold comes: its last request, and the loss of its answer."""


@dataclass(slots=True)
class Truth:
    """Remember what happened, apart from the networks: what the judge is told."""

    holds: list[judge.Hold] = field(default_factory=list)
    ordered: set[int] = field(default_factory=set)
    marks: list[tuple[str, str]] = field(default_factory=list)
    taken_down: list[str] = field(default_factory=list)
    backups: list[tuple[float, sqlite3.Connection, frozenset[int]]] = field(default_factory=list)
    forgotten: list[tuple[float, float]] = field(default_factory=list)
    """From when to when what was done is not in the ledger, as an old one was put back."""


class World:
    """Hold one world: make it, let it happen, judge it."""

    def __init__(
        self, script: Script, file: LedgerFile, tell: Callable[[str], None] | None = None
    ) -> None:
        file.renew()
        self.script, self.truth, self._told = script, Truth(), tell
        self._around = around = Surroundings(script, file, self._tell if tell else lambda words: None)
        for net in script.nets:
            scheduler = around.scheduler
            later = lambda after, work, scheduler=scheduler: scheduler.call(scheduler.now + after, work)
            shore = Shore(net, script.troubles, lambda: scheduler.now, later, around.tell)
            around.shores[net.name] = shore
            around.faces[net.name] = XFace(shore) if net.name == X else GraphFace(shore)
        self._desk_machine = Machine("desk", around)
        self._desk_at: Desk | None = None

    def live(self) -> tuple[judge.Fault, ...]:
        """Let everything happen, and return what is wrong in the end."""
        around, scheduler = self._around, self._around.scheduler
        last = 0.0
        for event in self.script.events:
            if event.at < 0:
                self._do(event)
            else:
                last = max(last, event.at)
                scheduler.call(event.at, partial(self._do, event))
        around.daemons.extend(Daemon(number, around) for number in range(len(self.script.machines)))
        scheduler.call(last + CALM_AFTER, self._calm)
        try:
            scheduler.run(last + CALM_AFTER + SETTLING)
            found = judge.judge(self._outcome(), grace=GRACE)
            return tuple(fault for fault in found if self._counts(fault))
        finally:
            scheduler.close()

    def _counts(self, fault: judge.Fault) -> bool:
        """Leave out what nobody could have known: a hand-made post counts only where the program looks."""
        adopting = {net.name for net in self.script.nets if net.adopt}
        if fault.kind is judge.Kind.REPEATED_BY_HAND:
            return fault.channel in adopting
        return fault.kind not in judge.WEAK

    @property
    def troubles(self) -> list[str]:
        """List what the program raised against its own promises."""
        return self._around.troubles

    def _tell(self, words: str) -> None:
        assert self._told is not None
        self._told(f"{self._around.scheduler.now:12.2f}  {words}")

    def _do(self, event: Event) -> None:
        self._around.tell(f"--- {event.deed} {_arguments(event)}")
        match event.deed:
            case Deed.HAND:
                self._post_by_hand(event)
            case Deed.CHATTER:
                for number in range(event.amount):
                    self._add(str(event.channel), f"Good morning {number}", (), event.at + number)
            case Deed.STEP_CLOCK:
                self._around.daemons[event.machine or 0].skew += event.amount
                self._around.stir()
            case Deed.STOP:
                self._around.daemons[event.machine or 0].crash(event.amount)
            case Deed.BACK_UP:
                now = self._around.scheduler.now
                copy = self._around.file.copy()
                self.truth.backups.append((now, copy, frozenset(self.truth.ordered)))
            case Deed.RESTORE:
                self._restore(event)
            case Deed.PUBLISH | Deed.CHANGE | Deed.WITHDRAW | Deed.REPEAT:
                self._change_feed(event)
            case _:
                self._order(lambda: self._carry_out(event))

    def _change_feed(self, event: Event) -> None:
        feed, at = self._around.feed, max(0.0, float(event.at))
        changes = {
            Deed.PUBLISH: feed.publish,
            Deed.CHANGE: feed.change,
            Deed.WITHDRAW: feed.withdraw,
            Deed.REPEAT: feed.repeat,
        }
        changes[event.deed](event.aid or 0, at)
        self._around.stir()

    def _post_by_hand(self, event: Event) -> None:
        index = event.aid or 0
        link, token = own_link_of(index), token_of(index)
        text, links = {
            Words.OWN_LINK: (f"Save the date: {link}", (link,)),
            Words.TITLE: (f"Just out: {token} {link}", (link,)),
            Words.SITE: (f"Closed on Friday. Hours: {SITE}", (SITE,)),
            Words.THEME: (f"Do read this: {THEME_LINK}", (THEME_LINK,)),
            Words.NO_LINK: (f"{token} will be a fine thing", ()),
            Words.VERY: (words_of(f"{token} for officers", link), (link,)),
        }[event.words or Words.NO_LINK]
        self._add(str(event.channel), text, links, event.at)

    def _add(self, channel: str, text: str, links: tuple[str, ...], at: float) -> None:
        if channel in self._around.shores:
            face = self._around.faces[channel]
            post_id = face.new_id(at)
            post = Live(post_id=post_id, text=text, links=links, at=at, made_at=at, by="hand")
            self._around.shores[channel].add(post)

    def _restore(self, event: Event) -> None:
        if not self.truth.backups:
            return
        around, now = self._around, self._around.scheduler.now
        made_at, copy, ordered = self.truth.backups[event.amount % len(self.truth.backups)]
        for daemon in around.daemons:
            daemon.crash(DOWN_FOR)
        around.scheduler.crash("desk")
        around.scheduler.call(now, lambda: around.file.restore(copy))
        self.truth.forgotten.append((made_at, now + 1))
        self.truth.ordered = set(ordered)
        self.truth.holds = [_as_it_was(hold, made_at, now) for hold in self.truth.holds]

    def _order(self, work: Callable[[], None]) -> None:
        def command() -> None:
            try:
                work()
            except TROUBLE as error:
                self._around.tell(f"desk: {error}")

        self._around.scheduler.spawn("desk", "desk", command)

    def _carry_out(self, event: Event) -> None:
        desk, truth = self._desk, self.truth
        match event.deed:
            case Deed.ANNOUNCE:
                if desk.announce(f"guid:{event.aid}"):
                    truth.ordered.add(event.aid or 0)
            case Deed.DIGEST:
                keys = [key.removesuffix("-again") for key in desk.digest()]
                truth.ordered.update(n for n in self._around.feed.entries if f"guid:{n}" in keys)
            case Deed.HOLD:
                desk.hold(event.channel, event.amount)
                now = self._around.scheduler.now
                until_at = now + event.amount if event.amount else None
                truth.holds.append(judge.Hold(from_at=now, until_at=until_at, channel=event.channel))
            case Deed.LIFT:
                self._lift()
            case Deed.RESUME:
                desk.resume()
            case Deed.APPROVE:
                desk.approve()
            case Deed.EDIT:
                desk.edit()
            case Deed.CANCEL:
                desk.cancel()
            case Deed.RETRY:
                desk.retry()
            case Deed.MARK:
                truth.marks.extend(desk.answer_doubts(self._visible, older_than=HOUR / 2))
            case Deed.TAKE_DOWN:
                truth.taken_down.extend(desk.take_down())

    @property
    def _desk(self) -> Desk:
        if self._desk_at is None:
            around, machine = self._around, self._desk_machine
            program = Program(around.file.handles[-1], machine, self.script, around.feed, machine.cross)
            self._desk_at = Desk(program, machine.now)
        return self._desk_at

    def _lift(self) -> None:
        now = self._around.scheduler.now
        self.truth.holds = [
            replace(hold, until_at=now) if hold.until_at is None or hold.until_at > now else hold
            for hold in self.truth.holds
        ]
        self._desk.lift()

    def _visible(self, channel: str, text: str) -> str | None:
        now = self._around.scheduler.now
        for post in self._around.shores[channel].posts:
            if post.text == text and post.at is not None and post.at <= now and post.gone_at is None:
                return post.post_id
        return None

    def _calm(self) -> None:
        around = self._around
        around.tell("--- calm")
        around.calm = True
        for shore in around.shores.values():
            shore.calm = True
        for daemon in around.daemons:
            daemon.ease()

        if self.truth.holds:
            self._order(self._lift)
        for after in (0.0, DAY):
            around.scheduler.call(around.scheduler.now + after, self._resume)

    def _resume(self) -> None:
        if self._around.file.has_paused():
            self._order(lambda: self._desk.resume())

    def _outcome(self) -> judge.World:
        records = read_records(self._around.file.handles[-1])
        publics = [self._public(name, post) for name, post in self._posts()]
        aids = self._aids(publics)
        known = {(record.channel, record.aid) for record in records}
        return judge.World(
            settled=True,
            aids=aids,
            publics=tuple(post for post in publics if self._may_be_known(post, aids, known)),
            records=tuple(record for record in records if record.aid in {aid.key for aid in aids}),
            holds=tuple(self.truth.holds),
            marks=tuple(self.truth.marks),
            taken_down=tuple(self.truth.taken_down),
            ended_at=self._around.scheduler.now,
        )

    def _posts(self) -> list[tuple[str, Live]]:
        shores = self._around.shores.items()
        return [(name, post) for name, shore in shores for post in shore.posts if post.at is not None]

    def _public(self, channel: str, post: Live) -> judge.Public:
        return judge.Public(
            channel=channel,
            post_id=post.post_id,
            text=post.text,
            links=post.links,
            at=post.at or 0.0,
            by="program" if post.by == "program" else "hand",
            reply_to=post.reply_to,
            gone_at=post.gone_at,
        )

    def _aids(self, publics: list[judge.Public]) -> tuple[judge.Aid, ...]:
        public = {i for i in self._around.feed.entries if any(token_of(i) in p.text for p in publics)}
        return tuple(
            judge.Aid(
                key=f"guid:{entry.index}",
                token=entry.token,
                link=entry.link,
                own_link=entry.about.own_link,
                shown_at=entry.shown_at,
                channels=tuple(self._around.shores),
                baseline=entry.index < 0,
                ordered=entry.index in self.truth.ordered
                or (bool(self.truth.forgotten) and entry.index < 0 and entry.index in public),
                withdrawn_at=entry.withdrawn_at,
            )
            for entry in self._around.feed.entries.values()
        )

    def _may_be_known(
        self, post: judge.Public, aids: tuple[judge.Aid, ...], known: set[tuple[str, str]]
    ) -> bool:
        """Leave out what was made after the backup that was put back, of aids that nothing shows any more."""
        if not any(begin <= post.at <= end for begin, end in self.truth.forgotten):
            return True
        return any((post.channel, aid.key) in known for aid in aids if aid.token in post.text)


def _as_it_was(hold: judge.Hold, made_at: float, now: float) -> judge.Hold:
    """Say which holds there are when an old ledger is put back."""
    if hold.from_at > made_at:
        return replace(hold, until_at=min(now, hold.until_at or now))
    if hold.until_at is not None and made_at < hold.until_at <= now:
        return replace(hold, from_at=now, until_at=None)
    return hold


def _arguments(event: Event) -> str:
    given = (event.aid, event.channel, event.machine, event.words, event.amount or None)
    return " ".join(str(each) for each in given if each is not None)
