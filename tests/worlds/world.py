"""Let one script happen, and judge what came of it."""

from collections.abc import Callable
from functools import partial

from worlds import judge
from worlds.daemons import Daemon, Surroundings
from worlds.graph_face import GraphFace
from worlds.networks import Shore
from worlds.people import People, Strangers
from worlds.program.desk import read_records
from worlds.program.ledgers import Ledgers
from worlds.scheduling import Scheduler
from worlds.scripts import Deed, Event, Net, Script, X
from worlds.truth import Copy, Truth, outcome
from worlds.x_face import XFace

HOUR, DAY = 3600.0, 86400.0
CALM_AFTER = HOUR
"""How long after the last event all troubles end."""
SETTLING = 8 * DAY
DOWN_FOR = 600.0
"""How long a restored ledger's daemons stay down: longer than any list lags."""
GRACE = 60.0
"""What a post in flight may take when a hold comes: one request that arrives late."""
FEED_DEEDS = frozenset({Deed.PUBLISH, Deed.CHANGE, Deed.WITHDRAW, Deed.REPEAT})


class World:
    """Hold one world: make it, let it happen, judge it. ``tell`` hears of every step."""

    def __init__(self, script: Script, ledgers: Ledgers, tell: Callable[[str], None] | None = None) -> None:
        ledgers.renew()
        self.script, self.truth, self._told = script, Truth(), tell
        self.around = around = Surroundings(script, ledgers, self._tell if tell else lambda words: None)
        for net in script.nets:
            self._open(net)
        self._people, strangers = People(around, self.truth), Strangers(around)
        self._doings: dict[Deed, Callable[[Event], object]] = {
            **dict.fromkeys(Deed, self._people.order),
            **dict.fromkeys(FEED_DEEDS, self._change_feed),
            Deed.HAND: strangers.post,
            Deed.CHATTER: strangers.chatter,
            Deed.STEP_CLOCK: self._step_clock,
            Deed.STOP: self._stop,
            Deed.BACK_UP: self._back_up,
            Deed.RESTORE: self._restore,
        }

    def live(self) -> tuple[judge.Fault, ...]:
        """Let everything happen, and return what is wrong in the end."""
        around, scheduler = self.around, self.around.scheduler
        for event in self.script.events:
            if event.at < 0:
                self._do(event)
            else:
                scheduler.call(event.at, partial(self._do, event))
        last = max((event.at for event in self.script.events), default=0)
        around.daemons.extend(Daemon(number, around) for number in range(len(self.script.machines)))
        scheduler.call(last + CALM_AFTER, self._calm)
        try:
            scheduler.run(last + CALM_AFTER + SETTLING)
        finally:
            scheduler.close()
            for copy in self.truth.copies:
                copy.ledger.close()
        return self.judged()

    def judged(self) -> tuple[judge.Fault, ...]:
        """Tell what is wrong with what became public and what is on record by now."""
        found = judge.judge(self._outcome(), grace=GRACE)
        return tuple(fault for fault in found if self._counts(fault))

    @property
    def surprises(self) -> list[str]:
        """List what the program raised against its own promises."""
        return self.around.surprises

    def _open(self, net: Net) -> None:
        scheduler: Scheduler = self.around.scheduler

        def later(seconds: float, work: Callable[[], object]) -> None:
            scheduler.call(scheduler.now + seconds, work)

        shore = Shore(net, self.script.troubles, lambda: scheduler.now, later, self.around.tell)
        self.around.shores[net.name] = shore
        self.around.faces[net.name] = XFace(shore) if net.name == X else GraphFace(shore)

    def _counts(self, fault: judge.Fault) -> bool:
        """Leave out what nobody could have known, and what people wanted.

        A hand-made post counts only where the program looks, and where nobody says yes when asked about it.
        What was taken back counts only where nobody lets it go.
        """
        adopting = {net.name for net in self.script.nets if net.adopt}
        if fault.kind is judge.Kind.WITHDRAWN:
            lets_go = any(event.deed in (Deed.RETRY, Deed.STOP, Deed.RESTORE) for event in self.script.events)
            return not lets_go
        if fault.kind is judge.Kind.REPEATED_BY_HAND:
            says_yes = any(event.deed is Deed.APPROVE for event in self.script.events)
            return fault.channel in adopting and not says_yes
        return fault.kind not in judge.WEAK

    def _tell(self, words: str) -> None:
        if self._told is not None:
            self._told(f"{self.around.scheduler.now:12.2f}  {words}")

    def _do(self, event: Event) -> None:
        given = (event.aid, event.channel, event.machine, event.words, event.amount or None)
        arguments = " ".join(str(each) for each in given if each is not None)
        self.around.tell(f"--- {event.deed} {arguments}")
        self._doings[event.deed](event)

    def _change_feed(self, event: Event) -> None:
        feed = self.around.feed
        changes = {
            Deed.PUBLISH: feed.publish,
            Deed.CHANGE: feed.change,
            Deed.WITHDRAW: feed.withdraw,
            Deed.REPEAT: feed.repeat,
        }
        changes[event.deed](event.aid or 0, float(event.at))
        self.around.stir()

    def _step_clock(self, event: Event) -> None:
        self.around.daemons[event.machine or 0].skew += event.amount
        self.around.stir()

    def _stop(self, event: Event) -> None:
        self.around.daemons[event.machine or 0].crash(event.amount)

    def _back_up(self, event: Event) -> None:
        ledger, now, ordered = self.around.ledgers.copy(), self.around.scheduler.now, self.truth.ordered
        if ledger is not None:
            self.truth.copies.append(Copy(made_at=now, ledger=ledger, ordered=frozenset(ordered)))

    def _restore(self, event: Event) -> None:
        """Put an old copy back while nobody works."""
        around, scheduler = self.around, self.around.scheduler
        if not self.truth.copies:
            return
        copy = self.truth.copies[event.amount % len(self.truth.copies)]
        for daemon in around.daemons:
            daemon.crash(DOWN_FOR)
        scheduler.crash("desk")
        scheduler.call(scheduler.now, lambda: around.ledgers.restore(copy.ledger))
        self.truth.forget(copy, scheduler.now)

    def _calm(self) -> None:
        """End all troubles; people see to what waits for them, now and a day later."""
        around = self.around
        around.tell("--- calm")
        around.calm = around.feed.calm = True
        for shore in around.shores.values():
            shore.calm = True
        for daemon in around.daemons:
            daemon.ease()
        self._people.see_to_all()
        around.scheduler.call(around.scheduler.now + DAY, self._people.see_to_all)

    def _outcome(self) -> judge.World:
        around = self.around
        records = read_records(around.ledgers.handles[-1])
        return outcome(self.truth, around.feed, around.shores, records, around.scheduler.now)
