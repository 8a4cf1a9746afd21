"""One link of two sources, of which one calls it off or takes it back while the other shows it."""

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
from spotlight_notify.model.aids import Aid, Look, Theme
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign, Choice, Scope, Selection
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.attempts import Claim
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Access, Cause, Kind, ScopeKind, State
from spotlight_notify.operations.announce.digest_members import gather
from spotlight_notify.operations.announce.digests import announce_digests
from spotlight_notify.operations.announce.orders import When
from spotlight_notify.operations.decide.approvals import approve
from spotlight_notify.operations.decide.retries import retry
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.text.links import link_alias, place_alias

EVERY, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
WHO: dict[str, Any] = {"who": "Desk 4", "reason": "seen"}
SITE, SECOND = "site", "second"
BOTH_SOURCES = replace(CAMPAIGN, channels=(X,), sources=(SITE, SECOND))
OFF = "CANCELLED: Aid number 1"


@pytest.fixture(params=BOTH)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlLedger]:
    with closing(open_ledger(fresh_url(request, tmp_path))) as opened:
        opened.register({SITE: "", SECOND: "", "on-demand": ""}, CAMPAIGN.channels, NOW)
        for name in (SITE, SECOND):
            poll(opened, name, [])
        yield opened


def poll(
    ledger: SqlLedger, name: str, shown: Sequence[Aid] | Look, campaign: Campaign = BOTH_SOURCES
) -> None:
    parts = replace(polling_with(ledger, FakeClock(NOW)), campaigns=(campaign,))
    assert poll_source(ListedSource(shown, name=name), EVERY, parts).error is None


def one(source: str, **changes: Any) -> Aid:
    return aid(1, source=source, **changes)


def claim(ledger: SqlLedger, campaign: Campaign = BOTH_SOURCES) -> Claim | None:
    policies = {campaign.name: campaign.approval}
    return ledger.claim_due(X.name, NOW + MINUTE, MINUTE, "test", ALWAYS, policies=policies)


def first(ledger: SqlLedger) -> Delivery:
    return ledger.deliveries()[-1]


def call_off(ledger: SqlLedger, source: str) -> None:
    poll(ledger, source, [one(source, title=OFF)])


def take_back(ledger: SqlLedger, source: str) -> None:
    poll(ledger, source, Look(aids=(), cursor="gone", gone=frozenset({"guid:1"})))


WAYS = [(call_off, Cause.CALLED_OFF, "source second says “CANCELLED: Aid number 1”")]
WAYS += [(take_back, Cause.GONE, "source second has not shown “Aid number 1” since 2026-11-23 12:00 UTC")]


@pytest.mark.parametrize(("take", "cause", "said"), WAYS, ids=["called off", "gone"])
def test_what_the_other_source_calls_off_is_asked_about_with_both_said(
    ledger: SqlLedger, take: Any, cause: Cause, said: str
) -> None:
    poll(ledger, SITE, [one(SITE)])
    poll(ledger, SECOND, [one(SECOND)])
    take(ledger, SECOND)
    assert claim(ledger) is None
    asked = first(ledger)
    assert (asked.state, asked.cause) == (State.PROPOSED, cause)
    assert asked.reason == f"{said}; source site shows “Aid number 1”: is it to be announced?"
    poll(ledger, SITE, [one(SITE, summary="More of it")])
    assert claim(ledger) is None
    retry(asked.id, ledger=ledger, campaigns={BOTH_SOURCES.name: BOTH_SOURCES}, now=NOW, **WHO)
    assert claim(ledger) is not None


@pytest.mark.parametrize("take", [call_off, take_back])
def test_what_is_new_at_one_source_after_the_other_called_it_off_is_asked_about(
    ledger: SqlLedger, take: Any
) -> None:
    poll(ledger, SECOND, [one(SECOND)])
    take(ledger, SECOND)
    poll(ledger, SITE, [one(SITE)])
    assert claim(ledger) is None
    assert {each.state for each in ledger.deliveries()} == {State.PROPOSED}


def test_what_both_sources_show_is_announced_once(ledger: SqlLedger) -> None:
    poll(ledger, SITE, [one(SITE)])
    poll(ledger, SECOND, [one(SECOND)])
    take_back(ledger, SECOND)
    poll(ledger, SECOND, [one(SECOND)])
    assert claim(ledger) is not None


def order_digest(ledger: SqlLedger) -> Delivery:
    theme = Theme(name="Calm", link="https://valor.test/themes/calm")
    (order,) = announce_digests(
        theme,
        gather("Calm", [(BOTH_SOURCES, X)], ledger, When(), NOW),
        ledger=ledger,
        render=lambda *told, **more: Post(text=f"Calm {theme.link} #valor", link=theme.link or ""),
        lint=no_lint,
        when=When(),
        by=BY,
        now=NOW,
    )
    return ledger.delivery(order.delivery_id)


def test_a_digest_is_asked_about_if_another_source_calls_off_one_of_its_aids(ledger: SqlLedger) -> None:
    poll(ledger, SITE, [one(SITE, theme="Calm"), aid(2, theme="Calm")])
    poll(ledger, SECOND, [one(SECOND)])
    order_digest(ledger)
    call_off(ledger, SECOND)
    assert claim(ledger) is None
    assert ledger.deliveries()[0].cause is Cause.CALLED_OFF


def hold_floods(ledger: SqlLedger) -> None:
    ledger.place_hold(Scope(kind=ScopeKind.THEME, name="Floods"), now=NOW, until_at=None, **WHO)


def test_a_hold_on_a_theme_that_only_the_other_source_gives_holds(ledger: SqlLedger) -> None:
    poll(ledger, SITE, [one(SITE)])
    poll(ledger, SECOND, [one(SECOND)])
    poll(ledger, SECOND, [one(SECOND, theme="floods")])
    hold_floods(ledger)
    assert claim(ledger) is None
    assert (first(ledger).state, first(ledger).themes) == (State.PENDING, ("floods",))
    ledger.lift_hold(ledger.holds(NOW)[0].id, now=NOW, **WHO)
    assert claim(ledger) is not None


def test_a_hold_that_is_placed_at_the_last_moment_knows_the_other_sources_themes(ledger: SqlLedger) -> None:
    poll(ledger, SITE, [one(SITE)])
    poll(ledger, SECOND, [one(SECOND)])
    poll(ledger, SECOND, [one(SECOND, theme="Floods")])
    claimed = claim(ledger)
    hold_floods(ledger)
    assert claimed is not None
    assert ledger.confirm(claimed, NOW + MINUTE) is not None


def test_a_hold_on_the_theme_of_what_is_asked_about_holds_what_another_source_shows(
    ledger: SqlLedger,
) -> None:
    poll(ledger, SITE, [one(SITE, theme="Floods", published_at=NOW + 400 * 96 * EVERY)])
    poll(ledger, SECOND, [one(SECOND)])
    hold_floods(ledger)
    assert claim(ledger) is None


def test_a_digest_is_held_by_a_theme_that_another_source_gives_one_of_its_aids(ledger: SqlLedger) -> None:
    poll(ledger, SITE, [one(SITE, theme="Calm"), aid(2, theme="Calm")])
    poll(ledger, SECOND, [one(SECOND)])
    digest = order_digest(ledger)
    poll(ledger, SECOND, [one(SECOND, theme="Floods")])
    hold_floods(ledger)
    assert claim(ledger) is None
    assert ledger.delivery(digest.id).state is State.PENDING


ASKING = replace(BOTH_SOURCES, approval=ApprovalPolicy(kinds=frozenset({Kind.TRAINING}), sign_in=True))
GATED = [{"access": Access.SIGN_IN}, {"kind": Kind.TRAINING}]


@pytest.mark.parametrize("said", GATED, ids=["sign-in", "kind"])
def test_what_one_source_shows_as_needing_an_approval_does_not_go_without_at_the_other(
    ledger: SqlLedger, said: Any
) -> None:
    poll(ledger, SITE, [one(SITE, **said)], ASKING)
    poll(ledger, SECOND, [one(SECOND)], ASKING)
    assert claim(ledger, ASKING) is None
    second, known = ledger.deliveries()
    assert {(each.state, each.cause) for each in (second, known)} == {(State.PROPOSED, Cause.APPROVAL)}
    assert (second.reason or "").endswith("(as source site shows it)")
    approve([second.id], ledger=ledger, campaigns={ASKING.name: ASKING}, who="ada", now=NOW)
    assert claim(ledger, ASKING) is not None


def test_a_digest_is_approved_if_another_source_shows_one_of_its_aids_so(ledger: SqlLedger) -> None:
    poll(ledger, SITE, [one(SITE, theme="Calm"), aid(2, theme="Calm")], ASKING)
    digest = order_digest(ledger)
    poll(ledger, SECOND, [one(SECOND, access=Access.SIGN_IN)], ASKING)
    assert claim(ledger, ASKING) is None
    assert ledger.delivery(digest.id).cause is Cause.APPROVAL


def test_an_approval_that_the_other_source_calls_for_outlasts_a_change_at_the_first(
    ledger: SqlLedger,
) -> None:
    poll(ledger, SITE, [one(SITE, title="A slipp")], ASKING)
    poll(ledger, SECOND, [one(SECOND, access=Access.SIGN_IN)], ASKING)
    assert first(ledger).cause is Cause.APPROVAL
    poll(ledger, SITE, [one(SITE, title="A slip")], ASKING)
    asked = first(ledger)
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.APPROVAL)
    assert asked.post is not None
    assert asked.post.text.startswith("A slip ")
    assert claim(ledger, ASKING) is None


NO_ARCHIVE = replace(
    BOTH_SOURCES, source_selections={SITE: Selection(without=Choice(categories=("Archive",)))}
)
LEFT_OUT = [({"categories": ("Archive",)}, Cause.FILTERED), ({"event_at": NOW - MINUTE}, Cause.OVER)]


@pytest.mark.parametrize(("said", "cause"), LEFT_OUT, ids=["filtered", "over"])
def test_what_was_skipped_for_another_source_that_leaves_it_out_is_asked_about_in_its_present_words(
    ledger: SqlLedger, said: Any, cause: Cause
) -> None:
    poll(ledger, SITE, [one(SITE)], NO_ARCHIVE)
    poll(ledger, SECOND, [one(SECOND)], NO_ARCHIVE)
    poll(ledger, SECOND, [one(SECOND, title="Aid number 1, again")], NO_ARCHIVE)
    poll(ledger, SITE, [one(SITE, **said)], NO_ARCHIVE)
    second, known = ledger.deliveries()
    assert (known.state, known.cause) == (State.SKIPPED, cause)
    assert (second.state, second.cause) == (State.PROPOSED, Cause.DUPLICATE)
    said_why = f"delivery {known.id}, which was to announce its link, is left out ({known.reason})"
    assert second.reason == f"{said_why}: is this one to be announced?"
    assert second.post is not None
    assert second.post.text.startswith("Aid number 1, again ")
    retry(second.id, ledger=ledger, campaigns={NO_ARCHIVE.name: NO_ARCHIVE}, now=NOW, **WHO)
    assert claim(ledger, NO_ARCHIVE) is not None


def test_what_is_over_as_its_turn_comes_is_asked_about_where_another_source_does_not_end_it(
    ledger: SqlLedger,
) -> None:
    poll(ledger, SITE, [one(SITE, event_at=NOW + MINUTE), aid(2, event_at=NOW + MINUTE)])
    poll(ledger, SECOND, [one(SECOND), aid(2, source=SECOND, event_at=NOW + MINUTE)])
    assert claim(ledger) is None
    states = [(each.state, each.cause) for each in reversed(ledger.deliveries())]
    assert states[:2] == [(State.SKIPPED, Cause.OVER)] * 2
    assert states[2:] == [(State.PROPOSED, Cause.DUPLICATE), (State.SKIPPED, Cause.DUPLICATE)]


def test_what_another_source_has_taken_back_too_is_not_asked_about(ledger: SqlLedger) -> None:
    poll(ledger, SITE, [one(SITE)], NO_ARCHIVE)
    poll(ledger, SECOND, [one(SECOND)], NO_ARCHIVE)
    take_back(ledger, SECOND)
    poll(ledger, SITE, [one(SITE, categories=("Archive",))], NO_ARCHIVE)
    assert {each.state for each in ledger.deliveries()} == {State.SKIPPED}


def on_page(source: str, place: str) -> Aid:
    """Make an aid that stands at a place of its own on one page, as a feed's entry would be read."""
    link = f"https://valor.test/webinars#{place}"
    names = (f"guid:{place}", link_alias(link), place_alias(link))
    return one(source, key=names[0], title=f"Webinar in {place}", link=link, aliases=names)


def test_another_place_on_the_page_that_the_other_source_announces_is_asked_about_once(
    ledger: SqlLedger,
) -> None:
    poll(ledger, SITE, [on_page(SITE, "November")])
    poll(ledger, SECOND, [on_page(SECOND, "December")])
    asked, known = ledger.deliveries()
    assert (asked.state, asked.cause, known.state) == (State.PROPOSED, Cause.FOUND, State.PENDING)
    told = "“Webinar in November”, which source site shows under the same link but for the place on the page"
    assert (asked.reason or "").startswith(f"{told}, is announced (delivery {known.id})")
    claimed = claim(ledger)
    assert claimed is not None
    ledger.settle(claimed, SENT, RECEIPT, NOW)
    retry(asked.id, ledger=ledger, campaigns={BOTH_SOURCES.name: BOTH_SOURCES}, now=NOW, **WHO)
    claimed = claim(ledger)
    assert claimed is not None
    assert claimed.delivery_id == asked.id


def test_another_place_on_the_page_that_was_announced_meanwhile_is_asked_about_once(
    ledger: SqlLedger,
) -> None:
    poll(ledger, SITE, [on_page(SITE, "November")])
    poll(ledger, SECOND, [on_page(SECOND, "December")])
    asked, known = ledger.deliveries()
    ledger.change_delivery(known.id, [State.PENDING], State.PROPOSED, now=NOW, **WHO)
    retry(asked.id, ledger=ledger, campaigns={BOTH_SOURCES.name: BOTH_SOURCES}, now=NOW, **WHO)
    claimed = claim(ledger)
    assert claimed is not None
    ledger.settle(claimed, SENT, RECEIPT, NOW)
    for answered in (False, True):
        retry(known.id, ledger=ledger, campaigns={BOTH_SOURCES.name: BOTH_SOURCES}, now=NOW, **WHO)
        assert (claim(ledger) is not None) == answered


def test_the_same_place_on_the_page_is_announced_once(ledger: SqlLedger) -> None:
    poll(ledger, SITE, [on_page(SITE, "November")])
    poll(ledger, SECOND, [on_page(SECOND, "November")])
    assert (ledger.deliveries()[0].state, ledger.deliveries()[0].cause) == (State.SKIPPED, Cause.DUPLICATE)
