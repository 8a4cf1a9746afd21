"""Post as people do: by hand with links of every kind, and as strangers."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from spotlight_notify.sandbox.server import Sandbox

SITE, THEME = "/", "/themes/de-escalation"


@dataclass(slots=True)
class Hands:
    """Make posts past the program, and keep what was made, as (channel, post id): its link, or None."""

    sandbox: Sandbox
    dice: random.Random
    made: dict[tuple[str, str], str | None] = field(default_factory=dict)
    strangers: set[tuple[str, str]] = field(default_factory=set)

    def post(self, aids_link: str) -> None:
        """Post once, on one network, with a link of a kind that chance chooses."""
        number = len(self.made) + len(self.strangers) + 1
        home = self.sandbox.site.sample.home
        link = self.dice.choice((aids_link, aids_link, f"{home}{SITE}", f"{home}{THEME}", ""))
        text = f"Somebody's own words, number {number}. {link}".strip()
        channel, by_hand, by_stranger = self.dice.choice(self._ways())
        if self.dice.random() < 0.25:
            self.strangers.add((channel, by_stranger(text)))
        else:
            self.made[channel, by_hand(text)] = link if link == aids_link else None

    def _ways(self) -> tuple[tuple[str, Callable[[str], str], Callable[[str], str]], ...]:
        x, graph = self.sandbox.x, self.sandbox.graph
        return (
            ("sample-x", x.post_by_hand, x.repost_a_strangers),
            ("sample-page", graph.post_by_hand, graph.post_by_visitor),
        )
