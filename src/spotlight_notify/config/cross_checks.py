"""Check what no table can tell alone: campaigns against each other and against the hours of their channels.

The first checks run on values that may still be wrong in other ways.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from spotlight_notify.config.configuration import Config
from spotlight_notify.config.error_messages import Mistake
from spotlight_notify.config.hours_settings import hours_of
from spotlight_notify.config.settings import Document
from spotlight_notify.config.times import written
from spotlight_notify.model.schedule import Hours
from spotlight_notify.rules.schedule.contradictions import contradiction, out_of_reach
from spotlight_notify.text.names import theme_key

_ASKING = ("everything", "kinds", "sign_in", "warnings")
"""The settings of an approval that make posts wait for one."""
_ASKED = ("approvers", "four_eyes", "lasts")
"""Those that only say how it is given."""
_ANY_OF_THEM = 'everything = true, kinds = ["webinar"], sign_in = true or warnings = true'


def crosscheck(values: Mapping[str, Any], account_settings: Mapping[Any, str]) -> list[Mistake]:
    """Find campaigns that would tell the same people of an aid twice, and rules of approval that are idle.

    ``account_settings``: the setting by which two channels are the same account, by network.
    """
    campaigns = tables_in(values, "campaigns")
    channels = tables_in(values, "channels").items()
    accounts = {name: _account(channel, account_settings) for name, channel in channels}
    return [
        *_same_promise(campaigns),
        *_same_account(campaigns, accounts),
        *_never_asked(campaigns),
        *_same_theme(tables_in(values, "themes")),
    ]


def tables_in(values: Mapping[str, Any], name: str) -> dict[str, Mapping[str, Any]]:
    """Return the tables below a table, by name; what is none is left out."""
    tables = values.get(name)
    found = tables.items() if isinstance(tables, dict) else ()
    return {key: table for key, table in found if isinstance(table, dict)}


def hours_mistakes(document: Document) -> list[Mistake]:
    """Find campaigns whose hours leave no moment for a post on one of their channels, or can fill no cap."""
    zone, found = document.programme.timezone, list[Mistake]()
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
    """Return what is right, but may not be meant: no pace, unreachable caps, a grace time without a look."""
    found = [note for campaign in config.campaigns for note in _notes(campaign.name, config)]
    return (*found, *_never_settled(config), *_twice(config))


def _same_promise(campaigns: Mapping[str, Mapping[str, Any]]) -> Iterator[Mistake]:
    """Two campaigns may share a source and a channel only under different hashtags."""
    seen: dict[tuple[str, str, str], str] = {}
    for name, table in campaigns.items():
        shared = {seen[promise]: promise for promise in _promises(table) if promise in seen}
        for other, (source, channel, _) in shared.items():
            words = f"announces {source} on {channel} under the same hashtag as the campaign {other} does"
            yield ("campaigns", name), words
        seen |= {promise: seen.get(promise, name) for promise in _promises(table)}


def _promises(campaign: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    tag = str(campaign.get("hashtag", "")).casefold()
    return [
        (source, channel, tag)
        for source in _texts(campaign, "sources")
        for channel in _texts(campaign, "channels")
    ]


def _same_account(
    campaigns: Mapping[str, Mapping[str, Any]], accounts: Mapping[str, tuple[Any, ...]]
) -> Iterator[Mistake]:
    """One campaign's channels must lead to different accounts."""
    for name, table in campaigns.items():
        seen: dict[tuple[Any, ...], str] = {}
        for number, channel in enumerate(_texts(table, "channels")):
            account = accounts.get(channel, ())
            other = seen.setdefault(account, channel) if account else channel
            if other != channel:
                words = f"channels[{number}]: leads to the same account as the channel {other}"
                yield ("campaigns", name, "channels", number), words


def _never_asked(campaigns: Mapping[str, Mapping[str, Any]]) -> Iterator[Mistake]:
    """Who says how posts are approved wants some approved: else they would go out without."""
    for name, table in campaigns.items():
        rules = table.get("approval")
        if not isinstance(rules, dict) or any(rules.get(setting) for setting in _ASKING):
            continue
        if idle := [setting for setting in _ASKED if rules.get(setting)]:
            words = f"{', '.join(idle)}: no post waits for an approval; say which do: {_ANY_OF_THEM}"
            yield ("campaigns", name, "approval", idle[0]), words


def _same_theme(themes: Iterable[str]) -> Iterator[Mistake]:
    """Two tables must not be about one theme, spelt in two ways."""
    seen: dict[str | None, str] = {}
    for name in themes:
        other = seen.setdefault(theme_key(name), name)
        if other != name:
            yield ("themes", name), f'is the same theme as "{other}"'


def _account(channel: Mapping[str, Any], account_settings: Mapping[Any, str]) -> tuple[Any, ...]:
    """Return what tells the account of a channel; empty when that is not known."""
    for network, setting in account_settings.items():
        if channel.get("network") == network and isinstance(channel.get(setting), str) and channel[setting]:
            return (network, channel[setting])
    return ()


def _texts(table: Mapping[str, Any], name: str) -> list[str]:
    listed = table.get(name)
    return [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []


def _twice(config: Config) -> Iterator[str]:
    """Yield campaigns that announce a source twice on a channel, under hashtags of their own."""
    for one, other in combinations(config.campaigns, 2):
        shared = sorted(set(one.sources) & set(other.sources))
        for channel in sorted({each.name for each in one.channels} & {each.name for each in other.channels}):
            if shared:
                names = " and ".join(shared)
                paced = _is_paced(config.tempos[channel].channel)
                gap = "" if paced else f", perhaps within a minute: set gap in [channels.{channel}.hours]"
                both = f"{one.name} and {other.name} both tell of {names} on {channel}"
                yield f"{both}, so each aid twice{gap}"


def _never_settled(config: Config) -> Iterator[str]:
    """Yield sources that nobody looks at again before what they showed may go."""
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
