"""Draw a small world from a seed: a few ingredients, chosen so that the seams matter."""

from random import Random

from worlds.drafts import Draft
from worlds.fairness import fair
from worlds.ingredients import INGREDIENTS, draw_aid
from worlds.scripts import PAGE, Net, Script, X


def draw(seed: int) -> Script:
    """Draw the world of a seed."""
    dice = Random(seed)
    names = dice.choices(([X], [PAGE], [X, PAGE]), (6, 6, 1))[0]
    draft = Draft(dice=dice, nets={name: _net(name, dice) for name in names})
    for _ in range(dice.choices((1, 2), (4, 1))[0]):
        draft.publish(dice.choice((10, 10, 1000, 3000)), draw_aid(dice))
    for ingredient in dice.choices(*INGREDIENTS, k=dice.choices((1, 2, 3), (4, 4, 1))[0]):
        ingredient(draft)
    return fair(_script(draft, seed))


def _script(draft: Draft, seed: int) -> Script:
    return Script(
        seed=seed,
        nets=tuple(draft.nets.values()),
        machines=tuple(draft.machines),
        aids=tuple(draft.aids),
        events=tuple(draft.events),
        troubles=tuple(draft.troubles),
        mishaps=tuple(draft.mishaps),
        newest=draft.newest,
        approval=draft.approval,
        lease=draft.lease,
        looks_apart=draft.looks_apart,
    )


def _net(name: str, dice: Random) -> Net:
    return Net(
        name=name,
        lag=dice.choices((0, 5, 40, 80), (6, 2, 1, 1))[0],
        refuses_repeats=dice.random() < 0.4,
        clock_off=dice.choice((0, 0, -2, 3)),
        odd=name == X and dice.random() < 0.05,
        adopt=name == PAGE if dice.random() < 0.85 else name == X,
        two_phase=name == PAGE and dice.random() < 0.2,
    )
