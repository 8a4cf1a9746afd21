"""Place and lift holds: what must not go out."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from spotlight_notify.model.advice import Deed, advise, do
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.errors import LedgerBusy, Refused, UnknownName
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.states import WAITING
from spotlight_notify.model.words import ScopeKind, State
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.text.names import has_theme, is_same_name, is_same_unspaced

THEME_WAITS = "no aid of this theme is known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that the configuration has for scopes; the ledger may know others."""

    campaigns: Collection[str]
    channels: Collection[str]
    themes: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a hold holds back, and which deliveries in its scope were on their way already."""

    hold: Hold
    held_back: int
    in_flight: tuple[Delivery, ...]


def read_scope(words: str, names: Names, ledger: Ledger) -> tuple[Scope, str | None]:
    """Read ``all``, ``campaign:NAME``, ``channel:NAME`` or ``theme:NAME``; with a doubt, if there is one.

    The doubt is about a theme that nothing has: it names the nearest that something has. Names are found
    however they are spelt. Refused for other words, UnknownName for a
    campaign or channel that neither the configuration nor the ledger knows.
    """
    kind, _, name = (part.strip() for part in words.partition(":"))
    match kind.lower():
        case ScopeKind.ALL if not name:
            return Scope(kind=ScopeKind.ALL), None
        case ScopeKind.CAMPAIGN | ScopeKind.CHANNEL if name:
            return _known(Scope(kind=ScopeKind(kind.lower()), name=name), names, ledger), None
        case ScopeKind.THEME if name:
            return _theme(name, names.themes, ledger)
        case _:
            raise Refused(f"{words} is no scope: say all, campaign:NAME, channel:NAME or theme:NAME")


def place_hold(
    scope: Scope, *, ledger: Ledger, who: str, reason: str, now: datetime, until_at: datetime | None
) -> Held:
    """Place a hold: when this returns nothing in its scope begins to be sent, in any process."""
    hold = ledger.place_hold(scope, who=who, reason=reason, now=now, until_at=until_at)
    return held_by(hold, ledger, now)


def held_by(hold: Hold, ledger: Ledger, now: datetime) -> Held:
    """Count what a hold in force holds back, and find what is on its way in its scope."""
    queues = (ledger.queue(channel.name, now) for channel in ledger.channels())
    sending = ledger.deliveries(states=[State.SENDING])
    return Held(
        hold=hold,
        held_back=sum(each.id == hold.id for queue in queues for each in queue.held.values()),
        in_flight=tuple(one for one in sending if hold.scope.covers(one.campaign, one.channel, one.themes)),
    )


def lift_holds(
    holds: Sequence[Hold], *, ledger: Ledger, who: str, reason: str, now: datetime
) -> tuple[Hold, ...]:
    """Lift these holds; returns those that were still in force."""
    return tuple(each for each in holds if ledger.lift_hold(each.id, who=who, reason=reason, now=now))


def _known(scope: Scope, names: Names, ledger: Ledger) -> Scope:
    """Return the scope of the campaign or channel that is meant, however its name was typed."""
    of_campaigns = scope.kind is ScopeKind.CAMPAIGN
    known = {*(names.campaigns if of_campaigns else names.channels)}
    if scope.name in known:
        return scope
    known |= {one.campaign for one in ledger.deliveries()} if of_campaigns else _channels(ledger)
    meant = [scope.name] if scope.name in known else _same(scope.name or "", known)
    if len(meant) != 1:
        raise UnknownName(f"there is no {scope.kind} {scope.name}; there is: {', '.join(sorted(known))}")
    return replace(scope, name=meant[0])


def _channels(ledger: Ledger) -> set[str]:
    return {channel.name for channel in ledger.channels()}


def _theme(name: str, configured: Iterable[str], ledger: Ledger) -> tuple[Scope, str | None]:
    """Find how a theme is spelt, so that the record names it as aids do; the hold holds any spelling."""
    waiting = ledger.deliveries(states=WAITING)
    spelt = _same(name, (*configured, *(theme for one in waiting for theme in one.themes)))
    known = () if spelt else ledger.aids()
    spelt = spelt or _same(name, (theme for each in known for theme in each.aid.themes))
    scope = Scope(kind=ScopeKind.THEME, name=name if name in spelt or not spelt else spelt[0])
    waits = not spelt and not any(has_theme(each.aid.themes, name) for each in known)
    themes = {theme for each in known for theme in each.aid.themes} | {*configured}
    return scope, _doubt(name, themes) if waits else None


def _doubt(name: str, themes: Iterable[str]) -> str:
    """Return the sentence that no aid has a theme, and which one may be meant."""
    by_spelling = {theme.casefold(): theme for theme in themes}
    nearest = get_close_matches(name.casefold(), by_spelling, n=1)
    meant = f"; the nearest is {by_spelling[nearest[0]]}" if nearest else ""
    return f"{THEME_WAITS}{meant}"


def _same(name: str, known: Iterable[str | None]) -> list[str]:
    return sorted({each for each in known if each and is_same_name(each, name)})


MOST_TRIES = 10
"""Each waits as long as the ledger lets a writer wait: together a few minutes."""


def insist(place: Callable[[], Held], say: Callable[[str], None]) -> Held:
    """Place a hold, however busy the ledger is; LedgerBusy after MOST_TRIES, each of which waits for it."""
    for left in range(MOST_TRIES - 1, 0, -1):
        try:
            return place()
        except LedgerBusy as busy:
            say(f"not held yet, trying again ({left} tries left): {busy}")
    return place()


def meant_holds(known: Sequence[Hold], number: int | None, words: str | None) -> list[Hold]:
    """Return the holds that are meant, ended or not; UnknownName for an ID that is none's."""
    if number is not None and number not in {each.id for each in known}:
        raise UnknownName(advise(f"there is no hold {number}; see: ", do(Deed.SEE_HOLDS)))
    if number is not None:
        return [each for each in known if each.id == number]
    return [each for each in known if words is None or is_same_unspaced(str(each.scope), words)]


def nothing_lifted(number: int | None, words: str | None) -> str:
    """Return why no hold was lifted."""
    if number is not None:
        return f"hold {number} has ended already"
    return f"no hold on {words} is in force" if words else "no hold is in force"


def counted(number: int) -> str:
    """Return how many deliveries, in words."""
    return f"{number} {'delivery' if number == 1 else 'deliveries'}"
