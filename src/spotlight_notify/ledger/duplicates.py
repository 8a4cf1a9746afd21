"""What several sources show under one link: it goes out once, and not where one of them speaks against it.

Asked of a delivery whose turn has come: planning asks this too, but what waited for a person may have been
overtaken since.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, or_, select

from spotlight_notify.ledger import approvals
from spotlight_notify.ledger.aid_updates import share_themes
from spotlight_notify.ledger.history import signed_by_policy
from spotlight_notify.ledger.holds import hold_on
from spotlight_notify.ledger.rows import asked_about_of, post_of, themes_in
from spotlight_notify.ledger.schema import aid, alias, delivery
from spotlight_notify.ledger.transitions import more_asked_about, move
from spotlight_notify.model.aids import ON_DEMAND, themes_of
from spotlight_notify.model.campaigns import ApprovalPolicy, other_place
from spotlight_notify.model.states import MAYBE_PUBLIC
from spotlight_notify.model.words import Cause, State
from spotlight_notify.text.links import lead_to_other_places
from spotlight_notify.text.names import unique_names
from spotlight_notify.text.times import utc_minute
from spotlight_notify.text.titles import is_cancelled_title

_MINE: Select[Any] = select(
    delivery.c.campaign, delivery.c.channel, delivery.c.aid_id, delivery.c.post, delivery.c.asked_about
).where(delivery.c.id == bindparam("delivery_id"))
_LINKS = select(alias.c.alias).where(alias.c.aid_id == bindparam("aid_id"), alias.c.alias.like("link:%"))
_SHOWING = select(alias.c.aid_id).where(alias.c.alias.in_(bindparam("links", expanding=True)))
_IN_DIGEST = and_(delivery.c.state == State.SKIPPED, delivery.c.cause == Cause.DIGEST)
_TOLD: Select[Any] = (
    select(delivery.c.id, delivery.c.post)
    .where(
        delivery.c.campaign == bindparam("campaign"),
        delivery.c.channel == bindparam("channel"),
        delivery.c.aid_id.in_(bindparam("twins", expanding=True)),
        or_(delivery.c.state.in_(MAYBE_PUBLIC), _IN_DIGEST),
    )
    .order_by(delivery.c.id)
)


def skip_if_repeated(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """Skip a pending delivery whose aid's link is announced here by another source's aid; tell whether.

    Planning asks this too, but one that waited for a person may have been overtaken since. A person is asked
    instead, once, where each of the posts leads to another place on the same page.
    """
    mine = connection.execute(_MINE, {"delivery_id": delivery_id}).one()
    told = _announced(connection, mine)
    elsewhere = {row.id for row in told if lead_to_other_places(_link(mine), _link(row))}
    if same := [row.id for row in told if row.id not in elsewhere]:
        reason = f"its link is announced already by delivery {same[0]}"
        by = signed_by_policy(reason, now)
        move(connection, delivery_id, State.PENDING, State.SKIPPED, by, reason=reason, cause=Cause.DUPLICATE)
        return True
    new = sorted(each for each in elsewhere if other_place(each) not in asked_about_of(mine.asked_about))
    return bool(new) and _ask_if_another(connection, delivery_id, new, now)


def _ask_if_another(connection: Connection, delivery_id: int, told: Sequence[int], now: datetime) -> bool:
    named = ", ".join(map(str, told))
    reason = f"the same link but for the place on the page is announced by delivery {named}"
    tokens = more_asked_about(connection, delivery_id, [other_place(each) for each in told])
    _propose(connection, delivery_id, Cause.FOUND, f"{reason}: is this another one?", tokens, now)
    return True


def _link(row: Row[Any]) -> str | None:
    post = post_of(row.post)
    return post.link if post else None


def _announced(connection: Connection, mine: Row[Any]) -> Sequence[Row[Any]]:
    """Find what tells of other aids with the same link in the same place, itself or in a digest.

    Small steps, each by an index.
    """
    links = connection.scalars(_LINKS, {"aid_id": mine.aid_id}).all()
    twins = set(connection.scalars(_SHOWING, {"links": links})) - {mine.aid_id} if links else set()
    if not twins:
        return ()
    here = {"campaign": mine.campaign, "channel": mine.channel, "twins": sorted(twins)}
    return connection.execute(_TOLD, here).all()


_HERE: Select[Any] = (
    select(delivery.c.aid_id, delivery.c.campaign, delivery.c.asked_about, aid.c.theme, aid.c.other_themes)
    .join_from(delivery, aid, aid.c.id == delivery.c.aid_id)
    .where(delivery.c.id == bindparam("delivery_id"))
)
_PARTS = select(delivery.c.aid_id).where(delivery.c.digest_id == bindparam("delivery_id"))

_told, _elsewhere, _other = alias.alias("told"), alias.alias("elsewhere"), aid.alias("other")
_TWINS = (
    select(_other.c.id, _other.c.source, _other.c.title, _other.c.gone_at)
    .add_columns(_other.c.theme, _other.c.other_themes)
    .add_columns(aid.c.source.label("here"), aid.c.title.label("title_here"))
    .join_from(_told, aid, aid.c.id == _told.c.aid_id)
    .join(_elsewhere, and_(_elsewhere.c.alias == _told.c.alias, _elsewhere.c.source != _told.c.source))
    .join(_other, _other.c.id == _elsewhere.c.aid_id)
    .where(_told.c.aid_id.in_(bindparam("aid_ids", expanding=True)), _told.c.alias.like("link:%"))
    .where(aid.c.source != ON_DEMAND)  # what a person has ordered is no source's word
    .order_by(_other.c.id)
)


def is_stopped_elsewhere(
    connection: Connection, delivery_id: int, policies: Mapping[str, ApprovalPolicy], now: datetime
) -> bool:
    """Return whether what other sources say of a pending delivery's aid, or of a digest's, stops it.

    A person is asked where one of them calls it off, has taken it back, or shows what needs an approval. It
    takes over their themes, and waits if one of those is held.
    """
    here = connection.execute(_HERE, {"delivery_id": delivery_id}).one()
    parts = connection.scalars(_PARTS, {"delivery_id": delivery_id})
    twins = connection.execute(_TWINS, {"aid_ids": [here.aid_id, *parts]}).all()
    if not twins:
        return False
    policy, ids = policies.get(here.campaign), [row.id for row in twins]
    return (
        _ask_if_contradicted(connection, delivery_id, asked_about_of(here.asked_about), twins, now)
        or (policy is not None and approvals.propose_as_shown(connection, delivery_id, ids, policy, now))
        or (_takes_over_themes(connection, here, twins) and hold_on(connection, delivery_id, now) is not None)
    )


def _ask_if_contradicted(
    connection: Connection, delivery_id: int, asked: frozenset[str], twins: Sequence[Row[Any]], now: datetime
) -> bool:
    """Ask once for each title that calls it off, and for each time that it was taken back."""
    new = [row for row in twins if (token := _token(row)) and token not in asked]
    return bool(new) and _ask(connection, delivery_id, new, now)


def _takes_over_themes(connection: Connection, here: Row[Any], twins: Sequence[Row[Any]]) -> bool:
    """Give a delivery's aid the themes that it has elsewhere; tell whether any of them is new to it."""
    own = unique_names(_themes(here))
    every = unique_names((*own, *(theme for row in twins for theme in _themes(row))))
    if every != own:
        share_themes(connection, here.aid_id, every)
    return every != own


def _themes(row: Row[Any]) -> tuple[str, ...]:
    return themes_of(row.theme, themes_in(row.other_themes))


def _ask(connection: Connection, delivery_id: int, twins: Sequence[Row[Any]], now: datetime) -> bool:
    cause = Cause.CALLED_OFF if is_cancelled_title(twins[0].title) else Cause.GONE
    shown = f"source {twins[0].here} shows “{twins[0].title_here}”"
    reason = f"{_said(twins[0])}; {shown}: is it to be announced?"
    tokens = more_asked_about(connection, delivery_id, [_token(row) for row in twins])
    _propose(connection, delivery_id, cause, reason, tokens, now)
    return True


def _propose(
    connection: Connection, delivery_id: int, cause: Cause, reason: str, tokens: str, now: datetime
) -> None:
    move(
        connection,
        delivery_id,
        State.PENDING,
        State.PROPOSED,
        signed_by_policy(reason, now),
        reason=reason,
        cause=cause,
        columns={"asked_about": tokens},
    )


def _token(row: Row[Any]) -> str:
    """Return what another source says against an announcement, as a token; empty if it says nothing."""
    if is_cancelled_title(row.title):
        return f"off:{row.id}:{row.title}"
    return f"gone:{row.id}:{row.gone_at:%Y-%m-%dT%H:%M:%S}" if row.gone_at else ""


def _said(row: Row[Any]) -> str:
    if is_cancelled_title(row.title):
        return f"source {row.source} says “{row.title}”"
    return f"source {row.source} has not shown “{row.title}” since {utc_minute(row.gone_at)}"
