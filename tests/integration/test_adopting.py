from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from builders import CAMPAIGN, NOW, ListedSource, aid, delivering_with, polling_with
from fakes import FakeClock, FakePublisher, FakeSteady
from spotlight_notify.model.errors import LedgerBusy, PublishError, Throttled, Unauthorized, Unreachable
from spotlight_notify.model.posts import LivePost, Post, Receipt, Timeline
from spotlight_notify.model.records.attempts import Claim
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.adopt import REMEMBERED, Adopter, Adopting
from spotlight_notify.operations.decide.retries import retry
from spotlight_notify.operations.deliver import deliver_next
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.proof import FRESH, LONG_AGO, REACH, Adoption
from spotlight_notify.rules.retry import Retries

EVERY = timedelta(minutes=15)
APART = timedelta(minutes=2)
LINK = "https://valor.test/aids/1"


class ListedLooker:
    """Show fixed live posts, newest first; remember what was asked."""

    def __init__(self, *posts: LivePost, complete: bool = True) -> None:
        self.posts = list(posts)
        self.asked: list[datetime] = []
        self.asked_under: list[str | None] = []
        self.error: Unreachable | None = None
        self.complete, self.at = complete, NOW

    def timeline(self, since: datetime, under: str | None = None) -> Timeline:
        self.asked.append(since)
        self.asked_under.append(under)
        if self.error:
            raise self.error
        young = tuple(p for p in self.posts if p.receipt.posted_at and p.receipt.posted_at > since)
        return Timeline(posts=young, complete=self.complete, read=len(young), at=self.at)

    def probe(self) -> str:
        return "@valor"


def by_hand(
    number: int, link: str = LINK, posted_at: datetime = NOW - timedelta(hours=1), words: str | None = None
) -> LivePost:
    """Announce the aid of a link in a person's own words, unless there are others."""
    receipt = Receipt(post_id=f"hand-{number}", url=f"https://net.example/hand-{number}", posted_at=posted_at)
    said = words or f"Have a look: Aid number {link.rsplit('/', 1)[-1]}!"
    return LivePost(receipt=receipt, text=f"{said} {link} #SpotlightOnSafety", links=(link,))


def made(number: int, posted_at: datetime = NOW) -> LivePost:
    """Show the post that the program makes of an aid."""
    link = f"https://valor.test/aids/{number}"
    receipt = Receipt(post_id=f"made-{number}", url=None, posted_at=posted_at)
    text = f"Aid number {number} {link} {CAMPAIGN.hashtag}"
    return LivePost(receipt=receipt, text=text, links=(link,))


def adopter_on(looker: ListedLooker, ledger: Ledger, *, always: bool, now: datetime = NOW) -> Adopter:
    how = Adopting(always=always, apart=APART, hashtags=[CAMPAIGN.hashtag])
    return Adopter(looker, ledger, FakeClock(now), FakeSteady(), how)


def announce(ledger: Ledger, count: int = 1, **changes: Any) -> None:
    source = ListedSource([], [aid(n, **changes) for n in range(1, count + 1)])
    for _ in range(2):
        poll_source(source, EVERY, polling_with(ledger, FakeClock(NOW)))


def deliver(ledger: Ledger, adopter: Adopter) -> FakePublisher:
    publisher = FakePublisher()
    publisher.first = 1 + sum(bool(each.receipt) for each in ledger.deliveries(channel="valor-x"))
    parts = delivering_with(ledger, FakeClock(NOW), adopts=adopter.find)
    while deliver_next("valor-x", publisher, parts):
        pass
    return publisher


def known(ledger: Ledger, name: str = "valor-x") -> tuple[datetime | None, datetime | None]:
    (channel,) = (each for each in ledger.channels() if each.name == name)
    return channel.known_until_at, channel.behind_at


def states(ledger: Ledger) -> list[State]:
    return [d.state for d in ledger.deliveries(channel="valor-x")]


def test_a_post_made_by_hand_is_recorded_instead_of_repeated(ledger: Ledger) -> None:
    announce(ledger)
    looker = ListedLooker(by_hand(1))
    publisher = deliver(ledger, adopter_on(looker, ledger, always=True))
    (delivery,) = ledger.deliveries(channel="valor-x")
    assert not publisher.posts
    assert delivery.state is State.SENT
    assert delivery.receipt is not None
    assert delivery.receipt.post_id == "hand-1"


def test_promise_5_a_look_reaches_as_far_back_as_an_announcement_may_be_old(
    ledger: Ledger,
) -> None:
    announce(ledger)
    looker = ListedLooker()
    deliver(ledger, adopter_on(looker, ledger, always=True))
    assert looker.asked == [NOW - LONG_AGO - REACH]


def test_promise_5_a_look_reaches_back_to_the_age_of_an_older_aid(ledger: Ledger) -> None:
    published = NOW - timedelta(days=90)
    announce(ledger, published_at=published)
    looker = ListedLooker()
    deliver(ledger, adopter_on(looker, ledger, always=True))
    assert looker.asked == [published - REACH]


def test_promise_3_a_save_the_date_is_asked_about_once_and_a_person_may_send_all_the_same(
    ledger: Ledger,
) -> None:
    announce(ledger)
    early = by_hand(1, posted_at=NOW - timedelta(days=6), words="Save the date!")
    adopter = adopter_on(ListedLooker(early), ledger, always=True)
    assert not deliver(ledger, adopter).posts
    (asked,) = ledger.deliveries(channel="valor-x")
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.FOUND)
    assert "hand-1, 6 days old" in (asked.reason or "")
    ledger.change_delivery(
        asked.id, [State.PROPOSED], State.PENDING, who="ada", reason="it was no announcement", now=NOW
    )
    assert len(deliver(ledger, adopter).posts) == 1
    assert states(ledger) == [State.SENT]


def test_promise_10_a_list_that_is_cut_short_is_asked_about(ledger: Ledger) -> None:
    announce(ledger)
    publisher = deliver(ledger, adopter_on(ListedLooker(complete=False), ledger, always=True))
    (asked,) = ledger.deliveries(channel="valor-x")
    assert not publisher.posts
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.FOUND)


def test_other_links_older_posts_and_known_receipts_are_not_adopted(ledger: Ledger) -> None:
    announce(ledger, count=2)
    looker = ListedLooker(
        by_hand(1), by_hand(2, "https://elsewhere.test/"), by_hand(3, posted_at=NOW - FRESH - EVERY)
    )
    publisher = deliver(ledger, adopter_on(looker, ledger, always=True))
    assert [post.link for post in publisher.posts] == ["https://valor.test/aids/2"]
    assert ledger.receipts("valor-x", ["hand-1", "hand-2", "hand-3"]) == {"hand-1"}


def test_a_look_that_fails_holds_the_post_back(ledger: Ledger) -> None:
    announce(ledger)
    looker = ListedLooker()
    looker.error = Unreachable("the look-up failed: no answer")
    publisher = deliver(ledger, adopter_on(looker, ledger, always=True))
    assert not publisher.posts
    assert states(ledger) == [State.PENDING]


def test_without_adopting_a_channel_is_read_once_back_to_when_the_ledger_knew_it(ledger: Ledger) -> None:
    announce(ledger, count=3)
    looker = ListedLooker(by_hand(1, posted_at=NOW - timedelta(hours=30)))
    assert len(deliver(ledger, adopter_on(looker, ledger, always=False)).posts) == 3
    assert looker.asked == [NOW - REACH]


# --- ledgers that were restored from a backup
def restored(ledger: Ledger, *numbers: int) -> None:
    """See aids that a lost part of the ledger had seen before."""
    source = ListedSource([aid(n) for n in numbers])
    poll_source(source, EVERY, polling_with(ledger, FakeClock(NOW)))


def test_promise_4_a_restored_ledger_without_receipts_posts_nothing_again(ledger: Ledger) -> None:
    poll_source(ListedSource([]), EVERY, polling_with(ledger, FakeClock(NOW)))
    restored(ledger, 1, 2, 3)
    looker = ListedLooker(made(3), made(2), made(1))
    publisher = deliver(ledger, adopter_on(looker, ledger, always=False))
    assert not publisher.posts
    assert states(ledger) == [State.SENT] * 3


def test_accident_16_a_restored_backup_posts_nothing_again_not_even_after_a_restart(ledger: Ledger) -> None:
    announce(ledger)
    deliver(ledger, adopter_on(ListedLooker(), ledger, always=False))
    week = [made(n) for n in (4, 3, 2)]
    sent: list[str] = []
    for lost in ([2], [3, 4, 5]):
        restored(ledger, *lost)
        looker = ListedLooker(*week)
        sent += [post.link for post in deliver(ledger, adopter_on(looker, ledger, always=False)).posts]
        if 5 not in lost:
            assert states(ledger) == [State.SENT] * 2
    assert sent == []
    ledger.resume_channel("valor-x", "the second look is due", NOW, "ada")
    looker.at += APART
    again = deliver(ledger, adopter_on(looker, ledger, always=False))
    assert [post.link for post in again.posts] == ["https://valor.test/aids/5"]
    assert set(states(ledger)) == {State.SENT}


@pytest.mark.parametrize("restarted", [False, True])
def test_promise_4_where_a_ledger_is_behind_nothing_leaves_before_a_second_look(
    ledger: Ledger, restarted: bool
) -> None:
    announce(ledger)
    looker = ListedLooker(made(7))
    adopter = adopter_on(looker, ledger, always=False)
    assert not deliver(ledger, adopter).posts
    (channel,) = (each for each in ledger.channels() if each.name == "valor-x")
    assert channel.due_at == NOW + APART
    ledger.resume_channel("valor-x", "there is no time to rest", NOW, "ada")
    assert not deliver(ledger, adopter).posts
    ledger.resume_channel("valor-x", "the second look is due", NOW, "ada")
    looker.at += APART
    last = adopter_on(looker, ledger, always=False) if restarted else adopter
    assert len(deliver(ledger, last).posts) == 1


def test_a_ledger_that_goes_back_under_a_running_process_is_noticed(ledger: Ledger) -> None:
    announce(ledger)
    looker = ListedLooker()
    adopter = adopter_on(looker, ledger, always=False)
    (waiting,) = ledger.deliveries(channel="valor-x")
    for epoch in (5, 6, 7):
        adopter.find(claim(post_of(1), waiting.id, epoch=epoch))
    assert len(looker.asked) == 1
    adopter.find(claim(post_of(1), waiting.id, epoch=6))
    assert len(looker.asked) == 2


def test_a_channel_that_was_caught_up_with_is_known_from_then_on(ledger: Ledger) -> None:
    announce(ledger)
    later, looker = NOW + timedelta(days=8), ListedLooker()
    looker.at = later
    parts = delivering_with(
        ledger, FakeClock(later), adopts=adopter_on(looker, ledger, always=False, now=later).find
    )
    deliver_next("valor-x", FakePublisher(), parts)
    assert known(ledger) == (later, None)
    assert known(ledger, "valor-page") == (NOW, None)


def test_a_channel_with_posts_that_are_not_known_stays_known_only_until_before_them(ledger: Ledger) -> None:
    announce(ledger)
    looker = ListedLooker(made(7))
    deliver(ledger, adopter_on(looker, ledger, always=False))
    looker.at += APART
    ledger.resume_channel("valor-x", "the second look is due", NOW, "ada")
    deliver(ledger, adopter_on(looker, ledger, always=False))
    assert states(ledger) == [State.SENT]
    assert known(ledger) == (NOW, NOW)


def test_a_ledger_that_cannot_be_asked_holds_the_post_back(ledger: Ledger) -> None:
    announce(ledger)

    def locked(claim: Claim) -> Adoption:
        raise LedgerBusy("another process holds it")

    publisher = FakePublisher()
    deliver_next("valor-x", publisher, delivering_with(ledger, FakeClock(NOW), adopts=locked))
    assert not publisher.posts
    assert states(ledger) == [State.PENDING]


def claim(post: Post, delivery_id: int = 1, epoch: int = 1, number: int = 1) -> Claim:
    return Claim(
        delivery_id=delivery_id,
        campaign="spotlight",
        channel="valor-x",
        post=post,
        epoch=epoch,
        attempt_id=1,
        number=number,
        tries=0,
        leased_until_at=NOW + EVERY,
    )


def post_of(number: int) -> Post:
    link = f"https://valor.test/aids/{number}"
    return Post(text=f"Aid number {number} {link} {CAMPAIGN.hashtag}", link=link)


def test_a_reply_is_not_looked_for_by_the_link_of_the_post_above(ledger: Ledger) -> None:
    announce(ledger)
    (waiting,) = ledger.deliveries(channel="valor-x")
    looker = ListedLooker(by_hand(1))
    adopter = adopter_on(looker, ledger, always=True)
    correction = Post(text=by_hand(1).text, link=LINK, reply_to="hand-1")
    assert adopter.find(claim(correction, waiting.id)) == Adoption()
    assert looker.asked_under == [None, "hand-1"]


def corrected(number: int, posted_at: datetime = NOW) -> LivePost:
    """Show a correction that stands under the post that the program made of an aid."""
    link = f"https://valor.test/aids/{number}"
    receipt = Receipt(post_id=f"reply-{number}", url=None, posted_at=posted_at)
    return LivePost(
        receipt=receipt, text=f"Correction: at 10. {link}", links=(link,), reply_to=f"made-{number}"
    )


def correction_of(number: int) -> Post:
    live = corrected(number)
    return Post(text=live.text, link=live.links[0], reply_to=live.reply_to)


@pytest.mark.parametrize("always", [True, False])
def test_a_correction_that_is_tried_again_is_looked_for_first(ledger: Ledger, always: bool) -> None:
    announce(ledger)
    looker = ListedLooker()
    adopter = adopter_on(looker, ledger, always=always)
    (waiting,) = ledger.deliveries(channel="valor-x")
    assert adopter.find(claim(correction_of(1), waiting.id)) == Adoption()
    looker.posts.append(corrected(1))
    again = adopter.find(claim(correction_of(1), waiting.id, epoch=2, number=2))
    assert again.receipt == corrected(1).receipt


@pytest.mark.parametrize("announced_first", [True, False])
@pytest.mark.parametrize("age", [timedelta(hours=2), timedelta(days=6)])
def test_a_correction_that_alone_was_forgotten_is_found_by_a_process_that_starts(
    ledger: Ledger, age: timedelta, announced_first: bool
) -> None:
    """No other post of the channel shows that the ledger was put back."""
    announce(ledger)
    looker = ListedLooker(corrected(7, posted_at=NOW - age))
    adopter = adopter_on(looker, ledger, always=False)
    (waiting,) = ledger.deliveries(channel="valor-x")
    if announced_first:
        assert adopter.find(claim(post_of(1), waiting.id)).receipt is None
    found = adopter.find(claim(correction_of(7), waiting.id, epoch=2))
    assert found.receipt == looker.posts[0].receipt


def test_replies_are_read_once_under_a_post_where_reading_costs(ledger: Ledger) -> None:
    announce(ledger)
    looker = ListedLooker()
    adopter = adopter_on(looker, ledger, always=False)
    (waiting,) = ledger.deliveries(channel="valor-x")
    adopter.find(claim(post_of(1), waiting.id))
    for epoch in (2, 3):
        adopter.find(claim(correction_of(1), waiting.id, epoch=epoch))
    assert looker.asked_under == [None, "made-1"]
    assert looker.asked[-1] == NOW - REMEMBERED - REACH


def test_a_correction_that_is_another_deliverys_is_not_taken_for_this_one(ledger: Ledger) -> None:
    announce(ledger, count=2)
    looker = ListedLooker(corrected(1))
    adoption = Adoption(receipt=corrected(1).receipt)
    parts = delivering_with(ledger, FakeClock(NOW), adopts=lambda claim: adoption)
    assert deliver_next("valor-x", FakePublisher(), parts)
    (second,) = (each for each in ledger.deliveries(channel="valor-x") if each.state is State.PENDING)
    adopter = adopter_on(looker, ledger, always=True)
    assert adopter.find(claim(correction_of(1), second.id)) == Adoption()


def test_promise_4_a_restored_ledger_finds_the_correction_that_it_forgot(ledger: Ledger) -> None:
    announce(ledger)
    (waiting,) = ledger.deliveries(channel="valor-x")
    correction = Post(text=f"Correction: at 10. {LINK}", link=LINK, reply_to="made-1")
    told = Receipt(post_id="reply-1", url=None, posted_at=NOW)
    reply = LivePost(receipt=told, text=correction.text, links=(LINK,), reply_to="made-1")
    looker = ListedLooker(made(7), reply)
    adopter = adopter_on(looker, ledger, always=False)
    assert adopter.find(claim(correction, waiting.id)).receipt == told
    assert looker.asked_under == [None, "made-1"]


def test_a_reply_made_by_hand_is_not_adopted_for_its_link(ledger: Ledger) -> None:
    announce(ledger)
    (waiting,) = ledger.deliveries(channel="valor-x")
    looker = ListedLooker(replace(by_hand(2), reply_to="hand-1"))
    adopter = adopter_on(looker, ledger, always=True)
    assert adopter.find(claim(post_of(1), waiting.id)).receipt is None
    looker.posts.append(by_hand(1))
    receipt = adopter.find(claim(post_of(1), waiting.id, epoch=2)).receipt
    assert receipt is not None
    assert receipt.post_id == "hand-1"


@pytest.mark.parametrize(("above", "looks"), [("hand-1", 1), (None, 2)])
def test_a_reply_made_by_hand_is_no_sign_of_an_old_ledger(
    ledger: Ledger, above: str | None, looks: int
) -> None:
    announce(ledger, count=2)
    stranger = replace(by_hand(2, "https://elsewhere.test/", posted_at=NOW), reply_to=above)
    looker = ListedLooker(stranger)
    adopter = adopter_on(looker, ledger, always=False)
    deliver(ledger, adopter)
    ledger.resume_channel("valor-x", "there is no time to rest", NOW, "ada")
    deliver(ledger, adopter)
    assert len(looker.asked) == looks


def test_a_post_that_is_not_known_holds_a_channel_back_by_seven_days_at_most(ledger: Ledger) -> None:
    announce(ledger)
    later = NOW + timedelta(days=30)
    looker = ListedLooker(made(7, posted_at=NOW))
    looker.at = later
    for _ in range(2):
        adopter = adopter_on(looker, ledger, always=False, now=later)
        deliver_next(
            "valor-x", FakePublisher(), delivering_with(ledger, FakeClock(later), adopts=adopter.find)
        )
        looker.at += APART
        ledger.resume_channel("valor-x", "the second look is due", later, "ada")
    assert states(ledger) == [State.SENT]
    assert known(ledger) == (NOW, later)
    looker.at = now = later + REMEMBERED + APART
    (sent,) = ledger.deliveries(channel="valor-x")
    again = adopter_on(looker, ledger, always=False, now=now).find(claim(post_of(9), sent.id, epoch=9))
    assert again.known_until_at == now - REMEMBERED


def test_a_younger_post_that_is_not_known_begins_the_wait_for_a_second_look_again(ledger: Ledger) -> None:
    announce(ledger)
    looker = ListedLooker(made(7))
    deliver(ledger, adopter_on(looker, ledger, always=False))
    looker.at += APART
    looker.posts.insert(0, made(8, posted_at=looker.at - timedelta(seconds=1)))
    ledger.resume_channel("valor-x", "the second look is due", NOW, "ada")
    assert not deliver(ledger, adopter_on(looker, ledger, always=False)).posts
    assert known(ledger) == (NOW, looker.posts[0].receipt.posted_at)


def test_what_is_tried_again_is_looked_for_first_wherever_its_posts_are(ledger: Ledger) -> None:
    """A request that is refused may be a second copy of one that was taken, and lists may lag for long."""
    announce(ledger)
    looker = ListedLooker()
    adopter = adopter_on(looker, ledger, always=False)
    (waiting,) = ledger.deliveries(channel="valor-x")
    assert adopter.find(claim(post_of(1), waiting.id)).receipt is None
    looker.posts.append(made(1))
    assert adopter.find(claim(post_of(1), waiting.id, epoch=2, number=2)).receipt == made(1).receipt


@pytest.mark.parametrize("was_taken", [True, False])
@pytest.mark.parametrize(
    "refusal",
    [
        Throttled("slow down", until_at=NOW + timedelta(seconds=5)),
        Unauthorized("no", advice="Copy the keys.", unexplained=True),
    ],
    ids=["429", "401"],
)
def test_what_was_refused_is_sent_again_only_when_lists_have_caught_up_with_it(
    ledger: Ledger, refusal: PublishError, was_taken: bool
) -> None:
    """Something on the way may deliver a request twice: the first copy is taken, the second is refused."""
    announce(ledger)
    clock, looker, publisher = FakeClock(NOW), ListedLooker(), FakePublisher(script=[refusal])
    publisher.first = 2
    adopter = Adopter(looker, ledger, clock, FakeSteady(), Adopting(always=False, apart=APART, hashtags=[]))
    parts = delivering_with(ledger, clock, adopts=adopter.find, retries=Retries(apart=APART))
    for _ in range(2):
        assert deliver_next("valor-x", publisher, parts)
        assert (states(ledger), publisher.posts) == ([State.PENDING], [])
        clock.advance(timedelta(seconds=20))
    assert deliver_next("valor-x", publisher, parts) is None
    clock.now = NOW + APART
    if was_taken:
        looker.posts.append(made(1))
    assert deliver_next("valor-x", publisher, parts)
    assert (states(ledger), len(publisher.posts)) == ([State.SENT], 0 if was_taken else 1)


def test_a_person_does_not_shorten_the_wait_for_lists_after_a_refusal(ledger: Ledger) -> None:
    announce(ledger)
    clock, publisher = FakeClock(NOW), FakePublisher(script=[Throttled("slow down", until_at=NOW)])
    parts = delivering_with(ledger, clock, retries=Retries(apart=APART))
    deliver_next("valor-x", publisher, parts)
    (waiting,) = ledger.deliveries(channel="valor-x")
    for _ in range(3):
        ledger.change_delivery(
            waiting.id, [State.PENDING], State.CANCELLED, who="ada", reason="stop", now=clock()
        )
        retry(waiting.id, ledger=ledger, campaigns={}, who="ada", reason="go", now=clock(), due_at=clock())
        deliver_next("valor-x", publisher, parts)
        assert (states(ledger), publisher.posts) == ([State.PENDING], [])
        clock.advance(APART / 4)


def test_people_who_post_as_often_as_looks_are_made_hold_nothing_up(ledger: Ledger) -> None:
    announce(ledger)
    looker = ListedLooker(made(7))
    assert not deliver(ledger, adopter_on(looker, ledger, always=False)).posts
    looker.at += 5 * APART
    looker.posts.insert(0, made(8, posted_at=looker.at - 2 * APART))
    ledger.resume_channel("valor-x", "the second look is due", NOW, "ada")
    assert len(deliver(ledger, adopter_on(looker, ledger, always=False)).posts) == 1


@pytest.mark.parametrize("ahead", [timedelta(hours=1), -timedelta(hours=1)])
def test_until_when_a_channel_is_known_is_told_by_the_earlier_clock(ledger: Ledger, ahead: timedelta) -> None:
    """A clock that is set back an hour after that would else make an hour's posts known."""
    announce(ledger)
    looker, now = ListedLooker(), NOW + timedelta(hours=2) + ahead
    looker.at = NOW + timedelta(hours=2)
    (waiting,) = ledger.deliveries(channel="valor-x")
    adoption = adopter_on(looker, ledger, always=False, now=now).find(claim(post_of(1), waiting.id))
    assert adoption.known_until_at == min(now, looker.at)


def test_what_a_ledger_put_back_after_weeks_has_lost_is_remembered_by_another_process(ledger: Ledger) -> None:
    """The first post that leaves after that must not make older ones known."""
    announce(ledger, 3)
    weeks = NOW + timedelta(days=30)
    looker = ListedLooker(*(made(n, posted_at=NOW + timedelta(minutes=n)) for n in (3, 2)))
    looker.at = weeks
    for _ in range(2):
        (waiting, *_) = (
            each for each in ledger.deliveries(channel="valor-x") if each.aid_title == "Aid number 1"
        )
        adopter = adopter_on(looker, ledger, always=False, now=looker.at)
        parts = delivering_with(ledger, FakeClock(looker.at), adopts=adopter.find)
        deliver_next("valor-x", FakePublisher(), parts, delivery_id=waiting.id)
        ledger.resume_channel("valor-x", "the second look is due", NOW, "ada")
        looker.at += APART
    assert ledger.delivery(waiting.id).state is State.SENT
    (other,) = (each for each in ledger.deliveries(channel="valor-x") if each.aid_title == "Aid number 2")
    found = adopter_on(looker, ledger, always=False, now=looker.at).find(claim(post_of(2), other.id, epoch=9))
    assert found.receipt == looker.posts[1].receipt
