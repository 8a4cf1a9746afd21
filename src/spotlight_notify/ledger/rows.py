"""Turn rows into the model's values, and posts, images and findings into the JSON text that rows hold."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from spotlight_notify.model.aids import Aid, Image
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.posts import Finding, Post, Receipt
from spotlight_notify.model.records.attempts import Attempt, Doubt, LookUp
from spotlight_notify.model.records.orders import Approval, Change, Hold, Takedown
from spotlight_notify.model.records.standing import ChannelStatus, Delivery, KnownAid, SourceStatus
from spotlight_notify.model.words import Access, Cause, Kind, Level, Outcome, ScopeKind, State


def images_text(images: Iterable[Image]) -> str:
    """Write images as JSON: objects with ``url``, ``alt`` and, if known, ``digest`` and ``trouble``."""
    return _json([_image(each) for each in images])


def images_of(text: str) -> tuple[Image, ...]:
    """Read what ``images_text`` wrote."""
    return _images(json.loads(text))


def asked_about_text(post_ids: Iterable[str]) -> str:
    """Write the ids of live posts as a JSON list, in order."""
    return _json(sorted(post_ids))


def asked_about_of(text: str) -> frozenset[str]:
    """Read what ``asked_about_text`` wrote."""
    return frozenset(json.loads(text))


def notes_text(notes: Iterable[str]) -> str:
    """Write what is noted of a source as a JSON list."""
    return _json(list(notes))


def themes_text(themes: Iterable[str]) -> str:
    """Write themes as a JSON list."""
    return _json(list(themes))


def themes_in(text: str) -> tuple[str, ...]:
    """Read what ``themes_text`` wrote."""
    return tuple(json.loads(text))


def post_text(post: Post | None) -> str | None:
    """Write a post as JSON: ``text``, ``link``, ``images``, ``reply_to`` if it has one; None stays None."""
    if post is None:
        return None
    said: dict[str, object] = {"text": post.text, "link": post.link}
    said["images"] = [_image(each) for each in post.images]
    return _json(said if post.reply_to is None else {**said, "reply_to": post.reply_to})


def post_of(text: str | None) -> Post | None:
    """Read what ``post_text`` wrote."""
    if text is None:
        return None
    held = json.loads(text)
    images = _images(held["images"])
    return Post(text=held["text"], link=held["link"], images=images, reply_to=held.get("reply_to"))


def findings_text(findings: Iterable[Finding]) -> str:
    """Write findings as JSON: objects with ``rule``, ``level``, ``message`` and ``source``."""
    return _json([asdict(each) for each in findings])


def findings_of(text: str) -> tuple[Finding, ...]:
    """Read what ``findings_text`` wrote."""
    return tuple(Finding(**{**each, "level": Level(each["level"])}) for each in json.loads(text))


def known_aid_of(row: Row[Any], aliases: tuple[str, ...]) -> KnownAid:
    """Read a row of ``aid``, given its aliases."""
    known = Aid(
        source=row.source,
        key=row.key,
        title=row.title,
        link=row.link,
        summary=row.summary,
        short=row.short,
        language=row.language,
        file_size=row.file_size,
        kind=Kind(row.kind),
        theme=row.theme,
        other_themes=themes_in(row.other_themes),
        categories=themes_in(row.categories),
        access=Access(row.access),
        images=images_of(row.images),
        published_at=row.published_at,
        updated_at=row.updated_at,
        event_at=row.event_at,
        event_found=row.event_found,
        expires_at=row.expires_at,
        aliases=aliases,
    )
    return KnownAid(
        id=row.id,
        aid=known,
        first_seen_at=row.first_seen_at,
        baseline=row.baseline,
        gone_at=row.gone_at,
        posted_as=row._mapping.get("posted_as"),
    )


def source_status_of(row: Row[Any]) -> SourceStatus:
    """Read a row of the query ``queries.SOURCES``."""
    return SourceStatus(**{**row._mapping, "notes": tuple(json.loads(row.notes))})


def channel_status_of(row: Row[Any]) -> ChannelStatus:
    """Read a row of ``channel``."""
    return ChannelStatus(**row._mapping)


def delivery_of(row: Row[Any]) -> Delivery:
    """Read a row of the query ``queries.DELIVERIES``."""
    return Delivery(
        id=row.id,
        campaign=row.campaign,
        channel=row.channel,
        aid_id=row.aid_id,
        source=row.source,
        aid_key=row.aid_key,
        aid_title=row.aid_title,
        state=State(row.state),
        reason=row.reason,
        due_at=row.due_at,
        post=post_of(row.post),
        tries=row.tries,
        created_at=row.created_at,
        changed_at=row.changed_at,
        receipt=_receipt_of(row),
        findings=findings_of(row.findings),
        cause=None if row.cause is None else Cause(row.cause),
        any_hour=row.any_hour,
        theme=row.theme,
        other_themes=themes_in(row.other_themes),
        event_at=row.event_at,
        expires_at=row.expires_at,
        writers=_writers_in(row.writers),
        approval=approval_of(row),
        post_title=row.post_title,
        digest_id=row.digest_id,
        look_at=row.look_at,
    )


def _writers_in(text: str | None) -> tuple[str, ...]:
    """Read pairs of a number and a name, in any order, as ``queries.JsonPairs`` writes them."""
    return tuple(who for _, who in sorted(json.loads(text))) if text else ()


def approval_of(row: Row[Any]) -> Approval | None:
    """Read the approval that a row of ``approval`` or of ``queries.DELIVERIES`` holds, if any."""
    if row.digest is None:
        return None
    return Approval(
        digest=row.digest, who=row.who, approved_at=row.approved_at, until_at=row.approved_until_at
    )


def hold_of(row: Row[Any]) -> Hold:
    """Read a row of ``hold``."""
    held = dict(row._mapping)
    scope = Scope(kind=ScopeKind(held.pop("scope_kind")), name=held.pop("scope_name"))
    return Hold(scope=scope, **held)


def takedown_of(row: Row[Any], *, is_public: bool) -> Takedown:
    """Read a row of ``takedown`` with its last trouble; what is done has no more of that."""
    done = row.done_at is not None
    return Takedown(
        delivery_id=row.delivery_id,
        who=row.who,
        reason=row.reason,
        ordered_at=row.ordered_at,
        done_at=row.done_at,
        trouble=None if done else row.trouble,
        is_public=is_public and not done,
    )


def attempt_of(row: Row[Any]) -> Attempt:
    """Read a row of ``attempt``."""
    return Attempt(
        id=row.id,
        delivery_id=row.delivery_id,
        number=row.number,
        claimant=row.claimant,
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcome=None if row.outcome is None else Outcome(row.outcome),
        detail=row.detail,
    )


def doubt_of(row: Row[Any]) -> Doubt:
    """Read a row of the query ``lookups.DOUBTS``."""
    post = post_of(row.post)
    assert post is not None, "ck_delivery_post: an unsure delivery has a post"
    return Doubt(
        delivery_id=row.id,
        campaign=row.campaign,
        channel=row.channel,
        post=post,
        since=row.since,
        until=row.until,
        absent_at=row.absent_at,
        resent=row.resent,
        failed_looks=row.failed_looks,
        repeated=row.last_outcome == Outcome.REJECTED,
        asked_about=asked_about_of(row.asked_about),
        version=row.version,
    )


def look_up_of(row: Row[Any]) -> LookUp:
    """Read a row of ``look_up``."""
    return LookUp(**row._mapping)


def change_of(row: Row[Any]) -> Change:
    """Read a row of ``change``."""
    return Change(**row._mapping)


def _receipt_of(row: Row[Any]) -> Receipt | None:
    if row.post_id is None:
        return None
    return Receipt(post_id=row.post_id, url=row.url, posted_at=row.posted_at)


def _image(image: Image) -> dict[str, str | None]:
    """Leave out what is not known of a picture: texts without it stay as they were before there was any."""
    said = {"url": image.url, "alt": image.alt, "digest": image.digest, "trouble": image.trouble}
    return {key: value for key, value in said.items() if key == "alt" or value is not None}


def _images(held: Iterable[Mapping[str, Any]]) -> tuple[Image, ...]:
    return tuple(Image(**each) for each in held)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
