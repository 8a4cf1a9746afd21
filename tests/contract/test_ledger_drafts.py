"""Drafts are remembered in the ledger, on both databases."""

import pytest

from ledgers import NOW, PAGE, SENT, X, claim, make_conclusion, put, put_unsure
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.errors import LedgerError
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.words import State


def test_a_draft_is_remembered_by_channel_and_words_until_it_is_forgotten(ledger: SqlLedger) -> None:
    assert ledger.recall_draft(PAGE, "words") is None
    ledger.remember_draft(PAGE, "words", "1_2")
    ledger.remember_draft(PAGE, "words", "1_3")
    assert ledger.recall_draft(PAGE, "words") == "1_3"
    assert ledger.recall_draft(X, "words") is None
    ledger.forget_draft(PAGE, "words")
    ledger.forget_draft(PAGE, "words")
    assert ledger.recall_draft(PAGE, "words") is None


def test_a_draft_that_is_public_is_none_any_more_however_that_was_found_out(ledger: SqlLedger) -> None:
    put(ledger, 1, channel=PAGE)
    put_unsure(ledger, 2, channel=PAGE)
    for words, post_id in (("one", "1_1"), ("two", "1_2"), ("three", "1_3")):
        ledger.remember_draft(PAGE, words, post_id)
    ledger.settle(claim(ledger, channel=PAGE), SENT, Receipt(post_id="1_1", url=None), NOW)
    (doubt,) = ledger.doubts(NOW, PAGE)
    found = make_conclusion(State.SENT, receipt=Receipt(post_id="1_2", url=None))
    assert ledger.settle_look(doubt, found, NOW)
    assert [ledger.recall_draft(PAGE, words) for words in ("one", "two", "three")] == [None, None, "1_3"]


def test_a_draft_of_no_channel_is_refused(ledger: SqlLedger) -> None:
    with pytest.raises(LedgerError):
        ledger.remember_draft("nobody", "words", "1")
