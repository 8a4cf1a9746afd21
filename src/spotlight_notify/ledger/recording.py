"""Write one recording: what a look at a source found, and the deliveries planned for it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, insert, or_, select, update

from spotlight_notify.ledger import approvals, brakes, digests
from spotlight_notify.ledger.changes import record, record_rule, signed
from spotlight_notify.ledger.columns import moment
from spotlight_notify.ledger.moving import stopping
from spotlight_notify.ledger.polling import insert_missing
from spotlight_notify.ledger.reading import BATCH, DELIVERIES, known_aids, read_delivery, read_source
from spotlight_notify.ledger.rows import (
    delivery_of,
    findings_text,
    images_of,
    images_text,
    post_text,
    themes_in,
    themes_text,
)
from spotlight_notify.ledger.schema import aid, alias, delivery, source
from spotlight_notify.model import Aid, Cause, Image, Plan, Post, State, themes_of
from spotlight_notify.planning import why_waits
from spotlight_notify.records import Delivery, KnownAid, SourceStatus
from spotlight_notify.text.sameness import each_name_once

GIVEN_UP = (State.PROPOSED, State.SKIPPED, State.CANCELLED, State.FAILED)
"""States in which a delivery stands for no announcement, made or sure to come."""

NOT_PUBLIC = (State.PENDING, *GIVEN_UP)
"""States in which a delivery is surely not public, so that it may be given another post or time."""

WAITING = (State.PENDING, State.PROPOSED)
"""States in which a delivery still means to go out by itself."""


class SqlBook:
    """Fulfil the port ``Book`` inside a transaction that ``SqlLedger.recording`` begins and ends."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection, self._source = connection, source

    def status(self) -> SourceStatus:
        """Tell where the source of this recording was left."""
        return read_source(self._connection, self._source)

    def match(self, aids: Sequence[Aid]) -> dict[str, KnownAid]:
        """Find which of these aids are known; where aliases disagree, the key's own decides."""
        names = {each.key: (each.key, *each.aliases) for each in aids}
        owners = self._owners(sorted({name for group in names.values() for name in group}))
        known = self._by_id(sorted(set(owners.values())))
        owned = {key: [owners[name] for name in group if name in owners] for key, group in names.items()}
        return {key: known[ids[0]] for key, ids in owned.items() if ids}

    def add(self, new: Aid, *, baseline: bool, now: datetime) -> KnownAid:
        """Record an aid that is new to this source, with its aliases (those not taken yet)."""
        first = {"source": self._source, "key": new.key, "first_seen_at": now, "baseline": baseline}
        values = first | _words(new)
        aid_id = self._connection.execute(insert(aid).values(values).returning(aid.c.id)).scalar_one()
        self.also_known_as(aid_id, (new.key, *new.aliases))
        return self._by_id([aid_id])[aid_id]

    def also_known_as(self, aid_id: int, aliases: Iterable[str]) -> None:
        """Add aliases to a known aid; those that are taken already stay where they are."""
        rows = [{"source": self._source, "alias": name, "aid_id": aid_id} for name in dict.fromkeys(aliases)]
        if rows:
            self._connection.execute(insert_missing(self._connection, alias, ["source", "alias"]), rows)

    def announced_elsewhere(self, announced: Aid, campaign: str, channel: str) -> Delivery | None:
        """Find the oldest delivery here of another source's aid with the same ``link:`` alias."""
        links = [name for name in announced.aliases if name.startswith("link:")]
        same = select(alias.c.aid_id).where(alias.c.alias.in_(links), alias.c.source != announced.source)
        row = self._connection.execute(
            DELIVERIES.where(
                delivery.c.campaign == campaign,
                delivery.c.channel == channel,
                delivery.c.aid_id.in_(same),
                or_(delivery.c.state.not_in(GIVEN_UP), _told_in_digest()),
            )
            .order_by(delivery.c.id)
            .limit(1)
        ).first()
        return None if row is None else delivery_of(row)

    def plan(self, aid_id: int, plan: Plan, now: datetime) -> int | None:
        """Record a delivery and return its id; None if campaign, channel and aid have one."""
        unique = ["campaign", "channel", "aid_id"]
        place = {"campaign": plan.campaign, "channel": plan.channel, "aid_id": aid_id}
        values = {**place, **_promise(plan), "tries": 0, "created_at": now, "changed_at": now}
        wanted = insert_missing(self._connection, delivery, unique).values(values).returning(delivery.c.id)
        return self._connection.execute(wanted).scalar_one_or_none()

    def sign(
        self, delivery_id: int, action: str, *, who: str, reason: str, now: datetime, was: Post | None = None
    ) -> None:
        """Put on record who ordered a delivery, or what else they did to it, and why; and its old post."""
        by, detail = signed(who, reason, now), post_text(was)
        record(self._connection, by, action, detail, delivery_id=delivery_id)

    def refresh(self, aid_id: int, aid_now: Aid) -> None:
        """Keep a known aid's present words and what is known of its pictures; planned posts stay.

        While one of them waits the themes that it was planned with stay too, so that a hold on them holds.
        """
        columns = (aid.c.images, aid.c.theme, aid.c.other_themes)
        held = self._connection.execute(select(*columns).where(aid.c.id == aid_id)).first()
        if held is None:
            return
        known = {image.url: image for image in images_of(held.images)}
        images = tuple(_with_known(image, known.get(image.url)) for image in aid_now.images)
        former = themes_of(held.theme, themes_in(held.other_themes)) if self._waits(aid_id) else ()
        others = tuple(each for each in each_name_once((*aid_now.themes, *former)) if each != aid_now.theme)
        words = _words(replace(aid_now, images=images, other_themes=others))
        self._connection.execute(update(aid).where(aid.c.id == aid_id).values(words))
        digests.widen_themes(self._connection, aid_id, aid_now.themes)

    def _waits(self, aid_id: int) -> bool:
        waiting = (delivery.c.aid_id == aid_id, delivery.c.state.in_(WAITING))
        return self._connection.scalar(select(delivery.c.id).where(*waiting).limit(1)) is not None

    def redate(self, aid_id: int, old: datetime, new: datetime, now: datetime) -> None:
        """Move what waits for its aid's own date, as its source changed that: never into the past."""
        if new == old or old <= now:
            return
        reason = why_waits(new) if new > now else None
        waiting = (delivery.c.aid_id == aid_id, delivery.c.state.in_(WAITING), delivery.c.due_at == old)
        told = case((delivery.c.state == State.PENDING, reason), else_=delivery.c.reason)
        moved = update(delivery).where(*waiting).values(due_at=max(new, now), reason=told)
        for each in self._connection.scalars(moved.returning(delivery.c.id)).all():
            record_rule(self._connection, each, "moved", f"its source dates it {new:%Y-%m-%d %H:%M} UTC", now)

    def delivery_of(self, aid_id: int, campaign: str, channel: str) -> Delivery | None:
        """Find the delivery that a known aid has here."""
        here = (delivery.c.aid_id == aid_id, delivery.c.campaign == campaign, delivery.c.channel == channel)
        row = self._connection.execute(DELIVERIES.where(*here)).first()
        return None if row is None else delivery_of(row)

    def replan(self, delivery_id: int, plan: Plan, now: datetime) -> bool:
        """Give a delivery that is surely not public this plan; its approval ends if its post is another."""
        replanned = self._connection.execute(
            update(delivery)
            .where(delivery.c.id == delivery_id, delivery.c.state.in_(NOT_PUBLIC))
            .values({**_promise(plan), "tries": 0, "changed_at": now})
        )
        if replanned.rowcount == 1:
            approvals.end(self._connection, delivery_id, now, unless=plan.post)
        return replanned.rowcount == 1

    def known_count(self) -> int:
        """Count the aids that this source has shown so far; reads an index on them."""
        counted = select(func.count()).select_from(aid).where(aid.c.source == self._source)
        return self._connection.execute(counted).scalar_one()

    def familiar(self, titles: Sequence[str]) -> int:
        """Count which of these titles known aids bear; reads all aids of the source."""
        known: set[str] = set()
        asked = sorted({title for title in titles if title})
        for start in range(0, len(asked), BATCH):
            wanted = select(aid.c.title).distinct().where(aid.c.source == self._source)
            batch = asked[start : start + BATCH]
            known.update(self._connection.scalars(wanted.where(aid.c.title.in_(batch))))
        return sum(title in known for title in titles)

    def namesakes(self, titles: Sequence[str]) -> tuple[KnownAid, ...]:
        """List the known aids that bear these titles; reads all aids of the source."""
        asked = sorted(set(titles))
        found: list[KnownAid] = []
        for start in range(0, len(asked), BATCH):
            titled = aid.c.title.in_(asked[start : start + BATCH])
            found += known_aids(self._connection, select(aid).where(aid.c.source == self._source, titled))
        return tuple(sorted(found, key=lambda each: each.id))

    def newest(self, count: int, since: datetime | None) -> tuple[KnownAid, ...]:
        """List the ``count`` newest aids, and those with a date since then, oldest first."""
        of_source, age = aid.c.source == self._source, func.coalesce(aid.c.published_at, aid.c.first_seen_at)
        newest = select(aid.c.id).where(of_source).order_by(age.desc(), aid.c.id.desc()).limit(count)
        wanted = (
            aid.c.id.in_(newest) if since is None else or_(aid.c.id.in_(newest), aid.c.published_at >= since)
        )
        return known_aids(self._connection, select(aid).where(of_source, wanted).order_by(age, aid.c.id))

    def raise_alarm(self, reason: str, now: datetime) -> None:
        """Say why what this source shows is held; one that stands already keeps the time it began."""
        brakes.raise_alarm(self._connection, self._source, reason, now)

    def absorb(self, aid_ids: Sequence[int], digest_id: int, now: datetime) -> int:
        """Skip what is pending or proposed of these aids in the digest's campaign and channel."""
        digest = read_delivery(self._connection, digest_id)
        reason = f"it is part of a digest, delivery {digest_id}"
        absorbed = 0
        for start in range(0, len(aid_ids), BATCH):
            waiting = update(delivery).where(
                delivery.c.aid_id.in_(aid_ids[start : start + BATCH]),
                delivery.c.campaign == digest.campaign,
                delivery.c.channel == digest.channel,
                delivery.c.state.in_(WAITING),
                delivery.c.id != digest_id,
            )
            values = {**stopping(State.SKIPPED, Cause.DIGEST, reason, now), "digest_id": digest_id}
            absorbed += self._connection.execute(waiting.values(values)).rowcount
        return absorbed

    def finish(
        self, *, cursor: str | None, next_poll_at: datetime, baseline_done: bool, now: datetime
    ) -> None:
        """Record a look that succeeded; the baseline, once complete, keeps its time."""
        done: dict[str, Any] = {"latest": 0, "since_at": None} if baseline_done else {}
        if baseline_done:
            done["baseline_at"] = func.coalesce(source.c.baseline_at, moment(now))
        self._connection.execute(
            update(source)
            .where(source.c.name == self._source)
            .values(
                cursor=cursor,
                next_poll_at=next_poll_at,
                polled_at=now,
                succeeded_at=now,
                failures=0,
                error=None,
                **done,
            )
        )

    def _owners(self, names: Sequence[str]) -> dict[str, int]:
        owners: dict[str, int] = {}
        for start in range(0, len(names), BATCH):
            wanted = select(alias.c.alias, alias.c.aid_id).where(
                alias.c.source == self._source, alias.c.alias.in_(names[start : start + BATCH])
            )
            owners.update((row.alias, row.aid_id) for row in self._connection.execute(wanted))
        return owners

    def _by_id(self, ids: Sequence[int]) -> dict[int, KnownAid]:
        known: dict[int, KnownAid] = {}
        for start in range(0, len(ids), BATCH):
            wanted = select(aid).where(aid.c.id.in_(ids[start : start + BATCH]))
            known.update((each.id, each) for each in known_aids(self._connection, wanted))
        return known


def _told_in_digest() -> ColumnElement[bool]:
    """Be true where a digest tells of an aid that is not given up."""
    return and_(delivery.c.state == State.SKIPPED, delivery.c.cause == Cause.DIGEST)


def _with_known(said: Image, known: Image | None) -> Image:
    """Add what is known of the picture at this address to what its source says of it.

    A trouble lasts as long as the words do: it may have been the words.
    """
    if known is None or said.digest or said.trouble:
        return said
    alt = known.alt if said.alt is None else said.alt
    trouble = known.trouble if alt == known.alt else None
    return replace(said, alt=alt, digest=known.digest, trouble=trouble)


def _words(said: Aid) -> dict[str, Any]:
    """Give the columns that hold what a source says of an aid."""
    return {
        "title": said.title,
        "link": said.link,
        "summary": said.summary,
        "kind": said.kind,
        "theme": said.theme,
        "other_themes": themes_text(said.other_themes),
        "access": said.access,
        "images": images_text(said.images),
        "published_at": said.published_at,
        "updated_at": said.updated_at,
        "event_at": said.event_at,
        "expires_at": said.expires_at,
    }


def _promise(plan: Plan) -> dict[str, Any]:
    """Give the columns that hold what a plan promises."""
    return {
        "state": plan.state,
        "reason": plan.reason,
        "due_at": plan.due_at,
        "post": post_text(plan.post),
        "findings": findings_text(plan.findings),
        "cause": plan.cause,
        "any_hour": plan.any_hour,
        "edited_by": plan.written_by,
        "digest_id": plan.digest_id,
    }
