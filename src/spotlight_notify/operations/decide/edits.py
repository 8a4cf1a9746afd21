"""Give a delivery other words: through the same gate and lint as any post, and the same questions."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import Campaign, Channel, Plan
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.states import WAITING
from spotlight_notify.model.words import Cause, State
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Lint
from spotlight_notify.posts.rendering.gate import gate
from spotlight_notify.rules.planning import Writing, plan_delivery
from spotlight_notify.text.invisible import without_invisible

ANSWERED = (None, Cause.RULE, Cause.CHANGED)
"""Questions to which other words are an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What changes in a post: its whole text, and the words for its pictures, counted from 1."""

    text: str | None = None
    alts: Mapping[int, str] = field(default_factory=dict)


def edit(
    delivery_id: int,
    wanted: Edit,
    *,
    ledger: Ledger,
    campaigns: Mapping[str, Campaign],
    lint: Lint,
    who: str,
    reason: str,
    now: datetime,
) -> Delivery:
    """Give a delivery that waits another post, and return it.

    It is asked about again wherever a new post would be, and where its old one was approved. Refused, and
    nothing written, when the post is not whole, nothing would change, or the delivery waits no more.
    """
    one = ledger.delivery(delivery_id)
    if one.state not in WAITING:
        raise Refused(_too_late(one))
    campaign, channel = _place(one, campaigns)
    aid = ledger.aid(one.aid_id).aid
    post = edited(one.post or _blank(aid, channel), wanted)
    if post == one.post:
        raise Refused(f"delivery {one.id} has this post already: nothing changed")
    gate(post, campaign.hashtag, channel.network)
    plan = _planned(one, post, aid, campaign, channel, lint, now)
    if not ledger.edit(one, plan, who=who, reason=reason, now=now):
        raise Refused(_too_late(ledger.delivery(one.id)))
    return ledger.delivery(one.id)


def edited(post: Post, wanted: Edit) -> Post:
    """Return the post with these changes; Refused for a picture that it has not, and for empty words."""
    for number, words in wanted.alts.items():
        if not 1 <= number <= len(post.images):
            raise Refused(f"the post has no picture {number}; it has {len(post.images)}")
        if not readable(words):
            raise Refused(f"say in words what picture {number} shows")
    images = tuple(
        replace(image, alt=readable(wanted.alts[number])) if number in wanted.alts else image
        for number, image in enumerate(post.images, 1)
    )
    text = post.text if wanted.text is None else readable(wanted.text)
    return replace(post, text=text, images=images)


def readable(words: str) -> str:
    """Return the words as they go out: without what nobody sees, composed (NFC), no blanks at line ends."""
    text = unicodedata.normalize("NFC", without_invisible(words))
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def _planned(
    one: Delivery, post: Post, aid: Aid, campaign: Campaign, channel: Channel, lint: Lint, now: datetime
) -> Plan:
    """Plan the delivery as if its post had just been written; an edit answers questions about words alone."""

    def write(aid: Aid, campaign: Campaign, network: Network) -> Post:
        return post

    writing = Writing(render=write, lint=lint)
    plan = plan_delivery(aid, campaign, channel, writing, now, by_hand=True)
    if plan.state is State.SKIPPED:
        raise Refused(f"delivery {one.id} will not go out: {plan.reason}")
    plan = _asked_still(one, plan) if plan.state is State.PENDING else plan
    freed = one.state is State.PROPOSED and plan.state is State.PENDING
    return replace(plan, due_at=max(one.due_at, now) if freed else one.due_at)


def _asked_still(one: Delivery, plan: Plan) -> Plan:
    if one.approval is not None:
        reason = f"awaits approval: its post is not the one that {one.approval.who} approved"
        return replace(plan, state=State.PROPOSED, cause=Cause.APPROVAL, reason=reason)
    if one.state is State.PROPOSED and one.cause not in ANSWERED:
        return replace(plan, state=one.state, cause=one.cause, reason=one.reason)
    return replace(plan, reason=one.reason if one.state is State.PENDING else None)


def _place(one: Delivery, campaigns: Mapping[str, Campaign]) -> tuple[Campaign, Channel]:
    campaign = campaigns.get(one.campaign)
    channels = {channel.name: channel for channel in campaign.channels} if campaign else {}
    if campaign is None or one.channel not in channels:
        raise Refused(
            f"delivery {one.id} cannot be edited: the configuration has no campaign {one.campaign} that "
            f"announces on {one.channel}"
        )
    return campaign, channels[one.channel]


def _blank(aid: Aid, channel: Channel) -> Post:
    """Stand in for a post that could not be written: no words yet, the aid's link and pictures."""
    if aid.link is None:
        raise Refused("its aid has no link that can be opened: mend it at its source, then announce it")
    fit = (image for image in aid.images if image.alt and not image.trouble)
    return Post(text="", link=aid.link, images=tuple(fit)[: channel.network.max_pictures])


def _too_late(one: Delivery) -> str:
    if one.state in WAITING:
        return f"delivery {one.id} was changed just now: look at it again, deliveries {one.id}"
    return f"delivery {one.id} is {one.state}; only what is {' or '.join(WAITING)} can be edited"
