"""Who may approve what, and what an edit makes of a post."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import CAMPAIGN, NOW
from spotlight_notify.model.aids import Image
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.decide.approvals import why_not_approve
from spotlight_notify.operations.decide.edits import Edit, edited, readable
from spotlight_notify.rules.approval import post_hash

POSTER = Image(url="https://valor.test/a.png", alt="A", digest="0f" * 32)
POST = Post(text="Words https://valor.test/1 #Tag", link="https://valor.test/1", images=(POSTER, POSTER))
DIGEST = post_hash(POST)


def proposed(**changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "id": 7,
        "campaign": CAMPAIGN.name,
        "channel": "valor-x",
        "aid_id": 5,
        "source": "site",
        "aid_key": "guid:1",
        "aid_title": "Keep Calm",
        "state": State.PROPOSED,
        "reason": "awaits approval: a webinar",
        "cause": Cause.APPROVAL,
        "due_at": NOW,
        "post": POST,
        "tries": 0,
        "created_at": NOW,
        "changed_at": NOW,
        "receipt": None,
    }
    return Delivery(**fields | changes)


def campaign(**policy: Any) -> Campaign:
    return replace(CAMPAIGN, approval=ApprovalPolicy(**policy))


@pytest.mark.parametrize(
    ("one", "asked_of", "who", "digest"),
    [
        (proposed(), campaign(), "anybody", None),
        (proposed(), campaign(approvers=("Chief", "Deputy")), "Deputy", None),
        (proposed(writers=("Deputy",)), campaign(), "Deputy", None),
        (proposed(writers=("Deputy",)), campaign(four_eyes=True), "Chief", None),
        (proposed(), campaign(four_eyes=True), "Chief", None),
        (proposed(), campaign(), "Chief", DIGEST),
        (proposed(), campaign(), "Chief", DIGEST[:8].upper()),
    ],
)
def test_who_may_approve(one: Delivery, asked_of: Campaign, who: str, digest: str | None) -> None:
    assert why_not_approve(one, asked_of, who, digest) is None


@pytest.mark.parametrize(
    ("one", "asked_of", "who", "digest", "why"),
    [
        (proposed(state=State.PENDING, cause=None), campaign(), "Chief", None, "it is pending"),
        (proposed(state=State.SENT, cause=None), campaign(), "Chief", None, "it is sent"),
        (proposed(cause=Cause.LINK, reason="it is dead"), campaign(), "Chief", None, "another answer: it is"),
        (proposed(cause=None, reason="too long", post=None), campaign(), "Chief", None, "too long"),
        (proposed(), None, "Chief", None, "not in the configuration any more"),
        (proposed(), campaign(approvers=("Chief", "Deputy")), "chief", None, "those who may are: Chief, Dep"),
        (proposed(writers=("Deputy",)), campaign(four_eyes=True), "Deputy", None, "somebody else must"),
        (proposed(writers=("Desk 4",)), campaign(four_eyes=True), " desk  4", None, "somebody else must"),
        (proposed(), campaign(), "Chief", "0" * 64, "another post than that of digest 0000"),
        (proposed(), campaign(), "Chief", DIGEST[:7], "another post"),
        (proposed(), campaign(), "Chief", "", "another post"),
    ],
)
def test_who_may_not_and_why(
    one: Delivery, asked_of: Campaign | None, who: str, digest: str | None, why: str
) -> None:
    assert why in str(why_not_approve(one, asked_of, who, digest))


def test_an_edit_changes_just_what_it_names() -> None:
    post = edited(POST, Edit(alts={2: " B "}))
    assert post == replace(POST, images=(POSTER, replace(POSTER, alt="B")))
    assert edited(POST, Edit(text="New words\r\n\r\nhttps://valor.test/1  \n")) == replace(
        POST, text="New words\n\nhttps://valor.test/1"
    )
    assert edited(POST, Edit()) == POST


@pytest.mark.parametrize(
    ("alts", "why"),
    [
        ({3: "C"}, "no picture 3; it has 2"),
        ({0: "C"}, "no picture 0"),
        ({1: " \u200b"}, "say in words what picture 1 shows"),
    ],
)
def test_an_edit_of_a_picture_that_is_not_there_or_without_words_is_refused(
    alts: dict[int, str], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        edited(POST, Edit(alts=alts))


def test_words_lose_what_nobody_sees_and_keep_their_paragraphs() -> None:
    assert readable("\ufeffCafe\u0301  \r\n\r\n\u202eKeep calm\x00\r#Tag\n\n") == "Café\n\nKeep calm\n#Tag"


@given(st.text())
def test_readable_words_stay_as_they_are(words: str) -> None:
    assert readable(readable(words)) == readable(words)
    assert "\r" not in readable(words)
