"""Days go by minute by minute on a real ledger: hours, gaps, caps are kept, nothing comes twice or never."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from builders import ALWAYS, CAMPAIGN, ListedSource, X, aid, delivering_with, ledger_in, polling_with
from fakes import FakeClock, FakePublisher
from spotlight_notify.delivering import deliver_next
from spotlight_notify.model import Scope, ScopeKind, State
from spotlight_notify.polling import poll_source
from spotlight_notify.timing import Hours, Tempo, choose, forecast, parse_window

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GAP, PER_HOUR, PER_DAY = 7 * MINUTE, 4, 20
OPENS, CLOSES = time(7, 30), time(21)
NEWS_FOR, LIVED = timedelta(days=1.5), timedelta(days=2)


class Days:
    """Let one channel work while bursts, downtimes and holds come as chance has it."""

    def __init__(self, folder: Path, zone: ZoneInfo, began_at: datetime) -> None:
        self.dice = random.Random(f"{zone} {began_at}")
        self.ledger, self.clock, self.began_at = ledger_in(folder), FakeClock(began_at), began_at
        hours = Hours(zone=zone, windows=(parse_window("daily 07:30-21:00"),), gap=GAP, per_day=PER_DAY)
        pace = replace(ALWAYS.paces[CAMPAIGN.name], campaign=hours)
        self.tempo = Tempo(paces={CAMPAIGN.name: pace}, channel=Hours(zone=zone, per_hour=PER_HOUR))
        alone = replace(CAMPAIGN, channels=(X,))
        self.polling = replace(polling_with(self.ledger, self.clock), campaigns=(alone,))
        self.delivering = delivering_with(self.ledger, self.clock, tempos={X.name: self.tempo})
        self.publisher = FakePublisher()
        self.site, self.posted = [aid(0)], list[datetime]()
        self.foretold: dict[int, datetime | None] = {}
        self.down_until = self.held_until = began_at
        self.seen = 1
        poll_source(ListedSource(self.site), MINUTE, self.polling)

    def live(self) -> None:
        end = self.began_at + LIVED
        while self.clock() < end or len(self.posted) < len(self.site) - 1:
            now = self.clock.advance(MINUTE)
            self.stir(now)
            if now >= self.down_until:
                self.work(now)

    def stir(self, now: datetime) -> None:
        if now - self.began_at < NEWS_FOR and self.dice.random() < 0.004:
            self.site = [*self.site, *(aid(len(self.site) + n) for n in range(self.dice.randint(1, 9)))]
            self.foretold = {}
        if now >= self.held_until and self.dice.random() < 0.0005:
            self.held_until, self.foretold = now + self.dice.randint(5, 240) * MINUTE, {}
            scope, by = Scope(kind=ScopeKind.ALL), {"who": "Chief", "reason": "an incident"}
            self.ledger.place_hold(scope, **by, now=now, until_at=self.held_until)
        if now >= self.down_until and self.dice.random() < 0.0005:
            self.down_until, self.foretold = now + self.dice.randint(5, 600) * MINUTE, {}

    def work(self, now: datetime) -> None:
        if self.seen < len(self.site):
            self.seen = len(self.site)
            poll_source(ListedSource(self.site), MINUTE, self.polling)
        queue = self.ledger.queue(X.name, now)
        if choose(queue.waiting, self.tempo.paces, self.tempo.channel, queue.posts, now) is None:
            return
        settled = deliver_next(X.name, self.publisher, self.delivering)
        assert settled is not None
        assert now >= self.held_until
        assert self.foretold.get(settled.claim.delivery_id, now) == now
        self.posted.append(now)
        queue = self.ledger.queue(X.name, now)
        self.foretold = dict(forecast(queue.waiting, self.tempo.paces, self.tempo.channel, queue.posts, now))


@pytest.mark.parametrize(
    ("zone", "began_at"),
    [
        ("America/New_York", datetime(2027, 3, 13, 6, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 11, 6, 6, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 10, 1, 12, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_days_of_bursts_downtimes_and_holds_keep_every_rule(
    tmp_path: Path, zone: str, began_at: datetime
) -> None:
    days = Days(tmp_path, ZoneInfo(zone), began_at)
    days.live()
    assert_kept(days.posted, ZoneInfo(zone))
    sent = days.ledger.deliveries(states=[State.SENT])
    links = {post.link for post in days.publisher.posts}
    assert len(sent) == len(days.posted) == len(links) == len(days.site) - 1 > 0
    days.ledger.close()


def assert_kept(posted: list[datetime], zone: ZoneInfo) -> None:
    for at in posted:
        assert OPENS <= at.astimezone(zone).time() < CLOSES
        assert sum(at - HOUR < other <= at for other in posted) <= PER_HOUR
    assert all(later - earlier >= GAP for earlier, later in pairwise(posted))
    assert max(Counter(at.astimezone(zone).date() for at in posted).values()) <= PER_DAY
