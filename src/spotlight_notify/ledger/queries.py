"""Read deliveries, attempts, aids, sources and channels; nothing here writes."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, Text, bindparam, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from spotlight_notify.ledger.rows import (
    attempt_of,
    channel_status_of,
    delivery_of,
    known_aid_of,
    source_status_of,
)
from spotlight_notify.ledger.schema import (
    aid,
    alias,
    approval,
    attempt,
    channel,
    delivery,
    receipt,
    source,
    writer,
)
from spotlight_notify.model.errors import UnknownName
from spotlight_notify.model.records.attempts import Attempt
from spotlight_notify.model.records.standing import ChannelStatus, Delivery, KnownAid, SourceStatus, Tally
from spotlight_notify.model.words import State
from spotlight_notify.text.aliases import name_of
from spotlight_notify.text.links import link_alias, usable_link

BATCH = 200
"""How many values one IN list holds at most: every SQLite takes this many."""

ALIAS_PREFIXES = ("guid:", "row:", "link:", "hash:")
"""What a person may leave out of an alias."""

KEY_PREFIX = "key:"
"""What tells a source's key from an aid's number."""

SURROGATE = re.compile(r"[\ud800-\udfff]")
"""Half a character, as a shell hands over bytes that are no UTF-8."""

MOST_ROWS = 10**18
"""What no row's number comes to, and either database can hold."""

_GIVEN = approval.alias()
_LAST_APPROVAL = select(func.max(_GIVEN.c.id)).where(_GIVEN.c.delivery_id == delivery.c.id).scalar_subquery()


class JsonPairs(FunctionElement[str]):
    """All rows' pairs of two columns, in any order, as JSON; neither database keeps an order here."""

    type = Text()
    inherit_cache = True


@compiles(JsonPairs, "sqlite")
def _pairs_on_sqlite(element: JsonPairs, compiler: Any, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(JsonPairs, "postgresql")
def _pairs_on_postgresql(element: JsonPairs, compiler: Any, **options: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **options)}))::text"


IS_WRITTEN = select(writer.c.who).where(writer.c.delivery_id == delivery.c.id).exists()
"""A person wrote on a delivery's post."""

_WRITERS = (
    select(JsonPairs(writer.c.number, writer.c.who))
    .where(writer.c.delivery_id == delivery.c.id)
    .scalar_subquery()
)

DELIVERIES = (
    select(
        delivery,
        aid.c.source,
        aid.c.key.label("aid_key"),
        aid.c.title.label("aid_title"),
        aid.c.theme,
        aid.c.other_themes,
        aid.c.event_at,
        aid.c.expires_at,
        _WRITERS.label("writers"),
        receipt.c.post_id,
        receipt.c.url,
        receipt.c.posted_at,
        approval.c.digest,
        approval.c.who,
        approval.c.approved_at,
        approval.c.until_at.label("approved_until_at"),
    )
    .join_from(delivery, aid, delivery.c.aid_id == aid.c.id)
    .outerjoin(receipt, receipt.c.delivery_id == delivery.c.id)
    .outerjoin(approval, approval.c.id == _LAST_APPROVAL)
)

SOURCES = select(source)
_POSTED_AS = (
    select(func.min(delivery.c.post_title))
    .where(delivery.c.aid_id == aid.c.id, delivery.c.post.is_not(None), delivery.c.post_title != aid.c.title)
    .scalar_subquery()
)
NEWEST_AIDS = select(aid, _POSTED_AS.label("posted_as")).order_by(aid.c.first_seen_at.desc(), aid.c.id.desc())

_AID = NEWEST_AIDS.where(aid.c.id == bindparam("aid_id"))
_DELIVERY = DELIVERIES.where(delivery.c.id == bindparam("delivery_id"))
_SOURCE = SOURCES.where(source.c.name == bindparam("name"))
_CHANNELS = select(channel)
_ALIASES = (
    select(alias.c.aid_id, alias.c.alias)
    .where(alias.c.aid_id.in_(bindparam("ids", expanding=True)))
    .order_by(alias.c.aid_id, alias.c.alias)
)


def read_deliveries(
    connection: Connection,
    *,
    states: Sequence[State] = (),
    campaign: str | None = None,
    channel: str | None = None,
    aid_id: int | None = None,
    digest_id: int | None = None,
    limit: int | None = None,
) -> tuple[Delivery, ...]:
    """List deliveries, newest first; with ``digest_id``, those whose aids this digest's delivery tells of."""
    wanted = DELIVERIES.order_by(delivery.c.id.desc()).limit(limit)
    if states:
        wanted = wanted.where(delivery.c.state.in_(states))
    for column, value in (
        (delivery.c.campaign, campaign),
        (delivery.c.channel, channel),
        (delivery.c.aid_id, aid_id),
        (delivery.c.digest_id, digest_id),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    return tuple(delivery_of(row) for row in connection.execute(wanted))


def read_delivery(connection: Connection, delivery_id: int) -> Delivery:
    """Return one delivery; UnknownName if there is none."""
    row = None
    if is_number(delivery_id):
        row = connection.execute(_DELIVERY, {"delivery_id": delivery_id}).first()
    if row is None:
        raise UnknownName(f"there is no delivery {delivery_id}")
    return delivery_of(row)


def is_number(row_id: int) -> bool:
    """Return whether a row can have this number."""
    return 0 < row_id < MOST_ROWS


def read_attempts(connection: Connection, delivery_id: int) -> tuple[Attempt, ...]:
    """List a delivery's attempts, oldest first."""
    wanted = select(attempt).where(attempt.c.delivery_id == delivery_id).order_by(attempt.c.number)
    return tuple(attempt_of(row) for row in connection.execute(wanted))


def read_aids(
    connection: Connection, *, source: str | None = None, limit: int | None = None
) -> tuple[KnownAid, ...]:
    """List aids, newest first seen first."""
    wanted = NEWEST_AIDS.limit(limit)
    if source is not None:
        wanted = wanted.where(aid.c.source == source)
    return known_aids(connection, wanted)


def read_aid(connection: Connection, aid_id: int) -> KnownAid:
    """Return one aid; UnknownName if there is none."""
    found = known_aids(connection, _AID, {"aid_id": aid_id}) if is_number(aid_id) else ()
    if not found:
        raise UnknownName(f"no aid {aid_id} is known")
    return found[0]


def find_aids(connection: Connection, words: str) -> tuple[KnownAid, ...]:
    """Find aids by number, or else by key, alias or link, newest first seen first.

    Digits alone are an aid's number, never a key: those take ``key:`` before them.
    """
    words = words.strip()
    if "\x00" in words or SURROGATE.search(words):
        return ()  # no database holds such text, so nothing is known by it
    if words.isascii() and words.isdigit():
        numbers = [number] if is_number(number := int(words[:20])) else []
        return known_aids(connection, NEWEST_AIDS.where(aid.c.id.in_(numbers)))
    names = {
        name
        for key in {words, words.removeprefix(KEY_PREFIX)}
        for name in (key, *(name_of(prefix.rstrip(":"), key) for prefix in ALIAS_PREFIXES))
    }
    link = usable_link(words)
    if link is not None:
        names.add(link_alias(link))
    ids = set(connection.scalars(select(alias.c.aid_id).where(alias.c.alias.in_(sorted(names)))))
    return known_aids(connection, NEWEST_AIDS.where(aid.c.id.in_(sorted(ids))))


def known_aids(
    connection: Connection, wanted: Select[Any], values: Mapping[str, Any] | None = None
) -> tuple[KnownAid, ...]:
    """Run a query (with these values) for whole rows of ``aid`` and join their aliases, in its order."""
    rows = connection.execute(wanted, values).all()
    names: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(rows), BATCH):
        ids = [row.id for row in rows[start : start + BATCH]]
        held = connection.execute(_ALIASES, {"ids": ids})
        for aid_id, group in groupby(held, key=lambda row: row.aid_id):
            names[aid_id] = tuple(row.alias for row in group)
    return tuple(known_aid_of(row, names.get(row.id, ())) for row in rows)


def read_source(connection: Connection, source: str) -> SourceStatus:
    """Return where a source was left; UnknownName if it has no row."""
    row = connection.execute(_SOURCE, {"name": source}).first()
    if row is None:
        raise UnknownName(f"the ledger knows no source {source!r}")
    return source_status_of(row)


def read_sources(connection: Connection) -> tuple[SourceStatus, ...]:
    """List all sources by name; sorted here because databases differ in how they collate."""
    rows = connection.execute(SOURCES).all()
    return tuple(source_status_of(row) for row in sorted(rows, key=lambda row: row.name))


def read_channels(connection: Connection) -> tuple[ChannelStatus, ...]:
    """List all channels by name; sorted here because databases differ in how they collate."""
    rows = connection.execute(_CHANNELS).all()
    return tuple(channel_status_of(row) for row in sorted(rows, key=lambda row: row.name))


def read_tallies(connection: Connection) -> tuple[Tally, ...]:
    """Count deliveries by campaign, channel and state; sorted here because databases differ."""
    place = (delivery.c.campaign, delivery.c.channel, delivery.c.state)
    rows = connection.execute(select(*place, func.count()).group_by(*place))
    return tuple(
        Tally(campaign=campaign, channel=channel, state=State(state), count=count)
        for campaign, channel, state, count in sorted(tuple(row) for row in rows)
    )


def count_states(connection: Connection) -> dict[State, int]:
    """Count deliveries by state; states without any are absent."""
    wanted = select(delivery.c.state, func.count()).group_by(delivery.c.state)
    return {State(state): number for state, number in connection.execute(wanted)}
