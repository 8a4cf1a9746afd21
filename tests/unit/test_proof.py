"""The table of what proves a post public or absent: promise 1 to 10, and their kind."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from fakes import FakeClock
from spotlight_notify.model.posts import LivePost, Post, Receipt, Subject, Timeline
from spotlight_notify.rules.proof import (
    CLOCKS,
    INCOMPLETE,
    LONG_AGO,
    OLDEST,
    REACH,
    UNWITNESSED,
    WHOLE_SECONDS,
    Adoption,
    as_shown,
    dated_on_network,
    judge_absence,
    judge_adoption,
    of_others,
    of_ours,
    on_network,
    read_back,
    recognise,
    unknown_since,
)

LINK = "https://valor.test/aids/1"
SITE = "https://valor.test/"
TITLE = "Keep Calm & De-Escalate"
TAG = "#SpotlightOnSafety"
POST = Post(text=f"{TITLE}\n\n{LINK}\n\n{TAG}", link=LINK)
OWN = Subject(title=TITLE, link=LINK, dated_at=NOW)
NOBODYS = Subject(title=TITLE, link=None, dated_at=NOW)
CORRECTION = Post(text=f"Correction: it begins at 10. {LINK}", link=LINK, reply_to="7")
PLACES = st.sampled_from([None, "7", "8"])
WORDS = st.sampled_from([POST.text, CORRECTION.text, f"by hand {LINK}", "other words"])
APART = timedelta(minutes=2)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def live(
    number: int,
    text: str = POST.text,
    links: tuple[str, ...] = (LINK,),
    reply_to: str | None = None,
    age: timedelta = HOUR,
) -> LivePost:
    receipt = Receipt(post_id=str(number), url=f"https://net.example/{number}", posted_at=NOW - age)
    return LivePost(receipt=receipt, text=text, links=links, reply_to=reply_to)


def by_hand(text: str, link: str, age: timedelta = HOUR) -> LivePost:
    return live(41, f"{text} {link}", (link,), age=age)


def listed(*posts: LivePost, complete: bool = True) -> Timeline:
    return Timeline(posts=posts, complete=complete, read=len(posts), at=NOW)


def found(post: Post, *posts: LivePost, subject: Subject = OWN) -> list[str]:
    sighting = recognise(post, subject, listed(*posts), ())
    return [match.receipt.post_id for match in sighting.same]


def adopted(
    *posts: LivePost,
    post: Post = POST,
    subject: Subject = OWN,
    complete: bool = True,
    answered: Sequence[str] = (),
    taken: Sequence[str] = (),
) -> Adoption:
    return judge_adoption(post, subject, listed(*posts, complete=complete), taken, answered, NOW)


# --- whose own the link is
@pytest.mark.parametrize("subject", [NOBODYS, Subject(title=TITLE, link=SITE, dated_at=NOW)])
def test_promise_1_a_hand_post_with_the_sites_link_is_no_announcement(subject: Subject) -> None:
    post = Post(text=f"{TITLE}\n\n{SITE}\n\n{TAG}", link=SITE)
    assert adopted(by_hand("Closed on Friday. Hours:", SITE), post=post, subject=subject) == Adoption()


@pytest.mark.parametrize("link", [SITE, "https://www.valor.test/aids/1", "https://l.facebook.com/l.php?u=x"])
def test_promise_3_the_whole_title_beside_another_link_is_asked_about(link: str) -> None:
    adoption = adopted(by_hand(f"New: {TITLE}.", link))
    assert adoption.receipt is None
    assert adoption.asked_about == {"41"}
    old = by_hand(f"Last year's {TITLE}.", link, age=2 * DAY)
    assert adopted(old) == Adoption()


@pytest.mark.parametrize("title", ["Water", "Keep calm", ""])
def test_promise_3_a_short_title_names_nothing_by_itself(title: str) -> None:
    short = Subject(title=title, link=LINK, dated_at=NOW)
    assert adopted(by_hand(f"{title}: hours and days", SITE), subject=short) == Adoption()
    assert adopted(by_hand(f"{title}:", LINK), subject=short).question


def test_a_live_post_with_the_very_words_of_another_delivery_is_that_ones() -> None:
    other = Post(text=f"For all of you: {TITLE} {LINK} #Others", link=LINK)
    seen = listed(live(9, other.text), live(8))
    assert of_others(POST, seen, [other, POST]) == {"9"}
    assert of_others(other, seen, [POST]) == {"8"}


def test_promise_6_an_empty_date_reaches_no_further_back_than_a_network() -> None:
    lists = Lists(NOW)
    read_back(lists, datetime(1, 1, 1, tzinfo=UTC), FakeClock(NOW))
    assert lists.asked == [OLDEST - REACH]


@pytest.mark.parametrize(
    "site", ["https://valor.test", "http://VALOR.test/?utm_source=x", "https://valor.test/#top"]
)
def test_promise_1_a_front_page_is_nobodys_however_it_is_written(site: str) -> None:
    post = Post(text=f"{TITLE} {site} {TAG}", link=site)
    subject = Subject(title=TITLE, link=site, dated_at=NOW)
    assert adopted(by_hand("Hours:", SITE), post=post, subject=subject) == Adoption()


def test_promise_2_a_shared_page_of_a_theme_is_no_digest() -> None:
    theme = "https://valor.test/themes/calm"
    digest = Post(text=f"Four aids on keeping calm: {theme} {TAG}", link=theme)
    shared = by_hand("Worth reading:", theme, age=3 * DAY)
    assert adopted(shared, post=digest, subject=NOBODYS) == Adoption()


@pytest.mark.parametrize("words", ["Save the date!", f"Save the date: {TITLE}"])
def test_promise_3_a_save_the_date_with_the_aids_own_link_is_asked_about(words: str) -> None:
    adoption = adopted(by_hand(words, LINK, age=6 * DAY))
    assert adoption.receipt is None
    assert "https://net.example/41, 6 days old" in (adoption.question or "")
    assert adoption.asked_about == {"41"}


def test_promise_3_other_words_are_asked_about_however_young_they_are() -> None:
    assert adopted(by_hand("Have a look:", LINK)).question
    assert "1 hour old" in (adopted(by_hand("Have a look:", LINK)).question or "")


def test_what_a_person_has_answered_is_not_asked_again() -> None:
    assert adopted(by_hand("Save the date!", LINK), answered=["41"]) == Adoption()


@pytest.mark.parametrize("link", [LINK, f"{LINK}/?utm_source=news", "http://VALOR.test/aids/1#top"])
def test_the_aids_own_link_and_whole_title_announce_it_in_any_words(link: str) -> None:
    hand = by_hand(f"New today: “{TITLE.upper()}”!", link)
    adoption = adopted(hand)
    assert adoption.receipt == hand.receipt


def test_a_title_within_another_word_or_without_its_own_link_announces_nothing() -> None:
    longer = Subject(title="Please keep Calm", link=LINK, dated_at=NOW)
    assert adopted(by_hand("Please keep Calmly on:", LINK), subject=longer).receipt is None
    assert adopted(by_hand("Something else:", "https://valor.test/aids/2")) == Adoption()


# --- text compared after the network's own changes
SHOWN = [
    (f"{TITLE}\n\n{LINK}\n\n{TAG}", f"{TITLE} {LINK} {TAG}"),
    (f"{TITLE}: see safety.health. {TAG}", f"{TITLE}: see http://safety.health. {TAG}"),
    ("Caf\u0065\u0301 talk https://valor.test/a", "Café talk https://valor.test/a"),
    ("Read https://valor.test", "Read https://valor.test/"),
    ("Read https://VALOR.test/a?utm_source=x.", "Read http://valor.test/a?utm_source=x."),
    ("Read ready.gov,cdc.gov", "Read http://ready.gov/,http://cdc.gov"),
    ("Read https://valor.test/a%20b", "Read https://valor.test/a b".replace("a b", "a%20b")),
    ("Calm\u200b words\u00a0here", "Calm words here"),
    ("Ready.gov/kit/. Now", "http://Ready.gov/kit/. Now"),
    ("See ready.gov/#kit", "See http://ready.gov/#kit"),
    ("See ready.gov/a%C3%B1o", "See http://ready.gov/año"),
    ("Wait… (https://valor.test/a)", "Wait... (https://valor.test/a)"),
]


@pytest.mark.parametrize(("written", "seen"), SHOWN)
def test_what_a_network_changes_makes_no_difference(written: str, seen: str) -> None:
    assert as_shown(written) == as_shown(seen)


@pytest.mark.parametrize(
    "seen", [f"{TITLE} {LINK}", f"{TITLE} {LINK} {TAG} Update", f"{TITLE} {LINK}2 {TAG}"]
)
def test_other_words_are_other_words(seen: str) -> None:
    assert as_shown(POST.text) != as_shown(seen)


def test_the_very_words_count_before_all_else_whatever_their_link() -> None:
    first = live(9, age=DAY)
    assert adopted(live(8, f"{TITLE} today: {LINK}"), first).receipt == first.receipt
    assert adopted(first, subject=NOBODYS).receipt == first.receipt


@pytest.mark.parametrize("subject", [OWN, NOBODYS])
def test_the_very_words_from_long_before_an_aid_are_asked_about(subject: Subject) -> None:
    last_week = live(9, age=7 * DAY)
    adoption = adopted(last_week, subject=subject)
    assert adoption.receipt is None
    assert adoption.asked_about == {"9"}


def test_words_that_differ_by_their_tracking_alone_are_another_campaigns() -> None:
    mine, theirs = (replace(POST, text=f"{TITLE} {LINK}?utm_campaign={name}") for name in ("a", "b"))
    seen = Timeline(posts=(live(9, theirs.text),), complete=True, read=1, at=NOW)
    assert of_others(mine, seen, [theirs]) == {"9"}


def test_receipts_of_other_deliveries_never_count() -> None:
    assert adopted(live(9), by_hand(f"{TITLE}:", LINK), taken=["9", "41"]) == Adoption()


# --- complete lists only
def test_promise_10_a_list_that_is_cut_short_proves_nothing() -> None:
    adoption = adopted(live(9, "other", ()), complete=False)
    assert adoption.question
    assert adoption.asked_about == {INCOMPLETE}
    assert adopted(complete=False, answered=[INCOMPLETE]) == Adoption()
    assert adopted(live(9), complete=False).receipt is not None


# --- two looks, a witness, a clock that does not step
def absent(elapsed: timedelta | None, *posts: LivePost, first: datetime | None = NOW - HOUR) -> bool:
    return judge_absence(listed(*posts), first_at=first, elapsed=elapsed, apart=APART).proven


def test_promise_7_two_looks_prove_an_absence_only_far_enough_apart() -> None:
    witness = live(12, "a later post", (), age=timedelta(minutes=5))
    assert not absent(None, witness)
    assert not absent(timedelta(seconds=3), witness)
    assert absent(APART, witness)


def test_promise_7_without_a_later_post_to_be_seen_looks_lie_further_apart() -> None:
    before = live(6, "an earlier post", (), age=2 * HOUR)
    assert not absent(APART, before)
    assert not absent(APART * UNWITNESSED - timedelta(seconds=1), before)
    assert absent(APART * UNWITNESSED, before)


def test_promise_7_a_post_is_a_witness_by_the_networks_own_times_alone() -> None:
    young = live(12, "a later post", (), age=timedelta(minutes=5))
    assert not absent(APART, young, first=NOW - timedelta(minutes=4))
    assert not absent(APART, young, first=None)
    assert not absent(APART, young, first=NOW - timedelta(minutes=5))
    assert absent(APART, young, first=NOW - timedelta(minutes=5) - WHOLE_SECONDS)


@given(st.integers(0, 3600), st.integers(0, 7200))
def test_waiting_until_the_next_look_always_comes_to_an_end(seconds: int, age: int) -> None:
    timeline = listed(live(5, "another", (), age=timedelta(seconds=age)))
    absence = judge_absence(timeline, first_at=NOW - HOUR, elapsed=timedelta(seconds=seconds), apart=APART)
    assert absence.proven or timedelta() < absence.again_in <= APART


# --- whose clock it was
@pytest.mark.parametrize("minutes", [-11, -3, 0, 3, 11])
def test_promise_6_a_time_of_ours_is_told_by_the_networks_clock(minutes: int) -> None:
    ours = NOW + timedelta(minutes=minutes)
    assert on_network(ours - HOUR, NOW, ours) == NOW - HOUR


def test_promise_7_a_time_in_our_own_future_was_told_by_a_clock_that_has_stepped() -> None:
    assert on_network(NOW + 3 * DAY, NOW, NOW) <= NOW - 60 * DAY


class Lists:
    """Show what was made since the moment asked for, and when it is by the network's clock."""

    def __init__(self, at: datetime | None, *posts: LivePost) -> None:
        self.at, self.posts = at, posts
        self.asked: list[datetime] = []

    def __call__(self, since: datetime) -> Timeline:
        self.asked.append(since)
        young = tuple(p for p in self.posts if p.receipt.posted_at and p.receipt.posted_at >= since)
        return Timeline(posts=young, complete=True, read=len(young), at=self.at)


@pytest.mark.parametrize("ahead", [timedelta(minutes=3), 14 * HOUR, 3 * DAY, -3 * DAY])
def test_promise_6_a_look_reaches_back_by_the_skew_and_more(ahead: timedelta) -> None:
    lists = Lists(NOW, live(9, age=timedelta(minutes=1)))
    clock = FakeClock(NOW + ahead)
    seen = read_back(lists, clock.now - timedelta(minutes=1), clock)
    assert [post.receipt.post_id for post in seen.posts] == ["9"]
    assert min(lists.asked) <= NOW - timedelta(minutes=1) - CLOCKS
    assert len(lists.asked) == (2 if ahead >= REACH else 1)


# --- ledgers that may be behind
def test_promise_4_only_our_own_young_posts_tell_that_a_ledger_is_behind() -> None:
    ours, strangers = live(9), live(10, "a picnic", ())
    reply, old = live(11, reply_to="9"), live(12, age=3 * DAY)
    posts = (ours, strangers, reply, old)
    unknown = unknown_since(posts, NOW - DAY, ())
    assert unknown == (ours, strangers)
    assert of_ours(unknown, [TAG.lower()]) == (ours,)
    assert unknown_since(posts, NOW - DAY, ["9", "10"]) == ()


# --- replies
def test_a_reply_with_the_link_is_not_taken_for_the_post_it_stands_under() -> None:
    assert found(POST, live(9, CORRECTION.text, reply_to="7")) == []
    assert adopted(live(9, f"{TITLE} {LINK}", reply_to="7")) == Adoption()


def test_the_post_above_is_not_taken_for_the_reply() -> None:
    assert found(CORRECTION, live(7), live(8, "by hand")) == []
    assert found(CORRECTION, live(7), live(9, CORRECTION.text, reply_to="7")) == ["9"]


def test_the_words_of_a_reply_in_another_place_are_another_reply() -> None:
    assert found(CORRECTION, live(9, CORRECTION.text, reply_to="8"), live(10, CORRECTION.text)) == []


def test_a_correction_that_is_ordered_again_days_later_is_known_by_its_words() -> None:
    assert found(CORRECTION, live(9, CORRECTION.text, reply_to="7", age=3 * DAY)) == ["9"]


@given(st.lists(st.tuples(WORDS, PLACES), max_size=5))
def test_no_live_post_is_both_a_post_and_the_reply_to_it(shown: list[tuple[str, str | None]]) -> None:
    posts = [live(number, text, reply_to=place) for number, (text, place) in enumerate(shown)]
    assert not set(found(POST, *posts)) & set(found(CORRECTION, *posts))


@pytest.mark.parametrize(
    ("ours", "expected"), [(3 * DAY, -3 * DAY), (timedelta(), timedelta()), (-DAY, -LONG_AGO)]
)
def test_an_aid_that_a_clock_ahead_has_dated_is_as_old_as_the_network_says(
    ours: timedelta, expected: timedelta
) -> None:
    assert dated_on_network(OWN, NOW, NOW + ours).dated_at == NOW + expected


def test_an_aid_dated_in_the_future_by_a_clock_that_was_ahead_has_no_age() -> None:
    ahead = replace(OWN, dated_at=NOW + 3 * DAY)
    assert adopted(live(9), subject=dated_on_network(ahead, NOW, NOW)).receipt == live(9).receipt
