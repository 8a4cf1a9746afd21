"""Ledgers for tests: a fresh one in SQLite or PostgreSQL, with a source, a channel and what they hold."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import NullPool, create_engine, text

from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.schema import metadata
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import Channel, Plan
from spotlight_notify.model.posts import CleanPicture, Post, Receipt
from spotlight_notify.model.records.attempts import Claim, Conclusion, Doubt, Verdict
from spotlight_notify.model.records.orders import Approval
from spotlight_notify.model.schedule import Hours, Late, LatePolicy, Order, Pace, Tempo
from spotlight_notify.model.words import Cause, Outcome, State
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.x.traits import X as X_NETWORK
from spotlight_notify.rules.approval import post_hash

BOTH = ("sqlite", "postgresql")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CAMPAIGNS = ("spotlight",)
SITE, PAGE, X = "site", "page", "x-account"
SENT = Verdict(state=State.SENT, outcome=Outcome.SENT)
UNKNOWN = Verdict(state=State.UNSURE, outcome=Outcome.UNKNOWN, reason="no answer")
RECEIPT = Receipt(post_id="99", url="https://net.example/99", posted_at=NOW)
ZONE = ZoneInfo("America/New_York")
SEND = Late(policy=LatePolicy.SEND, after=timedelta(hours=24))


def hours(**changes: Any) -> Hours:
    """Make hours that are always open, without gap or cap, unless told otherwise."""
    return Hours(**({"zone": ZONE} | changes))


def tempo(
    *campaigns: str,
    channel: Hours | None = None,
    late: Late = SEND,
    order: Order = Order.OLDEST,
    **changes: Any,
) -> Tempo:
    """Let these campaigns (or CAMPAIGNS) send at all hours without a gap, unless told otherwise."""
    pace = Pace(campaign=hours(**changes), order=order, late=late)
    return Tempo(paces=dict.fromkeys(campaigns or CAMPAIGNS, pace), channel=channel or hours())


TEMPO = tempo()
EMPTYING = "; ".join(
    (
        *(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)),
        "SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences",
    )
)
"""Leaves a PostgreSQL ledger as a new one; TRUNCATE makes new files and takes three times as long."""


@cache
def empty_ledger() -> bytes:
    """Make one migrated ledger in a file: to migrate anew takes twenty times as long as to copy it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite3"
        open_ledger(f"sqlite:///{path}").close()
        return path.read_bytes()


def sqlite_url(folder: Path) -> str:
    """Put an empty ledger into a folder that has none yet, and give its URL."""
    path = folder / "ledger.sqlite3"
    if not path.exists():
        path.write_bytes(empty_ledger())
    return f"sqlite:///{path}"


def fresh_url(request: pytest.FixtureRequest, folder: Path) -> str:
    """Give the URL of an empty ledger of the kind that the fixture is parametrised with.

    On PostgreSQL it is the module's own database (its fixture ``postgres_ledger``), emptied: a new one for
    each test would take most of the suite's time.
    """
    if request.param == "sqlite":
        return sqlite_url(folder)
    url: str = request.getfixturevalue("postgres_ledger")
    run_sql(url, EMPTYING)
    return url


def furnish(ledger: SqlLedger, now: datetime = NOW) -> SqlLedger:
    """Register a source and two channels."""
    channels = [Channel(name=PAGE, network=FACEBOOK), Channel(name=X, network=X_NETWORK)]
    ledger.register({SITE: ""}, channels, now)
    return ledger


def make_aid(number: int | str = 1, *, source: str = SITE, **changes: Any) -> Aid:
    """Make an aid whose key is a guid and whose link is its own."""
    link = f"https://site.example/{number}"
    values: dict[str, Any] = {
        "source": source,
        "key": f"guid:{number}",
        "title": f"Aid {number}",
        "link": link,
        "aliases": (f"guid:{number}", f"link:{link}"),
    }
    return Aid(**(values | changes))


def make_plan(**changes: Any) -> Plan:
    """Make a plan for the X account that is due now."""
    post = Post(text="Words https://site.example/1 #Tag", link="https://site.example/1")
    values: dict[str, Any] = {
        "campaign": "spotlight",
        "channel": X,
        "state": State.PENDING,
        "due_at": NOW,
        "post": post,
    }
    return Plan(**(values | changes))


def make_picture(content: bytes = b"\x89PNG and so on", **changes: Any) -> CleanPicture:
    """Make a picture as cleaning leaves it; nobody looks whether its bytes show one."""
    values: dict[str, Any] = {"content": content, "media_type": "image/png", "width": 1200, "height": 675}
    return CleanPicture(**(values | changes))


def put(
    ledger: SqlLedger,
    number: int | str = 1,
    *,
    now: datetime = NOW,
    aid: Mapping[str, Any] | None = None,
    **changes: Any,
) -> int:
    """Record an aid (``aid`` changes it) with one planned delivery; returns the delivery's id."""
    with ledger.recording(SITE) as book:
        made = make_aid(number, **(aid or {}))
        known = book.match([made]).get(made.key) or book.add(made, baseline=False, now=now)
        delivery_id = book.plan(known.id, make_plan(**changes), now)
    assert delivery_id is not None
    return delivery_id


def claim(
    ledger: SqlLedger,
    now: datetime = NOW,
    channel: str = X,
    delivery_id: int | None = None,
    at: Tempo = TEMPO,
) -> Claim:
    """Claim what is due, for a minute; fails if there is nothing."""
    claimed = ledger.claim_due(channel, now, MINUTE, "tester", at, delivery_id=delivery_id)
    assert claimed is not None
    return claimed


def put_approved(ledger: SqlLedger, number: int | str = 1, *, until_at: datetime | None = None) -> int:
    """Record a delivery that a person approved as it is; returns its id."""
    delivery_id = put(ledger, number, state=State.PROPOSED, cause=Cause.APPROVAL, reason="awaits approval")
    assert ledger.approve(delivery_id, make_approval(ledger, delivery_id, until_at=until_at))
    return delivery_id


def make_approval(ledger: SqlLedger, delivery_id: int, **changes: Any) -> Approval:
    """Approve just the post that a delivery has, without an end."""
    post = ledger.delivery(delivery_id).post
    assert post is not None
    values: dict[str, Any] = {"digest": post_hash(post), "who": "ada", "approved_at": NOW, "until_at": None}
    return Approval(**(values | changes))


def put_unsure(ledger: SqlLedger, number: int | str = 1, *, now: datetime = NOW, **changes: Any) -> int:
    """Record a delivery whose only attempt, claimed and settled now, got no answer; returns its id."""
    delivery_id = put(ledger, number, now=now, due_at=now, **changes)
    channel = ledger.delivery(delivery_id).channel
    ledger.settle(claim(ledger, now, channel, delivery_id), UNKNOWN, None, now)
    return delivery_id


def doubt_of(ledger: SqlLedger, delivery_id: int) -> Doubt:
    """Read the doubt of one unsure delivery, due or not."""
    channel = ledger.delivery(delivery_id).channel
    (doubt,) = (each for each in ledger.doubts(NOW, channel) if each.delivery_id == delivery_id)
    return doubt


def make_conclusion(state: State = State.UNSURE, **changes: Any) -> Conclusion:
    """Find nothing, to be looked for again in a minute, unless told otherwise."""
    look_at = NOW + MINUTE if state is State.UNSURE else None
    values: dict[str, Any] = {"reason": "looked", "found": 0, "read": 5, "look_at": look_at}
    return Conclusion(state=state, **(values | changes))


def snapshot(url: str) -> list[list[Any]]:
    """Read every row of every table."""
    return [list(run_sql(url, f"SELECT * FROM {table} ORDER BY 1, 2")) for table in sorted(metadata.tables)]


def run_sql(url: str, statement: str) -> Sequence[Any]:
    """Change or read the database behind the ledger's back, as a person with a shell would."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return result.all() if result.returns_rows else []
