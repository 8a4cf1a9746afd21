"""Drafts are remembered in the ledger, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledgers import BOTH, PAGE, X, fresh_url, furnish
from spotlight_notify.errors import LedgerError
from spotlight_notify.ledger import SqlLedger, open_ledger


@pytest.fixture(params=BOTH)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlLedger]:
    opened = open_ledger(fresh_url(request, tmp_path))
    yield furnish(opened)
    opened.close()


def test_a_draft_is_remembered_by_channel_and_words_until_it_is_forgotten(ledger: SqlLedger) -> None:
    assert ledger.recall_draft(PAGE, "words") is None
    ledger.remember_draft(PAGE, "words", "1_2")
    ledger.remember_draft(PAGE, "words", "1_3")
    assert ledger.recall_draft(PAGE, "words") == "1_3"
    assert ledger.recall_draft(X, "words") is None
    ledger.forget_draft(PAGE, "words")
    ledger.forget_draft(PAGE, "words")
    assert ledger.recall_draft(PAGE, "words") is None


def test_a_draft_of_no_channel_is_refused(ledger: SqlLedger) -> None:
    with pytest.raises(LedgerError):
        ledger.remember_draft("nobody", "words", "1")
