"""What refusals do to a channel and its queue, numbered as the cases of answers that were taken wrongly."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from builders import NOW, ListedSource, aid, delivering_with, ledger_in, polling_with
from canned import CannedServer, reply
from clients import PATIENT
from facebook_answers import PAGE, TOKEN, refused
from fakes import FakeClock
from spotlight_notify.cli.commands_to_type import worded
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.words import Cause, Outcome, State
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.networks.x.publisher import XPublisher
from spotlight_notify.operations.check_tokens import WATCH_EVERY, Watch
from spotlight_notify.operations.decide.retries import retry
from spotlight_notify.operations.deliver import deliver_next
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.ports.parts import Publisher
from spotlight_notify.rules.explain.explain import explain
from spotlight_notify.rules.explain.explanations import DeliveryFacts, Word
from spotlight_notify.wire.wire import Wire
from x_answers import KEYS, forbidden

CHANNEL = "valor-x"
SPAM = reply(400, refused(368, None, "The action attempted has been deemed abusive"))
BLOCKED_LINK = reply(400, refused(100, 1346003, "This link is not allowed"))
TOO_LONG = reply(400, refused(100, None, "Param message is too long"))
POSTED = reply(200, {"id": f"{PAGE}_7"})
STRANGE = reply(403, forbidden("A reason nobody has heard of."))
STRAY = reply(401, {"title": "Unauthorized", "type": "about:blank", "status": 401})
TWEETED = reply(201, {"data": {"id": "1541815603606036480", "text": "…"}})
ME = reply(200, {"data": {"id": "1234", "name": "VALOR", "username": "valor"}})


@pytest.fixture
def page(wire: Wire, server: CannedServer, clock: FakeClock) -> FacebookPublisher:
    session = wire.session(read=PATIENT)
    return FacebookPublisher(session, page_id=PAGE, access_token=TOKEN, clock=clock, base_url=server.url)


@pytest.fixture
def x(wire: Wire, server: CannedServer, clock: FakeClock) -> XPublisher:
    return XPublisher(wire.session(read=PATIENT), KEYS, clock=clock, base_url=server.url)


class Desk:
    """Announce aids on one channel, with a ledger that is closed and opened again before each try."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self._folder, self._clock = folder, clock
        self.ledger: SqlLedger = ledger_in(folder)

    def announce(self, count: int) -> None:
        source = ListedSource([], [aid(number) for number in range(1, count + 1)])
        for _ in range(2):
            poll_source(source, timedelta(minutes=15), polling_with(self.ledger, self._clock))

    def send(self, publisher: Publisher, times: int = 1) -> None:
        for _ in range(times):
            self.ledger.close()
            self.ledger = ledger_in(self._folder)
            assert deliver_next(CHANNEL, publisher, delivering_with(self.ledger, self._clock))

    def nothing_goes(self, publisher: Publisher) -> bool:
        return deliver_next(CHANNEL, publisher, delivering_with(self.ledger, self._clock)) is None

    def resume(self) -> None:
        assert self.ledger.resume_channel(CHANNEL, "settled", self._clock(), "Sam")

    def retry(self, number: int) -> None:
        one = self.ids[number]
        now = self._clock()
        retry(one, ledger=self.ledger, campaigns={}, who="Sam", reason="looks fine", now=now)

    @property
    def ids(self) -> list[int]:
        return sorted(one.id for one in self.ledger.deliveries(channel=CHANNEL))

    @property
    def states(self) -> list[State]:
        return [self.ledger.delivery(one).state for one in self.ids]

    @property
    def paused(self) -> str | None:
        return next(each.paused_reason for each in self.ledger.channels() if each.name == CHANNEL)


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    desk = Desk(tmp_path, clock)
    yield desk
    desk.ledger.close()


@pytest.mark.parametrize("refusal", [SPAM, BLOCKED_LINK])
def test_answers_5_one_text_that_is_not_wanted_fails_and_the_next_goes(
    desk: Desk, page: FacebookPublisher, server: CannedServer, refusal: bytes
) -> None:
    desk.announce(4)
    server.script = [refusal, POSTED, refusal, reply(200, {"id": f"{PAGE}_8"})]
    desk.send(page, 4)
    assert desk.states == [State.FAILED, State.SENT, State.FAILED, State.SENT]
    assert desk.paused is None
    failed = desk.ledger.delivery(desk.ids[0])
    assert (failed.cause, failed.tries) == (Cause.REFUSED, 0)


@pytest.mark.parametrize("second", [SPAM, BLOCKED_LINK])
def test_answers_5_two_different_ones_in_a_row_pause_the_page_and_neither_comes_again(
    desk: Desk, page: FacebookPublisher, server: CannedServer, second: bytes
) -> None:
    desk.announce(3)
    server.script = [SPAM, second, POSTED]
    desk.send(page, 2)
    assert desk.states == [State.FAILED, State.FAILED, State.PENDING]
    assert "Support Inbox" in (desk.paused or "")
    assert desk.nothing_goes(page)
    desk.resume()
    desk.send(page)
    assert desk.states == [State.FAILED, State.FAILED, State.SENT]


def test_answers_5_what_says_nothing_of_the_page_does_not_come_in_between(
    desk: Desk, page: FacebookPublisher, server: CannedServer
) -> None:
    desk.announce(3)
    server.script = [SPAM, TOO_LONG, SPAM]
    desk.send(page, 3)
    assert desk.states == [State.FAILED] * 3
    assert desk.paused is not None


def test_answers_5_the_same_one_sent_by_hand_is_no_second_one(
    desk: Desk, page: FacebookPublisher, server: CannedServer
) -> None:
    desk.announce(1)
    server.script = [SPAM, SPAM]
    desk.send(page)
    desk.retry(0)
    desk.send(page)
    assert desk.states == [State.FAILED]
    assert desk.paused is None


def test_answers_12_an_unknown_refusal_is_asked_about_and_the_next_goes(
    desk: Desk, x: XPublisher, server: CannedServer
) -> None:
    desk.announce(2)
    server.script = [STRANGE, TWEETED]
    desk.send(x, 2)
    assert desk.states == [State.PROPOSED, State.SENT]
    assert desk.paused is None
    asked = desk.ledger.delivery(desk.ids[0])
    assert (asked.cause, asked.tries) == (Cause.REFUSED, 0)
    assert "A reason nobody has heard of" in (asked.reason or "")
    [channel] = [each for each in desk.ledger.channels() if each.name == CHANNEL]
    told = explain(DeliveryFacts(delivery=asked, channel=channel, now=NOW))
    assert told.word is Word.REFUSED
    assert f"To send it: deliveries retry {asked.id} " in worded(told.change)
    assert f"to give it other words: edit {asked.id} " in worded(told.change)


def test_answers_12_two_unknown_refusals_in_a_row_pause_the_channel(
    desk: Desk, x: XPublisher, server: CannedServer
) -> None:
    desk.announce(3)
    server.script = [STRANGE, STRANGE, TWEETED]
    desk.send(x, 2)
    assert desk.states == [State.PROPOSED, State.PROPOSED, State.PENDING]
    assert "check the app's permissions" in (desk.paused or "")
    assert desk.nothing_goes(x)
    desk.resume()
    desk.send(x)
    assert desk.states == [State.PROPOSED, State.PROPOSED, State.SENT]


def test_answers_12_a_person_who_lets_it_go_has_settled_the_suspicion(
    desk: Desk, x: XPublisher, server: CannedServer
) -> None:
    desk.announce(2)
    server.script = [STRANGE, TWEETED, STRANGE]
    desk.send(x)
    desk.retry(0)
    desk.send(x, 2)
    assert sorted(desk.states) == sorted([State.SENT, State.PROPOSED])
    assert desk.paused is None


def test_promise_9_a_duplicate_of_the_first_attempt_is_unsure_and_looked_for(
    desk: Desk, x: XPublisher, server: CannedServer, clock: FakeClock
) -> None:
    desk.announce(1)
    began_at = clock()
    clock.advance(timedelta(hours=1))
    server.script = [reply(403, {"code": 187, "message": "Status is a duplicate."})]
    desk.send(x)
    assert desk.states == [State.UNSURE]
    [doubt] = desk.ledger.doubts(clock())
    assert doubt.since <= began_at


def test_answers_13_a_stray_refusal_of_the_token_rests_the_channel_and_burns_no_try(
    desk: Desk, x: XPublisher, server: CannedServer, clock: FakeClock
) -> None:
    desk.announce(2)
    server.script = [STRAY, TWEETED]
    desk.send(x)
    assert desk.nothing_goes(x)
    assert (desk.states, desk.paused) == ([State.PENDING, State.PENDING], None)
    assert desk.ledger.delivery(desk.ids[0]).tries == 0
    clock.advance(timedelta(seconds=59))
    desk.send(x, 2)
    assert desk.states == [State.PENDING, State.SENT]  # one is looked for again, and the other need not wait


def test_answers_13_what_is_no_answer_does_not_end_the_count(
    desk: Desk, x: XPublisher, server: CannedServer, clock: FakeClock
) -> None:
    desk.announce(1)
    server.script = [STRAY, reply(429, {"title": "Too Many Requests"}), STRAY, STRAY]
    for _ in range(3):
        desk.send(x)
        assert desk.paused is None
        clock.advance(timedelta(minutes=20))
    desk.send(x)
    assert "copy all four" in (desk.paused or "")
    outcomes = [attempt.outcome for attempt in desk.ledger.attempts(desk.ids[0])]
    assert outcomes.count(Outcome.UNAUTHORIZED) == 3


def test_answers_13_a_success_ends_the_count(
    desk: Desk, x: XPublisher, server: CannedServer, clock: FakeClock
) -> None:
    desk.announce(3)
    server.script = [STRAY, STRAY, TWEETED, STRAY, STRAY]
    for _ in range(5):
        desk.send(x)
        clock.advance(timedelta(minutes=1))
    assert desk.paused is None


def test_answers_13_the_daily_question_asks_again_twice_before_it_pauses(
    desk: Desk, x: XPublisher, server: CannedServer, clock: FakeClock
) -> None:
    watch = Watch([CHANNEL], clock())
    server.script = [STRAY, STRAY, ME, STRAY, STRAY, STRAY]
    told: list[str] = []
    for _ in server.script.copy():
        clock.advance(timedelta(seconds=20) if server.asked and told[-1] == "again" else WATCH_EVERY)
        assert watch.due(clock()) == [CHANNEL]
        reason = watch.ask(CHANNEL, x, desk.ledger, clock)
        clock.advance(timedelta(seconds=20))
        again = watch.due(clock()) == [CHANNEL]
        clock.advance(-timedelta(seconds=20))
        told.append(reason or ("again" if again else "fine"))
    assert told[:5] == ["again", "again", "fine", "again", "again"]
    assert "copy all four" in told[5]
    assert desk.paused == told[5]
