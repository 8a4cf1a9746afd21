from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.networks.x.settings import PriceSettings
from spotlight_notify.rules.pricing import dollars, price_of, price_of_reads

PRICES = PriceSettings()


@pytest.mark.parametrize(
    ("text", "pictures", "price"),
    [
        ("Stay safe out there #SpotlightOnSafety", 0, "$0.015"),
        ("Stay safe https://valor.test.org/aids/1 #SpotlightOnSafety", 0, "$0.20"),
        ("What CDC.gov says about heat #SpotlightOnSafety", 0, "$0.20"),
        ("Stay safe https://valor.test.org/aids/1 #SpotlightOnSafety", 1, "$0.205"),
        ("Stay safe", 4, "$0.035"),
        ("", 0, "$0.015"),
    ],
)
def test_a_link_makes_the_price_and_each_alt_text_adds_to_it(text: str, pictures: int, price: str) -> None:
    assert dollars(price_of(text, pictures, PRICES)) == price


def test_prices_are_those_of_the_configuration() -> None:
    dear = PriceSettings(post=1, post_with_link=2.5, alt_text=0.3, read=0.1)
    assert price_of("words", 1, dear) == Decimal("1.3")
    assert price_of("cdc.gov", 0, dear) == Decimal("2.5")
    assert dollars(price_of_reads(3, dear)) == "$0.30"


@given(st.integers(0, 10**6))
def test_reads_cost_to_the_tenth_of_a_cent_without_dust(reads: int) -> None:
    price = price_of_reads(reads, PRICES)
    assert price * 1000 == reads
    assert Decimal(dollars(price).replace("$", "").replace(",", "")) == price


@pytest.mark.parametrize(
    ("amount", "written"),
    [(0, "$0.00"), (0.1 + 0.2, "$0.30000000000000004"), (0.205, "$0.205"), (1234.5, "$1,234.50")],
)
def test_an_amount_has_at_least_its_cents_and_all_its_places(amount: float, written: str) -> None:
    assert dollars(amount) == written
