"""Reckon what X charges for a post and for looking at posts, in US dollars without binary dust."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from spotlight_notify.model.records.standing import ChannelStatus
from spotlight_notify.text.times import utc_minute


class Prices(Protocol):
    """What X charges, in US dollars."""

    @property
    def post(self) -> float: ...

    @property
    def post_with_link(self) -> float: ...

    @property
    def alt_text(self) -> float: ...

    @property
    def read(self) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """How many posts look-ups read, and what that cost in dollars; no ``price`` where reading is free."""

    read: int
    price: float | None


def price_of(text: str, pictures: int, prices: Prices) -> Decimal:
    """Return what a post costs with so many pictures, each with its alt text.

    Whatever X links counts as a link, a bare domain in the words too: X says so for the length only, and
    presumably charges alike.
    """
    from spotlight_notify.text.entities import urls  # knows letters by regex, which reading needs not load

    post = prices.post_with_link if urls(text) else prices.post
    return _exact(post) + pictures * _exact(prices.alt_text)


def price_of_reads(reads: int, prices: Prices) -> Decimal:
    """Return what reading so many own posts costs."""
    return reads * _exact(prices.read)


def reads_of(read: int, prices: Prices | None) -> Reads:
    """Sum up a channel's look-ups; ``prices`` is None where they are free."""
    return Reads(read=read, price=float(price_of_reads(read, prices)) if prices else None)


def in_words(reads: Reads) -> str | None:
    """Return what look-ups cost, in words; None when they were free, or there were none."""
    if not reads.read or reads.price is None:
        return None
    return f"{reads.read:,} {'post' if reads.read == 1 else 'posts'} read, {dollars(reads.price)}"


def looks_back(channels: Iterable[ChannelStatus], prices: Mapping[str, Prices], now: datetime) -> list[str]:
    """Return the channels read back over more than a day before their next post, and what that costs.

    ``prices`` are by channel; those where reading is free are not named.
    """
    return [
        f"{one.name}: before its next post, its posts since {utc_minute(one.known_until_at)} are read "
        f"({dollars(price_of_reads(1, prices[one.name]))} each), as the ledger may be a backup's"
        for one in channels
        if one.name in prices and one.known_until_at and now - one.known_until_at >= timedelta(days=1)
    ]


def dollars(amount: Decimal | float) -> str:
    """Write an amount such as ``$0.205``: as many places as it needs, at least the cents."""
    exact = _exact(amount)
    cents = exact.quantize(Decimal("0.01"))
    return f"${cents if cents == exact else exact.normalize():,f}"


def _exact(price: Decimal | float) -> Decimal:
    """Take a price for the number that was written, not for the binary fraction next to it."""
    return Decimal(str(price))
