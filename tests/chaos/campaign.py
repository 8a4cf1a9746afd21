"""Carry out a campaign: publish, let things go wrong, kill, start again; then let it settle."""

import random
import time
from collections.abc import Collection, Hashable, Iterator
from pathlib import Path

from chaos.books import Books
from chaos.clockwork import Clockwork
from chaos.daemons import Daemons
from chaos.hands import Hands
from chaos.ingredients import Ingredient
from chaos.progress import wait_while_it_moves
from chaos.publishing import Press
from chaos.weather import FAIR, longest_lag, storm, ways
from spotlight_notify.app.chance import clock
from spotlight_notify.config.configuration import Config
from spotlight_notify.model.words import Cause, State
from spotlight_notify.sandbox.fault_scripts import parse_script
from spotlight_notify.sandbox.faults import Step
from spotlight_notify.sandbox.server import Sandbox

LOOKS_APART_SECONDS = 1.2
DECIDES = "a person must decide"
ENDED = frozenset({State.SENT, State.FAILED, State.PROPOSED, State.SKIPPED, State.CANCELLED})
WRITING = frozenset({Step.PUBLISH, Step.REPLY, Step.PREPARE})
UPLOAD_SECONDS = 8.0
"""How long a picture and the words for it may take to be taken twice over, when every answer is slow."""
STEPS = (0, 0, -120, -20, 20, 120)
"""Where, in seconds, a clock may step; X takes no signature that is five minutes off."""


class Campaign:
    """Hold what a campaign works with. ``team``: how many daemons share the ledger."""

    def __init__(
        self,
        *,
        sandbox: Sandbox,
        config: Config,
        books: Books,
        daemons: Daemons,
        press: Press,
        hands: Hands,
        clockwork: Clockwork | None,
        ingredients: Collection[Ingredient],
        dice: random.Random,
        team: int,
        folder: Path,
    ) -> None:
        self.sandbox, self.daemons, self.press, self.hands = sandbox, daemons, press, hands
        self.books, self.ingredients, self.restored = books, ingredients, 0
        self._config, self._dice, self._team, self._folder = config, dice, team, folder
        self._clockwork = clockwork

    def begin(self) -> None:
        """Let the first look pass in fair weather: what is there then is never announced."""
        self._order(ways(self.ingredients))
        self._man()
        if not wait_while_it_moves(self._has_looked, self._polled):
            raise TimeoutError("the first look never ends")

    def round(self) -> None:
        """Publish in foul weather, and kill daemons at a moment that chance chooses."""
        self._order(storm(self._dice, self.ingredients))
        self._step()
        self.press.publish(self._dice.choice((1, 1, 2)))
        if Ingredient.HANDS in self.ingredients and self._dice.random() < 0.5:
            self.hands.post(self.press.newest)
        self._man()
        self.press.publish(self._dice.choice((0, 1, 1)))
        self._be_a_person()
        self._wait_for_the_moment()
        for _ in range(self._dice.randint(1, self._team)):
            self.daemons.kill_one()
        if Ingredient.RESTORED in self.ingredients and self._dice.random() < 0.25:
            self._restore()

    def settle(self) -> list[str]:
        """End the faults and wait until nothing moves any more; returns what went wrong in that."""
        self.sandbox.faults.clear()
        self._order(FAIR)
        if self._clockwork:
            self._clockwork.set(0)
        self._man()
        self.daemons.command("resolve", "--all")
        settled = wait_while_it_moves(self._is_settled, self._seen, between=self._help_along)
        heard = [] if settled else ["it has not settled, and nothing moves any more"]
        return heard + [f"a daemon ended with {code}" for code in self.daemons.stop() if code]

    def _order(self, script: str) -> None:
        self.sandbox.faults.carry_out(parse_script(script))

    def _step(self) -> None:
        if self._clockwork:
            self._clockwork.set(self._dice.choice(STEPS))

    def _man(self) -> None:
        while self.daemons.running < self._team:
            self.daemons.start()

    def _be_a_person(self) -> None:
        """Let go on what is stopped, at rest, braked or refused; commands may fail."""
        for channel in self.books.ledger.channels():
            if channel.paused_at:
                self.daemons.command("channel", "resume", channel.name, "--by", "chaos")
            elif channel.due_at:
                self.books.ledger.resume_channel(channel.name, "there is no time to rest", clock(), "chaos")
        for words in self._answers():
            self.daemons.command(*words, "--by", "chaos", "--reason", "seen")
        if self._dice.random() < 0.15:
            self.daemons.command("resolve", "--all")

    def _answers(self) -> Iterator[tuple[str, ...]]:
        """Yield the commands that answer what a person is asked, where the answer is always yes."""
        for source in self.books.ledger.sources():
            if source.alarm:
                yield "source", "accept", source.name
        for one in self.books.ledger.deliveries(states=(State.PROPOSED,)):
            if one.cause is Cause.REFUSED:
                yield "deliveries", "retry", str(one.id)

    def _help_along(self) -> None:
        self._be_a_person()
        self.books.ledger.look_now(None, clock())
        time.sleep(LOOKS_APART_SECONDS)

    def _wait_for_the_moment(self) -> None:
        """Wait for as long as chance says: from the start, or from the next post that reaches a stand-in."""
        if self._dice.random() < 0.25:
            time.sleep(self._dice.uniform(0, 1.2))
            return
        posts = self._posts_asked_for()
        wait_while_it_moves(lambda: self.daemons.are_up or not self.daemons.running, lambda: None)
        self._step()
        patience = self._dice.uniform(2, 4)
        wait_while_it_moves(lambda: self._posts_asked_for() != posts, self._seen, patience=patience)
        time.sleep(self._dice.choice((0.0, self._dice.uniform(0, 0.05), self._dice.uniform(0, 1.5))))
        if Ingredient.UPLOADS in self.ingredients and self._dice.random() < 0.5:
            time.sleep(self._dice.uniform(0, UPLOAD_SECONDS))

    def _restore(self) -> None:
        """Copy the ledger while nobody serves it, let posts go out, and put the copy back.

        That takes longer than lists lag: nobody restores a backup in three seconds.
        """
        copy = self._folder / "copy.sqlite3"
        self.daemons.kill_all()
        self.books.copy(copy)
        self.press.publish(2)
        posts = self._posts_made()
        self._man()
        wait_while_it_moves(lambda: self._posts_made() > posts, self._seen, patience=10)
        self.daemons.kill_all()
        time.sleep(longest_lag(self.ingredients))
        self.books.put_back(copy)
        self.restored += 1

    def _posts_asked_for(self) -> int:
        return sum(exchange.step is Step.PUBLISH for exchange in self.sandbox.journal.exchanges)

    def _posts_made(self) -> int:
        return len(self.sandbox.x.history) + len(self.sandbox.graph.history)

    def _polled(self) -> Hashable:
        return tuple((source.name, source.polled_at) for source in self.books.ledger.sources())

    def _seen(self) -> Hashable:
        """See what tells progress; looks at a network that change nothing do not."""
        deliveries = self.books.ledger.deliveries()
        states = tuple((each.id, each.state, each.tries, each.reason) for each in deliveries)
        asked = sum(exchange.step in WRITING for exchange in self.sandbox.journal.exchanges)
        return states, asked, self._posts_made()

    def _has_looked(self) -> bool:
        return all(s.baseline_at for s in self.books.ledger.sources() if s.name in self._config.sources)

    def _is_settled(self) -> bool:
        deliveries = self.books.ledger.deliveries()
        waiting = [one for one in deliveries if one.state not in ENDED or one.cause is Cause.BRAKE]
        decided = all(d.state is State.UNSURE and DECIDES in (d.reason or "") for d in waiting)
        return decided and len(deliveries) == len(self.press.links) * len(self._config.channels)
