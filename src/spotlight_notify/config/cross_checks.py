"""Check what no table can tell alone, on values that may still be wrong in other ways."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from spotlight_notify.config.error_messages import Complaint
from spotlight_notify.text.names import folded_name

_ACCOUNT = {"facebook": "page_id", "x": "access_token"}
"""The setting by which two channels are the same account, by network."""
_ASKING = ("everything", "kinds", "sign_in", "warnings")
"""The settings of an approval that make posts wait for one."""
_ASKED = ("approvers", "four_eyes", "lasts")
"""Those that only say how it is given."""
_ANY_OF_THEM = 'everything = true, kinds = ["webinar"], sign_in = true or warnings = true'


def crosscheck(values: Mapping[str, Any]) -> list[Complaint]:
    """Find campaigns that would tell the same people of an aid twice, and rules of approval that are idle."""
    campaigns = tables_in(values, "campaigns")
    channels = tables_in(values, "channels")
    return [
        *_same_promise(campaigns),
        *_same_account(campaigns, channels),
        *_never_asked(campaigns),
        *_same_theme(tables_in(values, "themes")),
    ]


def _same_promise(campaigns: Mapping[str, Mapping[str, Any]]) -> Iterator[Complaint]:
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
    campaigns: Mapping[str, Mapping[str, Any]], channels: Mapping[str, Mapping[str, Any]]
) -> Iterator[Complaint]:
    """One campaign's channels must lead to different accounts."""
    for name, table in campaigns.items():
        seen: dict[tuple[Any, ...], str] = {}
        for number, channel in enumerate(_texts(table, "channels")):
            account = _account(channels.get(channel, {}))
            other = seen.setdefault(account, channel) if account else channel
            if other != channel:
                words = f"channels[{number}]: leads to the same account as the channel {other}"
                yield ("campaigns", name, "channels", number), words


def _never_asked(campaigns: Mapping[str, Mapping[str, Any]]) -> Iterator[Complaint]:
    """Who says how posts are approved wants some approved: else they would go out without."""
    for name, table in campaigns.items():
        rules = table.get("approval")
        if not isinstance(rules, dict) or any(rules.get(setting) for setting in _ASKING):
            continue
        if idle := [setting for setting in _ASKED if rules.get(setting)]:
            words = f"{', '.join(idle)}: no post waits for an approval; say which do: {_ANY_OF_THEM}"
            yield ("campaigns", name, "approval", idle[0]), words


def _same_theme(themes: Iterable[str]) -> Iterator[Complaint]:
    """Two tables must not be about one theme, spelt in two ways."""
    seen: dict[str, str] = {}
    for name in themes:
        other = seen.setdefault(folded_name(name), name)
        if other != name:
            yield ("themes", name), f'is the same theme as "{other}"'


def _account(channel: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give what tells the account of a channel; empty when that is not known."""
    for network, setting in _ACCOUNT.items():
        if channel.get("network") == network and isinstance(channel.get(setting), str) and channel[setting]:
            return (network, channel[setting])
    return ()


def tables_in(values: Mapping[str, Any], name: str) -> dict[str, Mapping[str, Any]]:
    """Give the tables below a table, by name; what is none is left out."""
    tables = values.get(name)
    found = tables.items() if isinstance(tables, dict) else ()
    return {key: table for key, table in found if isinstance(table, dict)}


def _texts(table: Mapping[str, Any], name: str) -> list[str]:
    listed = table.get(name)
    return [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []
