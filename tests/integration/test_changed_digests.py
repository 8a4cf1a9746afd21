"""Digests that wait while one of their aids is changed or taken back at its source."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from builders import ALWAYS, BY, CAMPAIGN, NOW, PAGE, ListedSource, X, aid, no_lint, polling_with
from fakes import FakeClock
from ledgers import RECEIPT, SENT
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid, Look, Theme
from spotlight_notify.model.campaigns import Campaign, Choice, Selection
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, Outcome, State
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.operations.announce.digest_members import gather
from spotlight_notify.operations.announce.digests import announce_digests
from spotlight_notify.operations.announce.orders import When
from spotlight_notify.operations.announce.rewriting import Rewriting, rewrite_unfit
from spotlight_notify.operations.decide.edits import Edit, edit
from spotlight_notify.operations.decide.retries import retry
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.posts.rendering.gate import gate
from spotlight_notify.posts.rendering.posts import render, render_digest
from spotlight_notify.posts.templates.loading import packaged_templates
from spotlight_notify.rules.planning import Writing

EVERY, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
TEMPLATES = packaged_templates(NETWORKS)
CALM = Theme(name="Calm", link="https://valor.test/themes/calm")
ON_X = replace(CAMPAIGN, channels=(X,))
WRITING = Writing(render=partial(render, TEMPLATES, {}), lint=no_lint)


def calm(number: int, title: str | None = None) -> Aid:
    return aid(number, theme="Calm", title=title or f"Aid number {number}")


def poll(ledger: SqlLedger, look: Sequence[Aid] | Look, campaign: Campaign = ON_X) -> Poll:
    parts = replace(polling_with(ledger, FakeClock(NOW)), campaigns=(campaign,), writing=WRITING)
    told = poll_source(ListedSource(look), EVERY, parts)
    assert told.error is None
    return told


def order(ledger: SqlLedger) -> Delivery:
    """Order a digest of two aids that wait."""
    poll(ledger, [])
    poll(ledger, [calm(1), calm(2)])
    return ordered(ledger)


def ordered(ledger: SqlLedger) -> Delivery:
    (made,) = announce_digests(
        CALM,
        gather("Calm", [(ON_X, X)], ledger, When(), NOW),
        ledger=ledger,
        render=partial(render_digest, TEMPLATES),
        lint=no_lint,
        when=When(),
        by=BY,
        now=NOW,
    )
    return ledger.delivery(made.delivery_id)


def rewrite(ledger: SqlLedger, told: Poll, campaign: Campaign = ON_X) -> tuple[int, ...]:
    parts = Rewriting(
        ledger=ledger,
        campaigns=[campaign],
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


def test_changed_an_aid_of_a_digest_that_is_to_be_left_out_now_is_asked_about(ledger: SqlLedger) -> None:
    digest = order(ledger)
    choosing = replace(ON_X, selection=Selection(without=Choice(words=("draft",))))
    told = poll(ledger, [calm(1, "Draft: Aid number 1"), calm(2)], choosing)
    assert rewrite(ledger, told, choosing) == ()
    assert ledger.delivery(digest.id).state is State.PROPOSED


@pytest.mark.parametrize("title", ["CANCELLED: Aid number 1", "Another title"])
def test_changed_an_aid_of_a_digest_that_was_on_its_way_is_asked_about(ledger: SqlLedger, title: str) -> None:
    digest = order(ledger)
    claimed = ledger.claim_due(X.name, NOW, MINUTE, "test", ALWAYS)
    assert claimed is not None
    poll(ledger, [calm(1, title), calm(2)])
    later = Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE, due_at=NOW)
    ledger.settle(claimed, later, None, NOW)
    assert ledger.claim_due(X.name, NOW, MINUTE, "test", ALWAYS) is None
    asked = ledger.delivery(digest.id)
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.CHANGED)
    assert f"title “Aid number 1” is now “{title}”" in (asked.reason or "")
    retry(digest.id, ledger=ledger, campaigns={ON_X.name: ON_X}, who="Chief", reason="seen", now=NOW)
    assert ledger.claim_due(X.name, NOW, MINUTE, "test", ALWAYS) is not None


SOON = NOW + MINUTE
ENDS: tuple[dict[str, Any], ...] = ({"event_at": SOON}, {"expires_at": SOON})


@pytest.mark.parametrize("ends", ENDS, ids=["event", "expiry"])
def test_changed_a_digest_is_over_when_the_first_of_its_aids_is_now(
    ledger: SqlLedger, ends: dict[str, Any]
) -> None:
    digest = order(ledger)
    poll(ledger, [replace(calm(1), **ends), replace(calm(2), event_at=NOW + EVERY)])
    poll(ledger, [replace(calm(1), **ends), calm(2)])
    assert ledger.claim_due(X.name, SOON, MINUTE, "test", ALWAYS) is None
    over = ledger.delivery(digest.id)
    assert (over.state, over.cause) == (State.SKIPPED, Cause.OVER)
    assert {one.state for one in ledger.deliveries(digest_id=digest.id)} == {State.PROPOSED}


def test_changed_a_digest_whose_aid_is_to_last_longer_now_goes_later_too(ledger: SqlLedger) -> None:
    poll(ledger, [])
    poll(ledger, [replace(calm(1), event_at=SOON), calm(2)])
    digest = ordered(ledger)
    poll(ledger, [replace(calm(1), event_at=NOW + EVERY), calm(2)])
    claimed = ledger.claim_due(X.name, SOON, MINUTE, "test", ALWAYS)
    assert claimed is not None
    assert (claimed.delivery_id, claimed.over_at) == (digest.id, NOW + EVERY)


def test_changed_an_aid_of_a_digest_whose_place_another_took_is_asked_about(ledger: SqlLedger) -> None:
    both = replace(ON_X, channels=(X, PAGE))
    poll(ledger, [], both)
    poll(ledger, [calm(1), calm(2)], both)
    claimed = ledger.claim_due(PAGE.name, NOW, MINUTE, "test", ALWAYS)
    assert claimed is not None
    ledger.settle(claimed, SENT, RECEIPT, NOW)
    digest = ordered(ledger)
    another = calm(1, "Wear your seat belt")
    poll(ledger, [replace(another, link="https://valor.test/belts", aliases=("guid:1",)), calm(2)], both)
    asked = ledger.delivery(digest.id)
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.GONE)
    assert "“Aid number 1”, of which it tells, is no longer there" in (asked.reason or "")
