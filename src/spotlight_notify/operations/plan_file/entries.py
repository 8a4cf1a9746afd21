"""Return what a plan file's row would do in each of its places; Refused when it cannot be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from spotlight_notify.model.advice import Said
from spotlight_notify.model.aids import Aid, Theme
from spotlight_notify.model.campaigns import Campaign, Plan
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.posts import CleanPicture
from spotlight_notify.model.records.standing import Delivery, KnownAid
from spotlight_notify.model.schedule import Tempo
from spotlight_notify.operations.announce.digest_members import Gathered, gather, too_few
from spotlight_notify.operations.announce.digests import RenderDigest, plan_digest, theme_of
from spotlight_notify.operations.announce.orders import Place, When
from spotlight_notify.operations.announce.request import AidRequest, Album, kept_in
from spotlight_notify.operations.plan_file.rows import Row
from spotlight_notify.operations.plan_file.standing import Spot, had_its_time, standing_aid, standing_digests
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Illustrate
from spotlight_notify.rules.planning import Writing, plan_delivery, why_over

Names = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What rows are checked with; ``album`` keeps pictures until everything is known to be right.

    ``why``: what the record says of what is planned, as long as it waits. ``word`` writes what a mistake
    advises.
    """

    file: Path
    campaigns: Sequence[Campaign]
    tempos: Mapping[str, Tempo]
    themes: Mapping[str, Theme]
    ledger: Ledger
    writing: Writing
    render: RenderDigest
    illustrate: Illustrate
    album: Album
    clean: Callable[[Path], CleanPicture]
    now: datetime
    who: str
    why: str
    word: Callable[[Said], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """Return what becomes of one place: the delivery that is there and stays or is moved, or a new plan.

    ``rewrites``: the delivery that was skipped or is asked about, and would be given the plan.
    """

    place: Place
    due_at: datetime
    delivery: Delivery | None = None
    plan: Plan | None = None
    rewrites: int | None = None

    @property
    def channel(self) -> str:
        """The name of its channel."""
        return self.place[1].name


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row that can be carried out: an aid, or a digest of a theme.

    ``is_done``: its time has passed and it was carried out before, so that nothing is left to do.
    """

    row: Row
    title: str
    when: When
    prospects: tuple[Prospect, ...]
    aid: Aid | None = None
    theme: Theme | None = None
    gathered: tuple[Gathered, ...] = ()
    is_done: bool = False

    @property
    def places(self) -> tuple[Place, ...]:
        """Return the campaigns and channels."""
        return tuple(prospect.place for prospect in self.prospects)

    @property
    def standing(self) -> tuple[Delivery, ...]:
        """Return the deliveries that are there already."""
        return tuple(prospect.delivery for prospect in self.prospects if prospect.delivery)


def aid_entry(
    row: Row, places: Sequence[Place], when: When, past: str | None, known: KnownAid | None, parts: Parts
) -> Entry:
    """Return what becomes of an aid: what waits or is announced there stays, the rest is planned."""
    spots = [spot_of(each) for each in places]
    standing = standing_aid(known, spots, is_past=past is not None, ledger=parts.ledger)
    if past and not all(had_its_time(each, parts.now) for each in standing):
        raise Refused(past)
    if all(standing):
        aid = row.wanted.aid(parts.ledger, parts.writing.zone, parts.now)
    else:
        aid = _illustrated(row.wanted, parts)
    prospects = tuple(
        Prospect(
            place=place,
            due_at=when.due_at(place[0].name, parts.now),
            delivery=delivery,
            plan=None if delivery else _planned(aid, place, when, parts),
            rewrites=_there(known, spot_of(place), parts.ledger),
        )
        for place, delivery in zip(places, standing, strict=True)
    )
    title = aid.title or aid.key
    return Entry(row=row, title=title, when=when, prospects=prospects, aid=aid, is_done=bool(past))


def digest_entry(
    row: Row,
    places: Sequence[Place],
    when: When,
    past: str | None,
    others: Mapping[Spot, Names],
    parts: Parts,
) -> Entry:
    """Return what becomes of a digest; it tells of nothing that ``others`` (rows) announce in its place."""
    name, now = str(row.wanted.theme), parts.now
    spots = [spot_of(each) for each in places]
    standing = dict(zip(spots, standing_digests(name, spots, when, parts.ledger, now), strict=True))
    if past and not all(had_its_time(each, now) for each in standing.values()):
        raise Refused(past)
    fresh = [each for each in places if not standing[spot_of(each)]]
    found = [gather(name, [each], parts.ledger, when, now, but=others[spot_of(each)]) for each in fresh]
    gathered = {each.place: each for (each,) in found}
    theme = theme_of(parts.themes, name, tuple(gathered.values()))
    if why := too_few(theme.name, gathered.values()):
        raise Refused(why)
    plans = {
        spot: plan_digest(theme, each, parts.render, parts.writing.lint, when, now)
        for spot, each in gathered.items()
    }
    return Entry(
        row=row,
        title=f"{theme.name}: a digest",
        when=when,
        prospects=tuple(
            Prospect(
                place=each,
                due_at=when.due_at(each[0].name, now),
                delivery=standing[spot_of(each)],
                plan=plans.get(spot_of(each)),
            )
            for each in places
        ),
        theme=theme,
        gathered=tuple(gathered.values()),
        is_done=bool(past),
    )


def spot_of(place: Place) -> Spot:
    """Return a campaign and a channel."""
    return place[0].name, place[1].name


def _illustrated(wanted: AidRequest, parts: Parts) -> Aid:
    """Find the pictures; a file is looked for beside the plan."""
    kept = kept_in(parts.album, wanted.at_home(parts.file.parent), parts.clean, parts.now)
    return kept.illustrated(kept.aid(parts.ledger, parts.writing.zone, parts.now), parts.illustrate)


def _there(known: KnownAid | None, spot: Spot, ledger: Ledger) -> int | None:
    campaign, channel = spot
    own = ledger.deliveries(aid_id=known.id, campaign=campaign, channel=channel) if known else ()
    return own[0].id if own else None


def _planned(aid: Aid, place: Place, when: When, parts: Parts) -> Plan:
    campaign, channel = place
    if over := why_over(aid, when.due_at(campaign.name, parts.now)):
        raise Refused(f"it is over by then: {over}")
    plan = plan_delivery(aid, campaign, channel, parts.writing, parts.now, by_hand=True)
    return when.timed(plan, parts.now)
