import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from builders import (
    BY,
    CAMPAIGN,
    NOW,
    PLAIN,
    ListedSource,
    aid,
    delivering_with,
    no_lint,
    polling_with,
)
from fakes import FakeClock, FakePublisher
from spotlight_notify.model.aids import ON_DEMAND, Aid
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign
from spotlight_notify.model.errors import BadRequest, Refused, UnknownName
from spotlight_notify.model.records.orders import Approval
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.announce.aids import announce_aid
from spotlight_notify.operations.announce.orders import Order, Signature, When, places_for
from spotlight_notify.operations.announce.request import AidRequest
from spotlight_notify.operations.decide.approvals import approve as let_go
from spotlight_notify.operations.decide.approvals import reject
from spotlight_notify.operations.decide.edits import Edit, edit
from spotlight_notify.operations.deliver import deliver_next
from spotlight_notify.operations.poll.changes import is_unchanged
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.approval import post_hash
from spotlight_notify.text.links import link_alias

EVERY = timedelta(minutes=15)


def by_hand(number: int = 1) -> Aid:
    alias = link_alias(f"https://valor.test/aids/{number}")
    return aid(number, source=ON_DEMAND, key=alias, aliases=(alias,))


def announce(
    ledger: Ledger,
    wanted: Aid,
    due_at: datetime | None = None,
    campaign: Campaign = CAMPAIGN,
    by: Signature = BY,
    to: tuple[str, ...] = (),
    **when: Any,
) -> tuple[Order, ...]:
    places = places_for(wanted.source, [campaign], to)
    due = {campaign.name: due_at} if due_at else {}
    return announce_aid(
        wanted, places, ledger=ledger, writing=PLAIN, when=When(due=due, **when), by=by, now=NOW
    )


def poll(ledger: Ledger, *looks: list[Aid]) -> None:
    source = ListedSource(*looks)
    for _ in looks:
        poll_source(source, EVERY, polling_with(ledger, FakeClock(NOW)))


def states(ledger: Ledger) -> list[tuple[str, State]]:
    return [(d.source, d.state) for d in reversed(ledger.deliveries(channel="valor-x"))]


def test_a_new_aid_is_recorded_and_planned_everywhere(ledger: Ledger) -> None:
    orders = announce(ledger, by_hand())
    assert [(o.channel, o.note) for o in orders] == [("valor-x", None), ("valor-page", None)]
    assert {d.state for d in ledger.deliveries()} == {State.PENDING}


def test_announcing_twice_plans_once(ledger: Ledger) -> None:
    first, second = announce(ledger, by_hand()), announce(ledger, by_hand())
    assert [o.delivery_id for o in first] == [o.delivery_id for o in second]
    assert len(ledger.deliveries()) == 2


def test_what_was_announced_by_hand_is_not_announced_again_by_a_feed(ledger: Ledger) -> None:
    announce(ledger, by_hand())
    poll(ledger, [], [aid(1)])
    assert states(ledger) == [(ON_DEMAND, State.PENDING), ("site", State.SKIPPED)]


def test_what_a_feed_announced_is_not_announced_again_by_hand(ledger: Ledger) -> None:
    poll(ledger, [], [aid(1)])
    orders = announce(ledger, by_hand())
    assert states(ledger) == [("site", State.PENDING)]
    assert {o.note for o in orders} == {"announced already by source site"}


def test_a_baseline_aid_can_be_announced_on_order(ledger: Ledger) -> None:
    poll(ledger, [aid(1)])
    announce(ledger, aid(1))
    assert states(ledger) == [("site", State.PENDING)]


def test_a_waiting_delivery_is_made_due(ledger: Ledger) -> None:
    poll(ledger, [], [aid(1, published_at=NOW + timedelta(days=2))])
    assert not ledger.due_channels(NOW, ["spotlight"])
    announce(ledger, aid(1))
    assert set(ledger.due_channels(NOW, ["spotlight"])) == {"valor-x", "valor-page"}


def test_a_set_time_is_kept(ledger: Ledger) -> None:
    later = NOW + timedelta(days=3)
    announce(ledger, by_hand(), due_at=later)
    assert not ledger.due_channels(later - timedelta(seconds=1), ["spotlight"])
    assert set(ledger.due_channels(later, ["spotlight"])) == {"valor-x", "valor-page"}


def test_a_set_time_moves_what_waits(ledger: Ledger) -> None:
    poll(ledger, [], [aid(1, published_at=NOW + timedelta(days=2))])
    later = NOW + timedelta(days=9)
    announce(ledger, aid(1), due_at=later)
    assert {d.due_at for d in ledger.deliveries()} == {later}


def test_each_campaign_has_its_own_time(ledger: Ledger) -> None:
    other = replace(CAMPAIGN, name="other")
    times = {"spotlight": NOW + timedelta(hours=1), "other": NOW + timedelta(hours=4)}
    places = places_for(ON_DEMAND, [CAMPAIGN, other], [])
    announce_aid(by_hand(), places, ledger=ledger, writing=PLAIN, when=When(due=times), by=BY, now=NOW)
    assert {(d.campaign, d.due_at) for d in ledger.deliveries()} == set(times.items())


def test_a_time_after_the_event_is_refused_and_changes_nothing(ledger: Ledger) -> None:
    poll(ledger, [], [aid(1, event_at=NOW + timedelta(days=2))])
    before = ledger.deliveries()
    with pytest.raises(Refused, match="is over: its event begins"):
        announce(ledger, aid(1, event_at=NOW + timedelta(days=2)), NOW + timedelta(days=3))
    assert ledger.deliveries() == before


def test_an_order_passes_the_hours_only_when_that_is_said(ledger: Ledger) -> None:
    announce(ledger, by_hand(1))
    announce(ledger, by_hand(2), any_hour=True)
    assert [d.any_hour for d in reversed(ledger.deliveries(channel="valor-x"))] == [False, True]


def test_an_aid_that_a_person_orders_is_never_too_old(ledger: Ledger) -> None:
    strict = replace(CAMPAIGN, oldest=timedelta(days=30))
    announce(ledger, aid(1, published_at=NOW - timedelta(days=300)), campaign=strict)
    assert states(ledger) == [("site", State.PENDING)]


def test_an_order_keeps_its_time_until_it_is_approved(ledger: Ledger) -> None:
    asking = replace(CAMPAIGN, approval=ApprovalPolicy(everything=True))
    later = NOW + timedelta(days=3)
    order = announce(ledger, by_hand(), later, asking)[0]
    proposed = ledger.delivery(order.delivery_id)
    assert (proposed.state, proposed.cause, proposed.due_at) == (State.PROPOSED, Cause.APPROVAL, later)
    approve(ledger, order.delivery_id)
    assert ledger.delivery(order.delivery_id).due_at == later


def approve(ledger: Ledger, delivery_id: int) -> None:
    post = ledger.delivery(delivery_id).post
    assert post
    approval = Approval(digest=post_hash(post), who="Desk 4", approved_at=NOW, until_at=None)
    assert ledger.approve(delivery_id, approval)


def test_nobody_is_asked_again_about_the_same_words(ledger: Ledger) -> None:
    asking = replace(CAMPAIGN, approval=ApprovalPolicy(everything=True))
    order = announce(ledger, by_hand(), campaign=asking)[0]
    approve(ledger, order.delivery_id)
    later = NOW + timedelta(days=3)
    announce(ledger, by_hand(), later, asking)
    moved = ledger.delivery(order.delivery_id)
    assert (moved.state, moved.due_at) == (State.PENDING, later)
    announce(ledger, replace(by_hand(), title="Other words"), later, asking, by=WROTE)
    assert ledger.delivery(order.delivery_id).state is State.PROPOSED


EDITED = "The webinar is on May 4. https://valor.test/aids/1 #SpotlightOnSafety"
WROTE = replace(BY, who="Desk 6", wrote=True)


def edited(ledger: Ledger, delivery_id: int, who: str = "Desk 5") -> None:
    campaigns = {CAMPAIGN.name: CAMPAIGN}
    why: dict[str, Any] = {"who": who, "reason": "wrong date", "now": NOW}
    edit(delivery_id, Edit(text=EDITED), ledger=ledger, campaigns=campaigns, lint=no_lint, **why)


def test_what_a_person_edited_keeps_its_words_and_gets_the_time_alone(ledger: Ledger) -> None:
    soon, later = NOW + timedelta(days=1), NOW + timedelta(days=2)
    number = announce(ledger, aid(1), soon)[0].delivery_id
    edited(ledger, number)
    note = announce(ledger, aid(1, title="Mended"), later)[0].note
    one = ledger.delivery(number)
    assert one.post is not None
    assert (one.post.text, one.writers, one.due_at) == (EDITED, ("Desk 5",), later)
    assert note == "it was pending already; its post stays as Desk 5 wrote it"
    announce(ledger, aid(1), any_hour=True)
    one = ledger.delivery(number)
    assert one.post is not None
    assert (one.post.text, one.due_at, one.any_hour) == (EDITED, NOW, True)
    announce(ledger, aid(1), later)
    assert ledger.delivery(number).any_hour


def test_what_a_person_approved_keeps_its_words_though_its_source_has_others(ledger: Ledger) -> None:
    asking = replace(CAMPAIGN, approval=ApprovalPolicy(everything=True))
    number = announce(ledger, aid(1), campaign=asking)[0].delivery_id
    approve(ledger, number)
    before, later = ledger.delivery(number), NOW + timedelta(days=2)
    note = announce(ledger, aid(1, title="Mended"), later, asking)[0].note
    one = ledger.delivery(number)
    assert (one.state, one.post, one.approval, one.due_at) == (
        State.PENDING,
        before.post,
        before.approval,
        later,
    )
    assert note == "it was pending already; its post stays as Desk 4 approved it"


def test_what_is_due_already_stays_due_since_when_it_was(ledger: Ledger) -> None:
    number = announce(ledger, aid(1))[0].delivery_id
    edited(ledger, number)
    changes = ledger.changes()
    places, later = places_for("site", [CAMPAIGN], ["valor-x"]), NOW + timedelta(hours=1)
    announce_aid(aid(1), places, ledger=ledger, writing=PLAIN, when=When(), by=BY, now=later)
    assert (ledger.delivery(number).due_at, ledger.changes()) == (NOW, changes)


def test_what_waited_for_its_own_date_does_not_say_so_any_more(ledger: Ledger) -> None:
    poll(ledger, [], [aid(1, published_at=NOW + timedelta(days=2))])
    number = ledger.deliveries(channel="valor-x")[0].id
    edited(ledger, number)
    announce(ledger, aid(1))
    one = ledger.delivery(number)
    assert (one.due_at, one.reason) == (NOW, None)


def test_new_words_replace_an_edit_and_the_old_post_is_on_record(ledger: Ledger) -> None:
    number = announce(ledger, aid(1))[0].delivery_id
    edited(ledger, number)
    announce(ledger, aid(1, title="Mended"), by=WROTE, to=("valor-x",))
    one, change = ledger.delivery(number), ledger.changes()[0]
    assert one.post is not None
    assert one.post.text.startswith("Mended")
    assert one.writers == ("Desk 6",)
    assert (change.who, change.action, change.delivery_id) == ("Desk 6", "ordered", number)
    assert json.loads(change.detail or "")["text"] == EDITED


def test_a_post_that_is_written_anew_is_on_record_as_it_was(ledger: Ledger) -> None:
    announce(ledger, aid(1), to=("valor-x",))
    announce(ledger, aid(1), to=("valor-x",))
    announce(ledger, aid(1, title="Mended"), to=("valor-x",))
    last, again, first = (change.detail for change in ledger.changes())
    assert (again, first) == (None, None)
    assert json.loads(last or "")["text"].startswith("Aid number 1")


def test_who_wrote_an_aid_on_demand_stays_its_writer(ledger: Ledger) -> None:
    number = announce(ledger, by_hand(), by=replace(WROTE, who="Desk 5"), to=("valor-x",))[0].delivery_id
    announce(ledger, by_hand())
    assert {one.writers for one in ledger.deliveries()} == {("Desk 5",)}
    ledger.change_delivery(number, [State.PENDING], State.CANCELLED, who="Desk 4", reason="no", now=NOW)
    announce(ledger, by_hand(), to=("valor-x",))
    assert (ledger.delivery(number).state, ledger.delivery(number).writers) == (State.PENDING, ("Desk 5",))
    announce(ledger, replace(by_hand(), title="Mended"), by=WROTE, to=("valor-x",))
    assert ledger.delivery(number).writers == ("Desk 5", "Desk 6")


def test_a_plan_does_not_bring_back_what_a_person_took_out(ledger: Ledger) -> None:
    number = announce(ledger, aid(1), keeps=True, to=("valor-x",))[0].delivery_id
    ledger.change_delivery(number, [State.PENDING], State.CANCELLED, who="Desk 5", reason="no", now=NOW)
    refusal = (
        rf"delivery {number} on valor-x was cancelled by Desk 5 at 2026-11-23 12:00 UTC \(no\): "
        "announce it by hand, or drop the row"
    )
    with pytest.raises(Refused, match=refusal):
        announce(ledger, aid(1), keeps=True)
    assert [one.state for one in ledger.deliveries()] == [State.CANCELLED]
    assert announce(ledger, aid(1), to=("valor-x",))[0].note == "it was cancelled already"
    assert ledger.delivery(number).state is State.PENDING


def test_rejecting_what_waits_says_what_takes_it_out(ledger: Ledger) -> None:
    number = announce(ledger, aid(1))[0].delivery_id
    with pytest.raises(Refused, match=rf"it is pending; to take it out: cancel delivery {number}"):
        reject([number], ledger=ledger, who="Desk 4", reason="no", now=NOW)
    deliver_next("valor-x", FakePublisher(), delivering_with(ledger, FakeClock(NOW)))
    with pytest.raises(Refused, match=r"it is sent$"):
        reject([number], ledger=ledger, who="Desk 4", reason="no", now=NOW)


def test_a_plan_keeps_the_words_of_what_waits_and_moves_it(ledger: Ledger) -> None:
    soon, later = NOW + timedelta(days=1), NOW + timedelta(days=2)
    announce(ledger, by_hand(), soon, keeps=True)
    first = ledger.deliveries()
    stays = announce(ledger, replace(by_hand(), title="Other words"), soon, keeps=True)
    assert ledger.deliveries() == first
    assert {order.note for order in stays} == {"it stays as it was planned"}
    moved = announce(ledger, replace(by_hand(), title="Other words"), later, keeps=True)
    assert {order.note for order in moved} == {"moved from 2026-11-24 12:00 UTC"}
    assert [(d.post, d.due_at) for d in ledger.deliveries()] == [(d.post, later) for d in first]


def test_a_proposed_delivery_goes_out_once_its_words_are_mended(ledger: Ledger) -> None:
    far = NOW + timedelta(days=999)
    poll(ledger, [], [aid(1, published_at=far)])
    assert {d.state for d in ledger.deliveries()} == {State.PROPOSED}
    poll(ledger, [aid(1, title="Mended")])
    posts = [delivery.post for delivery in ledger.deliveries(states=[State.PENDING])]
    assert ["Mended" in post.text for post in posts if post] == [True, True]


def test_what_was_sent_is_not_sent_again_by_order(ledger: Ledger) -> None:
    order = announce(ledger, by_hand())[0]
    deliver_next("valor-x", FakePublisher(), delivering_with(ledger, FakeClock(NOW)))
    assert announce(ledger, by_hand())[0].delivery_id == order.delivery_id
    assert states(ledger) == [(ON_DEMAND, State.SENT)]


def test_only_the_named_delivery_is_sent(ledger: Ledger) -> None:
    poll(ledger, [], [aid(1)])
    order = announce(ledger, by_hand(2))[0]
    publisher = FakePublisher()
    parts = delivering_with(ledger, FakeClock(NOW))
    settled = deliver_next("valor-x", publisher, parts, delivery_id=order.delivery_id)
    assert settled is not None
    assert settled.claim.delivery_id == order.delivery_id
    assert states(ledger) == [("site", State.PENDING), (ON_DEMAND, State.SENT)]


def test_places_are_narrowed_by_channel_and_unknown_ones_named() -> None:
    assert [c.name for _, c in places_for("site", [CAMPAIGN], ["valor-page"])] == ["valor-page"]
    with pytest.raises(UnknownName, match="no channel mastodon for this aid; there is: valor-page, valor-x"):
        places_for("site", [CAMPAIGN], ["mastodon"])
    with pytest.raises(UnknownName, match="no campaign listens to source other"):
        places_for("other", [CAMPAIGN], [])


@pytest.mark.parametrize("who", ["Desk 5", "desk6"])
def test_nobody_who_wrote_on_a_post_approves_it(ledger: Ledger, who: str) -> None:
    asking = replace(CAMPAIGN, approval=ApprovalPolicy(everything=True, four_eyes=True))
    announce(ledger, by_hand(), campaign=asking, by=replace(WROTE, who="Desk 5"), to=("valor-x",))
    by_another = replace(by_hand(), title="Mended")
    number = announce(ledger, by_another, campaign=asking, by=WROTE, to=("valor-x",))[0].delivery_id
    campaigns = {asking.name: asking}
    with pytest.raises(Refused, match="so somebody else must approve it"):
        let_go([number], ledger=ledger, campaigns=campaigns, who=who, now=NOW)
    assert let_go([number], ledger=ledger, campaigns=campaigns, who="Desk 7", now=NOW)


def test_timing_4_the_time_of_an_event_that_a_person_gives_binds_and_outlasts_the_next_look(
    ledger: Ledger,
) -> None:
    request = AidRequest(words="1", starts="2026-12-02 14:00")
    with ledger.recording("site") as book:
        book.add(aid(1), baseline=True, now=NOW)
    told = request.aid(ledger, ZoneInfo("America/New_York"), NOW)
    assert told.event_at == datetime(2026, 12, 2, 19, tzinfo=UTC)
    announce(ledger, told)
    known = ledger.aid(1).aid
    assert (known.event_at, known.event_found) == (told.event_at, True)
    assert is_unchanged(aid(1), known)
    with pytest.raises(BadRequest, match="expires is for a new aid; source site says when its own do"):
        replace(request, expires="2026-12-01").aid(ledger, ZoneInfo("America/New_York"), NOW)
