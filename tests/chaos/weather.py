"""Make fault scripts by chance: what goes wrong at the stand-ins during one round."""

import random
from collections.abc import Collection, Mapping

from chaos.ingredients import Ingredient
from spotlight_notify.sandbox.faults import Fault

POSTING: Mapping[Fault, float] = {
    Fault.LOST_ANSWER: 4,
    Fault.RESET_AFTER: 3,
    Fault.ERROR_500_LIVE: 3,
    Fault.CODE_1_LIVE: 2,
    Fault.CODE_2_LIVE: 2,
    Fault.GARBAGE_LIVE: 2,
    Fault.EMPTY_LIVE: 2,
    Fault.RESET_BEFORE: 3,
    Fault.HTML_503: 2,
    Fault.REDIRECT: 1,
    Fault.SLOW_ANSWER: 1,
    Fault.THROTTLED: 1,
    Fault.THROTTLED_NO_RESET: 0.5,
    Fault.DUPLICATE: 0.5,
    Fault.SIGNED_OUT: 0.5,
    Fault.NO_CREDITS: 0.5,
    Fault.MISSING_PERMISSION: 0.3,
    Fault.CHECKPOINT: 0.3,
}
"""How often each trouble is chosen for posts; what pauses a channel is rare, for a person must end it.

A fresh post that is made and yet refused as a duplicate of itself is left out: no record could be true.
"""
MORE_POSTING: Mapping[Ingredient, tuple[Fault, float]] = {
    Ingredient.TWICE: (Fault.DELIVERED_TWICE, 4),
    Ingredient.UNREAD: (Fault.NOT_READ_BACK, 3),
}
PREPARING = (Fault.LOST_ANSWER, Fault.RESET_BEFORE, Fault.HTML_503, Fault.GARBAGE_LIVE, Fault.SLOW_ANSWER)
READING = (
    Fault.LOST_ANSWER,
    Fault.RESET_BEFORE,
    Fault.RESET_AFTER,
    Fault.ERROR_500_LIVE,
    Fault.GARBAGE_LIVE,
    Fault.EMPTY_LIVE,
    Fault.HTML_503,
    Fault.REDIRECT,
    Fault.THROTTLED,
    Fault.SIGNED_OUT,
)
LATE_ONE_IN = 10
"""Rounds of which one has answers that never come: each holds a channel for as long as a request may take."""
SLOW_ONE_IN = 2
"""Rounds of which one has uploads that are slow, every one, if there are such at all."""
LONGEST_LAG_SECONDS = 0.7
"""Lists may be this much behind; two looks lie a second apart."""
LONGER_LAG_SECONDS = 3.0
"""Three times ``looks_apart``."""
SMALL_PAGE = 7
FAIR = "; ".join(f"{network} lag: 0s" for network in ("x", "facebook"))
STAND_IN_WAYS = "; ".join(
    f"{network} limits: off; {network} duplicates: allowed" for network in ("x", "facebook")
)
"""The stand-ins take everything, so that a second post would be seen."""
SMALL_PAGES = "; ".join(f"{network} page: {SMALL_PAGE}" for network in ("x", "facebook"))


def ways(ingredients: Collection[Ingredient]) -> str:
    """Write how the stand-ins are for the whole campaign."""
    return "; ".join([STAND_IN_WAYS] + [SMALL_PAGES] * (Ingredient.PAGES in ingredients))


def longest_lag(ingredients: Collection[Ingredient]) -> float:
    """Tell, in seconds, how far behind lists may be."""
    return LONGER_LAG_SECONDS if Ingredient.LAGS in ingredients else LONGEST_LAG_SECONDS


def storm(dice: random.Random, ingredients: Collection[Ingredient]) -> str:
    """Write the fault script of one round, for both networks."""
    return "; ".join(
        clause for network in ("x", "facebook") for clause in _clauses(network, dice, ingredients)
    )


def _clauses(network: str, dice: random.Random, ingredients: Collection[Ingredient]) -> list[str]:
    chosen = dict(POSTING)
    for calm in dice.sample(sorted(POSTING), k=6):
        del chosen[calm]
    if dice.randrange(LATE_ONE_IN) == 0:
        chosen[Fault.LATE_ANSWER] = 4
    chosen |= dict(MORE_POSTING[each] for each in sorted(MORE_POSTING) if each in ingredients)
    posting = " | ".join(f"{fault}*{weight:g}" for fault, weight in chosen.items())
    return [
        f"{network} publish: {dice.uniform(55, 90):.1f}% {posting}",
        f"{network} prepare: {_preparing(dice, ingredients)}",
        f"{network} read: {dice.uniform(0, 35):.1f}% {' | '.join(READING)}",
        f"{network} lag: {dice.uniform(0, longest_lag(ingredients)):.2f}s",
    ]


def _preparing(dice: random.Random, ingredients: Collection[Ingredient]) -> str:
    """Let uploads go wrong, or each of a round's be so slow that a picture's two outlive a lease."""
    if Ingredient.UPLOADS in ingredients and dice.randrange(SLOW_ONE_IN) == 0:
        return f"100% {Fault.SLOW_ANSWER}"
    return f"{dice.uniform(0, 30):.1f}% {' | '.join(PREPARING)}"
