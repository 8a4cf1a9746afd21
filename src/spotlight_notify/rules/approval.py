"""Decide which posts a person must approve, and whether an approval fits. Pure."""

import hashlib
import json
from datetime import datetime

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import ApprovalPolicy
from spotlight_notify.model.posts import Finding, Post
from spotlight_notify.model.records.orders import Approval
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Access, Level
from spotlight_notify.text.times import utc_minute


def post_hash(post: Post) -> str:
    """Return the SHA-256 (hex) of all that a post says: text, link, where it stands, pictures, alt texts."""
    images = [[image.url, image.digest, image.alt] for image in post.images]
    said = [post.text, post.link, post.reply_to, images]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def why_approval(aid: Aid, findings: tuple[Finding, ...], policy: ApprovalPolicy) -> str | None:
    """Return why a person must approve an aid's post first; None if nobody need."""
    if policy.everything:
        return "every post of this campaign is approved by a person first"
    if aid.kind in policy.kinds:
        return f"posts of the kind {aid.kind} are approved by a person first"
    if policy.sign_in and aid.access is Access.SIGN_IN:
        return "posts about aids behind a sign-in are approved by a person first"
    if policy.warnings and any(finding.level is Level.WARNING for finding in findings):
        return "posts with warnings are approved by a person first"
    return None


def is_a_persons(one: Delivery) -> bool:
    """Return whether a person wrote a delivery's post, or approved just this one."""
    given = one.approval
    is_approved = given is not None and one.post is not None and given.digest == post_hash(one.post)
    return is_approved or bool(one.writers)


def why_unfit(approval: Approval, post: Post, now: datetime) -> str | None:
    """Return why an approval does not let this post go; None if it does."""
    if approval.digest != post_hash(post):
        return f"the post is not the one that {approval.who} approved"
    if approval.until_at is not None and approval.until_at <= now:
        return f"the approval by {approval.who} ended at {utc_minute(approval.until_at)}"
    return None
