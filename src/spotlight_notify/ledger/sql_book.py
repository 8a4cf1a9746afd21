"""Write one recording: what a look at a source found, and the deliveries planned for it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from spotlight_notify.ledger import aid_updates, approvals, brakes, decisions, gone_aids
from spotlight_notify.ledger.aid_updates import words_of
from spotlight_notify.ledger.history import record, signed_by_program
from spotlight_notify.ledger.polling import insert_missing
from spotlight_notify.ledger.queries import BATCH, DELIVERIES, known_aids, read_delivery, read_source
from spotlight_notify.ledger.rows import (
    asked_about_text,
    delivery_of,
    findings_text,
    notes_text,
    post_text,
)
from spotlight_notify.ledger.schema import aid, alias, delivery, source
from spotlight_notify.ledger.transitions import lock_state, move, title_of
from spotlight_notify.model.aids import ON_DEMAND, SUCCESSOR, Aid
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.orders import Signature
from spotlight_notify.model.records.standing import Delivery, KnownAid, SourceStatus
from spotlight_notify.model.states import NO_ANNOUNCEMENT, NOT_PUBLIC, WAITING
from spotlight_notify.model.words import Cause, State

REPLANNED = "planned again by an order, which is on record beside this"
"""Why a delivery of an aid that is ordered takes another plan."""

_SOURCE: BindParameter[str] = bindparam("source")
_TOLD_IN_DIGEST = and_(delivery.c.state == State.SKIPPED, delivery.c.cause == Cause.DIGEST)
_IS_CANCELLED = delivery.c.state == State.CANCELLED
_SHOWN_ELSEWHERE = select(alias.c.aid_id).where(
    alias.c.alias.in_(bindparam("links", expanding=True)), alias.c.source != _SOURCE
)
_DECIDED_ELSEWHERE = (
    DELIVERIES.where(
        delivery.c.campaign == bindparam("campaign"),
        delivery.c.channel == bindparam("channel"),
        delivery.c.aid_id.in_(_SHOWN_ELSEWHERE),
        or_(delivery.c.state.not_in(NO_ANNOUNCEMENT), _TOLD_IN_DIGEST, _IS_CANCELLED),
    )
    .order_by(case((_IS_CANCELLED, 1), else_=0), delivery.c.id)
    .limit(1)
)
_ADD = insert(aid).returning(aid.c.id)
_COUNT = select(func.count()).select_from(aid).where(aid.c.source == _SOURCE)
_FAMILIAR = (
    select(aid.c.title)
    .distinct()
    .where(aid.c.source == _SOURCE, aid.c.title.in_(bindparam("titles", expanding=True)))
)
_OWNERS = select(alias.c.alias, alias.c.aid_id).where(
    alias.c.source == _SOURCE, alias.c.alias.in_(bindparam("names", expanding=True))
)
_FINISH = update(source).where(source.c.name == _SOURCE)
_BASELINE_AT = func.coalesce(source.c.baseline_at, bindparam("now", type_=source.c.baseline_at.type))
_FINISH_BASELINE = _FINISH.values(baseline_at=_BASELINE_AT)
_BY_ID = select(aid).where(aid.c.id.in_(bindparam("ids", expanding=True)))


class SqlBook:
    """The port ``Book`` inside a transaction that ``SqlLedger.recording`` begins and ends."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection, self._source = connection, source

    def status(self) -> SourceStatus:
        return read_source(self._connection, self._source)

    def match(self, aids: Sequence[Aid]) -> dict[str, KnownAid]:
        names = {each.key: each.names for each in aids}
        owners = self._owners(sorted({name for group in names.values() for name in group}))
        known = self._by_id(sorted(set(owners.values())))
        owned = {key: [owners[name] for name in group if name in owners] for key, group in names.items()}
        return {key: known[ids[0]] for key, ids in owned.items() if ids}

    def add(self, new: Aid, *, baseline: bool, now: datetime) -> KnownAid:
        first = {"source": self._source, "key": new.key, "first_seen_at": now, "baseline": baseline}
        values = first | words_of(new)
        aid_id = self._connection.execute(_ADD, values).scalar_one()
        self.also_known_as(aid_id, (new.key, *new.aliases))
        return self._by_id([aid_id])[aid_id]

    def also_known_as(self, aid_id: int, aliases: Iterable[str]) -> None:
        rows = [{"source": self._source, "alias": name, "aid_id": aid_id} for name in dict.fromkeys(aliases)]
        if rows:
            self._connection.execute(insert_missing(self._connection, alias, ["source", "alias"]), rows)

    def decided_elsewhere(self, announced: Aid, campaign: str, channel: str) -> Delivery | None:
        links = [name for name in announced.aliases if name.startswith("link:")]
        here = {"campaign": campaign, "channel": channel}
        others = {"source": announced.source, "links": links}
        row = self._connection.execute(_DECIDED_ELSEWHERE, {**here, **others}).first()
        return None if row is None else delivery_of(row)

    def plan(self, aid_id: int, plan: Plan, now: datetime) -> int | None:
        unique = ["campaign", "channel", "aid_id"]
        place = {"campaign": plan.campaign, "channel": plan.channel, "aid_id": aid_id}
        new = {"tries": 0, "asked_about": asked_about_text(plan.asked_about)}
        values = {**place, **_promise(plan, aid_id), **new, "created_at": now, "changed_at": now}
        wanted = insert_missing(self._connection, delivery, unique).values(values).returning(delivery.c.id)
        delivery_id = self._connection.execute(wanted).scalar_one_or_none()
        if delivery_id is not None and plan.writers:
            decisions.write_down_writers(self._connection, delivery_id, plan.writers)
        return delivery_id

    def sign(
        self, delivery_id: int, action: str, *, who: str, reason: str, now: datetime, was: Post | None = None
    ) -> None:
        by = Signature(who=who, reason=reason, at=now)
        record(self._connection, by, action, post_text(was), delivery_id=delivery_id)

    def refresh(self, aid_id: int, aid_now: Aid) -> None:
        aid_updates.refresh(self._connection, aid_id, aid_now)

    def replace(self, known: KnownAid, shown: Aid, now: datetime) -> KnownAid:
        taken = aid_updates.give_up_names(self._connection, known, shown)
        added = self.add(replace(shown, key=known.aid.key), baseline=False, now=now)
        self.also_known_as(added.id, taken)
        return self._by_id([added.id])[added.id]

    def redate(
        self, aid_id: int, old: datetime | None, new: datetime, now: datetime, settled_at: datetime
    ) -> None:
        aid_updates.redate(self._connection, aid_id, old, new, now, settled_at)

    def miss(self, keys: Sequence[str], now: datetime) -> None:
        gone_aids.miss(self._connection, self._source, keys, now)

    def meet(self, aid_id: int, now: datetime) -> None:
        gone_aids.meet(self._connection, aid_id, now)

    def delivery(self, delivery_id: int) -> Delivery:
        return read_delivery(self._connection, delivery_id)

    def deliveries_of(self, aid_id: int) -> tuple[Delivery, ...]:
        mine = DELIVERIES.where(delivery.c.aid_id == aid_id).order_by(delivery.c.id)
        return tuple(delivery_of(row) for row in self._connection.execute(mine))

    def successors_of(self, aid_id: int) -> tuple[Delivery, ...]:
        made = (aid.c.source == ON_DEMAND, aid.c.key.like(f"{SUCCESSOR}:{aid_id}:%"))
        taken = DELIVERIES.where(*made).order_by(delivery.c.id)
        return tuple(delivery_of(row) for row in self._connection.execute(taken))

    def rewrite(self, seen: Delivery, plan: Plan, *, reason: str, now: datetime) -> bool:
        return decisions.rewrite(self._connection, seen, plan, reason=reason, now=now)

    def share_themes(self, aid_id: int, themes: Sequence[str]) -> None:
        aid_updates.share_themes(self._connection, aid_id, themes)

    def ask(self, seen: Delivery, cause: Cause, reason: str, now: datetime) -> None:
        decisions.ask(self._connection, seen.id, cause, reason, now)

    def delivery_of(self, aid_id: int, campaign: str, channel: str) -> Delivery | None:
        here = (delivery.c.aid_id == aid_id, delivery.c.campaign == campaign, delivery.c.channel == channel)
        row = self._connection.execute(DELIVERIES.where(*here)).first()
        return None if row is None else delivery_of(row)

    def replan(self, delivery_id: int, plan: Plan, now: datetime) -> bool:
        was = lock_state(self._connection, delivery_id)
        if was not in NOT_PUBLIC:
            return False
        by, columns = signed_by_program(REPLANNED, now), {**_promise(plan, delivery.c.aid_id), "tries": 0}
        move(self._connection, delivery_id, was, plan.state, by, reason=plan.reason, columns=columns)
        decisions.write_down_writers(self._connection, delivery_id, plan.writers)
        approvals.end(self._connection, delivery_id, now, unless=plan.post)
        return True

    def known_count(self) -> int:
        return self._connection.execute(_COUNT, {"source": self._source}).scalar_one()

    def familiar(self, titles: Sequence[str]) -> int:
        known: set[str] = set()
        asked = sorted({title for title in titles if title})
        for start in range(0, len(asked), BATCH):
            batch = {"source": self._source, "titles": asked[start : start + BATCH]}
            known.update(self._connection.scalars(_FAMILIAR, batch))
        return sum(title in known for title in titles)

    def namesakes(self, titles: Sequence[str]) -> tuple[KnownAid, ...]:
        return self._known_by(aid.c.title, titles)

    def linked(self, links: Sequence[str]) -> tuple[KnownAid, ...]:
        return self._known_by(aid.c.link, links)

    def newest(self, count: int, since: datetime | None) -> tuple[KnownAid, ...]:
        of_source, age = aid.c.source == self._source, func.coalesce(aid.c.published_at, aid.c.first_seen_at)
        newest = select(aid.c.id).where(of_source).order_by(age.desc(), aid.c.id.desc()).limit(count)
        wanted = (
            aid.c.id.in_(newest) if since is None else or_(aid.c.id.in_(newest), aid.c.published_at >= since)
        )
        return known_aids(self._connection, select(aid).where(of_source, wanted).order_by(age, aid.c.id))

    def raise_alarm(self, reason: str, now: datetime) -> None:
        brakes.raise_alarm(self._connection, self._source, reason, now)

    def absorb(self, aid_ids: Sequence[int], digest_id: int, now: datetime) -> int:
        digest = read_delivery(self._connection, digest_id)
        reason = f"it is part of a digest, delivery {digest_id}"
        by, columns = signed_by_program(reason, now), {"digest_id": digest_id}
        absorbed = 0
        for was in WAITING:
            ids = self._waiting_here(digest, aid_ids, was)
            moved = move(
                self._connection,
                ids,
                was,
                State.SKIPPED,
                by,
                reason=reason,
                cause=Cause.DIGEST,
                columns=columns,
            )
            absorbed += len(moved)
        return absorbed

    def finish(
        self,
        *,
        cursor: str | None,
        next_poll_at: datetime,
        baseline_done: bool,
        now: datetime,
        notes: Sequence[str] = (),
    ) -> None:
        values: dict[str, Any] = {
            "cursor": cursor,
            "next_poll_at": next_poll_at,
            "polled_at": now,
            "succeeded_at": now,
            "failures": 0,
            "error": None,
            "notes": notes_text(notes),
        }
        if baseline_done:
            values |= {"latest": 0, "since_at": None, "now": now}
        finish = _FINISH_BASELINE if baseline_done else _FINISH
        self._connection.execute(finish, {"source": self._source, **values})

    def _known_by(self, column: Column[Any], values: Sequence[str]) -> tuple[KnownAid, ...]:
        asked = sorted(set(values))
        found: list[KnownAid] = []
        for start in range(0, len(asked), BATCH):
            fits = column.in_(asked[start : start + BATCH])
            found += known_aids(self._connection, select(aid).where(aid.c.source == self._source, fits))
        return tuple(sorted(found, key=lambda each: each.id))

    def _waiting_here(self, digest: Delivery, aid_ids: Sequence[int], state: State) -> list[int]:
        """Lock and list the deliveries of these aids that are in this state where a digest goes."""
        here = (delivery.c.campaign == digest.campaign, delivery.c.channel == digest.channel)
        found: list[int] = []
        for start in range(0, len(aid_ids), BATCH):
            mine = (delivery.c.aid_id.in_(aid_ids[start : start + BATCH]), delivery.c.id != digest.id)
            wanted = select(delivery.c.id).where(*here, *mine, delivery.c.state == state).with_for_update()
            found += self._connection.scalars(wanted)
        return found

    def _owners(self, names: Sequence[str]) -> dict[str, int]:
        owners: dict[str, int] = {}
        for start in range(0, len(names), BATCH):
            batch = {"source": self._source, "names": names[start : start + BATCH]}
            owners.update((row.alias, row.aid_id) for row in self._connection.execute(_OWNERS, batch))
        return owners

    def _by_id(self, ids: Sequence[int]) -> dict[int, KnownAid]:
        known: dict[int, KnownAid] = {}
        for start in range(0, len(ids), BATCH):
            batch = {"ids": ids[start : start + BATCH]}
            known.update((each.id, each) for each in known_aids(self._connection, _BY_ID, batch))
        return known


def _promise(plan: Plan, aid_id: Any) -> dict[str, Any]:
    """Return the columns that hold what a plan promises of an aid, and what that is called now."""
    return {
        "state": plan.state,
        "reason": plan.reason,
        "due_at": plan.due_at,
        "post": post_text(plan.post),
        "findings": findings_text(plan.findings),
        "cause": plan.cause,
        "any_hour": plan.any_hour,
        "digest_id": plan.digest_id,
        "post_title": title_of(aid_id),
    }
