"""Which posts a person approves first, and what an approval is bound to."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders import NOW, aid
from spotlight_notify.model.aids import Image
from spotlight_notify.model.campaigns import ApprovalPolicy
from spotlight_notify.model.posts import Finding, Post
from spotlight_notify.model.records.orders import Approval
from spotlight_notify.model.words import Access, Kind, Level
from spotlight_notify.rules.approval import post_hash, why_approval, why_unfit

POSTER = Image(url="https://valor.test/a.png", alt="A")
POST = Post(text="Words #Tag", link="https://valor.test/1", images=(POSTER,))
WARNING = Finding(rule="capitals", level=Level.WARNING, message="loud", source="a book")
HINT = replace(WARNING, level=Level.HINT)


def approved(post: Post, **changes: Any) -> Approval:
    fields: dict[str, Any] = {"digest": post_hash(post), "who": "Chief", "approved_at": NOW, "until_at": None}
    return Approval(**fields | changes)


@pytest.mark.parametrize(
    ("policy", "asked"),
    [
        (ApprovalPolicy(), False),
        (ApprovalPolicy(everything=True), True),
        (ApprovalPolicy(kinds=frozenset({Kind.WEBINAR})), True),
        (ApprovalPolicy(kinds=frozenset({Kind.POSTER})), False),
        (ApprovalPolicy(sign_in=True), True),
        (ApprovalPolicy(warnings=True), True),
    ],
)
def test_a_policy_names_what_it_wants_approved(policy: ApprovalPolicy, asked: bool) -> None:
    gated = aid(kind=Kind.WEBINAR, access=Access.SIGN_IN)
    assert bool(why_approval(gated, (WARNING,), policy)) is asked
    if policy != ApprovalPolicy(everything=True):
        assert why_approval(aid(), (HINT,), policy) is None


@pytest.mark.parametrize(
    "changed",
    [
        replace(POST, text="Words #tag"),
        replace(POST, link="https://valor.test/2"),
        replace(POST, reply_to="77"),
        replace(POST, images=()),
        replace(POST, images=(replace(POSTER, alt="B"),)),
        replace(POST, images=(replace(POSTER, digest="0f" * 32),)),
    ],
)
def test_accident_13_any_change_of_a_post_voids_its_approval(changed: Post) -> None:
    assert why_unfit(approved(POST), POST, NOW) is None
    assert why_unfit(approved(POST), changed, NOW) == "the post is not the one that Chief approved"


def test_an_approval_ends_when_it_says() -> None:
    approval = approved(POST, until_at=NOW)
    assert why_unfit(approval, POST, NOW - timedelta(seconds=1)) is None
    assert why_unfit(approval, POST, NOW) == "the approval by Chief ended at 2026-11-23 12:00 UTC"
