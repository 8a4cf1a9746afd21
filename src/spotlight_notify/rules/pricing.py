"""Reckon what X charges for a post and for looking at posts, in US dollars without binary dust."""

from decimal import Decimal
from typing import Protocol

from spotlight_notify.text.entities import urls


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


def price_of(text: str, pictures: int, prices: Prices) -> Decimal:
    """Return what a post costs with so many pictures, each with its alt text.

    Whatever X links counts as a link, a bare domain in the words too: X says so for the length only, and
    presumably charges alike.
    """
    post = prices.post_with_link if urls(text) else prices.post
    return _exact(post) + pictures * _exact(prices.alt_text)


def price_of_reads(reads: int, prices: Prices) -> Decimal:
    """Return what reading so many own posts costs."""
    return reads * _exact(prices.read)


def dollars(amount: Decimal | float) -> str:
    """Write an amount such as ``$0.205``: as many places as it needs, at least the cents."""
    exact = _exact(amount)
    cents = exact.quantize(Decimal("0.01"))
    return f"${cents if cents == exact else exact.normalize():,f}"


def _exact(price: Decimal | float) -> Decimal:
    """Take a price for the number that was written, not for the binary fraction next to it."""
    return Decimal(str(price))
