"""Reckon what a channel charges, by the prices in the configuration; only X charges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from spotlight_notify.model.aids import Image
from spotlight_notify.model.records.standing import ChannelStatus
from spotlight_notify.text.times import utc_minute

if TYPE_CHECKING:
    from spotlight_notify.config.configuration import Config
    from spotlight_notify.rules.pricing import Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """Sum up look-ups: how many posts were read, and what that cost in dollars.

    ``price`` is None where reading is free, and for a channel that is not configured any more.
    """

    read: int
    price: float | None


def price_of_post(config: "Config", channel: str, text: str, images: Sequence[Image]) -> float | None:
    """Return what a post costs in dollars; None where posting is free."""
    from spotlight_notify.rules.pricing import price_of

    prices = _prices(config, channel)
    return float(price_of(text, len(images), prices)) if prices else None


def reads_of(config: "Config", channel: str, read: int) -> Reads:
    """Sum up a channel's look-ups."""
    from spotlight_notify.rules.pricing import price_of_reads

    prices = _prices(config, channel)
    return Reads(read=read, price=float(price_of_reads(read, prices)) if prices else None)


def in_words(reads: Reads) -> str | None:
    """Say what look-ups cost; None when they were free, or there were none."""
    from spotlight_notify.rules.pricing import dollars

    if not reads.read or reads.price is None:
        return None
    return f"{reads.read:,} {'post' if reads.read == 1 else 'posts'} read, {dollars(reads.price)}"


def looks_back(config: "Config", channels: Iterable[ChannelStatus], now: datetime) -> list[str]:
    """Say which channels are read back over more than a day before their next post, where reading costs."""
    from spotlight_notify.rules.pricing import dollars, price_of_reads

    told = []
    for channel in channels:
        prices, since = _prices(config, channel.name), channel.known_until_at
        if prices is None or since is None or now - since < timedelta(days=1):
            continue
        told.append(
            f"{channel.name}: before its next post, its posts since {utc_minute(since)} are read "
            f"({dollars(price_of_reads(1, prices))} each), as the ledger may be a backup's"
        )
    return told


def _prices(config: "Config", channel: str) -> "Prices | None":
    settings = config.channels.get(channel)
    return settings.charges() if settings else None
