"""Approve posts, reject or cancel them: all are checked before anything is written."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from spotlight_notify.model.advice import Advice, Deed, Said, advise, do
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.records.orders import Approval
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.approval import post_hash
from spotlight_notify.text.names import is_same_unspaced

SHORTEST_HASH = 8
"""So many digits of a hash tell a post from any other that a person may have looked at."""
CANCELLED = (State.PROPOSED, State.PENDING, State.FAILED)
"""States of what waits or was given up, so that it can be taken out."""


def approve(
    ids: Collection[int],
    *,
    ledger: Ledger,
    campaigns: Mapping[str, Campaign],
    who: str,
    now: datetime,
    digest: str | None = None,
    reason: str | None = None,
    typed_by: str | None = None,
) -> tuple[Delivery, ...]:
    """Approve the posts of these deliveries as they are now, and return them.

    ``typed_by``: the login that typed the approver's name, where that is another's; it goes on record.
    ``digest``: how the hash of the post that was looked at begins. UnknownName or Refused, and nothing
    written, if one of them is not there, does not await approval, or may not be approved by this person.
    """
    found = [ledger.delivery(number) for number in dict.fromkeys(ids)]
    for one in found:
        if why := why_not_approve(one, campaigns.get(one.campaign), who, digest):
            raise Refused(why)
    for done, one in enumerate(found):
        policy = campaigns[one.campaign].approval
        given = _approval(one, policy, who, now)
        if not ledger.approve(one.id, given, reason=reason, typed_by=typed_by):
            raise Refused(_changed(one, found[:done], "approved"))
    return tuple(ledger.delivery(one.id) for one in found)


def reject(
    ids: Collection[int], *, ledger: Ledger, who: str, reason: str, now: datetime
) -> tuple[Delivery, ...]:
    """Cancel these deliveries, each of which a person was asked about, and return them; checked as above."""
    found = [ledger.delivery(number) for number in dict.fromkeys(ids)]
    for one in found:
        if one.state is not State.PROPOSED:
            hint = advise("; to take it out: ", do(Deed.CANCEL, one.id)) if one.state is State.PENDING else ""
            raise Refused(advise(f"nobody is asked about delivery {one.id}: it is {one.state}", hint))
    for done, one in enumerate(found):
        proposed = (State.PROPOSED,)
        if not ledger.change_delivery(one.id, proposed, State.CANCELLED, who=who, reason=reason, now=now):
            raise Refused(_changed(one, found[:done], "rejected"))
    return tuple(ledger.delivery(one.id) for one in found)


def cancel(number: int, *, ledger: Ledger, who: str, reason: str, now: datetime) -> Delivery:
    """Take a delivery that waits, or has failed, out for good, and return it; Refused for any other."""
    done = ledger.change_delivery(number, CANCELLED, State.CANCELLED, who=who, reason=reason, now=now)
    one = ledger.delivery(number)
    if not done:
        fitting = ", ".join(CANCELLED)
        raise Refused(f"delivery {number} is {one.state}; this fits only one that is: {fitting}")
    return one


def twins_of(found: Collection[Delivery], ledger: Ledger) -> tuple[Delivery, ...]:
    """Return the other deliveries of the same aids that wait or are asked about: on other channels, too."""
    mine = {one.id for one in found}
    others = (
        other
        for aid_id in dict.fromkeys(one.aid_id for one in found)
        for other in ledger.deliveries(aid_id=aid_id, states=(State.PROPOSED, State.PENDING))
    )
    return tuple(sorted((one for one in others if one.id not in mine), key=lambda one: one.id))


def why_not_approve(one: Delivery, campaign: Campaign | None, who: str, digest: str | None) -> Said | None:
    """Return why this person may not approve a delivery's post, having seen that of ``digest``; else None."""
    name = f"delivery {one.id}"
    if one.state is not State.PROPOSED:
        return f"{name} does not await approval: it is {one.state}"
    if one.cause is not Cause.APPROVAL or one.post is None:
        return f"{name} does not await approval, but another answer: {one.reason}"
    if campaign is None:
        return f"{name} cannot be approved: campaign {one.campaign} is not in the configuration any more"
    if digest is not None and not _begins(post_hash(one.post), digest):
        other = f"{name} has another post than that of digest {digest}: look at it again, "
        return advise(other, do(Deed.SEE_DELIVERY, one.id))
    return _why_not_by(one, campaign, who)


def _why_not_by(one: Delivery, campaign: Campaign, who: str) -> str | None:
    policy = campaign.approval
    if policy.approvers and who not in policy.approvers:
        may = ", ".join(policy.approvers)
        return f"{who} may not approve posts of campaign {campaign.name}; those who may are: {may}"
    if policy.four_eyes and any(is_same_unspaced(who, writer) for writer in one.writers):
        return f"{who} wrote delivery {one.id} as it is, so somebody else must approve it (four_eyes)"
    return None


def _begins(whole: str, beginning: str) -> bool:
    return len(beginning) >= SHORTEST_HASH and whole.startswith(beginning.lower())


def _approval(one: Delivery, policy: ApprovalPolicy, who: str, now: datetime) -> Approval:
    assert one.post is not None, "checked before"
    until_at = now + policy.lasts if policy.lasts else None
    return Approval(digest=post_hash(one.post), who=who, approved_at=now, until_at=until_at)


def _changed(one: Delivery, done: Collection[Delivery], verb: str) -> Advice:
    """Return the sentence that somebody else was faster, and how far this order came."""
    rest = f"; {verb} before it: {', '.join(str(each.id) for each in done)}" if done else ""
    again = do(Deed.SEE_DELIVERY, one.id)
    return advise(f"delivery {one.id} was changed just now: look at it again, ", again, rest)


def unseen_pictures(found: Collection[Delivery]) -> Iterator[str]:
    """Yield warnings of pictures that could not be fetched yet: whoever approves them has not seen them."""
    for one in found:
        for image in one.post.images if one.post else ():
            if image.digest is None:
                yield f"delivery {one.id}: the picture {image.url} was not fetched yet; nobody has seen it"
