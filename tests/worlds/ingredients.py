"""Draw what goes on in a world: each ingredient adds to a draft what makes one seam matter."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from worlds.drafts import Draft
from worlds.scripts import (
    ANY,
    SITE,
    Aid,
    Blow,
    Deed,
    Ill,
    Machine,
    Mishap,
    Trouble,
    Words,
)

MINUTE, HOUR, DAY = 60, 3600, 86400
PAUSED_AT = (
    *("after claim_due", "after upload", "after describe", "after create", "after publish"),
    *("before settle", "before claim_look", "before settle_look", "after look", "before recording"),
)
"""Where work may stand still: everywhere but between its last question and its request."""
CRASHED_AT = (
    *("before claim_due", "after claim_due", "before create", "after create", "before settle"),
    *("after settle", "before held", "after upload", "before recording", "after recording"),
    *(
        "before settle_look",
        "after settle_look",
        "after claim_look",
        "before claim_poll",
        "after claim_poll",
        "after look",
    ),
    *("before publish", "after publish", "after draft", "after remember_draft", "after strand"),
)
UNCLEAR = (Ill.LOST_ANSWER, Ill.LOST_REQUEST, Ill.LATE, Ill.LIVE_ERROR, Ill.SERVER_ERROR, Ill.UNREADABLE)
CLEAR = (Ill.NO_CONNECTION, Ill.TWICE, Ill.NO_ID, Ill.READ_FAILED, Ill.THROTTLED, Ill.REFUSED, Ill.SIGNED_OUT)


Ingredient = Callable[[Draft], None]


def draw_aid(dice: Random) -> Aid:
    return Aid(own_link=dice.random() < 0.7, dated=dice.choice((None, None, 0, 2)))


def _unclear(draft: Draft) -> None:
    """Lose an answer, or let it say nothing."""
    ill = draft.dice.choice(UNCLEAR)
    amount = draft.dice.choice((5, 20)) if ill is Ill.LATE else draft.dice.randrange(2)
    _add_trouble(draft, ill, amount)


def _clear(draft: Draft) -> None:
    """Let the network refuse, in one of the ways in which it does."""
    _add_trouble(draft, draft.dice.choice(CLEAR), draft.dice.randrange(5))


def _blind(draft: Draft) -> None:
    """Let looks fail, and what else only reads."""
    ill = draft.dice.choice((Ill.SERVER_ERROR, Ill.LOST_REQUEST, Ill.THROTTLED, Ill.SIGNED_OUT))
    for nth in range(draft.dice.choice((1, 2))):
        draft.troubles.append(Trouble(channel=draft.channel(), call="look", nth=nth, ill=ill))


def _add_trouble(draft: Draft, ill: Ill, amount: int, name: str | None = None) -> None:
    name = name or draft.channel()
    two_phase = draft.nets[name].two_phase
    call = draft.dice.choice(("draft", "publish")) if two_phase else "create"
    nth = draft.dice.choices((0, 1, 2), (6, 2, 1))[0]
    draft.troubles.append(Trouble(channel=name, call=call, nth=nth, ill=ill, amount=amount))


def _crash(draft: Draft) -> None:
    """End a daemon somewhere."""
    step = draft.dice.choice((ANY, draft.dice.choice(CRASHED_AT)))
    draft.mishaps.append(
        Mishap(
            machine=draft.dice.randrange(len(draft.machines)),
            step=step,
            nth=draft.dice.randrange(70) if step == ANY else draft.dice.choices((0, 1, 2), (4, 2, 1))[0],
            blow=Blow.CRASH,
            amount=draft.dice.choice((0, 5, 5, 60, 900)),
        )
    )


def _pause(draft: Draft) -> None:
    """Let a piece of a daemon's work stand still, perhaps for longer than its lease."""
    draft.mishaps.append(
        Mishap(
            machine=draft.dice.randrange(len(draft.machines)),
            step=draft.dice.choice(PAUSED_AT),
            nth=draft.dice.choice((0, 0, 1)),
            blow=Blow.PAUSE,
            amount=draft.dice.choice((30, 300, 700, 4000)),
        )
    )


def _second_daemon(draft: Draft) -> None:
    """Let two daemons work at once."""
    if len(draft.machines) < 2:
        draft.machines.append(draft.machines[0])


def _strangers(draft: Draft) -> None:
    """Post something by hand, days or minutes before an aid comes, or after."""
    dice, index = draft.dice, draft.some_aid()
    kinds = [Words.SITE, Words.THEME, Words.NO_LINK]
    if draft.aids[index].own_link:
        kinds += [Words.OWN_LINK, Words.OWN_LINK, Words.TITLE, Words.VERY]
    name, at = draft.channel(), dice.choice((-6 * DAY, -3 * DAY, -HOUR, -300, 900, 1300))
    draft.do(at, Deed.HAND, aid=index, channel=name, words=dice.choice(kinds))


def _front_page(draft: Draft) -> None:
    """Link the site's front page by hand, then show an aid without a link of its own."""
    index, name = draft.some_aid(own=False), draft.channel()
    draft.do(draft.dice.choice((-3 * DAY, -HOUR)), Deed.HAND, aid=index, channel=name, words=Words.SITE)
    if draft.dice.random() < 0.7:
        _add_trouble(draft, draft.dice.choice((Ill.LOST_ANSWER, Ill.LOST_REQUEST)), 0, name)


def _theme_page(draft: Draft) -> None:
    """Order a digest; somebody may have shared the theme's page before."""
    if draft.dice.random() < 0.6:
        at = draft.dice.choice((-3 * DAY, -HOUR))
        draft.do(at, Deed.HAND, channel=draft.channel(), words=Words.THEME)
    draft.do(draft.dice.choice((200, 2000)), Deed.DIGEST)
    if draft.approval:
        draft.do(2500, Deed.APPROVE)


def _old_ledger(draft: Draft) -> None:
    """Put an old copy of the ledger back."""
    dice = draft.dice
    last = max((event.at for event in draft.events), default=0)
    apart = dice.choice((HOUR, 3 * HOUR, 8 * DAY, 30 * DAY))
    draft.do(dice.choice((5, 5, 12, 13, 400, last + 60)), Deed.BACK_UP)
    draft.do(last + apart, Deed.RESTORE)
    if dice.random() < 0.5:
        index, at = draft.publish(dice.choice((5, 600)), draw_aid(dice)), last + apart + 30
        draft.do(at, Deed.CHANGE, aid=index)


def _wrong_clock(draft: Draft) -> None:
    """Let the machine's clock be wrong."""
    skew = draft.dice.choice((20, 180, 180, 700, -180, -700))
    draft.machines[:] = [replace(machine, skew=skew) for machine in draft.machines]
    if draft.dice.random() < 0.7:
        _add_trouble(draft, Ill.LOST_ANSWER, 0)


def _stepping_clock(draft: Draft) -> None:
    """Let a clock step while a doubt is looked into."""
    name, dice = draft.channel(), draft.dice
    draft.change(name, lag=dice.choice((90, 150)))
    draft.looks_apart = 300
    _add_trouble(draft, Ill.LOST_ANSWER, 0, name)
    by = dice.choice((3 * DAY, 3 * DAY, HOUR, -HOUR))
    at = draft.events[0].at + 32 + dice.randrange(0, 40)
    for number in range(len(draft.machines)):
        draft.do(at, Deed.STEP_CLOCK, machine=number, amount=by)


def _slow_pictures(draft: Draft) -> None:
    """Let uploads take long while two daemons are up."""
    name, dice = max(draft.nets), draft.dice
    _second_daemon(draft)
    draft.change(name, slow=dice.choice((6, 15, 28, 28)), two_phase=False)
    draft.lease = dice.choice((120, 120, 600))
    draft.looks_apart = 60 if draft.lease < 600 and draft.nets[name].lag < 20 else 120
    draft.publish(5, Aid(pictures=dice.choice((2, 4, 4)), own_link=dice.random() < 0.7))


def _two_clocks(draft: Draft) -> None:
    """Let two machines' clocks differ by more than a lease."""
    _second_daemon(draft)
    dice = draft.dice
    draft.machines[dice.randrange(2)] = Machine(skew=dice.choice((660, 660, -660, 90)))
    draft.change(max(draft.nets), slow=dice.choice((15, 28, 28)))
    draft.publish(5, Aid(pictures=4))


def _delivered_twice(draft: Draft) -> None:
    """Let something on the way deliver a request twice."""
    _add_trouble(draft, Ill.TWICE, draft.dice.choice((0, 0, 0, 1, 2, 3)))
    if draft.dice.random() < 0.6:
        draft.do(4000, Deed.RETRY)


def _long_timeline(draft: Draft) -> None:
    """Bury a post made by hand under many others, on a network that shows few at a time."""
    dice, index, name = draft.dice, draft.some_aid(own=True), draft.channel()
    words = dice.choice((Words.VERY, Words.VERY, Words.TITLE, Words.OWN_LINK))
    draft.change(name, page_size=7, adopt=True)
    draft.do(-2 * DAY, Deed.HAND, aid=index, channel=name, words=words)
    draft.do(-DAY, Deed.CHATTER, channel=name, amount=dice.choice((10, 41)))


def _held(draft: Draft) -> None:
    """Hold, and lift again."""
    at, name = draft.dice.choice((5, 10, 11, 12, 900, 1000)), draft.dice.choice((None, draft.channel()))
    draft.do(at, Deed.HOLD, channel=name, amount=draft.dice.choice((0, 0, 900)))
    if draft.dice.random() < 0.7:
        draft.do(at + draft.dice.choice((20, 1000, 5000)), Deed.LIFT)


def _people(draft: Draft) -> None:
    """Let people decide something."""
    dice = draft.dice
    for _ in range(dice.choice((1, 2))):
        at = dice.choice((5, 11, 12, 700, 2000, 3700))
        deed = dice.choice((Deed.EDIT, Deed.CANCEL, Deed.RETRY, Deed.RESUME, Deed.MARK, Deed.TAKE_DOWN))
        draft.do(at, deed)
    if dice.random() < 0.4:
        draft.do(dice.choice((20, 1500)), Deed.ANNOUNCE, aid=dice.choice((-1, -2, 0)))


def _approved(draft: Draft) -> None:
    """Want approval, and give it."""
    draft.approval = True
    for at in (600, 4000):
        draft.do(at, Deed.APPROVE)
    if draft.dice.random() < 0.3:
        draft.do(700, Deed.EDIT)


def _moody_source(draft: Draft) -> None:
    """Change, repeat or take back what was shown."""
    dice, index = draft.dice, draft.some_aid()
    at = dice.choice((11, 15, 900, 1000, 4000))
    draft.do(at, dice.choice((Deed.CHANGE, Deed.WITHDRAW, Deed.REPEAT)), aid=index)
    if dice.random() < 0.3:
        draft.do(at + 1800, Deed.PUBLISH, aid=index)
    if dice.random() < 0.4:
        draft.troubles.append(Trouble(channel=SITE, call="look", nth=dice.randrange(2), ill=Ill.SERVER_ERROR))
    if dice.random() < 0.3:
        draft.newest = 2


_WEIGHTS: dict[Ingredient, int] = {
    _unclear: 10,
    _clear: 8,
    _blind: 3,
    _crash: 10,
    _pause: 5,
    _second_daemon: 5,
    _strangers: 6,
    _front_page: 4,
    _theme_page: 4,
    _old_ledger: 6,
    _wrong_clock: 4,
    _stepping_clock: 4,
    _slow_pictures: 5,
    _two_clocks: 4,
    _delivered_twice: 4,
    _long_timeline: 2,
    _held: 4,
    _people: 5,
    _approved: 3,
    _moody_source: 5,
}
INGREDIENTS = (list(_WEIGHTS), list(_WEIGHTS.values()))
