"""What a source changes or takes back before its turn: written anew, waited for, or asked about."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import (
    ALWAYS,
    CAMPAIGN,
    NOW,
    PAGE,
    ListedSource,
    X,
    aid,
    no_lint,
    polling_with,
)
from fakes import FakeClock
from ledgers import BOTH, RECEIPT, SENT, UNKNOWN, fresh_url
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid, Image, Look
from spotlight_notify.model.campaigns import ApprovalPolicy, Choice, Selection
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.records.attempts import Claim, Verdict
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, Outcome, State
from spotlight_notify.operations.announce.aids import announce_aid
from spotlight_notify.operations.announce.orders import Signature, When
from spotlight_notify.operations.decide.approvals import approve, reject
from spotlight_notify.operations.decide.edits import Edit, edit
from spotlight_notify.operations.decide.retries import retry
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.rules.mass_change import Brake

EVERY, DAY, MINUTE = timedelta(minutes=15), timedelta(days=1), timedelta(minutes=1)
WHO: dict[str, Any] = {"who": "Desk 4", "reason": "seen"}
NAMED = {CAMPAIGN.name: CAMPAIGN}
WORDS = ("rest", "belts", "water", "shade")


@pytest.fixture(params=BOTH)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlLedger]:
    with closing(open_ledger(fresh_url(request, tmp_path))) as opened:
        opened.register({"site": "", "on-demand": ""}, CAMPAIGN.channels, NOW)
        yield opened


def poll(
    ledger: SqlLedger, *looks: Sequence[Aid] | Look, now: datetime = NOW + MINUTE, **changes: Any
) -> Poll:
    """Poll once for each look; the first of an empty ledger is a baseline."""
    source, parts = ListedSource(*looks), replace(polling_with(ledger, FakeClock(now)), **changes)
    for _ in looks:
        told = poll_source(source, EVERY, parts)
        assert told.error is None
    return told


def wait_for_turn(ledger: SqlLedger, shown: Aid | None = None, **changes: Any) -> Delivery:
    """Let one aid wait for its turn on X."""
    poll(ledger, [], now=NOW)
    poll(ledger, [shown or aid(1)], **changes)
    return on_x(ledger)


def on_x(ledger: SqlLedger) -> Delivery:
    return ledger.deliveries(channel=X.name)[0]


def text_of(one: Delivery) -> str:
    assert one.post is not None
    return one.post.text


def gone(*keys: str, cursor: str = "gone") -> Look:
    return Look(aids=(), cursor=cursor, gone=frozenset(keys))


def claim(ledger: SqlLedger, now: datetime = NOW + DAY) -> Claim | None:
    return ledger.claim_due(X.name, now, MINUTE, "test", ALWAYS)


def send(ledger: SqlLedger, now: datetime = NOW + MINUTE) -> None:
    for channel in (X.name, PAGE.name):
        claimed = ledger.claim_due(channel, now, MINUTE, "test", ALWAYS)
        assert claimed is not None
        ledger.settle(claimed, SENT, RECEIPT, now)


def edit_on_x(ledger: SqlLedger) -> Delivery:
    one = on_x(ledger)
    assert one.post is not None
    words = Edit(text=f"My own words {one.post.link} {CAMPAIGN.hashtag}")
    return edit(one.id, words, ledger=ledger, campaigns=NAMED, lint=no_lint, now=NOW + MINUTE, **WHO)


# --- written anew


@pytest.mark.parametrize(
    ("changed", "says"),
    [({"title": "Aid number one"}, "Aid number one"), ({"link": "https://valor.test/moved"}, "/moved")],
)
def test_database_3_and_timing_3_what_is_corrected_while_it_waits_is_written_anew(
    ledger: SqlLedger, changed: Mapping[str, Any], says: str
) -> None:
    before = wait_for_turn(ledger)
    poll(ledger, [aid(1, **changed)])
    after = on_x(ledger)
    assert says in text_of(after)
    assert (after.id, after.state, after.due_at, after.tries) == (before.id, State.PENDING, before.due_at, 0)
    (change,) = ledger.changes(delivery_id=after.id)
    assert (change.who, change.action) == ("policy", "written anew")
    assert text_of(before) in (change.detail or "")
    assert next(iter(changed.values())) in change.reason


def test_changed_pictures_are_found_and_go_with_the_post(ledger: SqlLedger) -> None:
    def illustrate(shown: Aid, hurry: bool = False) -> Aid:
        return replace(shown, images=tuple(replace(each, digest=each.url) for each in shown.images))

    old, new = (Image(url=f"https://valor.test/{name}.png", alt="A road") for name in ("old", "new"))
    wait_for_turn(ledger, aid(1, images=(old,)), illustrate=illustrate)
    poll(ledger, [aid(1, images=(new,))], illustrate=illustrate)
    post = on_x(ledger).post
    assert post is not None
    assert post.images == (replace(new, digest=new.url),)


def test_changed_addresses_of_the_same_pictures_change_nothing(ledger: SqlLedger) -> None:
    def illustrate(shown: Aid, hurry: bool = False) -> Aid:
        return replace(shown, images=tuple(replace(each, digest="0f" * 32) for each in shown.images))

    signed = [Image(url=f"https://valor.test/a.png?signature={n}", alt="A road") for n in (1, 2)]
    before = wait_for_turn(ledger, aid(1, images=(signed[0],)), illustrate=illustrate)
    poll(ledger, [aid(1, images=(signed[1],))], illustrate=illustrate)
    assert on_x(ledger) == before


def test_changed_what_does_not_show_in_the_post_changes_nothing(ledger: SqlLedger) -> None:
    before = wait_for_turn(ledger)
    poll(ledger, [aid(1, summary="Another summary", updated_at=NOW)])
    assert on_x(ledger) == before
    assert ledger.changes() == ()


def test_changed_what_the_brake_holds_is_written_anew_and_stays_held(ledger: SqlLedger) -> None:
    wait_for_turn(ledger, brakes={"site": Brake(most=0)})
    poll(ledger, [aid(1, title="Another title")])
    held = on_x(ledger)
    assert (held.state, held.cause) == (State.PROPOSED, Cause.BRAKE)
    assert "Another title" in text_of(held)


def test_changed_themes_of_what_waits_are_no_change_at_the_next_look(ledger: SqlLedger) -> None:
    wait_for_turn(ledger, aid(1, theme="Roads"))
    poll(ledger, [aid(1, theme="Rest")], [aid(1, theme="Rest")])
    assert ledger.changes() == ()


def test_changed_a_post_that_could_not_be_written_goes_once_its_aid_is_mended(ledger: SqlLedger) -> None:
    asked = wait_for_turn(ledger, aid(1, title="CANCELLED: Webinar"))
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.CALLED_OFF)
    poll(ledger, [aid(1, title="Webinar")])
    assert (on_x(ledger).state, on_x(ledger).cause) == (State.PENDING, None)


# --- dates


@pytest.mark.parametrize("published_at", [NOW - DAY, None])
def test_database_2_a_date_that_moves_ahead_is_waited_for(
    ledger: SqlLedger, published_at: datetime | None
) -> None:
    wait_for_turn(ledger, aid(1, published_at=published_at))
    later = NOW + 30 * DAY
    poll(ledger, [aid(1, published_at=later)])
    after = on_x(ledger)
    assert (after.state, after.due_at) == (State.PENDING, later)
    assert after.reason == f"waits for its own date, {later:%Y-%m-%d %H:%M} UTC"
    assert claim(ledger, later - MINUTE) is None
    assert claim(ledger, later) is not None


def test_database_2_a_date_further_ahead_than_a_year_is_asked_about(ledger: SqlLedger) -> None:
    wait_for_turn(ledger, aid(1, published_at=NOW - DAY))
    poll(ledger, [aid(1, published_at=NOW + 9000 * DAY)])
    assert (on_x(ledger).state, on_x(ledger).cause) == (State.PROPOSED, Cause.DATE)


def test_database_2_what_has_begun_meanwhile_is_skipped(ledger: SqlLedger) -> None:
    wait_for_turn(ledger, aid(1, event_at=NOW + DAY))
    poll(ledger, [aid(1, event_at=NOW - DAY)])
    assert (on_x(ledger).state, on_x(ledger).cause) == (State.SKIPPED, Cause.OVER)


@pytest.mark.parametrize("title", ["CANCELLED: Aid number 1", "Aid number 1 (postponed)"])
def test_database_2_what_is_called_off_is_asked_about(ledger: SqlLedger, title: str) -> None:
    wait_for_turn(ledger)
    poll(ledger, [aid(1, title=title)])
    asked = on_x(ledger)
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.CALLED_OFF)
    assert claim(ledger) is None


# --- what a person wrote or approved


def test_changed_an_edited_post_is_asked_about_with_the_difference(ledger: SqlLedger) -> None:
    wait_for_turn(ledger)
    before = edit_on_x(ledger)
    poll(ledger, [aid(1, title="Aid number one")])
    asked = on_x(ledger)
    assert (asked.state, asked.cause, asked.post) == (State.PROPOSED, Cause.CHANGED, before.post)
    assert asked.reason == ("its aid was changed at its source: title “Aid number 1” is now “Aid number one”")
    assert claim(ledger) is None
    assert ledger.deliveries(channel=PAGE.name)[0].state is State.PENDING


def test_changed_an_answered_question_is_not_put_again(ledger: SqlLedger) -> None:
    wait_for_turn(ledger)
    edit_on_x(ledger)
    poll(ledger, [aid(1, title="Aid number one")])
    retry(on_x(ledger).id, ledger=ledger, campaigns=NAMED, now=NOW + MINUTE, **WHO)
    poll(ledger, [aid(1, title="Aid number one")])
    assert on_x(ledger).state is State.PENDING


def test_changed_other_words_of_a_person_answer_it(ledger: SqlLedger) -> None:
    wait_for_turn(ledger)
    edit_on_x(ledger)
    poll(ledger, [aid(1, title="Aid number one")])
    words = Edit(text=f"New words https://valor.test/aids/1 {CAMPAIGN.hashtag}")
    one = edit(on_x(ledger).id, words, ledger=ledger, campaigns=NAMED, lint=no_lint, now=NOW + MINUTE, **WHO)
    assert (one.state, one.cause) == (State.PENDING, None)


def test_changed_an_approved_post_is_asked_about_and_keeps_its_approval(ledger: SqlLedger) -> None:
    asking = replace(CAMPAIGN, approval=ApprovalPolicy(everything=True))
    named = {asking.name: asking}
    wait_for_turn(ledger, campaigns=(asking,))
    approve([on_x(ledger).id], ledger=ledger, campaigns=named, who="Chief", now=NOW + MINUTE)
    poll(ledger, [aid(1, title="Aid number one")], campaigns=(asking,))
    assert (on_x(ledger).state, on_x(ledger).cause) == (State.PROPOSED, Cause.CHANGED)
    retry(on_x(ledger).id, ledger=ledger, campaigns=named, now=NOW + MINUTE, **WHO)
    assert on_x(ledger).state is State.PENDING
    assert claim(ledger) is not None


def test_changed_what_awaits_approval_is_written_anew_and_awaits_it(ledger: SqlLedger) -> None:
    asking = replace(CAMPAIGN, approval=ApprovalPolicy(everything=True))
    wait_for_turn(ledger, campaigns=(asking,))
    poll(ledger, [aid(1, title="Another title")], campaigns=(asking,))
    asked = on_x(ledger)
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.APPROVAL)
    assert "Another title" in text_of(asked)


def test_changed_what_was_on_its_way_is_asked_about_once_before_it_goes_again(ledger: SqlLedger) -> None:
    one = wait_for_turn(ledger)
    claimed = claim(ledger, NOW + MINUTE)
    assert claimed is not None
    poll(ledger, [aid(1, title="Aid number one")])
    later = Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE, due_at=NOW + 2 * MINUTE)
    ledger.settle(claimed, later, None, NOW + MINUTE)
    assert claim(ledger) is None
    asked = on_x(ledger)
    assert (asked.id, asked.state, asked.cause) == (one.id, State.PROPOSED, Cause.CHANGED)
    assert "title “Aid number 1” is now “Aid number one”" in (asked.reason or "")
    retry(one.id, ledger=ledger, campaigns=NAMED, now=NOW + MINUTE, **WHO)
    assert claim(ledger) is not None


# --- taken back


def test_database_1_what_is_gone_is_asked_about_and_not_sent(ledger: SqlLedger) -> None:
    wait_for_turn(ledger)
    poll(ledger, gone("guid:1"))
    asked = on_x(ledger)
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.GONE)
    assert "it is no longer there" in (asked.reason or "")
    assert claim(ledger) is None


def test_database_1_what_comes_back_goes_on_as_before(ledger: SqlLedger) -> None:
    before = wait_for_turn(ledger)
    poll(ledger, gone("guid:1"), [aid(1)])
    after = on_x(ledger)
    assert (after.state, after.cause, after.reason, after.due_at) == (
        State.PENDING,
        None,
        None,
        before.due_at,
    )
    assert claim(ledger) is not None


def test_database_1_what_comes_back_for_a_later_date_waits_for_it(ledger: SqlLedger) -> None:
    later = NOW + 9 * DAY
    wait_for_turn(ledger, aid(1, published_at=later))
    before = on_x(ledger)
    poll(ledger, gone("guid:1"), [aid(1, published_at=later)])
    assert replace(on_x(ledger), changed_at=before.changed_at) == before


def test_database_1_a_person_may_send_it_all_the_same(ledger: SqlLedger) -> None:
    wait_for_turn(ledger)
    poll(ledger, gone("guid:1"))
    retry(on_x(ledger).id, ledger=ledger, campaigns=NAMED, now=NOW + MINUTE, **WHO)
    poll(ledger, gone("guid:1", cursor="later"))
    assert on_x(ledger).state is State.PENDING
    assert claim(ledger) is not None


@pytest.mark.parametrize("asked", ["gone", "changed", "cancelled"])
def test_a_retry_of_what_waits_for_a_date_leaves_it_that_date(ledger: SqlLedger, asked: str) -> None:
    later = NOW + 3 * DAY
    wait_for_turn(ledger, aid(1, published_at=later))
    if asked == "gone":
        poll(ledger, gone("guid:1"))
    elif asked == "changed":
        edit_on_x(ledger)
        poll(ledger, [aid(1, title="Other words", published_at=later)])
    else:
        ledger.change_delivery(on_x(ledger).id, (State.PENDING,), State.CANCELLED, now=NOW, **WHO)
    one = retry(on_x(ledger).id, ledger=ledger, campaigns=NAMED, now=NOW + MINUTE, **WHO)
    assert (one.state, one.due_at) == (State.PENDING, later)
    assert claim(ledger, later - MINUTE) is None
    assert claim(ledger, later) is not None


def test_a_retry_of_what_waits_for_a_date_says_so_and_leaves_it(ledger: SqlLedger) -> None:
    later = NOW + 3 * DAY
    wait_for_turn(ledger, aid(1, published_at=later))
    before = on_x(ledger)
    said = "it waits for its time, 2026-11-26 12:00 UTC; to send it at once: announce aid 1"
    with pytest.raises(Refused, match=said):
        retry(before.id, ledger=ledger, campaigns=NAMED, now=NOW + MINUTE, **WHO)
    assert on_x(ledger) == before


def test_a_retry_at_another_time_moves_what_waits_for_a_date(ledger: SqlLedger) -> None:
    wait_for_turn(ledger, aid(1, published_at=NOW + 3 * DAY))
    poll(ledger, gone("guid:1"))
    other = NOW + 5 * DAY
    one = retry(on_x(ledger).id, ledger=ledger, campaigns=NAMED, now=NOW + MINUTE, due_at=other, **WHO)
    assert one.due_at == other


def test_database_1_what_disappears_again_is_asked_about_again(ledger: SqlLedger) -> None:
    wait_for_turn(ledger)
    poll(ledger, gone("guid:1"))
    retry(on_x(ledger).id, ledger=ledger, campaigns=NAMED, now=NOW + MINUTE, **WHO)
    poll(ledger, [aid(1)])
    poll(ledger, gone("guid:1", cursor="again"), now=NOW + 2 * MINUTE)
    assert on_x(ledger).cause is Cause.GONE


def test_database_1_what_was_rejected_stays_out_when_it_comes_back(ledger: SqlLedger) -> None:
    wait_for_turn(ledger)
    poll(ledger, gone("guid:1"))
    reject([on_x(ledger).id], ledger=ledger, now=NOW + MINUTE, **WHO)
    poll(ledger, [aid(1)])
    assert on_x(ledger).state is State.CANCELLED


def test_database_1_another_question_stays_and_its_answer_is_not_enough(ledger: SqlLedger) -> None:
    wait_for_turn(ledger, brakes={"site": Brake(most=0)})
    poll(ledger, gone("guid:1"))
    assert on_x(ledger).cause is Cause.BRAKE
    assert ledger.accept("site", who="Chief", reason="let go", now=NOW + MINUTE)
    assert on_x(ledger).state is State.PENDING
    assert claim(ledger) is None
    assert (on_x(ledger).state, on_x(ledger).cause) == (State.PROPOSED, Cause.GONE)


def test_database_1_an_approved_post_that_comes_back_needs_no_other_approval(ledger: SqlLedger) -> None:
    asking = replace(CAMPAIGN, approval=ApprovalPolicy(everything=True))
    wait_for_turn(ledger, campaigns=(asking,))
    approve([on_x(ledger).id], ledger=ledger, campaigns={asking.name: asking}, who="Chief", now=NOW + MINUTE)
    poll(ledger, gone("guid:1"), [aid(1)], campaigns=(asking,))
    policies = {asking.name: asking.approval}
    assert ledger.claim_due(X.name, NOW + DAY, MINUTE, "test", ALWAYS, policies=policies) is not None


def test_changed_what_is_gone_comes_back_in_other_words(ledger: SqlLedger) -> None:
    wait_for_turn(ledger)
    poll(ledger, gone("guid:1"), [aid(1, title="Another title")])
    assert on_x(ledger).state is State.PENDING
    assert "Another title" in text_of(on_x(ledger))


# --- another aid in its place


def another(**changes: Any) -> Aid:
    """Show another aid under the first one's key and link."""
    return aid(1, **{"title": "Wear your seat belt", "published_at": NOW + MINUTE, **changes})


def first() -> Aid:
    return aid(1, title="Rest before a long shift", published_at=NOW - 7 * DAY)


@pytest.mark.parametrize("was", ["sent", "baseline"])
def test_feeds_one_entry_feed_replaced_is_asked_about(ledger: SqlLedger, was: str) -> None:
    poll(ledger, [first()] if was == "baseline" else [], now=NOW)
    if was == "sent":
        poll(ledger, [first()])
        send(ledger)
    poll(ledger, [another()])
    asked = on_x(ledger)
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.REPLACED)
    assert "Wear your seat belt" in text_of(asked)
    assert "“Rest before a long shift”" in (asked.reason or "")
    assert claim(ledger) is None
    poll(ledger, [another()])
    assert on_x(ledger) == asked


def test_feeds_one_entry_feed_replaced_goes_when_a_person_says_it_is_new(ledger: SqlLedger) -> None:
    poll(ledger, [first()], now=NOW)
    poll(ledger, [another()])
    retry(on_x(ledger).id, ledger=ledger, campaigns=NAMED, now=NOW + MINUTE, **WHO)
    claimed = claim(ledger)
    assert claimed is not None
    assert "Wear your seat belt" in claimed.post.text


def test_feeds_one_entry_feed_replaced_again_and_again_asks_each_time(ledger: SqlLedger) -> None:
    poll(ledger, [first()], now=NOW)
    poll(ledger, [another()])
    reject([on_x(ledger).id], ledger=ledger, now=NOW + MINUTE, **WHO)
    poll(ledger, [another(title="Know your limits", published_at=NOW + DAY)])
    assert on_x(ledger).cause is Cause.REPLACED
    assert len(ledger.aids()) == 3


@pytest.mark.parametrize(
    "corrected",
    [
        {"title": "Rest before a lnog shift"},
        {"title": "Rest before a long shift, revised"},
        {"title": "Wear your seat belt", "published_at": NOW - 7 * DAY},
    ],
)
def test_feeds_one_entry_feed_replaced_a_correction_asks_nobody(
    ledger: SqlLedger, corrected: Mapping[str, Any]
) -> None:
    poll(ledger, [first()], now=NOW)
    poll(ledger, [another(**corrected)])
    assert ledger.deliveries() == ()
    (known,) = ledger.aids()
    assert known.aid.title == corrected["title"]


def test_feeds_one_entry_feed_replaced_before_its_turn_is_written_anew(ledger: SqlLedger) -> None:
    before = wait_for_turn(ledger, first())
    poll(ledger, [another()])
    assert (on_x(ledger).id, on_x(ledger).state) == (before.id, State.PENDING)
    assert "Wear your seat belt" in text_of(on_x(ledger))


def test_feeds_one_entry_feed_replaced_when_it_went_out_on_one_channel_only(ledger: SqlLedger) -> None:
    wait_for_turn(ledger, first())
    claimed = claim(ledger)
    assert claimed is not None
    ledger.settle(claimed, SENT, RECEIPT, NOW + DAY)
    poll(ledger, [another()])
    causes = {(one.channel, one.aid_title): one.cause for one in ledger.deliveries(states=[State.PROPOSED])}
    assert causes == {
        (X.name, "Wear your seat belt"): Cause.REPLACED,
        (PAGE.name, "Wear your seat belt"): Cause.REPLACED,
        (PAGE.name, "Rest before a long shift"): Cause.GONE,
    }
    assert [each.title for each in ledger.waiting_aids("site")] == ["Wear your seat belt"]


def test_database_7_another_aid_under_the_same_number_is_asked_about(ledger: SqlLedger) -> None:
    row = aid(7, key="row:7", aliases=("row:7", "link:https://valor.test/aids/7"))
    poll(ledger, [row], now=NOW)
    poll(
        ledger,
        [replace(row, title="Wear your seat belt", link="https://valor.test/belts", aliases=("row:7",))],
    )
    assert on_x(ledger).cause is Cause.REPLACED


def test_database_7_a_table_loaded_with_other_rows_is_held_by_the_brake(ledger: SqlLedger) -> None:
    words = ("rest", "belts", "water", "shade", "boots", "light")
    old = [
        aid(n, key=f"row:{n}", aliases=(f"row:{n}",), title=f"About {word}") for n, word in enumerate(words)
    ]
    new = [
        replace(each, title=f"More of {n * 7}", link=f"https://valor.test/new/{n}")
        for n, each in enumerate(old)
    ]
    poll(ledger, old, now=NOW)
    told = poll(ledger, new, brakes={"site": Brake(most=5)})
    assert told.alarm is not None
    assert {one.cause for one in ledger.deliveries()} == {Cause.BRAKE}


def test_database_7_rows_that_move_on_by_one_number_keep_their_links(ledger: SqlLedger) -> None:
    def row(number: int, word: str) -> Aid:
        link = f"https://valor.test/{word}"
        return aid(
            number,
            key=f"row:{number}",
            aliases=(f"row:{number}", f"link:{link}"),
            title=f"All about {word}",
            link=link,
        )

    poll(ledger, [row(1, "rest"), row(2, "belts")], now=NOW)
    poll(ledger, [row(1, "rest"), row(2, "water"), row(3, "belts")])
    poll(ledger, [row(1, "rest"), row(2, "water"), row(3, "belts")])
    assert {known.aid.title for known in ledger.aids()} == {
        f"All about {w}" for w in ("rest", "belts", "water")
    }
    assert {one.aid_title for one in ledger.deliveries()} == {"All about water"}


def test_database_12_rows_that_get_other_numbers_are_known_by_their_links(ledger: SqlLedger) -> None:
    def row(number: int, link: int) -> Aid:
        shown = aid(link)
        return replace(shown, key=f"row:{number}", aliases=(f"row:{number}", *shown.aliases[1:]))

    poll(ledger, [row(1, 1), row(2, 2), row(3, 3)], now=NOW)
    poll(ledger, [row(2, 1), row(3, 2), row(4, 3)], [row(5, 1), row(1, 2), row(2, 3)])
    assert ledger.deliveries() == ()
    assert [known.aid.title for known in ledger.aids()] == ["Aid number 3", "Aid number 2", "Aid number 1"]


def test_database_12_rows_that_get_other_numbers_while_they_wait_are_not_changed(ledger: SqlLedger) -> None:
    def row(number: int, link: int) -> Aid:
        shown = aid(link)
        return replace(shown, key=f"row:{number}", aliases=(f"row:{number}", *shown.aliases[1:]))

    poll(ledger, [], now=NOW)
    poll(ledger, [row(1, 1), row(2, 2)])
    edit_on_x(ledger)
    before = ledger.deliveries()
    poll(ledger, [row(2, 1), row(3, 2)], [row(1, 2), row(2, 1)])
    assert ledger.deliveries() == before


# --- a time of grace


def test_changed_settle_gives_a_source_time_to_change_its_mind(ledger: SqlLedger) -> None:
    settles = {"site": timedelta(minutes=10)}
    one = wait_for_turn(ledger, settles=settles)
    assert one.due_at == NOW + 11 * MINUTE
    assert "settle" in (one.reason or "")
    assert claim(ledger, NOW + 10 * MINUTE) is None
    poll(ledger, [aid(1, published_at=NOW + DAY)], now=NOW + 5 * MINUTE, settles=settles)
    assert on_x(ledger).due_at == NOW + DAY


def test_changed_settle_lasts_when_a_date_comes_nearer(ledger: SqlLedger) -> None:
    settles = {"site": timedelta(minutes=10)}
    wait_for_turn(ledger, aid(1, published_at=NOW + DAY), settles=settles)
    poll(ledger, [aid(1, published_at=NOW)], now=NOW + 2 * MINUTE, settles=settles)
    assert on_x(ledger).due_at == NOW + 11 * MINUTE


# --- what lists show


def test_changed_a_title_beside_a_post_that_says_another_shows_both(ledger: SqlLedger) -> None:
    poll(ledger, [], now=NOW)
    poll(ledger, [aid(1)])
    send(ledger)
    assert on_x(ledger).named == "Aid number 1"
    poll(ledger, [aid(1, title="Aid number one")])
    both = "Aid number 1 [its aid is now: Aid number one]"
    assert on_x(ledger).named == both
    assert [known.named for known in ledger.aids()] == [both]
    assert [known.named for known in ledger.find_aids("guid:1")] == [both]


def test_changed_a_post_that_was_written_anew_needs_no_mark(ledger: SqlLedger) -> None:
    wait_for_turn(ledger)
    poll(ledger, [aid(1, title="Aid number one")])
    assert on_x(ledger).named == "Aid number one"


def test_changed_what_is_gone_is_marked_in_the_list_of_aids(ledger: SqlLedger) -> None:
    wait_for_turn(ledger)
    poll(ledger, gone("guid:1"))
    assert [known.named for known in ledger.aids()] == ["Aid number 1 [gone]"]


def test_changed_a_lost_post_is_looked_for_under_the_title_it_was_written_under(ledger: SqlLedger) -> None:
    one = wait_for_turn(ledger)
    claimed = claim(ledger, NOW + MINUTE)
    assert claimed is not None
    ledger.settle(claimed, UNKNOWN, None, NOW + MINUTE)
    poll(ledger, [aid(1, title="Quite another title")])
    assert ledger.subject(one.id).title == "Aid number 1"


def test_feeds_a_link_that_leads_to_what_is_newest_makes_no_two_aids_one(ledger: SqlLedger) -> None:
    """A page for what is newest: each aid has its link for a week, and one of its own from then on."""

    def issue(number: int, newest: int) -> Aid:
        link = "https://valor.test/current" if number == newest else f"https://valor.test/archive/{number}"
        return aid(
            number, title=f"About {WORDS[number]}", link=link, aliases=(f"guid:{number}", f"link:{link}")
        )

    for newest in range(4):
        poll(ledger, [issue(number, newest) for number in range(newest + 1)], now=NOW)
    assert {known.aid.title for known in ledger.aids()} == {f"About {word}" for word in WORDS[:4]}
    assert {one.aid_title for one in ledger.deliveries()} == {f"About {word}" for word in WORDS[1:4]}


def test_changed_a_slip_put_right_leaves_its_link_to_the_aid_that_has_it(ledger: SqlLedger) -> None:
    wrong = "https://valor.test/six"
    five = aid(5, title="About belts", link=wrong, aliases=("guid:5", f"link:{wrong}"))
    right = replace(five, link="https://valor.test/five", aliases=("guid:5", "link:https://valor.test/five"))
    six = aid(6, title="About water", link=wrong, aliases=("guid:6", f"link:{wrong}"))
    poll(ledger, [], now=NOW)
    for shown in ([five], [right, six], [right, six], [right, six]):
        poll(ledger, shown, now=NOW)
    posts = {one.aid_title: one.post.link for one in ledger.deliveries() if one.post}
    assert posts == {"About belts": right.link, "About water": six.link}


def test_changed_what_is_no_longer_wanted_is_skipped(ledger: SqlLedger) -> None:
    unwanted = replace(CAMPAIGN, selection=Selection(without=Choice(words=("internal",))))
    poll(ledger, [], now=NOW)
    poll(ledger, [aid(1)], now=NOW, campaigns=(unwanted,))
    poll(ledger, [replace(aid(1), title="Internal: aid number 1")], now=NOW, campaigns=(unwanted,))
    assert {(one.state, one.cause) for one in ledger.deliveries()} == {(State.SKIPPED, Cause.FILTERED)}


def test_changed_a_date_that_is_put_right_is_waited_for(ledger: SqlLedger) -> None:
    poll(ledger, [], now=NOW)
    poll(ledger, [aid(1, published_at=NOW + timedelta(days=1_000))], now=NOW)
    assert {one.cause for one in ledger.deliveries()} == {Cause.DATE}
    right = NOW + timedelta(days=3)
    poll(ledger, [aid(1, published_at=right)], now=NOW)
    assert {(one.state, one.due_at) for one in ledger.deliveries()} == {(State.PENDING, right)}


def test_changed_what_is_called_off_under_the_brake_is_asked_about_by_itself(ledger: SqlLedger) -> None:
    poll(ledger, [], now=NOW)
    many = [aid(n) for n in range(1, 5)]
    poll(ledger, many, now=NOW, brakes={"site": Brake(most=2)})
    off = replace(many[0], title="CANCELLED: aid number 1")
    poll(ledger, [off, *many[1:]], now=NOW)
    assert {one.cause for one in ledger.deliveries(aid_id=1)} == {Cause.CALLED_OFF}


def test_feeds_one_entry_feed_replaced_without_a_date_under_another_guid_is_asked_about(
    ledger: SqlLedger,
) -> None:
    link = "https://valor.test/aid-of-the-week"

    def shown(guid: str, title: str) -> Aid:
        return aid(1, key=guid, aliases=(guid, f"link:{link}"), title=title, link=link)

    poll(ledger, [shown("guid:1", "All about rest")], now=NOW)
    poll(ledger, [shown("guid:2", "Wear your belt")])
    assert on_x(ledger).cause is Cause.REPLACED


# --- successors of what was taken down


def successor(ledger: SqlLedger) -> Delivery:
    return max(ledger.deliveries(channel=X.name), key=lambda one: one.id)


@pytest.fixture
def renewed(ledger: SqlLedger) -> SqlLedger:
    """Send an aid's post, take it down, and let its successor wait for its turn."""
    wait_for_turn(ledger)
    send(ledger)
    ledger.order_takedown(on_x(ledger).id, who="ada", reason="a slip", now=NOW)
    ledger.settle_takedown(on_x(ledger).id, NOW)
    known = ledger.aid(on_x(ledger).aid_id).aid
    announce_aid(
        known,
        [(CAMPAIGN, X)],
        ledger=ledger,
        writing=polling_with(ledger, FakeClock(NOW)).writing,
        when=When(due={CAMPAIGN.name: NOW + DAY}),
        by=Signature(who="ada", reason="it is right now"),
        now=NOW,
    )
    assert successor(ledger).state is State.PENDING
    return ledger


def test_a_successor_that_waits_is_written_anew_as_its_aid_changes(renewed: SqlLedger) -> None:
    poll(renewed, [aid(1, title="Aid number one")])
    assert "Aid number one" in text_of(successor(renewed))
    assert successor(renewed).due_at == NOW + DAY


def test_a_successor_that_waits_is_asked_about_when_its_aid_is_gone(renewed: SqlLedger) -> None:
    poll(renewed, gone(aid(1).key))
    assert (successor(renewed).state, successor(renewed).cause) == (State.PROPOSED, Cause.GONE)
    poll(renewed, [aid(1)])
    assert successor(renewed).state is State.PENDING
