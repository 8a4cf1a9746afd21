"""Read what waits on a channel, when posts went out there, and what is held. Nothing here writes.

A delivery goes out when it is claimed (``went_at``; taken back when the attempt surely made nothing public).
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import starmap
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, select

from spotlight_notify.ledger.holds import first_on, read_holds
from spotlight_notify.ledger.rows import themes_in
from spotlight_notify.ledger.schema import PENDING, aid, delivery
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.model.records.standing import Queue
from spotlight_notify.model.schedule import AS_IT_IS, Posted, Waiting, WhatIf

LATELY = timedelta(hours=50)
"""How far back posts are read: a local day has 48 hours where a zone crosses the date line."""

PENDINGS: Select[Any] = (
    select(
        delivery.c.id,
        delivery.c.campaign,
        aid.c.theme,
        aid.c.other_themes,
        delivery.c.due_at,
        delivery.c.any_hour,
        aid.c.event_at,
        aid.c.expires_at,
    )
    .join_from(delivery, aid, delivery.c.aid_id == aid.c.id)
    .where(PENDING)
)

_HERE = delivery.c.channel == bindparam("channel")


def _posts(at: ColumnElement[Any]) -> Select[Any]:
    """Select posts of a channel by one of their moments; statements are made once, as a beat reads them."""
    wanted = select(delivery.c.campaign, at, aid.c.theme)
    return wanted.join_from(delivery, aid, delivery.c.aid_id == aid.c.id).where(_HERE)


_PENDINGS_HERE = PENDINGS.where(_HERE)
_WENT_SINCE = _posts(delivery.c.went_at).where(delivery.c.went_at >= bindparam("since"))
_MISSED_SINCE = _posts(delivery.c.missed_at).where(delivery.c.missed_at >= bindparam("since"))
_WENT = _posts(delivery.c.went_at).where(delivery.c.went_at.is_not(None))
_LAST = _WENT.order_by(delivery.c.went_at.desc()).limit(1)
_LAST_OF = _LAST.where(delivery.c.campaign == bindparam("campaign"))


def read_queue(connection: Connection, channel: str, now: datetime, what_if: WhatIf = AS_IT_IS) -> Queue:
    """Read all that is, or would be, pending on a channel, the holds on it, and the posts of late."""
    rows = sorted(connection.execute(_PENDINGS_HERE, {"channel": channel}), key=lambda row: row.id)
    pending = what_if.applied_to(map(waiting_of, rows))
    waiting, held = sort_out(pending, read_holds(connection, now), channel)
    campaigns = {one.campaign for one in waiting}
    posts = read_posts(connection, channel, now - LATELY, campaigns)
    return Queue(waiting=waiting, posts=posts, held=held)


def waiting_of(row: Row[Any]) -> Waiting:
    """Read a row that begins with the columns of ``PENDINGS``."""
    id_, campaign, theme, others, due_at, any_hour, *ends = row[: len(PENDINGS.selected_columns)]
    return Waiting(
        id=id_,
        campaign=campaign,
        theme=theme,
        other_themes=themes_in(others),
        due_at=due_at,
        any_hour=any_hour,
        over_at=min((at for at in ends if at), default=None),
    )


def sort_out(
    pending: Iterable[Waiting], holds: Collection[Hold], channel: str
) -> tuple[tuple[Waiting, ...], dict[int, Hold]]:
    """Part what waits freely from what is held, and tell by which of these holds (the first that fits)."""
    if not holds:
        return tuple(pending), {}
    waiting: list[Waiting] = []
    held: dict[int, Hold] = {}
    for one in pending:
        hold = first_on(holds, one.campaign, channel, one.themes)
        if hold is None:
            waiting.append(one)
        else:
            held[one.id] = hold
    return tuple(waiting), held


def read_posts(
    connection: Connection, name: str, since: datetime, campaigns: Collection[str]
) -> tuple[Posted, ...]:
    """List when posts went out on a channel since then, ascending.

    The last one of each of these campaigns, and of the channel, is there however old it is: a gap may be
    long, and a theme goes on.
    """
    posts = _since(connection, _WENT_SINCE, name, since)
    seen = {post.campaign for post in posts}
    older = [_last(connection, name, campaign) for campaign in sorted(set(campaigns) - seen)]
    if not seen:
        older.append(_last(connection, name, None))
    posts += {post for post in older if post is not None}
    return _ascending(posts)


def read_slots(
    connection: Connection, name: str, since: datetime, campaigns: Collection[str]
) -> tuple[Posted, ...]:
    """List the same, and beside them the slots that deliveries missed, to tell what is late.

    What went out late, or was found late, counts where it could have gone as well. Without that, whatever
    stands behind it in the line could have gone there, and would be late too.
    """
    missed = _since(connection, _MISSED_SINCE, name, since)
    return _ascending([*read_posts(connection, name, since, campaigns), *missed])


def _since(connection: Connection, wanted: Select[Any], name: str, since: datetime) -> list[Posted]:
    return list(starmap(_posted, connection.execute(wanted, {"channel": name, "since": since})))


def _ascending(posts: Iterable[Posted]) -> tuple[Posted, ...]:
    return tuple(sorted(posts, key=lambda post: post.at))


def _last(connection: Connection, name: str, campaign: str | None) -> Posted | None:
    """Find the last post of a campaign, or of any; walks back through the channel's posts to it."""
    wanted, where = _LAST, {"channel": name}
    if campaign is not None:
        wanted, where = _LAST_OF, {**where, "campaign": campaign}
    row = connection.execute(wanted, where).first()
    return None if row is None else _posted(*row)


def _posted(campaign: str, at: datetime, theme: str | None) -> Posted:
    return Posted(campaign=campaign, at=at, theme=theme)
