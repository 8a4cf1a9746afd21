"""What is the same name to a reader, however it was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.text.names import folded_name, is_same_name, is_same_unspaced, unique_names

ALIKE = [
    ("Résumé Checks", unicodedata.normalize("NFD", "Résumé Checks")),
    ("Officers' Rest", "Officers’ Rest"),
    ("Officers' Rest", "Officersʼ Rest"),
    ("Officers' Rest", "Officers´ Rest"),
    ("Officers' Rest", "Officers` Rest"),
    ('"Calm" First', "“Calm” First"),
    ('"Calm" First', "«Calm» First"),
    ('"Calm" First', "''Calm'' First"),
    ("De-escalation", "De\u2011escalation"),
    ("De-escalation", "De\u2010escalation"),
    ("De-escalation", "De−escalation"),
    ("De-escalation", "De\ufe63escalation"),
    ("Calm - Now", "Calm – Now"),
    ("Calm -- Now", "Calm — Now"),
    ("Officer Wellness", "Officer\u200b Wellness"),
    ("Officer Wellness", "\ufeffOfficer Wellness"),
    ("Officer Wellness", "Officer Well\u00adness"),
    ("Officer Wellness", "\u202bOfficer Wellness\u202c"),
    ("Officer Wellness", "Officer\u2060 Wellness"),
    ("Officer Wellness", "Officer Well\u034fness"),
    ("Officer Wellness", "Officer Wellness\u3164"),
    ("Officer Wellness", "Officer\u00a0Wellness"),
    ("Officer Wellness", "Officer\u2003\t Wellness\n"),
    ("Officer Wellness", "Officer\u2800Wellness"),
    ("Officer Wellness", "OFFICER WELLNESS"),
    ("Officer Wellness", "\x1bOfficer Wellness\x08"),
    ("❤ Health", "❤\ufe0f Health"),
    ("❤ Health", "❤\ufe0e Health"),
    ("Officer Wellness", "Ｏｆｆｉｃｅｒ　Ｗｅｌｌｎｅｓｓ"),
    ("Traffic", "Traﬃc"),
    ("Wait…", "Wait..."),
    ("Straße", "STRASSE"),
    ("ΣΊΣΥΦΟΣ", "Σίσυφος"),
]
"""Pairs of one name each."""

OTHERS = [
    ("Officer Wellness", "Officer Wellbeing"),
    ("Calm", "Calm 2"),
    ("Calm", "Cälm"),
    ("❤ Health", "Health"),
    ("Risk-Free", "Risk Free"),
    ("Its", "It's"),
    ("\U0001fae8 Nerves", "Nerves"),
    ("", "Calm"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_promise_23_names_that_a_reader_takes_for_the_same_are_the_same(one: str, other: str) -> None:
    assert is_same_name(one, other)
    assert is_same_name(other, one)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_promise_23_names_that_a_reader_tells_apart_are_not_the_same(one: str, other: str) -> None:
    assert not is_same_name(one, other)


@given(st.text())
def test_a_folded_name_stays_as_it_is(name: str) -> None:
    assert folded_name(folded_name(name)) == folded_name(name)


@given(st.text())
def test_how_a_name_is_composed_makes_no_difference(name: str) -> None:
    assert is_same_name(unicodedata.normalize("NFD", name), unicodedata.normalize("NFC", name))


def test_promise_23_blanks_make_nobody_somebody_else() -> None:
    assert is_same_unspaced("Ada Lovelace", "ada\u200blovelace")
    assert not is_same_unspaced("Ada Lovelace", "Ada Byron")


def test_names_are_kept_once_as_they_were_spelt_first() -> None:
    assert unique_names([" Calm ", "Risk", "CALM", "\u200b", "", "risk\u00ad"]) == ("Calm", "Risk")
