"""When what waits goes, and why an aid is where it is in every place, on a real ledger."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from builders import ALWAYS, CAMPAIGN, NOW, PAGE, X, aid
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.model.campaigns import ApprovalPolicy, Plan, Scope
from spotlight_notify.model.posts import Post, Receipt
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.records.standing import KnownAid
from spotlight_notify.model.schedule import Hours, Late, LatePolicy, Pace, Tempo, Waiting, WhatIf
from spotlight_notify.model.words import Cause, Outcome, ScopeKind, State
from spotlight_notify.operations.status import (
    Standing,
    has_turn,
    look_ahead,
    may_go,
    next_to_go,
    standings_of,
    summary_of,
    survey_aid,
)
from spotlight_notify.rules.explain.explanations import Word
from spotlight_notify.rules.schedule.windows import parse_window
from spotlight_notify.text.times import utc_minute

POST = Post(text="Words https://valor.test/1 #SpotlightOnSafety", link="https://valor.test/1")
MINUTES = timedelta(minutes=1)
HOUR = timedelta(hours=1)
PACE = ALWAYS.paces[CAMPAIGN.name]


def tempo(**changes: Any) -> Tempo:
    """Let the campaign go at this pace on a channel that is always open."""
    pace = Pace(
        campaign=Hours(**{"zone": ZoneInfo("America/New_York")} | changes), order=PACE.order, late=PACE.late
    )
    return Tempo(paces={CAMPAIGN.name: pace}, channel=ALWAYS.channel)


def know(ledger: SqlLedger, number: int = 1, *, baseline: bool = False, **changes: Any) -> KnownAid:
    new = aid(number, **changes)
    with ledger.recording(new.source) as book:
        return book.add(new, baseline=baseline, now=NOW)


def put(ledger: SqlLedger, known: KnownAid, channel: str = X.name, **changes: Any) -> int:
    fields: dict[str, Any] = {
        "campaign": CAMPAIGN.name,
        "channel": channel,
        "state": State.PENDING,
        "due_at": NOW,
        "post": POST,
    }
    with ledger.recording(known.aid.source) as book:
        delivery_id = book.plan(known.id, Plan(**fields | changes), NOW)
    assert delivery_id is not None
    return delivery_id


def send(ledger: SqlLedger, tempo: Tempo = ALWAYS, at: Any = NOW) -> int:
    claim = ledger.claim_due(X.name, at, 5 * MINUTES, "test", tempo)
    assert claim is not None
    sent = Verdict(state=State.SENT, outcome=Outcome.SENT)
    ledger.settle(claim, sent, Receipt(post_id=str(claim.delivery_id), url=None), at)
    return claim.delivery_id


def test_a_burst_goes_one_by_one_in_open_hours(ledger: SqlLedger) -> None:
    hourly = tempo(gap=60 * MINUTES, per_day=2, windows=(parse_window("Mon-Fri 08:00-18:00"),))
    ids = [put(ledger, know(ledger, number)) for number in range(4)]
    outlook = look_ahead(ledger, {X.name: hourly}, NOW)[X.name]
    at_eight = NOW + 60 * MINUTES
    assert outlook.goes_at == {
        ids[0]: at_eight,
        ids[1]: at_eight + 60 * MINUTES,
        ids[2]: at_eight + timedelta(days=1),
        ids[3]: at_eight + timedelta(days=1) + 60 * MINUTES,
    }
    summary = summary_of(outlook, stand(ledger, hourly))
    assert (summary.sent_today, summary.by_word, summary.next_at) == (0, {Word.PACED: 4}, at_eight)


def test_what_went_out_counts_on_the_local_day(ledger: SqlLedger) -> None:
    for number in range(3):
        put(ledger, know(ledger, number), due_at=NOW - timedelta(days=1))
    eastern = replace(tempo(), channel=Hours(zone=ZoneInfo("America/New_York")))
    before_midnight = NOW.replace(hour=4, minute=30)
    send(ledger, eastern, before_midnight)
    send(ledger, eastern, before_midnight + 45 * MINUTES)
    outlook = look_ahead(ledger, {X.name: eastern}, NOW)[X.name]
    assert summary_of(outlook, ()).sent_today == 1
    unconfigured = look_ahead(ledger, {}, NOW)[X.name]
    assert summary_of(unconfigured, ()).sent_today == 2


def test_a_paused_channel_lets_nothing_go_and_a_resting_one_later(ledger: SqlLedger) -> None:
    known = know(ledger)
    put(ledger, known)
    put(ledger, known, PAGE.name)
    ledger.pause_channel(X.name, "an incident", NOW, "Desk 4")
    claim = ledger.claim_due(PAGE.name, NOW, 5 * MINUTES, "test", ALWAYS)
    assert claim is not None
    until = NOW + 15 * MINUTES
    throttled = Verdict(state=State.PENDING, outcome=Outcome.THROTTLED, reason="slow", channel_due_at=until)
    ledger.settle(claim, throttled, None, NOW)
    outlooks = look_ahead(ledger, {X.name: ALWAYS, PAGE.name: ALWAYS}, NOW)
    assert (outlooks[X.name].goes_at, outlooks[PAGE.name].goes_at) == ({}, {claim.delivery_id: until})
    assert not any(may_go(one, outlooks[one.channel]) for one in ledger.deliveries())
    rested = look_ahead(ledger, {PAGE.name: ALWAYS}, until)[PAGE.name]
    assert may_go(ledger.delivery(claim.delivery_id), rested)
    words = [place.why.word for place in survey(ledger, known)]
    assert words == [Word.PAUSED_CHANNEL, Word.RESTING]


def survey(ledger: SqlLedger, known: KnownAid, **changes: Any) -> Any:
    tempos = {X.name: ALWAYS, PAGE.name: ALWAYS}
    parts: dict[str, Any] = {"ledger": ledger, "campaigns": [CAMPAIGN], "tempos": tempos, "now": NOW}
    return survey_aid(known, **parts | changes)


def stand(ledger: SqlLedger, tempo: Tempo, now: datetime = NOW) -> tuple[Standing, ...]:
    """Return how each delivery on X stands."""
    here = ledger.deliveries(channel=X.name)
    return standings_of(here, ledger=ledger, campaigns=[CAMPAIGN], tempos={X.name: tempo}, now=now)


def test_who_may_approve_and_why_it_goes_later_is_told(ledger: SqlLedger) -> None:
    campaign = replace(CAMPAIGN, approval=ApprovalPolicy(everything=True, approvers=("Chief", "Deputy")))
    asked = put(
        ledger, know(ledger), state=State.PROPOSED, cause=Cause.APPROVAL, reason="awaits approval: all"
    )
    waits = put(ledger, know(ledger, 2))
    closed = tempo(windows=(parse_window("Mon-Fri 08:00-18:00"),))
    found = [ledger.delivery(asked), ledger.delivery(waits)]
    first, second = standings_of(found, ledger=ledger, campaigns=[campaign], tempos={X.name: closed}, now=NOW)
    assert (first.who_may, first.goes_at, first.why_later, first.is_undone) == (
        ("Chief", "Deputy"),
        None,
        None,
        True,
    )
    assert (second.who_may, second.goes_at, second.is_undone) == ((), NOW + HOUR, False)
    assert "its hours are closed now" in str(second.why_later)


def test_an_aid_is_explained_in_every_place_it_could_have_gone_to(ledger: SqlLedger) -> None:
    known = know(ledger, baseline=True)
    delivery_id = put(ledger, known)
    there, absent = survey(ledger, known)
    assert (there.channel, there.delivery.id, there.why.word) == (X.name, delivery_id, Word.WOULD_ANNOUNCE)
    assert (absent.channel, absent.delivery, absent.why.word) == (PAGE.name, None, Word.BASELINE)


def test_an_aid_that_nobody_listens_to_goes_nowhere(ledger: SqlLedger) -> None:
    (place,) = survey(ledger, know(ledger), campaigns=[replace(CAMPAIGN, sources=("table",))])
    assert (place.campaign, place.channel, place.why.word) == (None, None, Word.FILTERED)
    places = survey(ledger, know(ledger, 2, source=ON_DEMAND))
    assert [place.why.word for place in places] == [Word.FILTERED, Word.FILTERED]
    assert "nobody ordered it" in places[0].why.sentence


def test_a_delivery_of_a_campaign_that_is_gone_is_filtered(ledger: SqlLedger) -> None:
    known = know(ledger)
    put(ledger, known)
    (place,) = survey(ledger, known, campaigns=[], tempos={})
    assert place.why.word is Word.FILTERED
    assert "no campaign spotlight that announces on valor-x" in place.why.sentence


def test_holds_and_what_is_over_and_takedowns_are_seen(ledger: SqlLedger) -> None:
    held, over, sent = (know(ledger, n, theme=t) for n, t in ((1, "Wellness"), (2, None), (3, None)))
    first = put(ledger, held, due_at=NOW + MINUTES)
    put(ledger, over, due_at=NOW + MINUTES)
    gone = put(ledger, sent)
    send(ledger)
    scope = Scope(kind=ScopeKind.THEME, name="Wellness")
    ledger.place_hold(scope, who="Desk 4", reason="an incident", now=NOW, until_at=None)
    ledger.order_takedown(gone, who="Desk 4", reason="wrong date", now=NOW)
    assert survey(ledger, held)[0].why.word is Word.HELD
    assert survey(ledger, sent)[0].why.word is Word.TAKEDOWN_UNCLEAR
    with ledger.recording(over.aid.source) as book:
        book.refresh(over.id, replace(over.aid, event_at=NOW - MINUTES))
    assert survey(ledger, over)[0].why.word is Word.OVER
    place = next(each for each in stand(ledger, ALWAYS) if each.delivery.id == first)
    assert (place.why.word, place.obstacle) == (Word.HELD, "held by Desk 4 (theme:Wellness): an incident")


def test_closed_hours_are_told_from_gaps(ledger: SqlLedger) -> None:
    known = know(ledger)
    put(ledger, known)
    closed = tempo(windows=(parse_window("Mon-Fri 08:00-18:00"),))
    (place, _) = survey(ledger, known, tempos={X.name: closed})
    assert "its hours are closed now; it goes at 2026-11-23 13:00 UTC" in place.why.sentence
    later = NOW + 120 * MINUTES
    put(ledger, know(ledger, 2))
    send(ledger, closed, later)
    (place, _) = survey(ledger, know(ledger, 3), tempos={X.name: closed}, now=later)
    assert place.delivery is None
    gapped = tempo(gap=30 * MINUTES, windows=(parse_window("Mon-Fri 08:00-18:00"),))
    (_, second) = (survey(ledger, each, tempos={X.name: gapped}, now=later) for each in _known(ledger, 1, 2))
    assert "gaps, caps or earlier posts come first; it goes at 2026-11-23 14:30" in second[0].why.sentence


def _known(ledger: SqlLedger, *numbers: int) -> list[KnownAid]:
    return [ledger.find_aids(f"guid:{number}")[0] for number in numbers]


def test_an_asked_delivery_is_counted_by_its_question(ledger: SqlLedger) -> None:
    put(ledger, know(ledger), state=State.PROPOSED, cause=Cause.APPROVAL, reason="awaits approval: all")
    put(ledger, know(ledger, 2))
    outlook = look_ahead(ledger, {X.name: ALWAYS}, NOW)[X.name]
    summary = summary_of(outlook, stand(ledger, ALWAYS))
    assert summary.by_word == {Word.AWAITING_APPROVAL: 1, Word.WOULD_ANNOUNCE: 1}
    assert summary.next_at == NOW


@pytest.mark.parametrize(
    ("policy", "told"), [(LatePolicy.SKIP, "it will be skipped"), (LatePolicy.ASK, "a person will be asked")]
)
def test_what_is_late_is_said_to_go_nowhere_by_itself(
    ledger: SqlLedger, policy: LatePolicy, told: str
) -> None:
    put(ledger, know(ledger))
    pace = replace(PACE, late=Late(policy=policy, after=timedelta(hours=1)))
    late = replace(ALWAYS, paces={CAMPAIGN.name: pace})
    now = NOW + timedelta(hours=9)
    (one,) = ledger.deliveries()
    (place,) = stand(ledger, late, now)
    assert (place.why.word, place.why.next_at) == (Word.LATE, None)
    assert told in place.why.sentence
    outlook = look_ahead(ledger, {X.name: late}, now)[X.name]
    assert (outlook.goes_at, list(outlook.late)) == ({}, [one.id])


def skipping(after: timedelta, **changes: Any) -> Tempo:
    """Let the campaign skip what is later than that."""
    going = tempo(**changes)
    pace = replace(going.paces[CAMPAIGN.name], late=Late(policy=LatePolicy.SKIP, after=after))
    return replace(going, paces={CAMPAIGN.name: pace})


def planned_for(
    ledger: SqlLedger, number: int, due_at: datetime, tempo: Tempo
) -> tuple[datetime | None, ...]:
    """Plan a delivery; returns when it goes as foreseen, and then as seen."""
    joining = Waiting(id=10**15, campaign=CAMPAIGN.name, theme=None, due_at=due_at, any_hour=False)
    what_if = {X.name: WhatIf(joining=(joining,))}
    foreseen = look_ahead(ledger, {X.name: tempo}, NOW, changes=what_if)[X.name].goes_at[joining.id]
    delivery_id = put(ledger, know(ledger, number), due_at=due_at)
    return foreseen, look_ahead(ledger, {X.name: tempo}, NOW)[X.name].goes_at[delivery_id]


def test_a_plan_is_foreseen_to_go_past_what_is_late(ledger: SqlLedger) -> None:
    put(ledger, know(ledger), due_at=NOW - 9 * HOUR)
    soon = NOW + MINUTES
    assert planned_for(ledger, 2, soon, skipping(HOUR, gap=HOUR)) == (soon, soon)


def test_a_plan_is_foreseen_to_keep_the_gap_to_the_last_post_of_any_campaign_however_old(
    ledger: SqlLedger,
) -> None:
    put(ledger, know(ledger), due_at=NOW - 250 * HOUR)
    send(ledger, at=NOW - 250 * HOUR)
    put(ledger, know(ledger, 2), campaign="another", due_at=NOW - 200 * HOUR)
    another = replace(ALWAYS, paces={"another": PACE})
    send(ledger, another, NOW - 200 * HOUR)
    gap_ends = NOW + 100 * HOUR
    assert planned_for(ledger, 3, NOW + HOUR, tempo(gap=300 * HOUR)) == (gap_ends, gap_ends)


def test_what_is_moved_leaves_its_slot_to_what_was_behind_it(ledger: SqlLedger) -> None:
    first, second = (put(ledger, know(ledger, number), due_at=NOW - 9 * HOUR) for number in (1, 2))
    patient = {X.name: skipping(8.5 * HOUR, gap=HOUR)}
    assert list(look_ahead(ledger, patient, NOW)[X.name].late) == [first]
    what_if = {X.name: WhatIf(moved={first: NOW + 20 * HOUR})}
    foreseen = look_ahead(ledger, patient, NOW, changes=what_if)[X.name]
    assert (list(foreseen.late), foreseen.goes_at) == ([second], {first: NOW + 20 * HOUR})
    replan(ledger, first, NOW + 20 * HOUR)
    seen = look_ahead(ledger, patient, NOW)[X.name]
    assert (seen.late, seen.goes_at) == (foreseen.late, foreseen.goes_at)


def replan(ledger: SqlLedger, delivery_id: int, due_at: datetime) -> None:
    one = ledger.delivery(delivery_id)
    plan = Plan(campaign=one.campaign, channel=one.channel, state=one.state, due_at=due_at, post=one.post)
    with ledger.recording(one.source) as book:
        assert book.replan(one.id, plan, NOW)


def test_what_is_late_has_its_turn_and_does_not_go(ledger: SqlLedger) -> None:
    put(ledger, know(ledger), due_at=NOW - 9 * HOUR)
    patient = skipping(HOUR)
    assert has_turn(ledger, X.name, patient, NOW)
    assert next_to_go(ledger, X.name, patient, NOW) is None
    free = put(ledger, know(ledger, 2), due_at=NOW)
    assert next_to_go(ledger, X.name, patient, NOW) == free == send(ledger, patient)
    assert not has_turn(ledger, X.name, patient, NOW)


def test_a_webinar_goes_before_a_poster_and_is_said_not_to_go_if_its_turn_comes_too_late(
    ledger: SqlLedger,
) -> None:
    """Timing 2."""
    hourly = tempo(gap=HOUR)
    poster = put(ledger, know(ledger, 1), due_at=NOW - HOUR)
    webinar = put(ledger, know(ledger, 2, event_at=NOW + 3 * HOUR))
    outlook = look_ahead(ledger, {X.name: hourly}, NOW)[X.name]
    assert outlook.goes_at == {webinar: NOW, poster: NOW + HOUR}
    assert send(ledger, hourly) == webinar
    begins = NOW + HOUR / 2
    talk = put(ledger, know(ledger, 3, event_at=begins))
    outlook = look_ahead(ledger, {X.name: hourly}, NOW)[X.name]
    assert outlook.goes_at == {poster: NOW + HOUR, talk: None}
    one = ledger.delivery(talk)
    (standing,) = standings_of([one], ledger=ledger, campaigns=[CAMPAIGN], tempos={X.name: hourly}, now=NOW)
    assert standing.why.word is Word.OVER
    assert standing.why.sentence == (
        f"It will not go: its event begins at {utc_minute(begins)}, and its turn is {utc_minute(NOW + HOUR)}."
    )
    assert standing.is_undone
    assert send(ledger, hourly, NOW + HOUR) == poster
    assert (ledger.delivery(talk).state, ledger.delivery(talk).cause) == (State.SKIPPED, Cause.OVER)
