"""Digests that wait while one of their aids is changed or taken back at its source."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from builders import ALWAYS, BY, CAMPAIGN, NOW, ListedSource, X, aid, ledger_in, no_lint, polling_with
from fakes import FakeClock
from spotlight_notify.announcing import Rewriting, When, announce_digests, gather, rewrite_unfit
from spotlight_notify.deciding import Edit, edit
from spotlight_notify.ledger import SqlLedger
from spotlight_notify.model import Aid, Cause, Look, State, Theme
from spotlight_notify.planning import Writing
from spotlight_notify.polling import Poll, poll_source
from spotlight_notify.records import Delivery
from spotlight_notify.rendering import gate, render, render_digest
from spotlight_notify.templates import packaged_templates

EVERY, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
TEMPLATES = packaged_templates()
CALM = Theme(name="Calm", link="https://valor.test/themes/calm")
ON_X = replace(CAMPAIGN, channels=(X,))
WRITING = Writing(render=partial(render, TEMPLATES, {}), lint=no_lint)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    opened = ledger_in(tmp_path)
    yield opened
    opened.close()


def calm(number: int, title: str | None = None) -> Aid:
    return aid(number, theme="Calm", title=title or f"Aid number {number}")


def poll(ledger: SqlLedger, look: Sequence[Aid] | Look) -> Poll:
    parts = replace(polling_with(ledger, FakeClock(NOW)), campaigns=(ON_X,), writing=WRITING)
    told = poll_source(ListedSource(look), EVERY, parts)
    assert told.error is None
    return told


def order(ledger: SqlLedger) -> Delivery:
    """Order a digest of two aids that wait."""
    poll(ledger, [])
    poll(ledger, [calm(1), calm(2)])
    (ordered,) = announce_digests(
        CALM,
        gather("Calm", [(ON_X, X)], ledger, When(), NOW),
        ledger=ledger,
        render=partial(render_digest, TEMPLATES),
        lint=no_lint,
        when=When(),
        by=BY,
        now=NOW,
    )
    return ledger.delivery(ordered.delivery_id)


def rewrite(ledger: SqlLedger, told: Poll) -> tuple[int, ...]:
    parts = Rewriting(
        ledger=ledger,
        campaigns=[ON_X],
        writing=WRITING,
        render_digest=partial(render_digest, TEMPLATES),
        themes={"Calm": CALM},
        gate=gate,
    )
    return rewrite_unfit(parts, NOW, told.digests).rewritten


def test_changed_an_aid_of_a_digest_has_it_written_anew(ledger: SqlLedger) -> None:
    digest = order(ledger)
    told = poll(ledger, [calm(1, "Another title"), calm(2)])
    asked = ledger.delivery(digest.id)
    assert (asked.state, asked.cause, told.digests) == (
        State.PROPOSED,
        Cause.CHANGED,
        frozenset({digest.id}),
    )
    assert "Another title" in (asked.reason or "")
    assert rewrite(ledger, told) == (digest.id,)
    anew = ledger.delivery(digest.id)
    assert (anew.state, anew.cause) == (State.PENDING, None)
    assert anew.post is not None
    assert "Another title" in anew.post.text


def test_changed_an_aid_of_a_digest_that_a_person_edited_is_asked_about(ledger: SqlLedger) -> None:
    digest = order(ledger)
    words = Edit(text=f"My own words {CALM.link} {ON_X.hashtag}")
    edit(
        digest.id,
        words,
        ledger=ledger,
        campaigns={ON_X.name: ON_X},
        lint=no_lint,
        who="Desk 4",
        reason="better",
        now=NOW,
    )
    told = poll(ledger, [calm(1, "Another title"), calm(2)])
    assert rewrite(ledger, told) == ()
    assert (ledger.delivery(digest.id).state, ledger.delivery(digest.id).cause) == (
        State.PROPOSED,
        Cause.CHANGED,
    )


def test_changed_an_aid_of_a_digest_that_is_called_off_is_asked_about(ledger: SqlLedger) -> None:
    digest = order(ledger)
    told = poll(ledger, [calm(1, "CANCELLED: Aid number 1"), calm(2)])
    assert rewrite(ledger, told) == ()
    assert ledger.delivery(digest.id).state is State.PROPOSED


def test_database_1_an_aid_of_a_digest_that_is_gone_is_asked_about(ledger: SqlLedger) -> None:
    digest = order(ledger)
    poll(ledger, Look(aids=(), cursor="gone", gone=frozenset({"guid:1"})))
    asked = ledger.delivery(digest.id)
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.GONE)
    assert "“Aid number 1”, of which it tells, is no longer there" in (asked.reason or "")
    poll(ledger, [calm(1), calm(2)])
    assert ledger.delivery(digest.id).state is State.PENDING
    assert ledger.claim_due(X.name, NOW, MINUTE, "test", ALWAYS) is not None
