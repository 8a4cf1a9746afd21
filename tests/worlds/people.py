"""Be the people: those who run the programme, and those who post by hand."""

from collections.abc import Callable

from worlds.daemons import Machine, Surroundings
from worlds.feed import SITE, THEME_LINK, own_link_of, token_of
from worlds.networks import Live
from worlds.program.desk import Desk
from worlds.program.parts import TROUBLE, Program
from worlds.program.values import words_of
from worlds.scripts import Deed, Event, Words
from worlds.truth import Truth

ABSENT_AFTER = 1800.0
"""After so many seconds in doubt a person who sees no post believes that there is none."""


class Strangers:
    """Post by hand, on the programme's own channels."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def post(self, event: Event) -> None:
        """Post something about an aid, or near it."""
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
        self._add(event.channel, text, links, event.at)

    def chatter(self, event: Event) -> None:
        """Post much that has nothing to do with aids."""
        for number in range(event.amount):
            self._add(event.channel, f"Good morning {number}", (), event.at + number)

    def _add(self, channel: str | None, text: str, links: tuple[str, ...], at: float) -> None:
        if channel in self._around.shores:
            post_id = self._around.faces[channel].new_id(at)
            post = Live(post_id=post_id, text=text, links=links, at=at, made_at=at, by="hand")
            self._around.shores[channel].add(post)


class People:
    """Give orders, each by a command of its own, and remember what was done."""

    def __init__(self, around: Surroundings, truth: Truth) -> None:
        self._around, self._truth = around, truth
        self._machine = Machine("desk", around)
        self._made: Desk | None = None
        self._orders: dict[Deed, Callable[[Event], object]] = {
            Deed.ANNOUNCE: self._announce,
            Deed.DIGEST: self._digest,
            Deed.HOLD: self._hold,
            Deed.LIFT: lambda event: self._lift(),
            Deed.RESUME: lambda event: self._desk.resume(),
            Deed.APPROVE: lambda event: self._desk.approve(),
            Deed.EDIT: lambda event: self._desk.edit(),
            Deed.CANCEL: lambda event: self._desk.cancel(),
            Deed.RETRY: lambda event: self._desk.retry(),
            Deed.MARK: self._answer_doubts,
            Deed.TAKE_DOWN: self._take_down,
        }

    def order(self, event: Event) -> None:
        """Carry out what a person wants."""
        self._command(lambda: self._orders[event.deed](event))

    def see_to_all(self) -> None:
        """Lift holds, and let go on what is stopped."""
        if self._truth.holds:
            self._command(self._lift)
        if self._around.ledgers.has_paused():
            self._command(lambda: self._desk.resume())

    @property
    def _desk(self) -> Desk:
        if self._made is None:
            around, machine = self._around, self._machine
            program = Program(around.ledgers.handles[-1], machine, around.script, around.feed, machine.cross)
            self._made = Desk(program, machine.now)
        return self._made

    def _command(self, work: Callable[[], object]) -> None:
        def run() -> None:
            try:
                work()
            except TROUBLE as error:
                self._around.tell(f"desk: {error}")

        self._around.scheduler.spawn("desk", "desk", run)

    def _announce(self, event: Event) -> None:
        if self._desk.announce(f"guid:{event.aid}"):
            self._truth.ordered.add(event.aid or 0)

    def _digest(self, event: Event) -> None:
        keys = [key.removesuffix("-again") for key in self._desk.digest()]
        self._truth.ordered.update(n for n in self._around.feed.entries if f"guid:{n}" in keys)

    def _hold(self, event: Event) -> None:
        self._desk.hold(event.channel, event.amount)
        self._truth.hold(self._around.scheduler.now, event.amount, event.channel)

    def _lift(self) -> None:
        self._truth.lift(self._around.scheduler.now)
        self._desk.lift()

    def _answer_doubts(self, event: Event) -> None:
        self._truth.marks.extend(self._desk.answer_doubts(self._visible, older_than=ABSENT_AFTER))

    def _take_down(self, event: Event) -> None:
        self._truth.taken_down.extend(self._desk.take_down())

    def _visible(self, channel: str, text: str) -> str | None:
        now = self._around.scheduler.now
        for post in self._around.shores[channel].posts:
            if post.text == text and post.at is not None and post.at <= now and post.gone_at is None:
                return post.post_id
        return None
