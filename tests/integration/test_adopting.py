from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from builders import NOW, ListedSource, aid, delivering_with, ledger_in, polling_with
from fakes import FakeClock, FakePublisher
from spotlight_notify.adopting import LOOK_BACK, Adopter
from spotlight_notify.delivering import deliver_next
from spotlight_notify.errors import LedgerBusy, Unreachable
from spotlight_notify.model import LivePost, Post, Receipt, State, Timeline
from spotlight_notify.polling import poll_source
from spotlight_notify.ports import Ledger
from spotlight_notify.records import Claim

EVERY = timedelta(minutes=15)
LINK = "https://valor.test/aids/1"


class ListedLooker:
    """Show fixed live posts, newest first; remember what was asked."""

    def __init__(self, *posts: LivePost) -> None:
        self.posts = list(posts)
        self.asked: list[datetime] = []
        self.error: Unreachable | None = None

    def timeline(self, since: datetime, under: str | None = None) -> Timeline:
        self.asked.append(since)
        if self.error:
            raise self.error
        young = tuple(p for p in self.posts if p.receipt.posted_at and p.receipt.posted_at > since)
        return Timeline(posts=young, complete=True, read=len(young))

    def probe(self) -> str:
        return "@valor"


def by_hand(number: int, link: str = LINK, posted_at: datetime = NOW - timedelta(hours=1)) -> LivePost:
    receipt = Receipt(post_id=f"hand-{number}", url=f"https://net.example/hand-{number}", posted_at=posted_at)
    return LivePost(receipt=receipt, text=f"Have a look: {link}", links=(link,))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = ledger_in(tmp_path)
    yield opened
    opened.close()


def announce(ledger: Ledger, count: int = 1) -> None:
    source = ListedSource([], [aid(n) for n in range(1, count + 1)])
    for _ in range(2):
        poll_source(source, EVERY, polling_with(ledger, FakeClock(NOW)))


def deliver(ledger: Ledger, adopter: Adopter) -> FakePublisher:
    publisher = FakePublisher()
    parts = delivering_with(ledger, FakeClock(NOW), adopts=adopter.find)
    while deliver_next("valor-x", publisher, parts):
        pass
    return publisher


def test_a_post_made_by_hand_is_recorded_instead_of_repeated(ledger: Ledger) -> None:
    announce(ledger)
    looker = ListedLooker(by_hand(1))
    publisher = deliver(ledger, Adopter(looker, ledger, FakeClock(NOW), always=True))
    (delivery,) = ledger.deliveries(channel="valor-x")
    assert not publisher.posts
    assert delivery.state is State.SENT
    assert delivery.receipt is not None
    assert delivery.receipt.post_id == "hand-1"
    assert looker.asked == [NOW - LOOK_BACK]


def test_other_links_older_posts_and_known_receipts_are_not_adopted(ledger: Ledger) -> None:
    announce(ledger, count=2)
    looker = ListedLooker(
        by_hand(1), by_hand(2, "https://elsewhere.test/"), by_hand(3, posted_at=NOW - LOOK_BACK - EVERY)
    )
    publisher = deliver(ledger, Adopter(looker, ledger, FakeClock(NOW), always=True))
    assert [post.link for post in publisher.posts] == ["https://valor.test/aids/2"]
    announce_again = ledger.receipts("valor-x", ["hand-1", "hand-2"])
    assert announce_again == {"hand-1"}


def test_a_look_that_fails_holds_the_post_back(ledger: Ledger) -> None:
    announce(ledger)
    looker = ListedLooker()
    looker.error = Unreachable("the look-up failed: no answer")
    publisher = deliver(ledger, Adopter(looker, ledger, FakeClock(NOW), always=True))
    assert not publisher.posts
    assert [d.state for d in ledger.deliveries(channel="valor-x")] == [State.PENDING]


def test_off_and_with_a_new_ledger_nothing_is_read(ledger: Ledger) -> None:
    announce(ledger)
    looker = ListedLooker(by_hand(1))
    assert len(deliver(ledger, Adopter(looker, ledger, FakeClock(NOW), always=False)).posts) == 1
    assert looker.asked == []


def test_accident_16_a_restored_backup_posts_nothing_again_not_even_after_a_restart(ledger: Ledger) -> None:
    announce(ledger)
    deliver(ledger, Adopter(ListedLooker(), ledger, FakeClock(NOW), always=False))
    week = [by_hand(n, f"https://valor.test/aids/{n}") for n in (4, 3, 2)]
    for lost in ([2], [3, 4, 5]):
        source = ListedSource([aid(n) for n in lost])
        poll_source(source, EVERY, polling_with(ledger, FakeClock(NOW)))
        restarted = Adopter(ListedLooker(*week), ledger, FakeClock(NOW), always=False)
        publisher = deliver(ledger, restarted)
    assert [post.link for post in publisher.posts] == ["https://valor.test/aids/5"]
    assert {d.state for d in ledger.deliveries(channel="valor-x")} == {State.SENT}


def test_a_ledger_that_cannot_be_asked_holds_the_post_back(ledger: Ledger) -> None:
    announce(ledger)

    def locked(claim: Claim) -> Receipt | None:
        raise LedgerBusy("another process holds it")

    publisher = FakePublisher()
    deliver_next("valor-x", publisher, delivering_with(ledger, FakeClock(NOW), adopts=locked))
    assert not publisher.posts
    assert [d.state for d in ledger.deliveries(channel="valor-x")] == [State.PENDING]


def claim(post: Post) -> Claim:
    return Claim(
        delivery_id=1,
        campaign="spotlight",
        channel="valor-x",
        post=post,
        epoch=1,
        attempt_id=1,
        number=1,
        tries=0,
        leased_until_at=NOW + EVERY,
    )


def test_a_reply_is_not_looked_for_by_the_link_of_the_post_above(ledger: Ledger) -> None:
    looker = ListedLooker(by_hand(1))
    adopter = Adopter(looker, ledger, FakeClock(NOW), always=True)
    correction = Post(text=by_hand(1).text, link=LINK, reply_to="hand-1")
    assert adopter.find(claim(correction)) is None
    assert looker.asked == []


def test_a_reply_made_by_hand_is_not_adopted_for_its_link(ledger: Ledger) -> None:
    looker = ListedLooker(replace(by_hand(2), reply_to="hand-1"))
    adopter = Adopter(looker, ledger, FakeClock(NOW), always=True)
    post = Post(text=f"Aid number 1 {LINK}", link=LINK)
    assert adopter.find(claim(post)) is None
    looker.posts.append(by_hand(1))
    receipt = adopter.find(claim(post))
    assert receipt is not None
    assert receipt.post_id == "hand-1"


@pytest.mark.parametrize(("above", "looks"), [("hand-1", 1), (None, 3)])
def test_a_reply_made_by_hand_is_no_sign_of_an_old_ledger(
    ledger: Ledger, above: str | None, looks: int
) -> None:
    announce(ledger)
    deliver(ledger, Adopter(ListedLooker(), ledger, FakeClock(NOW), always=False))
    looker = ListedLooker(replace(by_hand(2, "https://elsewhere.test/"), reply_to=above))
    adopter = Adopter(looker, ledger, FakeClock(NOW), always=False)
    for number in (8, 9):
        link = f"https://valor.test/aids/{number}"
        adopter.find(claim(Post(text=f"Aid {link}", link=link)))
    assert len(looker.asked) == looks
