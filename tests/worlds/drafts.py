"""Hold a script in the making."""

from dataclasses import dataclass, field, replace
from random import Random

from worlds.scripts import Aid, Deed, Event, Machine, Mishap, Net, Trouble

MOST_AIDS = 4


@dataclass(slots=True)
class Draft:
    """Hold the parts of a script, and the dice that decide on them."""

    dice: Random
    nets: dict[str, Net]
    aids: list[Aid] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    mishaps: list[Mishap] = field(default_factory=list)
    machines: list[Machine] = field(default_factory=lambda: [Machine()])
    newest: int = 0
    approval: bool = False
    lease: int = 600
    looks_apart: int = 120

    def change(self, name: str, **changes: object) -> None:
        """Change a network."""
        self.nets[name] = replace(self.nets[name], **changes)  # type: ignore[arg-type]

    def channel(self) -> str:
        """Choose a channel."""
        return self.dice.choice(sorted(self.nets))

    def publish(self, at: int, about: Aid) -> int:
        """Have an aid shown; returns its index."""
        self.aids.append(about)
        self.events.append(Event(at=at, deed=Deed.PUBLISH, aid=len(self.aids) - 1))
        return len(self.aids) - 1

    def do(self, at: int, deed: Deed, **more: object) -> None:
        """Have something done."""
        self.events.append(Event(at=at, deed=deed, **more))  # type: ignore[arg-type]

    def some_aid(self, own: bool | None = None) -> int:
        """Choose an aid, or have one shown soon."""
        fit = [n for n, one in enumerate(self.aids) if own is None or one.own_link is own]
        if fit or len(self.aids) >= MOST_AIDS:
            return self.dice.choice(fit or range(len(self.aids)))
        return self.publish(self.dice.choice((10, 1200)), Aid(own_link=own is not False))
