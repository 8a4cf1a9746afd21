"""Days go by minute by minute on a real ledger: hours, gaps, caps are kept, nothing comes twice or never."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fakes import FakeClock
from ledgers import NOW, SEND, claim, furnish, hours, put, tempo
from simulation.judgement import Judge
from simulation.ledger_desk import LedgerDesk
from simulation.programme import draw_programme
from simulation.weather import draw_weather
from simulation.year import Year
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.schedule import Late, LatePolicy
from spotlight_notify.model.words import Outcome, State

pytestmark = pytest.mark.long

CHANGES = [
    ("America/New_York", datetime(2027, 3, 13, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2027, 10, 30, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2027, 10, 2, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2027, 1, 1, tzinfo=UTC)),
]
"""Zones, and some days before their clocks are changed, where they are."""


BUSY = 5
"""How much more often than in a year everything happens."""


def lived(zone: str, began: datetime, days: int, url: str) -> Judge:
    """Let days go by; bursts, downtimes, holds and answers come as chance has it."""
    dice, clock = random.Random(f"{zone} 1"), FakeClock(began)
    programme, weather = draw_programme(ZoneInfo(zone), dice), draw_weather(began, days, dice, BUSY)
    judge = Judge(programme, weather)
    Year(LedgerDesk(programme, clock, url), judge, weather, clock, dice).live(days)
    return judge


@pytest.mark.parametrize(("zone", "began"), CHANGES)
def test_days_across_a_change_of_the_clocks_break_no_rule(tmp_path: Path, zone: str, began: datetime) -> None:
    judge = lived(zone, began, 3, f"sqlite:///{tmp_path}/ledger.sqlite3")
    assert judge.troubles == []
    assert judge.counts["sent"]
    assert judge.counts["as foretold"]


def test_days_on_postgresql_break_no_rule(postgres_url: str) -> None:
    judge = lived(*CHANGES[0], 2, postgres_url)
    assert judge.troubles == []
    assert judge.counts["sent"]


def test_what_goes_late_makes_nothing_late_that_stood_behind_it_in_another_campaign(tmp_path: Path) -> None:
    """One a day: the first goes a day late, as its campaign wants; the second never had room before."""
    day = timedelta(days=1)
    strict = Late(policy=LatePolicy.SKIP, after=day / 2)
    both = tempo("wellness", "spotlight", channel=hours(per_day=1), late=SEND)
    both = replace(both, paces={**both.paces, "spotlight": replace(both.paces["spotlight"], late=strict)})
    ledger = furnish(open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite3"))
    put(ledger, 1, campaign="wellness", due_at=NOW - day)
    second = put(ledger, 2, campaign="spotlight", due_at=NOW - day)
    sent = Verdict(state=State.SENT, outcome=Outcome.SENT)
    ledger.settle(claim(ledger, NOW, at=both), sent, Receipt(post_id="1", url=None), NOW)
    assert claim(ledger, NOW + day, at=both).delivery_id == second
    ledger.close()
