"""Keep approvals: who let which post go, by its digest. At most one of a delivery is in force."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, insert, or_, select, true, update

from spotlight_notify.ledger.history import signed_by_policy
from spotlight_notify.ledger.queries import known_aids
from spotlight_notify.ledger.rows import approval_of, findings_of, post_of
from spotlight_notify.ledger.schema import IN_FORCE, PENDING, aid, approval, delivery
from spotlight_notify.ledger.transitions import move
from spotlight_notify.model.campaigns import ApprovalPolicy
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.orders import Approval
from spotlight_notify.model.words import Access, Cause, State
from spotlight_notify.rules.approval import post_hash, why_approval, why_unfit

_MINE = approval.c.delivery_id == bindparam("delivery_id")
_JUDGED: Select[Any] = (
    select(
        delivery.c.post,
        approval.c.digest,
        approval.c.who,
        approval.c.approved_at,
        approval.c.until_at.label("approved_until_at"),
    )
    .join_from(delivery, approval, approval.c.delivery_id == delivery.c.id)
    .where(_MINE, PENDING, IN_FORCE)
)
_APPROVED = select(approval.c.id).where(_MINE, IN_FORCE).limit(1)


def give(connection: Connection, delivery_id: int, given: Approval) -> None:
    """Write an approval; an earlier one ends."""
    end(connection, delivery_id, given.approved_at)
    connection.execute(
        insert(approval).values(
            delivery_id=delivery_id,
            digest=given.digest,
            who=given.who,
            approved_at=given.approved_at,
            until_at=given.until_at,
        )
    )


def end(connection: Connection, delivery_id: int, now: datetime, *, unless: Post | None = None) -> None:
    """End the approval in force, if there is one; it stays where it is for just the post ``unless``."""
    ended = update(approval).where(approval.c.delivery_id == delivery_id, IN_FORCE).values(ended_at=now)
    connection.execute(ended if unless is None else ended.where(approval.c.digest != post_hash(unless)))


def propose_if_unfit(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """Take a pending delivery back for approval if it has one that does not fit its post; tell whether."""
    row = connection.execute(_JUDGED, {"delivery_id": delivery_id}).first()
    given, post = (None, None) if row is None else (approval_of(row), post_of(row.post))
    unfit = given and post and why_unfit(given, post, now)
    if unfit:
        _propose(connection, delivery_id, unfit, now)
    return bool(unfit)


def propose_unapproved(
    connection: Connection, channel: str | None, policies: Mapping[str, ApprovalPolicy], now: datetime
) -> None:
    """Ask about what is pending on a channel (or any), unapproved, though its campaign's policy wants that.

    So a policy that is made stricter reaches what was planned before, and what is pending by any other way.
    """
    for delivery_id, why in unapproved(connection, channel, policies):
        _propose(connection, delivery_id, f"awaits approval: {why}", now)


def unapproved(
    connection: Connection, channel: str | None, policies: Mapping[str, ApprovalPolicy]
) -> tuple[tuple[int, str], ...]:
    """List such deliveries, and why each needs an approval; a digest does if any of its aids does."""
    asking = {name: policy for name, policy in policies.items() if policy.asks}
    if not asking:
        return ()
    here = delivery.c.channel == channel if channel else true()
    unasked = or_(*(and_(delivery.c.campaign == name, _may_ask(each)) for name, each in asking.items()))
    approved = select(approval.c.id).where(approval.c.delivery_id == delivery.c.id, IN_FORCE).exists()
    wanted = (
        select(delivery.c.id, delivery.c.aid_id, delivery.c.campaign, delivery.c.findings)
        .join_from(delivery, aid, aid.c.id == delivery.c.aid_id)
        .where(here, PENDING, unasked, ~approved)
    )
    rows = connection.execute(wanted).all()
    whys = ((row.id, _why(connection, row, asking[row.campaign])) for row in rows)
    return tuple((delivery_id, why) for delivery_id, why in whys if why)


def _why(connection: Connection, row: Any, policy: ApprovalPolicy) -> str | None:
    told = known_aids(connection, select(aid).where(or_(aid.c.id == row.aid_id, _is_in(row.id))))
    whys = (why_approval(each.aid, findings_of(row.findings), policy) for each in told)
    return next(filter(None, whys), None)


def propose_as_shown(
    connection: Connection, delivery_id: int, aid_ids: Sequence[int], policy: ApprovalPolicy, now: datetime
) -> bool:
    """Propose an unapproved delivery if any of these aids, which show its link elsewhere, needs that."""
    if not policy.asks or is_approved(connection, delivery_id):
        return False
    shown = known_aids(connection, select(aid).where(aid.c.id.in_(aid_ids)).order_by(aid.c.id))
    whys = ((each.aid.source, why_approval(each.aid, (), policy)) for each in shown)
    found = next(((source, why) for source, why in whys if why), None)
    if found is not None:
        source, why = found
        _propose(connection, delivery_id, f"awaits approval: {why} (as source {source} shows it)", now)
    return found is not None


def is_approved(connection: Connection, delivery_id: int) -> bool:
    """Return whether a delivery has an approval in force."""
    return connection.scalar(_APPROVED, {"delivery_id": delivery_id}) is not None


def _may_ask(policy: ApprovalPolicy) -> ColumnElement[bool]:
    """Return a condition that is true wherever the policy asks or may ask: findings are text, read later."""
    if policy.everything:
        return true()
    asked: list[ColumnElement[bool]] = [_has_members()]
    asked += [aid.c.kind.in_(sorted(policy.kinds))] if policy.kinds else []
    asked += [aid.c.access == Access.SIGN_IN] if policy.sign_in else []
    asked += [delivery.c.findings != "[]"] if policy.warnings else []
    return or_(*asked)


def _has_members() -> ColumnElement[bool]:
    """Return the condition that holds for a digest."""
    member = delivery.alias("member")
    return select(member.c.id).where(member.c.digest_id == delivery.c.id).exists()


def _is_in(digest_id: int) -> ColumnElement[bool]:
    """Return the condition that holds for the aids that a digest tells of."""
    return aid.c.id.in_(select(delivery.c.aid_id).where(delivery.c.digest_id == digest_id))


def _propose(connection: Connection, delivery_id: int, reason: str, now: datetime) -> None:
    by = signed_by_policy(reason, now)
    move(connection, delivery_id, State.PENDING, State.PROPOSED, by, reason=reason, cause=Cause.APPROVAL)
