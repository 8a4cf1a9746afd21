"""Correct what was sent: a post of its own that stands under the one that was wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from spotlight_notify.model.aids import CORRECTION, ON_DEMAND, Aid
from spotlight_notify.model.campaigns import Campaign, Plan
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.standing import Delivery, KnownAid
from spotlight_notify.model.states import ABANDONED
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.announce.digest_members import is_down
from spotlight_notify.operations.announce.orders import Order, Place, Signature, When, named
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Lint
from spotlight_notify.rules.planning import Writing, plan_delivery
from spotlight_notify.text.invisible import in_one_line

RenderCorrection = Callable[[str, str, Campaign, Network], Post]
"""Write a correction with these words and this link; Refused when it does not fit or lacks something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Correction:
    """A correction that is to be recorded."""

    aid: Aid
    plan: Plan
    note: str | None


def correct(
    delivery_ids: Sequence[int],
    text: str,
    *,
    by: Signature,
    campaigns: Sequence[Campaign],
    ledger: Ledger,
    render: RenderCorrection,
    lint: Lint,
    now: datetime,
) -> tuple[Order, ...]:
    """Plan a correction under each sent delivery's post, at any hour, with its writer and reason on record.

    The same words are not ordered twice. Refused, and nothing recorded, when there is no post to stand under
    or the words do not do.
    """
    wanted = [
        _written(original, in_one_line(text), by, campaigns, ledger, render, lint, now)
        for original in map(ledger.delivery, delivery_ids)
    ]
    return tuple(each if isinstance(each, Order) else _recorded(each, ledger, by, now) for each in wanted)


def _written(
    original: Delivery,
    said: str,
    by: Signature,
    campaigns: Sequence[Campaign],
    ledger: Ledger,
    render: RenderCorrection,
    lint: Lint,
    now: datetime,
) -> Order | _Correction:
    """Write a correction; the order that stands if these words were ordered here already."""
    post_id = _post_id(original, ledger)
    note = _doubt(original, ledger)
    campaign, channel = _place_of(original, campaigns)
    earlier = _corrections(original.id, ledger)
    if same := _standing(said, earlier, ledger):
        note = f"delivery {original.id} was corrected in these words already"
        return Order(campaign=campaign.name, channel=channel.name, delivery_id=same.id, note=note)
    aid = _aid(original, said, ledger)

    def render_reply(aid: Aid, campaign: Campaign, network: Network) -> Post:
        link = original.post.link if original.post else ""
        return replace(render(aid.summary, link, campaign, network), reply_to=post_id)

    writing = Writing(render=render_reply, lint=lint)
    plan = plan_delivery(aid, campaign, channel, writing, now, by_hand=True)
    if plan.cause is Cause.RULE:
        raise Refused(str(plan.reason))
    plan = replace(When(any_hour=True).timed(plan, now), writers=(by.who,))
    return _Correction(aid=aid, plan=plan, note=note)


def _post_id(original: Delivery, ledger: Ledger) -> str:
    """Return which post the correction is to stand under."""
    name = f"delivery {original.id}"
    if original.state is not State.SENT or original.receipt is None:
        raise Refused(f"{name} is {original.state}, not sent: there is nothing to stand under")
    if original.post and original.post.reply_to:
        raise Refused(f"{name} is a correction itself: follow up on the delivery that it corrects")
    if (takedown := ledger.takedown(original.id)) and takedown.done_at:
        raise Refused(f"{name} was taken down by {takedown.who}: there is nothing to stand under")
    return original.receipt.post_id


def _doubt(original: Delivery, ledger: Ledger) -> str | None:
    """Return a warning where a takedown was ordered that is not known to be done."""
    takedown = ledger.takedown(original.id)
    return f"{takedown.who} ordered delivery {original.id} down, which is not done" if takedown else None


def _place_of(original: Delivery, campaigns: Sequence[Campaign]) -> Place:
    places = [(c, channel) for c in campaigns for channel in c.channels]
    for campaign, channel in places:
        if (campaign.name, channel.name) == (original.campaign, original.channel):
            return campaign, channel
    raise Refused(
        f"campaign {original.campaign} has no channel {original.channel} in the configuration any more"
    )


def _corrections(delivery_id: int, ledger: Ledger) -> list[KnownAid]:
    stem = f"{CORRECTION}:{delivery_id}:"
    return [each for each in ledger.aids(source=ON_DEMAND) if each.aid.key.startswith(stem)]


def _standing(said: str, earlier: Sequence[KnownAid], ledger: Ledger) -> Delivery | None:
    """Find a correction in the same words that went out, or is to go."""
    same = [each.id for each in earlier if each.aid.summary == said]
    found = (one for aid_id in same for one in ledger.deliveries(aid_id=aid_id))
    return next((one for one in found if one.state not in ABANDONED and not is_down(one, ledger)), None)


def _aid(original: Delivery, said: str, ledger: Ledger) -> Aid:
    """Make the aid that stands for a correction, without its number yet; what holds its original holds it."""
    known = ledger.aid(original.aid_id)
    return Aid(
        source=ON_DEMAND,
        key=f"{CORRECTION}:{original.id}",
        title=f"Correction of delivery {original.id}: {original.aid_title or original.aid_key}",
        link=known.aid.link,
        summary=said,
        kind=known.aid.kind,
        theme=known.aid.theme,
        other_themes=known.aid.other_themes,
        access=known.aid.access,
    )


def _recorded(wanted: _Correction, ledger: Ledger, by: Signature, now: datetime) -> Order:
    plan = wanted.plan
    with ledger.recording(ON_DEMAND) as book:
        known = book.add(named(wanted.aid, book), baseline=False, now=now)
        delivery_id = book.plan(known.id, plan, now)
        assert delivery_id is not None, "an aid that was made for this delivery has no other"
        by.put(book, delivery_id, "ordered", now)
    return Order(campaign=plan.campaign, channel=plan.channel, delivery_id=delivery_id, note=wanted.note)
