"""Find what the ledger holds under names that the configuration has no more, and move it to the new ones."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.model.advice import Deed, Said, advise, do, joined
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.model.errors import Refused, UnknownName
from spotlight_notify.model.records.orders import Renamed
from spotlight_notify.model.records.standing import SourceStatus, Tally
from spotlight_notify.model.states import OPEN
from spotlight_notify.model.words import Named, ScopeKind
from spotlight_notify.ports.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """The names in a configuration: sources with what tells where they are, channels with networks."""

    sources: Mapping[str, str]
    channels: Mapping[str, str]
    campaigns: Collection[str]

    def of(self, kind: Named) -> Collection[str]:
        """List the names of a kind."""
        return {
            Named.SOURCE: self.sources,
            Named.CHANNEL: self.channels,
            Named.CAMPAIGN: self.campaigns,
        }[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """What stands in the ledger under a name that the configuration has no more.

    ``fresh``: names of the configuration that it may have now, as nothing stands under them yet.
    """

    kind: Named
    name: str
    holds: str
    fresh: tuple[str, ...]

    @property
    def said(self) -> Said:
        """What a person is told of it, and how to follow."""
        told = f"{self.kind} {self.name} is not in the configuration, but {self.holds} under that name"
        if not self.fresh:
            return f"{told}: put it back there"
        ways = joined(" or ", (advise(do(Deed.RENAME, self.kind, self.name, new)) for new in self.fresh))
        return advise(f"{told}; if it has another name now, stop the daemon and run: ", ways)


def strays(ledger: Ledger, configured: Configured, now: datetime) -> tuple[Stray, ...]:
    """List what would wait for ever, or begin again, unless it is moved to its new name."""
    tallies = ledger.tallies()
    found = [*_channels(ledger, tallies, configured, now), *_campaigns(ledger, tallies, configured, now)]
    return (*found, *_sources(ledger, configured))


def rename(
    kind: Named,
    old: str,
    new: str,
    *,
    configured: Configured,
    ledger: Ledger,
    who: str,
    reason: str,
    now: datetime,
) -> Renamed:
    """Move all that the ledger holds under an old name to the new one, in one transaction.

    UnknownName or Refused, and nothing moved, unless the configuration has the new name and not the old.
    """
    names = configured.of(kind)
    if new not in names:
        raise UnknownName(
            f"the configuration has no {kind} {new}; there is: {', '.join(sorted(names)) or 'none'}"
        )
    if old in names or old == ON_DEMAND:
        where = "in the configuration still" if old in names else "kept for aids announced by hand"
        raise Refused(f"{kind} {old} is {where}: only what it has no more can be renamed")
    return ledger.rename(kind, old, new, who=who, reason=reason, now=now)


def refuse_renamed(status: SourceStatus, configured: Configured, ledger: Ledger) -> None:
    """Refuse a first look at what is likely another source's new name: it would take all as known.

    A person who says that it is new, by ``source baseline``, is believed.
    """
    if status.baseline_at is not None or status.address is None:
        return
    same = [each.name for each in _gone(ledger, configured) if each.address == status.address]
    if same and not ledger.changes(1, source=status.name):
        raise Refused(
            advise(
                f"source {status.name} is where {same[0]} was, which is not in the configuration any more: ",
                "stop the daemon and run: ",
                do(Deed.RENAME, "source", same[0], status.name),
                "; or, if it is another, run: ",
                do(Deed.BASELINE_RENAMED, status.name),
            )
        )


def _channels(
    ledger: Ledger, tallies: Collection[Tally], configured: Configured, now: datetime
) -> Iterator[Stray]:
    used = {each.channel for each in tallies}
    held = _held(ledger, ScopeKind.CHANNEL, now)
    for status in ledger.channels():
        mine = [each for each in tallies if each.channel == status.name]
        fresh = [n for n, net in configured.channels.items() if net == status.network and n not in used]
        if status.name not in configured.channels:
            yield from _stray(Named.CHANNEL, status.name, mine, status.name in held, fresh)


def _campaigns(
    ledger: Ledger, tallies: Collection[Tally], configured: Configured, now: datetime
) -> Iterator[Stray]:
    used, held = {each.campaign for each in tallies}, _held(ledger, ScopeKind.CAMPAIGN, now)
    fresh = [name for name in configured.campaigns if name not in used]
    for name in sorted((used | held) - {*configured.campaigns}):
        mine = [each for each in tallies if each.campaign == name]
        yield from _stray(Named.CAMPAIGN, name, mine, name in held, fresh)


def _stray(
    kind: Named, name: str, mine: Collection[Tally], is_held: bool, fresh: Collection[str]
) -> Iterator[Stray]:
    """Yield it where something waits or is held, or what went out would not count for its new name."""
    waiting = sum(each.count for each in mine if each.state in OPEN)
    gone = sum(each.count for each in mine) - waiting
    told = [f"{waiting} {'delivery waits' if waiting == 1 else 'deliveries wait'}"] if waiting else []
    told += ["a hold is in force"] if is_held else []
    if not told and gone and fresh:
        told = [f"{gone} {'delivery stands' if gone == 1 else 'deliveries stand'}"]
    if told:
        yield Stray(kind=kind, name=name, holds=" and ".join(told), fresh=tuple(sorted(fresh)))


def _held(ledger: Ledger, kind: ScopeKind, now: datetime) -> set[str]:
    return {each.scope.name for each in ledger.holds(now) if each.scope.kind is kind and each.scope.name}


def _sources(ledger: Ledger, configured: Configured) -> Iterator[Stray]:
    begun = {
        each.name for each in ledger.sources() if each.baseline_at or ledger.aids(source=each.name, limit=1)
    }
    fresh = {name: address for name, address in configured.sources.items() if name not in begun}
    for each in _gone(ledger, configured):
        same = [name for name, address in fresh.items() if address and address == each.address]
        if fresh:
            known = "what it has shown stands"
            yield Stray(kind=Named.SOURCE, name=each.name, holds=known, fresh=tuple(sorted(same or fresh)))


def _gone(ledger: Ledger, configured: Configured) -> Iterator[SourceStatus]:
    """Yield the sources that were read, and that the configuration has no more."""
    for each in ledger.sources():
        if each.name not in configured.sources and each.name != ON_DEMAND and each.baseline_at:
            yield each
