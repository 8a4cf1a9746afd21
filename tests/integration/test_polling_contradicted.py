"""One link of two sources, of which one calls it off or takes it back while the other shows it."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import ALWAYS, BY, CAMPAIGN, NOW, ListedSource, X, aid, no_lint, polling_with
from fakes import FakeClock
from ledgers import BOTH, fresh_url
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid, Look, Theme
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.attempts import Claim
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.announce.digest_members import gather
from spotlight_notify.operations.announce.digests import announce_digests
from spotlight_notify.operations.announce.orders import When
from spotlight_notify.operations.decide.retries import retry
from spotlight_notify.operations.poll.looking import poll_source

EVERY, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
WHO: dict[str, Any] = {"who": "Desk 4", "reason": "seen"}
SITE, SECOND = "site", "second"
BOTH_SOURCES = replace(CAMPAIGN, channels=(X,), sources=(SITE, SECOND))
OFF = "CANCELLED: Aid number 1"


@pytest.fixture(params=BOTH)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlLedger]:
    with closing(open_ledger(fresh_url(request, tmp_path))) as opened:
        opened.register({SITE: "", SECOND: "", "on-demand": ""}, CAMPAIGN.channels, NOW)
        for name in (SITE, SECOND):
            poll(opened, name, [])
        yield opened


def poll(ledger: SqlLedger, name: str, shown: Sequence[Aid] | Look) -> None:
    parts = replace(polling_with(ledger, FakeClock(NOW)), campaigns=(BOTH_SOURCES,))
    assert poll_source(ListedSource(shown, name=name), EVERY, parts).error is None


def one(source: str, **changes: Any) -> Aid:
    return aid(1, source=source, **changes)


def claim(ledger: SqlLedger) -> Claim | None:
    return ledger.claim_due(X.name, NOW + MINUTE, MINUTE, "test", ALWAYS)


def first(ledger: SqlLedger) -> Delivery:
    return ledger.deliveries()[-1]


def call_off(ledger: SqlLedger, source: str) -> None:
    poll(ledger, source, [one(source, title=OFF)])


def take_back(ledger: SqlLedger, source: str) -> None:
    poll(ledger, source, Look(aids=(), cursor="gone", gone=frozenset({"guid:1"})))


WAYS = [(call_off, Cause.CALLED_OFF, "source second says “CANCELLED: Aid number 1”")]
WAYS += [(take_back, Cause.GONE, "source second has not shown “Aid number 1” since 2026-11-23 12:00 UTC")]


@pytest.mark.parametrize(("take", "cause", "said"), WAYS, ids=["called off", "gone"])
def test_what_the_other_source_calls_off_is_asked_about_with_both_said(
    ledger: SqlLedger, take: Any, cause: Cause, said: str
) -> None:
    poll(ledger, SITE, [one(SITE)])
    poll(ledger, SECOND, [one(SECOND)])
    take(ledger, SECOND)
    assert claim(ledger) is None
    asked = first(ledger)
    assert (asked.state, asked.cause) == (State.PROPOSED, cause)
    assert asked.reason == f"{said}; source site shows “Aid number 1”: is it to be announced?"
    poll(ledger, SITE, [one(SITE, summary="More of it")])
    assert claim(ledger) is None
    retry(asked.id, ledger=ledger, campaigns={BOTH_SOURCES.name: BOTH_SOURCES}, now=NOW, **WHO)
    assert claim(ledger) is not None


@pytest.mark.parametrize("take", [call_off, take_back])
def test_what_is_new_at_one_source_after_the_other_called_it_off_is_asked_about(
    ledger: SqlLedger, take: Any
) -> None:
    poll(ledger, SECOND, [one(SECOND)])
    take(ledger, SECOND)
    poll(ledger, SITE, [one(SITE)])
    assert claim(ledger) is None
    assert {each.state for each in ledger.deliveries()} == {State.PROPOSED}


def test_what_both_sources_show_is_announced_once(ledger: SqlLedger) -> None:
    poll(ledger, SITE, [one(SITE)])
    poll(ledger, SECOND, [one(SECOND)])
    take_back(ledger, SECOND)
    poll(ledger, SECOND, [one(SECOND)])
    assert claim(ledger) is not None


def test_a_digest_is_asked_about_if_another_source_calls_off_one_of_its_aids(ledger: SqlLedger) -> None:
    theme = Theme(name="Calm", link="https://valor.test/themes/calm")
    poll(ledger, SITE, [one(SITE, theme="Calm"), aid(2, theme="Calm")])
    poll(ledger, SECOND, [one(SECOND)])
    announce_digests(
        theme,
        gather("Calm", [(BOTH_SOURCES, X)], ledger, When(), NOW),
        ledger=ledger,
        render=lambda *told, **more: Post(text=f"Calm {theme.link} #valor", link=theme.link or ""),
        lint=no_lint,
        when=When(),
        by=BY,
        now=NOW,
    )
    call_off(ledger, SECOND)
    assert claim(ledger) is None
    assert ledger.deliveries()[0].cause is Cause.CALLED_OFF
