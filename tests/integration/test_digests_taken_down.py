"""Taking a digest down loses none of its aids: a person is asked about each."""

from pathlib import Path

from builders import ALWAYS, NOW, X, aid, ledger_in
from ledgers import MINUTE
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.posts import Post, Receipt
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.words import Cause, Outcome, State

POST = Post(text="https://valor.test/themes #SpotlightOnSafety", link="https://valor.test/themes")


def plan(state: State = State.PENDING, cause: Cause | None = None, digest_id: int | None = None) -> Plan:
    return Plan(
        campaign="spotlight",
        channel=X.name,
        state=state,
        due_at=NOW,
        post=POST,
        cause=cause,
        digest_id=digest_id,
    )


def test_the_aids_of_a_digest_that_is_taken_down_are_asked_about(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    with ledger.recording("site") as book:
        first, second = (book.add(aid(number), baseline=False, now=NOW) for number in (1, 2))
        digest = book.plan(first.id, plan(), NOW)
        assert digest is not None
        member = book.plan(second.id, plan(State.SKIPPED, Cause.DIGEST, digest), NOW)
        assert member is not None
    claim = ledger.claim_due(X.name, NOW, MINUTE, "test", ALWAYS)
    assert claim is not None
    sent = Verdict(state=State.SENT, outcome=Outcome.SENT)
    ledger.settle(claim, sent, Receipt(post_id="1", url=None), NOW)
    ledger.order_takedown(digest, who="Desk 4", reason="wrong link", now=NOW)
    assert ledger.delivery(member).state is State.SKIPPED
    ledger.settle_takedown(digest, NOW)
    asked = ledger.delivery(member)
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.DIGEST)
    assert (
        asked.reason
        == f"the digest that tells of it, delivery {digest}, was taken down: is it to go by itself?"
    )
    ledger.close()
