"""Check what no table can tell alone, on values that may still be wrong in other ways."""

from collections.abc import Iterator, Mapping
from typing import Any

from spotlight_notify.config.complaints import Complaint

_ACCOUNT = {"facebook": "page_id", "x": "access_token"}
"""The setting by which two channels are the same account, by network."""


def crosscheck(values: Mapping[str, Any]) -> list[Complaint]:
    """Find campaigns that would announce the same aid twice to the same people."""
    campaigns = _tables(values, "campaigns")
    return [*_same_promise(campaigns), *_same_account(campaigns, _tables(values, "channels"))]


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


def _account(channel: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give what tells the account of a channel; empty when that is not known."""
    for network, setting in _ACCOUNT.items():
        if channel.get("network") == network and isinstance(channel.get(setting), str) and channel[setting]:
            return (network, channel[setting])
    return ()


def _tables(values: Mapping[str, Any], name: str) -> dict[str, Mapping[str, Any]]:
    tables = values.get(name)
    found = tables.items() if isinstance(tables, dict) else ()
    return {key: table for key, table in found if isinstance(table, dict)}


def _texts(table: Mapping[str, Any], name: str) -> list[str]:
    listed = table.get(name)
    return [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []
