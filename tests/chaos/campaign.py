"""Carry out a campaign: publish, let things go wrong, kill, start again; then let it settle."""

import random
import time
from collections.abc import Callable

from chaos.daemons import Daemons
from chaos.publishing import Press
from chaos.weather import FAIR, STAND_IN_WAYS, storm
from spotlight_notify.app import clock
from spotlight_notify.config import Config
from spotlight_notify.model import State
from spotlight_notify.ports import Ledger
from spotlight_notify.sandbox.fault_words import parse_script
from spotlight_notify.sandbox.faults import Step
from spotlight_notify.sandbox.serving import Sandbox

START_SECONDS = 60
SETTLE_SECONDS = 180
LOOK_EVERY_SECONDS = 0.05
LOOKS_APART_SECONDS = 1.2
DECIDES = "a person must decide"


class Campaign:
    """Hold what a campaign works with. ``team``: how many daemons share the ledger."""

    def __init__(
        self,
        sandbox: Sandbox,
        config: Config,
        ledger: Ledger,
        daemons: Daemons,
        press: Press,
        dice: random.Random,
        team: int,
    ) -> None:
        self.sandbox, self.daemons, self.press = sandbox, daemons, press
        self._config, self._ledger, self._dice, self._team = config, ledger, dice, team

    def begin(self) -> None:
        """Let the first look pass in fair weather: what is there then is never announced."""
        self._order(STAND_IN_WAYS)
        self._man()
        _until(self._has_looked, START_SECONDS, "the first look")

    def round(self) -> None:
        """Publish in foul weather, and kill daemons at a moment that chance chooses."""
        self._order(storm(self._dice))
        self.press.publish(self._dice.choice((1, 1, 2)))
        self._man()
        self.press.publish(self._dice.choice((0, 1, 1)))
        self._be_a_person()
        self._wait_for_the_moment()
        for _ in range(self._dice.randint(1, self._team)):
            self.daemons.kill_one()

    def settle(self) -> list[str]:
        """End the faults and wait until nothing moves any more; returns what went wrong in that."""
        self.sandbox.faults.clear()
        self._order(FAIR)
        self._man()
        self.daemons.command("resolve", "--all")
        end = time.monotonic() + SETTLE_SECONDS
        while not self._is_settled() and time.monotonic() < end:
            self._be_a_person()
            self._ledger.look_now(None, clock())
            time.sleep(LOOKS_APART_SECONDS)
        return [f"a daemon ended with {code}" for code in self.daemons.stop() if code]

    def _order(self, script: str) -> None:
        self.sandbox.faults.carry_out(parse_script(script))

    def _man(self) -> None:
        while self.daemons.running < self._team:
            self.daemons.start()

    def _be_a_person(self) -> None:
        """Let stopped channels go on: a resting one at once, a paused one by the command, which may fail."""
        for channel in self._ledger.channels():
            if channel.paused_at:
                self.daemons.command("channel", "resume", channel.name, "--by", "chaos")
            elif channel.due_at:
                self._ledger.resume_channel(channel.name, "there is no time to rest", clock(), "chaos")
        if self._dice.random() < 0.15:
            self.daemons.command("resolve", "--all")

    def _wait_for_the_moment(self) -> None:
        """Wait for as long as chance says: from the start, or from the next post that reaches a stand-in."""
        if self._dice.random() < 0.25:
            time.sleep(self._dice.uniform(0, 1.2))
            return
        before, end = self._posts_asked_for(), time.monotonic() + self._dice.uniform(2, 4)
        while self._posts_asked_for() == before and time.monotonic() < end:
            time.sleep(0.005)
        time.sleep(self._dice.choice((0.0, self._dice.uniform(0, 0.05), self._dice.uniform(0, 1.5))))

    def _posts_asked_for(self) -> int:
        return sum(exchange.step is Step.PUBLISH for exchange in self.sandbox.journal.exchanges)

    def _has_looked(self) -> bool:
        return all(s.baseline_at for s in self._ledger.sources() if s.name in self._config.sources)

    def _is_settled(self) -> bool:
        deliveries = self._ledger.deliveries()
        waiting = [d for d in deliveries if d.state not in (State.SENT, State.FAILED)]
        decided = all(d.state is State.UNSURE and DECIDES in (d.reason or "") for d in waiting)
        return decided and len(deliveries) == len(self.press.links) * len(self._config.channels)


def _until(done: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} took too long")
        time.sleep(LOOK_EVERY_SECONDS)
