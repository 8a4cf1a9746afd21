"""Secrets of a channel: hidden in words, and errors that show one are not kept as causes."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.networks.facebook.graph import proof_of_secret
from spotlight_notify.networks.redaction import HIDDEN, Redactor, hush

SECRET = "token/with+signs=0123"


@pytest.mark.parametrize("form", [SECRET, "token%2Fwith%2Bsigns%3D0123"])
def test_a_secret_is_hidden_as_it_is_and_as_urls_hold_it(form: str) -> None:
    assert Redactor([SECRET]).hide(f"GET /me?access_token={form}&a=1") == f"GET /me?access_token={HIDDEN}&a=1"


def test_a_secret_within_another_is_hidden_too() -> None:
    hidden = Redactor(["0123456789", "0123456789abcdef"]).hide("0123456789abcdef 0123456789")
    assert hidden == f"{HIDDEN} {HIDDEN}"


@given(st.text(), st.text())
def test_no_text_brings_a_secret_through(before: str, after: str) -> None:
    assert SECRET not in Redactor([SECRET]).hide(before + SECRET + after)


def test_short_values_garble_no_words() -> None:
    assert Redactor(["check", ""]).hide("check the keys") == "check the keys"


def test_an_error_without_secrets_is_kept() -> None:
    error = ValueError("plain")
    assert Redactor([SECRET]).harmless(error) is error


@pytest.mark.parametrize("place", ["itself", "cause", "context"])
def test_an_error_that_shows_a_secret_anywhere_is_dropped(place: str) -> None:
    error, guilty = ValueError("outer"), KeyError(f"url: /me?access_token={SECRET}")
    if place == "itself":
        error = ValueError(str(guilty))
    elif place == "cause":
        error.__cause__ = guilty
    else:
        error.__context__ = guilty
    assert Redactor([SECRET]).harmless(error) is None


def test_a_secret_behind_a_suppressed_context_drops_the_error() -> None:
    error = ValueError("outer")
    error.__cause__, error.__context__ = KeyError("fine"), KeyError(SECRET)
    assert Redactor([SECRET]).harmless(error) is None


def test_a_proof_is_the_known_hmac() -> None:
    """The second case of RFC 4231: key "Jefe"."""
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert proof_of_secret("what do ya want for nothing?", "Jefe") == expected


@pytest.mark.parametrize(
    ("before", "after"), [(logging.NOTSET, logging.WARNING), (logging.ERROR, logging.ERROR)]
)
def test_a_logger_is_held_at_warning_or_above(before: int, after: int) -> None:
    logger = logging.getLogger(f"test.hush.{before}")
    logger.setLevel(before)
    hush(logger.name)
    assert logger.level == after
