from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from builders import (
    BY,
    CAMPAIGN,
    NOW,
    PLAIN,
    ListedSource,
    X,
    aid,
    delivering_with,
    no_lint,
    polling_with,
)
from fakes import FakeClock, FakePublisher
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import ON_DEMAND, Aid, Theme
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign
from spotlight_notify.model.errors import Refused, UnknownName
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding, Post
from spotlight_notify.model.words import Access, Cause, Level, State
from spotlight_notify.operations.announce.aids import announce_aid
from spotlight_notify.operations.announce.digest_members import (
    Gathered,
    cancelled_digest,
    gather,
    standing_digest,
    too_few,
)
from spotlight_notify.operations.announce.digests import announce_digests
from spotlight_notify.operations.announce.orders import Order, When, is_made, places_for
from spotlight_notify.operations.deliver import deliver_next
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.ports.parts import Lint

NAME = "Defusing Difficult Encounters"
THEME = Theme(name=NAME, link="https://valor.test/themes/defusing")
EVERY = timedelta(minutes=15)


def themed(number: int, **changes: object) -> Aid:
    return aid(number, theme=NAME, **changes)


def poll(ledger: SqlLedger, *looks: list[Aid], source: str = "site") -> None:
    listed = ListedSource(*looks, name=source)
    for _ in looks:
        poll_source(listed, EVERY, polling_with(ledger, FakeClock(NOW)))


def render(theme: Theme, aids: Sequence[Aid], campaign: Campaign, network: Network) -> Post:
    titles = "; ".join(aid.title for aid in aids)
    return Post(text=f"{theme.name}: {titles} {theme.link} {campaign.hashtag}", link=theme.link or "")


def gathered(
    ledger: SqlLedger, name: str = NAME, campaign: Campaign = CAMPAIGN, at: datetime = NOW
) -> tuple[Gathered, ...]:
    places = places_for(ON_DEMAND, [campaign], [])
    return gather(name, places, ledger, When(due={campaign.name: at}), NOW)


def titles(found: Gathered) -> list[str]:
    return [each.title for each in found.aids]


def digest(
    ledger: SqlLedger, campaign: Campaign = CAMPAIGN, lint: Lint = no_lint, **when: object
) -> tuple[Order, ...]:
    return announce_digests(
        THEME,
        gathered(ledger, campaign=campaign),
        ledger=ledger,
        render=render,
        lint=lint,
        when=When(**when),  # type: ignore[arg-type]
        by=BY,
        now=NOW,
    )


def on_x(ledger: SqlLedger) -> list[tuple[str, State, Cause | None]]:
    return [(d.aid_title, d.state, d.cause) for d in reversed(ledger.deliveries(channel=X.name))]


def drain(ledger: SqlLedger) -> FakePublisher:
    publisher = FakePublisher()
    publisher.first = 1 + sum(bool(each.receipt) for each in ledger.deliveries(channel=X.name))
    while deliver_next(X.name, publisher, delivering_with(ledger, FakeClock(NOW))):
        pass
    return publisher


def test_a_digest_gathers_what_nobody_has_announced_oldest_first(ledger: SqlLedger) -> None:
    days = [NOW - timedelta(days=day) for day in range(10)]
    poll(ledger, [themed(1, published_at=days[3]), themed(2, published_at=days[5]), aid(3)], [themed(4)])
    poll(ledger, [themed(5, source="table", published_at=days[4])], source="table")
    on_x, on_page = gathered(ledger, "defusing difficult ENCOUNTERS ")
    assert titles(on_x) == ["Aid number 2", "Aid number 5", "Aid number 1", "Aid number 4"]
    assert titles(on_page) == titles(on_x)


def test_a_digest_leaves_out_what_is_announced_where_it_goes(ledger: SqlLedger) -> None:
    poll(ledger, [], [themed(1)])
    drain(ledger)
    poll(ledger, [], [themed(2), themed(3)])
    on_x, on_page = gathered(ledger)
    assert titles(on_x) == ["Aid number 2", "Aid number 3"]
    assert titles(on_page) == ["Aid number 1", "Aid number 2", "Aid number 3"]


def test_timing_7_a_digest_leaves_out_everywhere_what_a_person_rejected_anywhere(ledger: SqlLedger) -> None:
    poll(ledger, [], [themed(1), themed(2), themed(3)])
    rejected = next(one for one in ledger.deliveries(channel=X.name) if one.aid_title == "Aid number 1")
    cancel(ledger, rejected.id)
    on_x, on_page = gathered(ledger)
    assert titles(on_x) == titles(on_page) == ["Aid number 2", "Aid number 3"]


def test_what_is_announced_for_another_source_is_left_out_too(ledger: SqlLedger) -> None:
    poll(ledger, [], [themed(1)])
    drain(ledger)
    poll(ledger, [themed(1, source="table", key="row:1"), themed(2, source="table")], source="table")
    assert titles(gathered(ledger)[0]) == ["Aid number 2"]


def test_one_link_from_two_sources_is_told_once_and_both_are_taken_in(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1), themed(2)])
    poll(ledger, [themed(1, source="table", key="row:1")], source="table")
    found = gathered(ledger)[0]
    assert titles(found) == ["Aid number 1", "Aid number 2"]
    assert len(found.members) == 3
    digest(ledger)
    assert gathered(ledger)[0].members == ()


def test_what_is_over_dated_later_or_of_no_listened_source_is_left_out(ledger: SqlLedger) -> None:
    soon = NOW + timedelta(days=2)
    poll(ledger, [themed(1), themed(2, event_at=soon), themed(3, published_at=soon)])
    assert titles(gathered(ledger)[0]) == ["Aid number 1", "Aid number 2"]
    assert titles(gathered(ledger, at=soon)[0]) == ["Aid number 1", "Aid number 3"]
    deaf = replace(CAMPAIGN, sources=("table",))
    assert gathered(ledger, campaign=deaf)[0].members == ()


def test_an_unknown_theme_is_told_with_those_there_are(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1)])
    with pytest.raises(UnknownName, match=f'no aid of the theme "Calm" is known; there is: {NAME}'):
        gathered(ledger, "Calm")


def test_too_few_are_told_with_their_numbers(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1), themed(2)])
    assert too_few(NAME, gathered(ledger)) is None
    poll(ledger, [], [])
    announce_aid(themed(1), [(CAMPAIGN, X)], ledger=ledger, writing=PLAIN, when=When(), by=BY, now=NOW)
    drain(ledger)
    told = too_few(NAME, gathered(ledger))
    assert told is not None
    assert told.endswith("not announced there yet; there is 2 Aid number 2 on valor-x")


def test_the_members_of_a_digest_are_not_announced_again(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1)], [themed(2), themed(3)])
    digest(ledger)
    assert on_x(ledger) == [
        ("Aid number 2", State.SKIPPED, Cause.DIGEST),
        ("Aid number 3", State.SKIPPED, Cause.DIGEST),
        (f"{NAME}: 3 digital aids", State.PENDING, None),
        ("Aid number 1", State.SKIPPED, Cause.DIGEST),
    ]
    posts = drain(ledger).posts
    assert [post.text.split(" https")[0] for post in posts] == [
        f"{NAME}: Aid number 1; Aid number 2; Aid number 3"
    ]
    poll(ledger, [], [themed(1, title="Another title"), themed(2)])
    assert drain(ledger).posts == []
    assert gathered(ledger)[0].members == ()


def test_an_order_for_a_member_points_at_its_digest(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1), themed(2)])
    first = digest(ledger)[0]
    places = [(CAMPAIGN, X)]
    (order,) = announce_aid(themed(1), places, ledger=ledger, writing=PLAIN, when=When(), by=BY, now=NOW)
    assert order.delivery_id == first.delivery_id
    assert order.note == f"aid 1 is part of this digest, delivery {first.delivery_id}"
    assert len(drain(ledger).posts) == 1


def test_the_members_of_a_digest_that_goes_nowhere_are_free_again(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1), themed(2)])
    first = digest(ledger)[0]
    assert ledger.change_delivery(
        first.delivery_id, [State.PENDING], State.CANCELLED, who="Desk 4", reason="no", now=NOW
    )
    assert titles(gathered(ledger)[0]) == ["Aid number 1", "Aid number 2"]
    places = [(CAMPAIGN, X)]
    announce_aid(themed(1), places, ledger=ledger, writing=PLAIN, when=When(), by=BY, now=NOW)
    assert [post.text.split(" https")[0] for post in drain(ledger).posts] == ["Aid number 1"]


def test_a_digest_is_an_aid_of_its_own_and_no_other_with_its_link(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1), themed(2)])
    digest(ledger)
    (made,) = [known.aid for known in ledger.aids(source=ON_DEMAND)]
    assert is_made(made)
    assert (made.key, made.theme, made.link) == (f"digest:{NAME}:2026-11-23T12:00Z:1", NAME, THEME.link)
    assert made.aliases == (made.key,)
    assert made.summary == "Aids 1, 2"
    assert ledger.find_aids(THEME.link or "") == ()


def test_a_second_digest_at_the_same_moment_has_another_name(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1), themed(2)])
    digest(ledger)
    poll(ledger, [], [themed(3), themed(4)])
    digest(ledger)
    names = {known.aid.key[-3:] for known in ledger.aids(source=ON_DEMAND)}
    assert names == {"Z:1", "Z:2"}


def test_places_that_tell_of_different_aids_have_different_digests(ledger: SqlLedger) -> None:
    poll(ledger, [], [themed(1)])
    drain(ledger)
    poll(ledger, [], [themed(2), themed(3)])
    digest(ledger)
    assert {known.aid.summary for known in ledger.aids(source=ON_DEMAND)} == {"Aids 2, 3", "Aids 1, 2, 3"}


def test_a_digest_is_approved_when_one_of_its_aids_would_be(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1), themed(2, access=Access.SIGN_IN)])
    asking = replace(CAMPAIGN, approval=ApprovalPolicy(sign_in=True))
    order = digest(ledger, asking)[0]
    proposed = ledger.delivery(order.delivery_id)
    assert (proposed.state, proposed.cause) == (State.PROPOSED, Cause.APPROVAL)
    assert (
        proposed.reason == "awaits approval: posts about aids behind a sign-in are approved by a person first"
    )
    assert drain(ledger).posts == []


def test_a_digest_that_breaks_a_rule_is_refused_and_changes_nothing(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1)], [themed(2)])
    before = on_x(ledger)

    def strict(aid: Aid, post: Post, campaign: Campaign, network: Network) -> tuple[Finding, ...]:
        return (Finding(rule="ascii-art", level=Level.ERROR, message="no drawings", source="ours"),)

    with pytest.raises(Refused, match=r"valor-x: no drawings \(ascii-art\)"):
        digest(ledger, lint=strict)
    assert on_x(ledger) == before
    assert ledger.aids(source=ON_DEMAND) == ()


def test_a_member_that_is_on_its_way_refuses_the_digest_whole(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1)], [themed(2)])
    found = gathered(ledger)
    tempo = delivering_with(ledger, FakeClock(NOW)).tempos[X.name]
    assert ledger.claim_due(X.name, NOW, timedelta(minutes=5), "other:1", tempo)
    with pytest.raises(Refused, match="aid 2 is on its way to valor-x just now"):
        announce_digests(
            THEME, found, ledger=ledger, render=render, lint=no_lint, when=When(), by=BY, now=NOW
        )
    assert on_x(ledger) == [("Aid number 2", State.SENDING, None)]
    assert ledger.aids(source=ON_DEMAND) == ()


def test_a_digest_that_waits_is_found_and_moved_as_it_is(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1), themed(2)])
    soon, later = NOW + timedelta(days=1), NOW + timedelta(days=2)
    digest(ledger, due={CAMPAIGN.name: soon})

    def standing(at: datetime, now: datetime = NOW) -> datetime | None:
        found = standing_digest(NAME.upper(), CAMPAIGN.name, X.name, at, ledger, now)
        return found.due_at if found else None

    assert standing(soon) == standing(later) == soon
    before = [(d.id, d.post) for d in ledger.deliveries(states=[State.PENDING])]
    orders = announce_digests(
        THEME,
        (),
        standing=ledger.deliveries(states=[State.PENDING]),
        ledger=ledger,
        render=render,
        lint=no_lint,
        when=When(due={CAMPAIGN.name: later}),
        by=BY,
        now=NOW,
    )
    assert {order.note for order in orders} == {"moved from 2026-11-24 12:00 UTC"}
    assert [(d.id, d.post) for d in ledger.deliveries(states=[State.PENDING])] == before
    assert standing(later) == later


def test_a_digest_that_went_out_stands_for_its_time_alone(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1), themed(2)])
    digest(ledger)
    drain(ledger)
    hour = timedelta(hours=1)
    assert standing_digest(NAME, CAMPAIGN.name, X.name, NOW, ledger, NOW + hour)
    assert standing_digest(NAME, CAMPAIGN.name, X.name, NOW + hour / 2, ledger, NOW + hour) is None
    assert standing_digest(NAME, CAMPAIGN.name, X.name, NOW + 2 * hour, ledger, NOW + hour) is None


def cancel(ledger: SqlLedger, delivery_id: int) -> None:
    assert ledger.change_delivery(
        delivery_id, [State.PENDING], State.CANCELLED, who="Desk 5", reason="no", now=NOW
    )


def test_a_digest_is_over_as_soon_as_one_of_its_aids_is(ledger: SqlLedger) -> None:
    soon, later = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    poll(ledger, [themed(1, event_at=later), themed(2, event_at=soon), themed(3, expires_at=later)])
    order = digest(ledger)[0]
    (made,) = [known.aid for known in ledger.aids(source=ON_DEMAND)]
    assert (made.event_at, made.expires_at) == (soon, later)
    publisher = FakePublisher()
    deliver_next(X.name, publisher, delivering_with(ledger, FakeClock(soon)))
    one = ledger.delivery(order.delivery_id)
    assert (publisher.posts, one.state, one.cause) == ([], State.SKIPPED, Cause.OVER)
    assert titles(gathered(ledger, at=soon)[0]) == ["Aid number 1", "Aid number 3"]


def test_a_digest_that_was_cancelled_is_found_by_its_time(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1), themed(2)])
    order = digest(ledger)[0]
    assert cancelled_digest(NAME, CAMPAIGN.name, X.name, NOW, ledger) is None
    cancel(ledger, order.delivery_id)
    found = cancelled_digest(NAME.upper(), CAMPAIGN.name, X.name, NOW, ledger)
    assert found is not None
    assert found.id == order.delivery_id
    assert cancelled_digest(NAME, CAMPAIGN.name, X.name, NOW + timedelta(days=1), ledger) is None
    assert cancelled_digest("Calm", CAMPAIGN.name, X.name, NOW, ledger) is None


def test_a_digest_that_was_cancelled_meanwhile_is_not_moved(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1), themed(2)])
    order = digest(ledger)[0]
    seen = ledger.delivery(order.delivery_id)
    cancel(ledger, order.delivery_id)
    when = When(due={CAMPAIGN.name: NOW + timedelta(days=2)}, keeps=True)
    with pytest.raises(Refused, match=f"its digest, delivery {seen.id} on valor-x, was cancelled by Desk 5"):
        announce_digests(
            THEME, (), standing=[seen], ledger=ledger, render=render, lint=no_lint, when=when, by=BY, now=NOW
        )
    assert ledger.delivery(order.delivery_id).state is State.CANCELLED


def test_a_digest_that_was_sent_meanwhile_is_not_moved(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1), themed(2)])
    seen = ledger.delivery(digest(ledger)[0].delivery_id)
    drain(ledger)
    when = When(due={CAMPAIGN.name: NOW + timedelta(days=2)})
    (order,) = announce_digests(
        THEME, (), standing=[seen], ledger=ledger, render=render, lint=no_lint, when=when, by=BY, now=NOW
    )
    assert order.note == "it is sent already"


def test_the_members_of_a_digest_that_was_taken_down_can_be_announced(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1), themed(2), themed(3)])
    number = digest(ledger)[0].delivery_id
    drain(ledger)
    ledger.order_takedown(number, who="Desk 4", reason="typo", now=NOW)
    assert titles(gathered(ledger)[0]) == []
    ledger.settle_takedown(number, NOW)
    assert len(titles(gathered(ledger)[0])) == 3
    (order,) = announce_aid(
        themed(1), [(CAMPAIGN, X)], ledger=ledger, writing=PLAIN, when=When(), by=BY, now=NOW
    )
    assert order.delivery_id != number
    assert [post.text.split(" https")[0] for post in drain(ledger).posts] == ["Aid number 1"]


def test_a_digest_is_not_moved_past_the_event_that_it_tells_of(ledger: SqlLedger) -> None:
    poll(ledger, [themed(1, event_at=NOW + timedelta(days=1)), themed(2)])
    seen = ledger.delivery(digest(ledger)[0].delivery_id)
    when = When(due={CAMPAIGN.name: NOW + timedelta(days=2)}, keeps=True)
    with pytest.raises(Refused, match=f"{NAME}: 2 digital aids is over: its event begins"):
        announce_digests(
            THEME, (), standing=[seen], ledger=ledger, render=render, lint=no_lint, when=when, by=BY, now=NOW
        )
    assert ledger.delivery(seen.id) == seen
