"""All themes of an aid count, and each however it is written: for holds, digests and the order of posts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders import (
    ALWAYS,
    BY,
    CAMPAIGN,
    NOW,
    ListedSource,
    X,
    aid,
    delivering_with,
    no_lint,
    polling_with,
)
from fakes import FakeClock, FakePublisher
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid, Theme
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign, Scope
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.schedule import Order, Tempo
from spotlight_notify.model.words import Cause, Kind, ScopeKind, State
from spotlight_notify.operations.announce.digest_members import gather, standing_digest
from spotlight_notify.operations.announce.digests import announce_digests
from spotlight_notify.operations.announce.orders import When
from spotlight_notify.operations.decide.holds import Held, place_hold
from spotlight_notify.operations.deliver import deliver_next
from spotlight_notify.operations.poll.poll_source import poll_source

EVERY = timedelta(minutes=15)
ON_X = replace(CAMPAIGN, channels=(X,))
CALM = Theme(name="Calm", link="https://valor.test/themes/calm")


def poll(ledger: SqlLedger, *looks: list[Aid]) -> None:
    """Look at the site, for the first time with an empty look before."""
    parts = replace(polling_with(ledger, FakeClock(NOW)), campaigns=(ON_X,))
    known = ledger.source_status("site").baseline_at is not None
    listed = ListedSource(*(looks if known else ([], *looks)))
    while listed.looks:
        poll_source(listed, EVERY, parts)


def hold(ledger: SqlLedger, theme: str) -> Held:
    scope = Scope(kind=ScopeKind.THEME, name=theme)
    return place_hold(scope, ledger=ledger, who="Desk 4", reason="so", now=NOW, until_at=None)


def sent(ledger: SqlLedger, tempo: Tempo = ALWAYS) -> list[str]:
    """Send what may go, and tell which aids that was."""
    parts = delivering_with(ledger, FakeClock(NOW), tempos={X.name: tempo})
    publisher, titles = FakePublisher(), []
    while settled := deliver_next(X.name, publisher, parts):
        titles.append(ledger.delivery(settled.claim.delivery_id).aid_title)
    return titles


def render(theme: Theme, aids: Sequence[Aid], campaign: Campaign, network: Network) -> Post:
    text = f"{theme.name}: {'; '.join(each.title for each in aids)} {theme.link} {campaign.hashtag}"
    return Post(text=text, link=theme.link or "")


def order_digest(ledger: SqlLedger, theme: Theme = CALM) -> int:
    gathered = gather(theme.name, [(ON_X, X)], ledger, When(), NOW)
    (order,) = announce_digests(
        theme, gathered, ledger=ledger, render=render, lint=no_lint, when=When(), by=BY, now=NOW
    )
    return order.delivery_id


@pytest.mark.parametrize("held", ["Calm", "Risk", "ris\u200bK", "Calm, Risk"])
def test_promise_24_a_hold_on_any_theme_holds(ledger: SqlLedger, held: str) -> None:
    poll(ledger, [aid(1, theme="Calm", other_themes=("Night", "Risk")), aid(2, theme="Night")])
    placed = hold(ledger, held)
    assert placed.held_back == 1
    assert sent(ledger) == ["Aid number 2"]
    (waiting,) = ledger.queue(X.name, NOW).held.values()
    assert waiting == placed.hold


def test_promise_24_a_theme_that_a_source_adds_while_its_aid_waits_holds_and_stays(ledger: SqlLedger) -> None:
    poll(ledger, [aid(1, theme="Calm")])
    hold(ledger, "Risk")
    poll(ledger, [aid(1, theme="Calm", other_themes=("Risk",))])
    assert sent(ledger) == []
    poll(ledger, [aid(1, theme="Calm")])
    assert sent(ledger) == []
    (placed,) = ledger.holds(NOW)
    ledger.lift_hold(placed.id, who="ada", reason="over", now=NOW)
    assert sent(ledger) == ["Aid number 1"]


def test_promise_24_a_digest_takes_what_has_its_theme_among_others(ledger: SqlLedger) -> None:
    poll(ledger, [aid(1, theme="Night", other_themes=("Calm",)), aid(2, theme="calm"), aid(3, theme="Risk")])
    digest = ledger.delivery(order_digest(ledger))
    assert digest.post
    assert "Aid number 1; Aid number 2" in digest.post.text
    assert digest.themes == ("Calm", "Night")
    assert standing_digest("CALM\u00ad", ON_X.name, X.name, NOW, ledger, NOW) == digest


def test_promise_24_a_digest_is_held_by_any_theme_of_its_aids(ledger: SqlLedger) -> None:
    poll(ledger, [aid(1, theme="Calm", other_themes=("Night",)), aid(2, theme="Calm")])
    order_digest(ledger)
    hold(ledger, "night")
    assert sent(ledger) == []


def test_promise_24_a_theme_that_an_aid_gets_while_its_digest_waits_holds_the_digest(
    ledger: SqlLedger,
) -> None:
    aids = [aid(1, theme="Calm"), aid(2, theme="Calm")]
    poll(ledger, aids)
    order_digest(ledger)
    hold(ledger, "Risk")
    poll(ledger, [replace(aids[0], other_themes=("Risk",)), aids[1]])
    assert sent(ledger) == []


def test_promise_23_a_theme_goes_on_however_its_aids_spell_it(ledger: SqlLedger) -> None:
    spelt = ["De-escalation", "Night", "De\u2011Escalation", "Night"]
    poll(ledger, [aid(number, theme=theme) for number, theme in enumerate(spelt, 1)])
    pace = replace(ALWAYS.paces[CAMPAIGN.name], order=Order.THEME)
    by_theme = replace(ALWAYS, paces={CAMPAIGN.name: pace})
    assert sent(ledger, by_theme) == [f"Aid number {number}" for number in (1, 3, 2, 4)]


def in_table(number: int, **changes: Any) -> Aid:
    """Show the aid of a number in another source, where its link alone is the same."""
    one = aid(number)
    return replace(one, source="table", key=f"row:{number}", aliases=one.aliases[1:], **changes)


def poll_table(ledger: SqlLedger, *aids: Aid, campaign: Campaign = ON_X) -> None:
    parts = replace(polling_with(ledger, FakeClock(NOW)), campaigns=(campaign,))
    listed = ListedSource([], aids, name="table")
    while listed.looks:
        poll_source(listed, EVERY, parts)


@pytest.mark.parametrize("held_first", [True, False])
def test_a_theme_that_only_another_source_tells_holds_too(ledger: SqlLedger, held_first: bool) -> None:
    poll(ledger, [aid(1)])
    if held_first:
        hold(ledger, "Fire")
    poll_table(ledger, in_table(1, theme="Fire", other_themes=("Night",)))
    if not held_first:
        hold(ledger, "Fire")
    assert sent(ledger) == []
    poll(ledger, [aid(1)])
    assert sent(ledger) == []


def test_what_only_another_source_makes_a_matter_for_approval_awaits_it(ledger: SqlLedger) -> None:
    asking = replace(ON_X, approval=ApprovalPolicy(kinds=frozenset({Kind.WEBINAR})))
    poll(ledger, [aid(1)])
    poll_table(ledger, in_table(1, kind=Kind.WEBINAR), campaign=asking)
    assert sent(ledger) == []
    (waiting,) = ledger.deliveries(states=[State.PROPOSED])
    assert waiting.cause is Cause.APPROVAL
    assert (waiting.reason or "").endswith("(as source table shows it)")
