"""Why a delivery, an aid or a source is where it is: every word, and the facts that lead to it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders import NOW, aid
from spotlight_notify.cli.commands_to_type import worded
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.posts import Finding, Post, Receipt
from spotlight_notify.model.records.orders import Approval, Hold, Takedown
from spotlight_notify.model.records.standing import ChannelStatus, Delivery, KnownAid, SourceStatus
from spotlight_notify.model.words import Cause, Level, ScopeKind, State
from spotlight_notify.networks.x.traits import X
from spotlight_notify.rules.approval import post_hash
from spotlight_notify.rules.explain.explain import explain
from spotlight_notify.rules.explain.explanations import AbsenceFacts, DeliveryFacts, SourceFacts, Word
from spotlight_notify.text.times import utc_minute

HOUR = timedelta(hours=1)
LATER = NOW + HOUR
POST = Post(text="Words https://valor.test/1 #Tag", link="https://valor.test/1")
CHANNEL = ChannelStatus(
    name="valor-x", network=X.name, epoch=1, due_at=None, paused_at=None, paused_reason=None
)
HOLD = Hold(
    id=3,
    scope=Scope(kind=ScopeKind.THEME, name="Wellness"),
    reason="critical incident",
    who="Desk 4",
    placed_at=NOW - HOUR,
    until_at=LATER,
)
APPROVAL = Approval(digest=post_hash(POST), who="Chief", approved_at=NOW - HOUR, until_at=None)


def delivery(state: State = State.PENDING, **changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "id": 7,
        "campaign": "spotlight",
        "channel": "valor-x",
        "aid_id": 5,
        "source": "site",
        "aid_key": "guid:1",
        "aid_title": "Keep Calm",
        "state": state,
        "reason": None,
        "due_at": NOW - HOUR,
        "post": POST,
        "tries": 0,
        "created_at": NOW - HOUR,
        "changed_at": NOW - HOUR,
        "receipt": None,
    }
    return Delivery(**fields | changes)


def facts(one: Delivery | None = None, **changes: Any) -> DeliveryFacts:
    """Gather the facts of a delivery that goes now, unless told otherwise."""
    fields: dict[str, Any] = {"now": NOW, "delivery": one or delivery(), "channel": CHANNEL, "goes_at": NOW}
    return DeliveryFacts(**fields | changes)


def known(**changes: Any) -> KnownAid:
    fields: dict[str, Any] = {"id": 5, "aid": aid(), "first_seen_at": NOW, "baseline": False}
    return KnownAid(**fields | changes)


def source(**changes: Any) -> SourceStatus:
    fields: dict[str, Any] = {
        "name": "site",
        "cursor": "7",
        "baseline_at": NOW - HOUR,
        "next_poll_at": LATER,
        "polled_at": NOW,
        "succeeded_at": NOW,
        "failures": 0,
        "error": None,
        "paused_reason": None,
    }
    return SourceStatus(**fields | changes)


PAUSED = replace(CHANNEL, paused_at=NOW, paused_reason="the token was refused")
RESTING = replace(CHANNEL, due_at=LATER)
LAPSED = replace(APPROVAL, until_at=NOW)


@pytest.mark.parametrize(
    ("found", "word", "sentence", "next_at"),
    [
        (facts(), Word.WOULD_ANNOUNCE, "nothing is in its way", NOW),
        (facts(goes_at=LATER), Word.PACED, "gaps, caps or earlier posts", LATER),
        (facts(goes_at=LATER, is_open=False), Word.PACED, "hours are closed", LATER),
        (
            facts(delivery(any_hour=True), goes_at=LATER, is_open=False),
            Word.PACED,
            "gaps, caps or earlier posts",
            LATER,
        ),
        (facts(goes_at=None), Word.PACED, "no room in 400 days", None),
        (facts(channel=RESTING, goes_at=LATER), Word.RESTING, "rests until 2026-11-23 13:00", LATER),
        (facts(channel=RESTING, goes_at=None), Word.RESTING, "rests until", LATER),
        (facts(channel=replace(CHANNEL, due_at=NOW)), Word.WOULD_ANNOUNCE, "nothing is in its way", NOW),
        (
            facts(delivery(due_at=LATER), goes_at=LATER),
            Word.WAITING,
            "not due before 2026-11-23 13:00",
            LATER,
        ),
        (
            facts(
                delivery(due_at=LATER, reason="waits for its own date, 2026-11-23 13:00 UTC"), goes_at=LATER
            ),
            Word.WAITING,
            "It waits for its own date, 2026-11-23 13:00 UTC.",
            LATER,
        ),
        (
            facts(delivery(due_at=LATER, tries=2, reason="no answer"), goes_at=LATER + HOUR),
            Word.WAITING,
            "tried again at 2026-11-23 13:00 UTC: no answer",
            LATER + HOUR,
        ),
        (
            facts(delivery(approval=LAPSED)),
            Word.AWAITING_APPROVAL,
            "the approval by Chief ended",
            NOW,
        ),
        (facts(delivery(approval=APPROVAL)), Word.WOULD_ANNOUNCE, "nothing is in its way", NOW),
        (
            facts(delivery(approval=replace(LAPSED, digest="0f" * 32))),
            Word.WOULD_ANNOUNCE,
            "nothing is in its way",
            NOW,
        ),
        (facts(channel=PAUSED, goes_at=None), Word.PAUSED_CHANNEL, "the token was refused", None),
        (
            facts(hold=HOLD, goes_at=None),
            Word.HELD,
            "Hold 3 on theme:Wellness since 2026-11-23 11:00 UTC until 2026-11-23 13:00",
            LATER,
        ),
        (facts(hold=replace(HOLD, until_at=None)), Word.HELD, "by Desk 4: critical incident", None),
        (facts(over="its event began at noon"), Word.OVER, "its event began at noon", NOW),
        (facts(configured=False, goes_at=None), Word.FILTERED, "no campaign spotlight", None),
    ],
)
def test_a_pending_delivery_waits_for_the_gravest_of_what_is_in_its_way(
    found: DeliveryFacts, word: Word, sentence: str, next_at: Any
) -> None:
    why = explain(found)
    assert (why.word, why.next_at) == (word, next_at)
    assert sentence in why.sentence
    assert why.change


def test_hindrances_outrank_each_other_in_a_fixed_order() -> None:
    everything = facts(
        delivery(due_at=LATER, approval=LAPSED),
        channel=replace(PAUSED, due_at=LATER),
        configured=False,
        over="it expired",
        hold=HOLD,
        goes_at=LATER,
    )
    taken_away: list[dict[str, Any]] = [
        {},
        {"configured": True},
        {"over": None},
        {"hold": None},
        {"channel": RESTING},
        {"delivery": delivery(due_at=LATER)},
        {"delivery": delivery()},
        {"channel": CHANNEL},
        {"goes_at": NOW},
    ]
    words = []
    for changes in taken_away:
        everything = replace(everything, **changes)
        words.append(explain(everything).word)
    assert words == [
        Word.FILTERED,
        Word.OVER,
        Word.HELD,
        Word.PAUSED_CHANNEL,
        Word.AWAITING_APPROVAL,
        Word.WAITING,
        Word.RESTING,
        Word.PACED,
        Word.WOULD_ANNOUNCE,
    ]


@pytest.mark.parametrize(
    ("cause", "word", "answer"),
    [
        (Cause.APPROVAL, Word.AWAITING_APPROVAL, "To let it go: approve 7; to give it other words: edit 7 "),
        (
            Cause.RULE,
            Word.RULE,
            'pass: edit 7 --text "..." --reason "..."; to drop it: reject 7 --reason "..."',
        ),
        (
            Cause.LINK,
            Word.LINK,
            'Mend the page, then, to send it: deliveries retry 7 --reason "..."; '
            "if the aid has another link now: announce 5;",
        ),
        (Cause.DATE, Word.DATE, "To send it: deliveries retry 7 "),
        (Cause.REFUSED, Word.REFUSED, "To send it: deliveries retry 7 "),
        (Cause.LATE, Word.LATE, "To send it: deliveries retry 7 "),
        (Cause.BRAKE, Word.BRAKED, "source accept site"),
        (None, Word.RULE, "edit 7"),
        (Cause.OVER, Word.RULE, "edit 7"),
    ],
)
def test_a_proposed_delivery_says_what_is_asked_and_which_answers_there_are(
    cause: Cause | None, word: Word, answer: str
) -> None:
    why = explain(facts(delivery(State.PROPOSED, cause=cause, reason="is that right?")))
    assert (why.word, why.next_at) == (word, None)
    assert "is that right?" in why.sentence
    assert answer in worded(why.change)


def test_what_a_rule_of_the_lint_forbids_may_be_sent_as_it_is() -> None:
    error = Finding(rule="too-long", level=Level.ERROR, message="m", source="")
    why = explain(facts(delivery(State.PROPOSED, cause=Cause.RULE, reason="m", findings=(error,))))
    assert "to send it: deliveries retry 7 " in worded(why.change)


DIGEST = {"source": ON_DEMAND, "aid_key": "digest:Calm:2026-11-23T12:00Z:1", "theme": "Calm"}
CORRECTION = {"source": ON_DEMAND, "aid_key": "correction:4:1"}


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        (
            DIGEST,
            'if the theme has another link now: reject 7 --reason "..."; then: announce --theme "Calm"; '
            'to drop it: reject 7 --reason "..."',
        ),
        (
            CORRECTION,
            'Mend the page, then, to send it: deliveries retry 7 --reason "..."; '
            'to drop it: reject 7 --reason "..."',
        ),
    ],
)
def test_what_no_source_showed_is_not_announced_for_its_link(fields: dict[str, str], answer: str) -> None:
    why = explain(facts(delivery(State.PROPOSED, cause=Cause.LINK, reason="404", **fields)))
    assert worded(why.change).endswith(answer)
    assert "announce 5" not in worded(why.change)


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        (State.CANCELLED, None),
        (State.FAILED, None),
        (State.SKIPPED, Cause.LATE),
        (State.SKIPPED, Cause.OVER),
        (State.SKIPPED, Cause.TOO_OLD),
    ],
)
def test_a_digest_or_a_correction_that_was_given_up_says_how_it_is_said_anew(
    state: State, cause: Cause | None
) -> None:
    digest = explain(facts(delivery(state, cause=cause, reason="no", **DIGEST)))
    told = worded(digest.change)
    assert told == 'Its aids are free again; to order another digest: announce --theme "Calm"'
    correction = explain(facts(delivery(state, cause=cause, reason="no", **CORRECTION)))
    told = worded(correction.change)
    assert told == 'Say it anew, as long as delivery 4 is public: follow-up 4 --text "..."'


def test_what_awaits_approval_does_not_say_so_twice() -> None:
    why = explain(facts(delivery(State.PROPOSED, cause=Cause.APPROVAL, reason="awaits approval: a webinar")))
    assert why.sentence == "A person must approve it first: a webinar."


def test_a_post_that_could_not_be_written_can_be_given_words() -> None:
    why = explain(facts(delivery(State.PROPOSED, cause=Cause.RULE, reason="too long", post=None)))
    assert "edit 7 --text" in worded(why.change)
    assert "retry" not in worded(why.change)


@pytest.mark.parametrize(
    ("cause", "word", "change"),
    [
        (Cause.OVER, Word.OVER, "Nothing"),
        (Cause.TOO_OLD, Word.TOO_OLD, "announce 5"),
        (Cause.LATE, Word.LATE, "deliveries retry 7"),
        (Cause.DUPLICATE, Word.DUPLICATE, "Nothing"),
        (Cause.DIGEST, Word.DIGEST, "Nothing"),
        (Cause.BASELINE, Word.BASELINE, "announce 5"),
        (None, Word.FILTERED, "announce 5"),
        (Cause.APPROVAL, Word.FILTERED, "announce 5"),
    ],
)
def test_a_skipped_delivery_says_which_rule_passed_it_over(
    cause: Cause | None, word: Word, change: str
) -> None:
    why = explain(facts(delivery(State.SKIPPED, cause=cause, reason="it was so")))
    assert (why.word, why.sentence, why.next_at) == (word, "It was skipped: it was so.", None)
    assert change in worded(why.change)


RECEIPT = Receipt(post_id="99", url="https://net.example/99", posted_at=NOW)
TAKEDOWN = Takedown(delivery_id=7, who="Desk 4", reason="wrong date", ordered_at=NOW)


@pytest.mark.parametrize(
    ("found", "word", "sentence"),
    [
        (facts(delivery(State.SENDING)), Word.SENDING, "since 2026-11-23 11:00 UTC"),
        (
            facts(delivery(State.SENT, receipt=RECEIPT)),
            Word.SENT,
            "public at https://net.example/99, since 2026-11-23 12:00 UTC",
        ),
        (
            facts(delivery(State.SENT, receipt=replace(RECEIPT, url=None, posted_at=None))),
            Word.SENT,
            "public at 99, since 2026-11-23 11:00 UTC",
        ),
        (facts(delivery(State.SENT)), Word.SENT, "It is public, since 2026-11-23 11:00 UTC"),
        (
            facts(delivery(State.SENT, receipt=RECEIPT), takedown=TAKEDOWN),
            Word.TAKEDOWN_UNCLEAR,
            "It may still be public at https://net.example/99: Desk 4 ordered it down",
        ),
        (
            facts(
                delivery(State.SENT, receipt=RECEIPT),
                takedown=replace(TAKEDOWN, trouble="permission missing", is_public=True),
            ),
            Word.STILL_PUBLIC,
            "It is still public at https://net.example/99: Desk 4 ordered it down at 2026-11-23 12:00 UTC "
            "(wrong date), and that failed: permission missing.",
        ),
        (
            facts(delivery(State.SENT, receipt=RECEIPT), takedown=replace(TAKEDOWN, done_at=LATER)),
            Word.TAKEN_DOWN,
            "was taken down at 2026-11-23 13:00 UTC by Desk 4",
        ),
        (facts(delivery(State.UNSURE, reason="no answer")), Word.UNSURE, "may be public or not: no answer"),
        (facts(delivery(State.FAILED, reason="refused")), Word.FAILED, "given up: refused"),
        (facts(delivery(State.CANCELLED, reason="no need")), Word.CANCELLED, "A person took it out: no need"),
    ],
)
def test_what_was_taken_in_hand_says_how_it_ended(found: DeliveryFacts, word: Word, sentence: str) -> None:
    why = explain(found)
    assert (why.word, why.next_at) == (word, None)
    assert sentence in why.sentence
    assert why.change


@pytest.mark.parametrize(
    ("found", "word", "sentence"),
    [
        (AbsenceFacts(aid=known()), Word.FILTERED, "No campaign of the configuration listens to source site"),
        (
            AbsenceFacts(aid=known(baseline=True), campaign="spotlight", channel="valor-x"),
            Word.BASELINE,
            "a first look",
        ),
        (
            AbsenceFacts(aid=known(), campaign="spotlight", channel="valor-x"),
            Word.FILTERED,
            "spotlight did not announce there when it was first seen, 2026-11-23 12:00 UTC",
        ),
        (
            AbsenceFacts(aid=known(aid=aid(source=ON_DEMAND)), campaign="spotlight", channel="valor-x"),
            Word.FILTERED,
            "nobody ordered it to go there",
        ),
    ],
)
def test_an_aid_without_a_delivery_says_why_none_was_planned(
    found: AbsenceFacts, word: Word, sentence: str
) -> None:
    why = explain(found)
    assert (why.word, why.next_at) == (word, None)
    assert sentence in why.sentence
    assert "announce" in worded(why.change)


@pytest.mark.parametrize(
    ("status", "word", "sentence", "next_at"),
    [
        (source(), Word.SOURCE_UNCHANGED, "read at 2026-11-23 12:00 UTC", LATER),
        (source(next_poll_at=NOW - HOUR), Word.SOURCE_UNCHANGED, "all that it showed is known", NOW),
        (source(succeeded_at=None), Word.SOURCE_UNCHANGED, "read before", LATER),
        (source(baseline_at=None), Word.BASELINE, "next look is a baseline", LATER),
        (source(failures=1, error="502"), Word.SOURCE_FAILING, "The last look failed: 502", LATER),
        (source(failures=4, error="502"), Word.SOURCE_FAILING, "4 looks in a row failed: 502", LATER),
        (
            source(failures=4, error="502", alarm="230 aids are new", alarm_at=NOW),
            Word.BRAKED,
            "held since 2026-11-23 12:00 UTC: 230 aids are new",
            LATER,
        ),
        (source(alarm="230 aids are new"), Word.BRAKED, "held: 230 aids are new", LATER),
        (source(paused_reason="moving house"), Word.PAUSED_SOURCE, "moving house", None),
    ],
)
def test_a_source_says_how_it_stands(status: SourceStatus, word: Word, sentence: str, next_at: Any) -> None:
    why = explain(SourceFacts(now=NOW, source=status))
    assert (why.word, why.next_at) == (word, next_at)
    assert sentence in why.sentence
    assert why.change


def test_a_source_that_the_configuration_forgot_is_not_looked_at() -> None:
    why = explain(SourceFacts(now=NOW, source=source(), configured=False))
    assert (why.word, why.next_at) == (Word.FILTERED, None)


def test_the_words_are_unique_and_plain() -> None:
    assert len({str(word) for word in Word}) == len(Word)
    assert all(str(word).replace(" ", "").isalpha() and str(word).islower() for word in Word)


@pytest.mark.parametrize(
    ("cause", "word", "answer"),
    [
        (Cause.CHANGED, Word.CHANGED, "To give it other words: edit 7"),
        (Cause.GONE, Word.GONE, "It goes on by itself if its source shows it again"),
        (Cause.REPLACED, Word.REPLACED, "if it is that one corrected, to drop it: reject 7"),
        (Cause.CALLED_OFF, Word.CALLED_OFF, "To send it: deliveries retry 7"),
        (Cause.REJECTED, Word.REJECTED, "To send it: deliveries retry 7"),
        (Cause.DUPLICATE, Word.DUPLICATE, "To send it: deliveries retry 7"),
    ],
)
def test_changed_what_a_person_is_asked_about_an_aid_has_its_own_word(
    cause: Cause, word: Word, answer: str
) -> None:
    asked = explain(facts(delivery(State.PROPOSED, cause=cause, reason="it is so", post=POST)))
    assert (asked.word, asked.sentence) == (word, "A person is asked: it is so.")
    assert answer in worded(asked.change)


def test_timing_9_an_approval_that_ends_before_the_turn_is_said_before() -> None:
    """Timing 8 and 9."""
    given = replace(APPROVAL, until_at=NOW + HOUR)
    told = explain(facts(delivery(approval=given), goes_at=NOW + 2 * HOUR))
    assert told.word is Word.AWAITING_APPROVAL
    assert told.sentence == (
        f"It will be proposed again when its turn comes, {utc_minute(NOW + 2 * HOUR)}: the approval by Chief "
        f"ends at {utc_minute(NOW + HOUR)}."
    )
    in_time = explain(facts(delivery(approval=given), goes_at=NOW))
    assert in_time.word is not Word.AWAITING_APPROVAL
