"""Hold the hours of campaigns against those of their channels: what can never be, what is worth a word."""

from collections.abc import Iterator

from spotlight_notify.config.configuration import Config
from spotlight_notify.config.error_messages import Complaint
from spotlight_notify.config.hours_settings import hours_of
from spotlight_notify.config.settings import Document
from spotlight_notify.config.times import written
from spotlight_notify.model.schedule import Hours
from spotlight_notify.rules.schedule.contradictions import contradiction, out_of_reach


def never_together(document: Document) -> list[Complaint]:
    """Find campaigns whose hours leave no moment for a post on one of their channels, or can fill no cap."""
    zone, found = document.programme.timezone, list[Complaint]()
    for name, table in document.campaigns.items():
        place = ("campaigns", name, "hours")
        own = hours_of(table.hours, zone)
        channels = {each: hours_of(document.channels[each].hours, zone) for each in table.channels}
        closed = [(each, why) for each, hours in channels.items() if (why := contradiction(own, hours))]
        found += [(place, f"on {each}: {why}") for each, why in closed]
        if not closed:
            found += [((*place, cap), f"{cap}: {why}") for cap, why in _never_full(own, channels)]
    return found


def notes_on(config: Config) -> tuple[str, ...]:
    """Say what is right, but may not be meant: no pace, caps out of reach, a time of grace without a look."""
    found = [note for campaign in config.campaigns for note in _notes(campaign.name, config)]
    return (*found, *_never_settled(config))


def _never_settled(config: Config) -> Iterator[str]:
    """Tell of sources that nobody looks at again before what they showed may go."""
    for name, source in config.sources.items():
        if source.settle and source.settle <= source.every:
            every, settle = written(source.every), written(source.settle)
            yield f"{name} settles for {settle}, but is looked at every {every}: a change is seen too late"


def _never_full(own: Hours, channels: dict[str, Hours]) -> Iterator[tuple[str, str]]:
    """Yield the caps of a campaign that it can reach on none of its channels, and why."""
    why = {each: out_of_reach(own, hours) for each, hours in channels.items()}
    for cap in ("per_hour", "per_day"):
        if all(cap in reasons for reasons in why.values()):
            told = "; ".join(f"on {each}, {reasons[cap]}" for each, reasons in why.items())
            yield cap, f"{getattr(own, cap)} can never be reached: {told}"


def _notes(campaign: str, config: Config) -> Iterator[str]:
    tempos = {name: tempo for name, tempo in config.tempos.items() if campaign in tempo.paces}
    unpaced = [
        name
        for name, tempo in tempos.items()
        if not any(map(_is_paced, (tempo.channel, tempo.paces[campaign].campaign)))
    ]
    if unpaced:
        on = " and ".join(unpaced)
        yield f"{campaign} has no gap and no cap on {on}: what waits goes out all at once"
    for name, tempo in tempos.items():
        own = tempo.paces[campaign].campaign
        for cap, why in out_of_reach(own, tempo.channel).items():
            yield f"{campaign} never reaches {cap} = {getattr(own, cap)} on {name}: {why}"


def _is_paced(hours: Hours) -> bool:
    return bool(hours.gap) or hours.per_hour is not None or hours.per_day is not None
