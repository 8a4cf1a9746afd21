"""What a source changes while a post is on its way, and nobody knows yet whether it must go again."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import ALWAYS, BY, CAMPAIGN, NOW, ListedSource, X, aid, no_lint, polling_with
from fakes import FakeClock
from ledgers import BOTH, RECEIPT, SENT, fresh_url
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid, Theme
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign, Choice, Scope, Selection
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.attempts import Claim, Verdict
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, Outcome, ScopeKind, State
from spotlight_notify.operations.announce.corrections import correct
from spotlight_notify.operations.announce.digest_members import gather
from spotlight_notify.operations.announce.digests import announce_digests
from spotlight_notify.operations.announce.orders import When
from spotlight_notify.operations.decide.approvals import approve
from spotlight_notify.operations.decide.edits import Edit, edit
from spotlight_notify.operations.decide.retries import retry
from spotlight_notify.operations.poll.poll_source import poll_source

EVERY, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
WHO: dict[str, Any] = {"who": "Desk 4", "reason": "seen"}
ON_X = replace(CAMPAIGN, channels=(X,), selection=Selection(without=Choice(categories=("Internal",))))
NAMED = {ON_X.name: ON_X}
LATER = Verdict(state=State.PENDING, outcome=Outcome.THROTTLED, due_at=NOW)
OFF = "CANCELLED: Aid number 1"


@pytest.fixture(params=BOTH)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlLedger]:
    with closing(open_ledger(fresh_url(request, tmp_path))) as opened:
        opened.register({"site": "", "on-demand": ""}, CAMPAIGN.channels, NOW)
        poll(opened, [])
        yield opened


def poll(ledger: SqlLedger, shown: Sequence[Aid], campaign: Campaign = ON_X) -> None:
    parts = replace(polling_with(ledger, FakeClock(NOW)), campaigns=(campaign,))
    assert poll_source(ListedSource(shown), EVERY, parts).error is None


def claim(ledger: SqlLedger) -> Claim | None:
    return ledger.claim_due(X.name, NOW + MINUTE, MINUTE, "test", ALWAYS)


def begin(ledger: SqlLedger) -> Claim:
    claimed = claim(ledger)
    assert claimed is not None
    return claimed


def stop(ledger: SqlLedger, claimed: Claim) -> None:
    """Let a claim end as one that made nothing public."""
    ledger.settle(claimed, LATER, None, NOW + MINUTE)


def hold_floods(ledger: SqlLedger) -> None:
    ledger.place_hold(Scope(kind=ScopeKind.THEME, name="Floods"), now=NOW, until_at=None, **WHO)


def on_x(ledger: SqlLedger) -> Delivery:
    return ledger.deliveries()[-1]


def order_digest(ledger: SqlLedger) -> Delivery:
    theme = Theme(name="Calm", link="https://valor.test/themes/calm")
    (order,) = announce_digests(
        theme,
        gather("Calm", [(ON_X, X)], ledger, When(), NOW),
        ledger=ledger,
        render=lambda *told, **more: Post(text=f"Calm {theme.link} #valor", link=theme.link or ""),
        lint=no_lint,
        when=When(),
        by=BY,
        now=NOW,
    )
    return ledger.delivery(order.delivery_id)


def test_a_hold_on_the_theme_it_was_planned_with_holds_what_is_to_go_again(ledger: SqlLedger) -> None:
    poll(ledger, [aid(1, theme="Floods")])
    claimed = begin(ledger)
    poll(ledger, [aid(1, theme="Water")])
    hold_floods(ledger)
    stop(ledger, claimed)
    assert claim(ledger) is None
    assert on_x(ledger).themes == ("Water", "Floods")


def test_a_hold_on_a_theme_that_a_digests_aid_gets_while_it_is_unsure_holds_the_digest(
    ledger: SqlLedger,
) -> None:
    poll(ledger, [aid(1, theme="Calm"), aid(2, theme="Calm")])
    digest = order_digest(ledger)
    begin(ledger)
    assert ledger.strand(NOW + 3 * MINUTE) == (digest.id,)
    poll(ledger, [aid(1, theme="Calm"), aid(2, theme="Calm", other_themes=("Floods",))])
    assert ledger.delivery(digest.id).themes == ("Calm", "Floods")


def test_a_digest_that_is_unsure_ends_with_the_first_of_its_aids_as_they_are_now(ledger: SqlLedger) -> None:
    poll(ledger, [aid(1, theme="Calm"), aid(2, theme="Calm")])
    digest = order_digest(ledger)
    begin(ledger)
    ledger.strand(NOW + 3 * MINUTE)
    first = aid(1, theme="Calm", event_at=NOW + 9 * MINUTE)
    poll(ledger, [first, aid(2, theme="Calm", expires_at=NOW + EVERY)])
    over = ledger.delivery(digest.id)
    assert (over.event_at, over.expires_at) == (NOW + 9 * MINUTE, NOW + EVERY)


def render_correction(text: str, link: str, campaign: Campaign, network: Network) -> Post:
    return Post(text=f"{text} {link} {campaign.hashtag}", link=link)


def test_a_correction_gets_its_aids_new_themes_while_it_waits(ledger: SqlLedger) -> None:
    poll(ledger, [aid(1, theme="Water"), aid(2)])
    ledger.settle(begin(ledger), SENT, RECEIPT, NOW)
    (order,) = correct(
        [on_x(ledger).id],
        "It begins at ten.",
        by=BY,
        campaigns=[ON_X],
        ledger=ledger,
        render=render_correction,
        lint=no_lint,
        now=NOW,
    )
    poll(ledger, [aid(1, theme="Water", other_themes=("Floods",)), aid(2, theme="Belts")])
    assert ledger.delivery(order.delivery_id).themes == ("Water", "Floods")


def approve_it(ledger: SqlLedger) -> None:
    approve([on_x(ledger).id], ledger=ledger, campaigns=NAMED, who="ada", now=NOW)


def write_it(ledger: SqlLedger) -> None:
    words = Edit(text="My own words https://valor.test/aids/1 #SpotlightOnSafety")
    edit(on_x(ledger).id, words, ledger=ledger, campaigns=NAMED, lint=no_lint, now=NOW, **WHO)


@pytest.mark.parametrize("answer_for", [approve_it, write_it])
def test_what_a_person_answers_for_is_asked_about_once_if_it_is_called_off_on_its_way(
    ledger: SqlLedger, answer_for: Any
) -> None:
    asking = replace(ON_X, approval=ApprovalPolicy(everything=answer_for is approve_it))
    poll(ledger, [aid(1)], asking)
    answer_for(ledger)
    claimed = begin(ledger)
    poll(ledger, [aid(1, title=OFF)], asking)
    stop(ledger, claimed)
    assert claim(ledger) is None
    asked = on_x(ledger)
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.CHANGED)
    assert f"is now “{OFF}”" in (asked.reason or "")
    retry(asked.id, ledger=ledger, campaigns=NAMED, now=NOW, **WHO)
    assert claim(ledger) is not None


def test_what_is_to_be_left_out_since_it_was_on_its_way_is_asked_about_once(ledger: SqlLedger) -> None:
    poll(ledger, [aid(1)])
    claimed = begin(ledger)
    poll(ledger, [aid(1, categories=("Internal",), summary="Staff only.")])
    stop(ledger, claimed)
    assert claim(ledger) is None
    asked = on_x(ledger)
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.CHANGED)
    assert (asked.reason or "").endswith("campaign spotlight takes nothing with the category “Internal”")
    retry(asked.id, ledger=ledger, campaigns=NAMED, now=NOW, **WHO)
    assert claim(ledger) is not None


def test_a_digest_that_was_on_its_way_is_asked_about_if_one_of_its_aids_is_to_be_left_out(
    ledger: SqlLedger,
) -> None:
    poll(ledger, [aid(1, theme="Calm"), aid(2, theme="Calm")])
    digest = order_digest(ledger)
    claimed = begin(ledger)
    poll(ledger, [aid(1, theme="Calm", categories=("Internal",)), aid(2, theme="Calm")])
    stop(ledger, claimed)
    assert claim(ledger) is None
    asked = ledger.delivery(digest.id)
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.CHANGED)


def test_what_arrives_after_all_is_not_asked_about(ledger: SqlLedger) -> None:
    poll(ledger, [aid(1)])
    claimed = begin(ledger)
    poll(ledger, [aid(1, categories=("Internal",))])
    ledger.settle(claimed, SENT, RECEIPT, NOW)
    assert on_x(ledger).state is State.SENT


def test_what_another_aid_took_the_place_of_on_its_way_is_asked_about(ledger: SqlLedger) -> None:
    poll(ledger, [aid(1)])
    claimed = begin(ledger)
    poll(ledger, [aid(1, title="Wear your seat belt", link="https://valor.test/belts", aliases=("guid:1",))])
    stop(ledger, claimed)
    assert claim(ledger) is None
    asked = on_x(ledger)
    assert (asked.aid_title, asked.state) == ("Aid number 1", State.PROPOSED)
    assert "its source shows “Wear your seat belt” in its place" in (asked.reason or "")
