from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

from builders import DIGEST, NOW, PLAIN, ListedSource, aid
from fakes import FakeClock
from spotlight_notify.model.aids import Aid, Image, Look
from spotlight_notify.model.campaigns import Campaign, Choice, Selection
from spotlight_notify.model.errors import LedgerError, SourceError
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.poll.looks import MOST_WAITING, in_pieces
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import (
    LONGEST_BACK_OFF,
    Poll,
    Polling,
    due_after_failure,
    due_after_success,
)
from spotlight_notify.operations.poll.recording import record_look
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.text.links import link_alias

EVERY = timedelta(minutes=15)


def poll(parts: Polling, *looks: list[Aid] | Look | Exception) -> None:
    source = ListedSource(*looks)
    while source.looks:
        poll_source(source, EVERY, parts)


def announced(ledger: Ledger) -> list[str]:
    """Name the aids with deliveries in the order in which they were planned on one channel."""
    return [d.aid_key for d in reversed(ledger.deliveries(channel="valor-x"))]


def test_accident_19_the_first_look_announces_nothing(ledger: Ledger, parts: Polling) -> None:
    poll(parts, [aid(n) for n in range(300)])
    assert len(ledger.aids()) == 300
    assert all(known.baseline for known in ledger.aids())
    assert not ledger.deliveries()


def test_what_is_new_is_planned_once_on_every_channel_oldest_first(ledger: Ledger, parts: Polling) -> None:
    poll(parts, [aid(1)], [aid(3), aid(1), aid(2)], [aid(1), aid(2), aid(3)])
    assert announced(ledger) == ["guid:3", "guid:2"]
    assert len(ledger.deliveries()) == 4
    assert {d.state for d in ledger.deliveries()} == {State.PENDING}


def test_an_empty_first_look_is_a_baseline_too(ledger: Ledger, parts: Polling) -> None:
    poll(parts, [], [aid(1)])
    assert announced(ledger) == ["guid:1"]


def test_accident_6_new_guids_or_a_new_scheme_announce_nothing(ledger: Ledger, parts: Polling) -> None:
    old = aid(1)
    renamed = aid(1, key="guid:new", aliases=("guid:new", link_alias(old.link or "")))
    moved = aid(1, key="guid:new", link="https://new.test/1", aliases=("guid:new", "link:https://new.test/1"))
    poll(parts, [old], [renamed], [moved], [old])
    assert len(ledger.aids()) == 1
    assert not ledger.deliveries()


def test_accident_7_failing_then_empty_then_full_announces_nothing(ledger: Ledger, parts: Polling) -> None:
    poll(parts, [aid(1), aid(2)], SourceError("site", "502"), [], [aid(1), aid(2)])
    assert not ledger.deliveries()


def test_accident_8_corrections_announce_nothing(ledger: Ledger, parts: Polling) -> None:
    corrected = aid(1, title="A better title", published_at=NOW, summary="new words")
    poll(parts, [], [aid(1)], [corrected])
    assert len(ledger.deliveries(channel="valor-x")) == 1


def test_a_failed_look_leaves_the_cursor_and_counts(ledger: Ledger, parts: Polling) -> None:
    source = ListedSource([aid(1)], SourceError("site", "answers 502"), [aid(1)])
    poll_source(source, EVERY, parts)
    told = poll_source(source, EVERY, parts)
    status = ledger.source_status("site")
    assert told.error == "source site: answers 502"
    assert (status.failures, status.error) == (1, "source site: answers 502")
    poll_source(source, EVERY, parts)
    assert source.cursors == [None, "cursor 1", "cursor 1"]
    assert ledger.source_status("site").failures == 0


def test_accident_17_a_failing_source_is_asked_less_and_less() -> None:
    waits = [due_after_failure(EVERY, n, None, NOW, lambda: 0.5) - NOW for n in range(12)]
    assert waits == sorted(waits)
    assert waits[3] >= 6 * waits[0]
    assert waits[-1] == waits[-2] <= LONGEST_BACK_OFF


def test_a_sources_own_wish_is_heeded_when_longer() -> None:
    hour = timedelta(hours=1)
    assert due_after_failure(EVERY, 0, hour, NOW, lambda: 0.5) == NOW + hour
    assert due_after_success(EVERY, hour, NOW, lambda: 0.5) == NOW + hour
    assert due_after_success(EVERY, timedelta(seconds=1), NOW, lambda: 0.99) < NOW + EVERY


def test_an_unchanged_look_is_on_record_and_moves_nothing(ledger: Ledger, parts: Polling) -> None:
    idle = Look(aids=(), cursor="cursor 1", unchanged=True)
    poll(parts, [aid(1)], SourceError("site", "502"), idle)
    status = ledger.source_status("site")
    assert (status.cursor, status.failures, status.error) == ("cursor 1", 0, None)
    assert status.next_poll_at > NOW
    assert status.succeeded_at == NOW


def test_gone_is_asked_once_a_day(ledger: Ledger, parts: Polling) -> None:
    poll(parts, SourceError("site", "gone for good", gone=True))
    assert ledger.source_status("site").next_poll_at >= NOW + LONGEST_BACK_OFF


def test_a_baseline_of_many_looks_stays_a_baseline_to_its_end(ledger: Ledger, parts: Polling) -> None:
    halves = [Look(aids=(aid(1),), cursor="half", more=True), Look(aids=(aid(2),), cursor="whole")]
    poll(parts, *halves, [aid(3)])
    assert announced(ledger) == ["guid:3"]


def test_another_source_with_the_same_link_is_skipped_with_the_reason(ledger: Ledger, parts: Polling) -> None:
    poll(parts, [], [aid(1)])
    twin = aid(1, source="table", key="row:9", aliases=("row:9", link_alias(aid(1).link or "")))
    table = ListedSource([], [twin], name="table")
    poll_source(table, EVERY, parts)
    assert poll_source(table, EVERY, parts).planned == 0
    skipped = ledger.deliveries(states=[State.SKIPPED])
    assert [(d.aid_key, d.channel) for d in skipped] == [("row:9", "valor-page"), ("row:9", "valor-x")]
    assert all("source site" in (d.reason or "") for d in skipped)


def test_what_a_person_rejected_is_asked_about_when_another_source_shows_it(
    ledger: Ledger, parts: Polling
) -> None:
    poll(parts, [], [aid(1)])
    (rejected,) = ledger.deliveries(channel="valor-x")
    ledger.change_delivery(
        rejected.id, [State.PENDING], State.CANCELLED, who="ada", reason="not ours", now=NOW
    )
    twin = aid(1, source="table", key="row:9", aliases=("row:9", link_alias(aid(1).link or "")))
    table = ListedSource([], [twin], name="table")
    poll_source(table, EVERY, parts)
    assert poll_source(table, EVERY, parts).planned == 0
    on_page, on_x = (
        next(d for d in ledger.deliveries(channel=name) if d.aid_key == "row:9")
        for name in ("valor-page", "valor-x")
    )
    assert (on_page.state, on_page.cause) == (State.SKIPPED, Cause.DUPLICATE)
    assert (on_x.state, on_x.cause) == (State.PROPOSED, Cause.REJECTED)
    assert f"taken out by a person (delivery {rejected.id})" in (on_x.reason or "")


def test_nothing_is_recorded_when_the_recording_fails(ledger: Ledger, parts: Polling) -> None:
    poll(parts, [aid(1)])

    def fail(aid: Aid, campaign: Campaign, network: Network) -> Post:
        raise LedgerError("the disk is full")

    broken = replace(parts, writing=replace(PLAIN, render=fail))
    told = poll_source(ListedSource([aid(1), aid(2)]), EVERY, broken)
    assert told.error == "the disk is full"
    assert len(ledger.aids()) == 1
    status = ledger.source_status("site")
    assert (status.cursor, status.failures, status.error) == ("cursor 1", 1, "the disk is full")


def picture_of(aid: Aid, *, hurry: bool = False) -> Aid:
    image = Image(url=f"https://valor.test/{aid.key}.png", alt="A poster.", digest=DIGEST)
    return replace(aid, images=(image,))


def test_new_aids_get_their_pictures_and_known_or_first_ones_do_not(ledger: Ledger, parts: Polling) -> None:
    asked: list[str] = []

    def illustrate(aid: Aid, *, hurry: bool = False) -> Aid:
        asked.append(aid.key)
        return picture_of(aid)

    pictured = replace(parts, illustrate=illustrate)
    poll(pictured, [aid(1)])
    poll(pictured, [aid(1), aid(2)])
    assert asked == ["guid:2"]
    assert [image.digest for d in ledger.deliveries() if d.post for image in d.post.images] == [DIGEST] * 2


def test_pictures_found_for_an_aid_stay_when_its_source_still_gives_none(
    ledger: Ledger, parts: Polling
) -> None:
    pictured = replace(parts, illustrate=picture_of)
    poll(pictured, [aid(1)])
    poll(pictured, [aid(1), aid(2)])
    poll(pictured, [aid(1), aid(2, title="A better title")])
    (known,) = [known for known in ledger.aids() if known.aid.key == "guid:2"]
    assert known.aid == picture_of(aid(2, title="A better title"))


def test_a_new_picture_of_the_source_takes_the_place_of_what_was_found(
    ledger: Ledger, parts: Polling
) -> None:
    poll(parts, [aid(1)])
    poll(replace(parts, illustrate=picture_of), [aid(1), aid(2)])
    drawn = (Image(url="https://valor.test/new.png", alt="Newer."),)
    poll(parts, [aid(1), aid(2, images=drawn)])
    assert ledger.find_aids("guid:2")[0].aid.images == drawn


def test_a_slow_site_does_not_hold_a_look_up_for_ever(
    ledger: Ledger, parts: Polling, clock: FakeClock
) -> None:
    asked: list[str] = []

    def slow(aid: Aid, *, hurry: bool = False) -> Aid:
        if not hurry:
            asked.append(aid.key)
            clock.advance(timedelta(seconds=61))
        return aid

    poll(parts, [aid(1)])
    poll(replace(parts, illustrate=slow), [aid(number) for number in range(1, 9)])
    assert asked == ["guid:2", "guid:3"]
    assert len(ledger.aids()) == 8


def test_words_that_a_source_corrects_are_taken_over(ledger: Ledger, parts: Polling) -> None:
    pictured = replace(parts, illustrate=picture_of)
    poll(pictured, [aid(1)])
    poll(pictured, [aid(1), aid(2)])
    corrected = Image(url="https://valor.test/guid:2.png", alt="A better description.")
    poll(pictured, [aid(1), aid(2, images=(corrected,))])
    assert ledger.find_aids("guid:2")[0].aid.images == (replace(corrected, digest=DIGEST),)


def test_a_mistake_of_ours_shows_as_a_failing_source(ledger: Ledger, parts: Polling) -> None:
    def stumble(aid: Aid, *, hurry: bool = False) -> Aid:
        raise ValueError("no such thing")

    poll(parts, [aid(1)])
    told = poll_source(ListedSource([aid(1), aid(2)]), EVERY, replace(parts, illustrate=stumble))
    assert told.error == "source site: unexpected ValueError: no such thing"
    assert ledger.source_status("site").failures == 1


def test_command_line_29_and_feeds_301_what_is_said_of_a_source_is_kept_with_it_and_told_once(
    parts: Polling, ledger: Ledger
) -> None:
    moved, odd = "the feed has moved for good: change its url", "“Aid 2” has no usable link"
    source = ListedSource(
        Look(aids=(aid(1),), cursor="1", warnings=(moved,)),
        Look(aids=(), cursor="1", unchanged=True, warnings=(moved,)),
        Look(aids=(aid(1), aid(2)), cursor="2", warnings=(odd, moved)),
        SourceError("site", "the server answered 500"),
        Look(aids=(), cursor="2", unchanged=True, warnings=(odd,)),
        Look(aids=(), cursor="2", unchanged=True),
    )
    told, kept = [], []
    while source.looks:
        told.append(poll_source(source, EVERY, parts).warnings)
        kept.append(ledger.source_status("site").notes)
    assert told == [(moved,), (), (odd,), (), (), ()]
    assert kept == [(moved,), (moved,), (odd, moved), (odd, moved), (odd,), ()]


def test_feeds_unusable_links_of_a_baseline_in_pages_are_all_kept(parts: Polling, ledger: Ledger) -> None:
    pages = [
        Look(aids=(aid(n),), cursor=str(n), more=n < 3, warnings=(f"“Aid {n}” has no usable link",))
        for n in range(1, 4)
    ]
    poll = poll_source(ListedSource(*pages), EVERY, parts)
    assert poll.warnings == ledger.source_status("site").notes
    assert len(poll.warnings) == 3


def test_feeds_too_many_notes_are_cut_where_they_are_kept(parts: Polling, ledger: Ledger) -> None:
    poll_source(
        ListedSource(Look(aids=(), cursor="1", warnings=tuple(f"{n} {'x' * 600}" for n in range(50)))),
        EVERY,
        parts,
    )
    kept = ledger.source_status("site").notes
    assert (len(kept), max(map(len, kept))) == (20, 500)


def test_feeds_142_hostile_a_large_baseline_is_recorded_in_pieces(parts: Polling, ledger: Ledger) -> None:
    aids = tuple(aid(n) for n in range(1_200))
    poll = poll_source(ListedSource(Look(aids=aids, cursor="1", warnings=("odd",))), EVERY, parts)
    left = ledger.source_status("site")
    assert (poll.baseline, poll.new, left.cursor, left.notes) == (1_200, 0, "1", ("odd",))
    assert left.baseline_at is not None
    assert ledger.deliveries() == ()


def test_feeds_142_hostile_of_a_large_look_all_that_is_new_is_judged_together(
    parts: Polling, ledger: Ledger
) -> None:
    known = [aid(n) for n in range(1_200)]
    shown = [
        *(replace(each, title=f"{each.title}, corrected") for each in known),
        *(aid(n) for n in range(1_200, 1_203)),
    ]
    poll(parts, known, shown)
    assert len(announced(ledger)) == 3
    titles = [each.aid.title for each in ledger.aids()]
    assert sum(title.endswith(", corrected") for title in titles) == 1_200


def test_feeds_142_hostile_a_large_look_that_is_cut_off_loses_nothing(parts: Polling, ledger: Ledger) -> None:
    look = Look(aids=tuple(aid(n) for n in range(1_200)), cursor="1")
    first = next(in_pieces(look, ledger.source_status("site"), lambda keys: frozenset()))
    record_look(first, (), ledger.source_status("site"), EVERY, parts, Poll(source="site"))
    left = ledger.source_status("site")
    assert (left.cursor, left.baseline_at) == (None, None)
    poll(parts, look)
    assert len(ledger.aids()) == 1_200
    assert ledger.source_status("site").baseline_at is not None


def test_feeds_only_what_a_campaign_leaves_out_is_skipped_with_the_reason(
    parts: Polling, ledger: Ledger
) -> None:
    (campaign,) = parts.campaigns
    rules = Selection(only=Choice(categories=("Wellness",)), without=Choice(words=("job",)))
    parts = replace(parts, campaigns=(replace(campaign, source_selections={"site": rules}),))
    taken, other = aid(1, categories=("News", "wellness")), aid(2, categories=("News",))
    excepted = aid(3, categories=("Wellness",), title="A job for you")
    poll(parts, [], [taken, other, excepted])
    made = {one.aid_key: (one.state, one.cause, one.reason) for one in ledger.deliveries(channel="valor-x")}
    assert made == {
        taken.key: (State.PENDING, None, None),
        other.key: (
            State.SKIPPED,
            Cause.FILTERED,
            "left out: source site takes only what has the category “Wellness”",
        ),
        excepted.key: (
            State.SKIPPED,
            Cause.FILTERED,
            "left out: source site takes nothing with the word “job”",
        ),
    }
    assert [known.aid.categories for known in ledger.find_aids(taken.key)] == [("News", "wellness")]


def test_feeds_only_holds_for_the_latest_of_a_baseline_too(parts: Polling, ledger: Ledger) -> None:
    (campaign,) = parts.campaigns
    rules = Selection(only=Choice(categories=("Wellness",)))
    parts = replace(parts, campaigns=(replace(campaign, selection=rules),))
    ledger.place_baseline("site", latest=2, since_at=None, who="Desk 4", reason="a test", now=NOW)
    poll(parts, [aid(1, categories=("Wellness",)), aid(2)])
    states = {one.aid_key: one.state for one in ledger.deliveries(channel="valor-x")}
    assert states == {aid(1).key: State.PENDING, aid(2).key: State.SKIPPED}


def test_feeds_142_hostile_few_large_looks_wait_and_one_more_is_sent_away(
    parts: Polling, ledger: Ledger
) -> None:
    with ExitStack() as line:
        for _ in range(1 + MOST_WAITING):
            assert parts.queue._places.acquire(blocking=False)
            line.callback(parts.queue._places.release)
        large = Look(aids=tuple(aid(n) for n in range(501)), cursor="1")
        sent_away = poll_source(ListedSource(large), EVERY, parts)
        assert "other large looks wait" in str(sent_away.error)
        assert poll_source(ListedSource([aid(1)]), EVERY, parts).error is None
    assert poll_source(ListedSource(large), EVERY, parts).error is None
