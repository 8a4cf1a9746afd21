"""What Book promises: whole or not at all, one after the other, known by any alias, planned once."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers import (
    MINUTE,
    NOW,
    PAGE,
    SITE,
    X,
    claim,
    make_aid,
    make_plan,
    put,
    run_sql,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid, Image
from spotlight_notify.model.errors import LedgerError
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Access, Kind, State
from spotlight_notify.ports.book import Book


def test_the_book_fulfils_the_port(ledger: SqlLedger) -> None:
    with ledger.recording(SITE) as opened:
        book: Book = opened  # the type checker proves it
        assert book.status() == ledger.source_status(SITE)


def test_everything_in_a_recording_is_committed_together(ledger: SqlLedger) -> None:
    with ledger.recording(SITE) as book:
        known = book.add(make_aid(1), baseline=True, now=NOW)
        book.plan(known.id, make_plan(), NOW)
        book.finish(cursor="here", next_poll_at=NOW + MINUTE, baseline_done=True, now=NOW)
        assert ledger.aids() == ()
        assert ledger.counts() == {}
    assert ledger.aids() == (known,)
    assert ledger.counts() == {State.PENDING: 1}
    status = ledger.source_status(SITE)
    assert (status.cursor, status.next_poll_at, status.baseline_at) == ("here", NOW + MINUTE, NOW)
    assert (status.polled_at, status.succeeded_at) == (NOW, NOW)


def test_a_block_that_fails_leaves_nothing(ledger: SqlLedger) -> None:
    before = ledger.source_status(SITE)

    def record_and_fail() -> None:
        with ledger.recording(SITE) as book:
            known = book.add(make_aid(1), baseline=True, now=NOW)
            book.plan(known.id, make_plan(), NOW)
            book.finish(cursor="here", next_poll_at=NOW + MINUTE, baseline_done=True, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        record_and_fail()
    assert (ledger.aids(), ledger.counts(), ledger.source_status(SITE)) == ((), {}, before)
    assert ledger.known(SITE, ["guid:1"]) == frozenset()


def test_finishing_forgets_failures_and_keeps_the_time_of_the_baseline(ledger: SqlLedger) -> None:
    assert ledger.poll_failed(ledger.source_status(SITE), "it answers 502", NOW, NOW)
    times = (NOW, NOW + MINUTE, NOW + 2 * MINUTE)
    for done, now in zip((False, True, True), times, strict=True):
        with ledger.recording(SITE) as book:
            book.finish(cursor=None, next_poll_at=now, baseline_done=done, now=now)
            assert book.status().baseline_at == (times[1] if done else None)
    status = ledger.source_status(SITE)
    assert (status.failures, status.error, status.baseline_at) == (0, None, times[1])


def test_an_aid_comes_back_as_it_went_in(ledger: SqlLedger) -> None:
    aid = Aid(
        source=SITE,
        key="row:7",
        title="“Títle” 👮🏽‍♀️ \N{ZERO WIDTH JOINER}",
        link="https://site.example/7?a=1&b=é",
        summary="one\ntwo",
        kind=Kind.PODCAST,
        theme="Defusing Difficult Encounters",
        access=Access.SIGN_IN,
        images=(
            Image(url="https://site.example/a.png", alt="a 'b' \"c\""),
            Image(url="https://site.example/b"),
        ),
        published_at=NOW - MINUTE,
        updated_at=NOW,
        event_at=NOW + MINUTE,
        expires_at=datetime(2027, 1, 1, tzinfo=timezone(timedelta(hours=-5))),
        aliases=("link:https://site.example/7", "row:7"),
    )
    with ledger.recording(SITE) as book:
        known = book.add(aid, baseline=False, now=NOW)
    assert known.aid == aid
    assert (known.first_seen_at, known.baseline) == (NOW, False)
    assert ledger.aids() == (known,)


def test_the_key_is_always_among_the_aliases(ledger: SqlLedger) -> None:
    with ledger.recording(SITE) as book:
        known = book.add(make_aid(1, key="row:1", aliases=("link:a",)), baseline=True, now=NOW)
    assert known.aid.aliases == ("link:a", "row:1")
    assert known.baseline


def test_an_aid_of_one_key_is_added_once(ledger: SqlLedger) -> None:
    put(ledger, 1)
    with pytest.raises(LedgerError), ledger.recording(SITE) as book:
        book.add(make_aid(1), baseline=False, now=NOW)
    assert len(ledger.aids()) == 1


def test_an_aid_is_known_under_another_guid_or_another_link(ledger: SqlLedger) -> None:
    put(ledger, 1)
    same_link = make_aid("new", aliases=("guid:new", "link:https://site.example/1"))
    same_guid = make_aid(1, link="https://moved.example/", aliases=("guid:1", "link:https://moved.example"))
    stranger = make_aid(2)
    with ledger.recording(SITE) as book:
        matched = book.match([same_link, same_guid, stranger])
        assert book.match([]) == {}
    assert {key: known.aid.key for key, known in matched.items()} == {
        "guid:new": "guid:1",
        "guid:1": "guid:1",
    }


def test_where_aliases_disagree_the_key_decides(ledger: SqlLedger) -> None:
    put(ledger, 1)
    put(ledger, 2)
    torn = make_aid(2, aliases=("link:https://site.example/1", "guid:2"))
    with ledger.recording(SITE) as book:
        assert book.match([torn])["guid:2"].aid.key == "guid:2"


def test_matching_stays_within_the_source(ledger: SqlLedger) -> None:
    ledger.register({"other": ""}, [], NOW)
    put(ledger, 1)
    with ledger.recording("other") as book:
        assert book.match([make_aid(1, source="other")]) == {}
        added = book.add(make_aid(1, source="other"), baseline=True, now=NOW)
    assert added.aid.source == "other"
    assert len(ledger.aids()) == 2


def test_a_thousand_aids_are_matched_in_batches(ledger: SqlLedger) -> None:
    aids = [make_aid(number) for number in range(1_000)]
    with ledger.recording(SITE) as book:
        for aid in aids[::2]:
            book.add(aid, baseline=True, now=NOW)
        matched = book.match(aids)
    assert list(matched) == [aid.key for aid in aids[::2]]
    assert all(matched[key].aid.key == key for key in matched)


def test_aliases_that_are_taken_stay_where_they_are(ledger: SqlLedger) -> None:
    put(ledger, 1)
    with ledger.recording(SITE) as book:
        second = book.add(
            make_aid(2, aliases=("guid:2", "link:https://site.example/1")), baseline=False, now=NOW
        )
        assert second.aid.aliases == ("guid:2",)
        book.also_known_as(second.id, ["guid:1", "guid:new", "guid:new"])
        book.also_known_as(second.id, [])
        matched = book.match([make_aid(1), make_aid("new")])
    assert matched["guid:1"].aid.key == "guid:1"
    assert matched["guid:new"].aid.aliases == ("guid:2", "guid:new")
    assert ledger.known(SITE, ["guid:new"]) == {"guid:new"}


def test_campaign_channel_and_aid_have_one_delivery(ledger: SqlLedger) -> None:
    first = put(ledger, 1)
    with ledger.recording(SITE) as book:
        aid_id = book.match([make_aid(1)])["guid:1"].id
        changed = make_plan(state=State.SKIPPED, reason="again")
        assert book.plan(aid_id, changed, NOW + MINUTE) is None
        assert book.plan(aid_id, make_plan(campaign="another"), NOW) is not None
        assert book.plan(aid_id, make_plan(channel=PAGE), NOW) is not None
    kept = ledger.delivery(first)
    assert (kept.state, kept.reason, kept.changed_at) == (State.PENDING, None, NOW)
    assert len(ledger.deliveries()) == 3


def test_a_planned_delivery_shows_what_was_planned(ledger: SqlLedger) -> None:
    image = Image(url="https://site.example/a.png", alt="a poster: “calm”")
    post = Post(text="Wörds\n👮🏽‍♀️ \t#Tag\x00", link="https://site.example/1?a=b&c", images=(image,))
    shown = ledger.delivery(put(ledger, 1, post=post, due_at=NOW + MINUTE))
    assert shown.post == post
    assert (shown.campaign, shown.channel, shown.source) == ("spotlight", X, SITE)
    assert (shown.aid_key, shown.aid_title) == ("guid:1", "Aid 1")
    assert (shown.state, shown.reason, shown.tries, shown.receipt) == (State.PENDING, None, 0, None)
    assert (shown.due_at, shown.created_at, shown.changed_at) == (NOW + MINUTE, NOW, NOW)


def test_a_plan_without_a_post_may_not_wait(ledger: SqlLedger) -> None:
    failed = ledger.delivery(put(ledger, 1, post=None, state=State.FAILED, reason="no title"))
    assert (failed.post, failed.state, failed.reason) == (None, State.FAILED, "no title")
    with pytest.raises(LedgerError):
        put(ledger, 2, post=None)
    assert ledger.counts() == {State.FAILED: 1}


def test_a_plan_for_a_channel_without_a_row_is_refused(ledger: SqlLedger) -> None:
    with pytest.raises(LedgerError):
        put(ledger, 1, channel="nobody")
    assert ledger.aids() == ()


def test_what_waits_can_be_given_another_plan(ledger: SqlLedger) -> None:
    later = put(ledger, 1, due_at=NOW + MINUTE)
    proposed = put(ledger, 2, state=State.PROPOSED, due_at=NOW + MINUTE)
    new = make_plan(due_at=NOW, post=Post(text="new words", link="https://site.example/1"))
    with ledger.recording(SITE) as book:
        assert book.replan(later, new, NOW)
        assert book.replan(proposed, new, NOW)
        assert not book.replan(12_345, new, NOW)
    for number in (later, proposed):
        delivery = ledger.delivery(number)
        assert (delivery.state, delivery.due_at, delivery.post) == (State.PENDING, NOW, new.post)


def test_what_is_on_its_way_keeps_its_plan(ledger: SqlLedger) -> None:
    sending = put(ledger, 1)
    claim(ledger)
    before = ledger.delivery(sending)
    with ledger.recording(SITE) as book:
        assert not book.replan(sending, make_plan(due_at=NOW + MINUTE), NOW)
    assert ledger.delivery(sending) == before


def test_the_delivery_of_an_aid_is_found_by_its_place(ledger: SqlLedger) -> None:
    planned = put(ledger, 1)
    aid_id = ledger.delivery(planned).aid_id
    with ledger.recording(SITE) as book:
        found = book.delivery_of(aid_id, "spotlight", X)
        assert found is not None
        assert found.id == planned
        assert book.delivery_of(aid_id, "spotlight", "elsewhere") is None


def test_present_words_are_kept_and_the_identity_stays(ledger: SqlLedger) -> None:
    put(ledger, 1)
    (before,) = ledger.aids()
    with ledger.recording(SITE) as book:
        book.refresh(
            before.id, make_aid(1, title="A better title", key="guid:other", aliases=("guid:other",))
        )
    (after,) = ledger.aids()
    assert after.aid.title == "A better title"
    assert (after.aid.key, after.aid.aliases) == (before.aid.key, before.aid.aliases)


def elsewhere(ledger: SqlLedger, aid: Aid, channel: str = X, campaign: str = "spotlight") -> int | None:
    with ledger.recording("other") as book:
        found = book.decided_elsewhere(aid, campaign, channel)
    return None if found is None else found.id


def test_a_link_announced_from_another_source_is_found(ledger: SqlLedger) -> None:
    ledger.register({"other": ""}, [], NOW)
    announced = put(ledger, 1)
    twin = make_aid(1, source="other", key="row:1", aliases=("row:1", "link:https://site.example/1"))
    assert elsewhere(ledger, twin) == announced
    assert elsewhere(ledger, twin, channel=PAGE) is None
    assert elsewhere(ledger, twin, campaign="another") is None
    assert elsewhere(ledger, make_aid(2, source="other")) is None
    assert elsewhere(ledger, make_aid(1, source=SITE)) is None


def test_only_the_link_counts_elsewhere(ledger: SqlLedger) -> None:
    ledger.register({"other": ""}, [], NOW)
    put(ledger, 1)
    assert elsewhere(ledger, make_aid(1, source="other", aliases=("guid:1",))) is None


@pytest.mark.parametrize("state", State)
def test_what_was_not_decided_does_not_count_elsewhere(ledger: SqlLedger, url: str, state: State) -> None:
    ledger.register({"other": ""}, [], NOW)
    announced = put(ledger, 1)
    claimed = ", claimant = 'me', epoch = 1, leased_until_at = due_at" if state is State.SENDING else ""
    run_sql(url, f"UPDATE delivery SET state = '{state}'{claimed}")
    undecided = state in (State.PROPOSED, State.SKIPPED, State.FAILED)
    assert elsewhere(ledger, make_aid(1, source="other")) == (None if undecided else announced)


def test_an_announcement_counts_before_what_was_cancelled(ledger: SqlLedger, url: str) -> None:
    ledger.register({"other": "", "third": ""}, [], NOW)
    cancelled, announced = put(ledger, 1), put(ledger, 2)
    run_sql(url, f"UPDATE delivery SET state = 'cancelled' WHERE id = {cancelled}")
    both = tuple(name for number in (1, 2) for name in make_aid(number).aliases)
    assert elsewhere(ledger, make_aid(1, source="other", aliases=both)) == announced


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
moments = st.datetimes(
    min_value=(NOW - timedelta(days=700_000)).replace(tzinfo=None),
    max_value=(NOW + timedelta(days=2_900_000)).replace(tzinfo=None),
    timezones=st.sampled_from([timezone(timedelta(minutes=minutes)) for minutes in (-720, -300, 345, 840)]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=words, alt=words, seen=moments, due=moments)
def test_any_words_and_any_times_come_back(
    ledger: SqlLedger, title: str, alt: str, seen: datetime, due: datetime
) -> None:
    number = len(ledger.aids()) + 1
    post = Post(
        text=title, link="https://site.example/", images=(Image(url="https://site.example/i", alt=alt),)
    )
    with ledger.recording(SITE) as book:
        known = book.add(
            make_aid(number, title=title, images=post.images, event_at=due), baseline=False, now=seen
        )
        delivery_id = book.plan(known.id, make_plan(post=post, due_at=due), seen)
    assert delivery_id is not None
    kept, shown = ledger.find_aids(f"guid:{number}")[0], ledger.delivery(delivery_id)
    assert (kept.aid.title, kept.aid.images, kept.aid.event_at, kept.first_seen_at) == (
        title,
        post.images,
        due,
        seen,
    )
    assert (shown.post, shown.due_at, shown.created_at) == (post, due, seen)
    assert shown.due_at.utcoffset() == timedelta(0)


def test_half_a_character_is_refused_and_nothing_is_kept(ledger: SqlLedger) -> None:
    with pytest.raises(LedgerError, match="surrogates"):
        put(ledger, 1, post=Post(text="\ud83d", link="https://site.example/1"))
    assert ledger.aids() == ()
