"""Explain deliveries that were skipped, are on their way, or have come to an end."""

from collections.abc import Mapping

from spotlight_notify.model.advice import Advice, Deed, advise, do
from spotlight_notify.model.aids import CORRECTION, ON_DEMAND
from spotlight_notify.model.records.orders import Takedown
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.rules.explain.explanations import DeliveryFacts, Explanation, Word
from spotlight_notify.text.times import utc_minute

SKIPPED: Mapping[Cause, tuple[Word, str | Deed]] = {
    Cause.OVER: (Word.OVER, "Nothing: what is over is not announced."),
    Cause.TOO_OLD: (Word.TOO_OLD, Deed.ANNOUNCE),
    Cause.FILTERED: (Word.FILTERED, Deed.ANNOUNCE),
    Cause.LATE: (Word.LATE, Deed.RETRY),
    Cause.DUPLICATE: (Word.DUPLICATE, "Nothing: a link is announced once in a campaign on a channel."),
    Cause.DIGEST: (Word.DIGEST, "Nothing, as long as the digest is not given up."),
    Cause.BASELINE: (Word.BASELINE, Deed.ANNOUNCE),
}
"""The word for each cause, and what would change it: a sentence, or what a person may do all the same."""

OTHERWISE: tuple[Word, str | Deed] = (Word.FILTERED, Deed.ANNOUNCE)
"""For deliveries skipped when causes were not kept."""


def explain_skipped(one: Delivery) -> Explanation:
    """Return why a delivery was passed over."""
    word, change = SKIPPED.get(one.cause, OTHERWISE) if one.cause else OTHERWISE
    all_the_same = _all_the_same(one, change) if isinstance(change, Deed) else change
    sentence = f"It was skipped: {one.reason}"
    return Explanation(word=word, sentence=sentence, change=_again(one) or all_the_same)


def _all_the_same(one: Delivery, deed: Deed) -> Advice:
    if deed is Deed.RETRY:
        return advise("A person may send it all the same: ", do(deed, one.id))
    return advise("A person may announce it all the same: ", do(deed, one.aid_id))


def explain_ended(facts: DeliveryFacts) -> Explanation:
    """Return how a delivery that was taken in hand stands."""
    one = facts.delivery
    match one.state:
        case State.SENDING:
            return _sending(one)
        case State.SENT if facts.takedown:
            return _ordered_down(one, facts.takedown)
        case State.SENT:
            return _sent(one)
        case State.UNSURE:
            return _unsure(one)
        case State.FAILED:
            ends = "; to leave it at that: ", do(Deed.CANCEL, one.id)
            change = _again(one) or advise("Send it again: ", do(Deed.RETRY, one.id), *ends)
            return Explanation(word=Word.FAILED, sentence=f"It was given up: {one.reason}", change=change)
        case _:
            why = f"A person took it out: {one.reason}"
            change = _again(one) or advise("Announce it anew: ", do(Deed.ANNOUNCE, one.aid_id))
            return Explanation(word=Word.CANCELLED, sentence=why, change=change)


def _again(one: Delivery) -> Advice | None:
    """Return how to order a digest or a correction again that was given up; None for an aid of a source."""
    if one.is_digest:
        return advise(
            "Its aids are free again; to order another digest: ", do(Deed.ANNOUNCE_THEME, one.theme or "")
        )
    kind, _, rest = one.aid_key.partition(":")
    if one.source != ON_DEMAND or kind != CORRECTION:
        return None
    original = rest.partition(":")[0]
    return advise(f"Say it anew, as long as delivery {original} is public: ", do(Deed.FOLLOW_UP, original))


def _sending(one: Delivery) -> Explanation:
    return Explanation(
        word=Word.SENDING,
        sentence=f"It is on its way since {utc_minute(one.changed_at)}.",
        change="Nothing stops it any more; without an answer it turns unsure and is looked up.",
    )


def _sent(one: Delivery) -> Explanation:
    got = one.receipt
    return Explanation(
        word=Word.SENT,
        sentence=f"It is public{_where(one)}, since {utc_minute((got and got.posted_at) or one.changed_at)}.",
        change="Nothing: it is never sent again.",
    )


def _where(one: Delivery) -> str:
    got = one.receipt
    return f" at {got.url or got.post_id}" if got else ""


def _ordered_down(one: Delivery, order: Takedown) -> Explanation:
    if order.done_at is None:
        return _not_down(one, order)
    return Explanation(
        word=Word.TAKEN_DOWN,
        sentence=(
            f"It was sent, and was taken down at {utc_minute(order.done_at)} by {order.who}: {order.reason}"
        ),
        change=_renew(one),
    )


def _renew(one: Delivery) -> Advice:
    """Return how to announce anew what was taken down, once it is right; it never goes again by itself."""
    return _again(one) or advise("Announce it anew, once it is right: ", do(Deed.ANNOUNCE, one.aid_id))


def _not_down(one: Delivery, order: Takedown) -> Explanation:
    word, stands = (
        (Word.STILL_PUBLIC, "is still public")
        if order.is_public
        else (Word.TAKEDOWN_UNCLEAR, "may still be public")
    )
    ordered = f"{order.who} ordered it down at {utc_minute(order.ordered_at)} ({order.reason})"
    why = f"and that failed: {order.trouble}" if order.trouble else "and no answer is on record"
    return Explanation(
        word=word,
        sentence=f"It {stands}{_where(one)}: {ordered}, {why}",
        change=advise("Order it down again, which harms nothing: ", do(Deed.TAKE_DOWN, one.id)),
    )


def _unsure(one: Delivery) -> Explanation:
    by_itself = "It is looked up by itself" if one.look_at else "A person must decide"
    return Explanation(
        word=Word.UNSURE,
        sentence=f"It may be public or not: {one.reason}",
        change=(
            advise(
                f"{by_itself}; to look now: ",
                do(Deed.LOOK_UP),
                "; if it is public: ",
                do(Deed.MARK_SENT, one.id),
                "; if it is not: ",
                do(Deed.RETRY, one.id),
            )
        ),
    )
