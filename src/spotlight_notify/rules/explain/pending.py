"""Explain why a pending delivery has not gone yet: the gravest hindrance counts."""

from dataclasses import replace
from operator import itemgetter

from spotlight_notify.model.advice import Advice, Deed, Field, Said, advise, do
from spotlight_notify.model.campaigns import ANEW
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.rules.approval import why_unfit
from spotlight_notify.rules.explain.explanations import DeliveryFacts, Explanation, Word
from spotlight_notify.text.times import utc_minute

CLOSED_NOW = "its hours are closed now"
PACE = "gaps, caps or earlier posts come first"


def explain_pending(facts: DeliveryFacts) -> Explanation:
    """Return what a pending delivery waits for."""
    found = (look(facts) for look in HINDRANCES)
    due = Explanation(
        word=Word.WOULD_ANNOUNCE,
        sentence="It is due, and nothing is in its way.",
        change="Nothing needs to be done; if it stays, see whether the daemon is running.",
        next_at=facts.now,
    )
    return _with_past(next((explanation for explanation in found if explanation), due), facts.delivery)


def _with_past(explanation: Explanation, one: Delivery) -> Explanation:
    """Return an explanation that also says why it waits at all, if it was left out at first."""
    _, readmitted, why = (one.reason or "").rpartition(ANEW)
    if not readmitted:
        return explanation
    return replace(explanation, sentence=f"{explanation.sentence} It was left out at first, and {ANEW}{why}.")


def _unconfigured(facts: DeliveryFacts) -> Explanation | None:
    if facts.configured:
        return None
    one = facts.delivery
    return Explanation(
        word=Word.FILTERED,
        sentence=f"The configuration has no campaign {one.campaign} that announces on {one.channel}.",
        change=(
            advise(
                "If it was renamed there, ",
                do(Deed.CHECK_CONFIG),
                " says how to follow; else put it back, or: ",
                do(Deed.CANCEL, one.id),
            )
        ),
    )


def _over(facts: DeliveryFacts) -> Explanation | None:
    if facts.over is None:
        return None
    return Explanation(
        word=Word.OVER,
        sentence=f"It will be skipped when its turn comes: {facts.over}.",
        change="Nothing: what is over is not announced.",
        next_at=facts.goes_at,
    )


def _too_late(facts: DeliveryFacts) -> Explanation | None:
    """Explain that its aid will be over before its turn comes."""
    one, turn = facts.delivery, facts.too_late
    if turn is None:
        return None
    ends = [("its event begins", one.event_at), ("it expires", one.expires_at)]
    what, at = min(((what, at) for what, at in ends if at and at <= turn), key=itemgetter(1))
    return Explanation(
        word=Word.OVER,
        sentence=f"It will not go: {what} at {utc_minute(at)}, and its turn is {utc_minute(turn)}.",
        change=advise("To send it before that: ", do(Deed.ANNOUNCE, one.aid_id)),
        next_at=turn,
    )


def _late(facts: DeliveryFacts) -> Explanation | None:
    if facts.late is None:
        return None
    missed = f"It is late: it could have gone at {utc_minute(facts.late.slot)}, and did not"
    end = "a person will be asked" if facts.late.asked else "it will be skipped"
    return Explanation(
        word=Word.LATE,
        sentence=f"{missed}; {end} when its channel is looked at next.",
        change=advise("Then a person may send it all the same: ", do(Deed.RETRY, facts.delivery.id)),
    )


def _held(facts: DeliveryFacts) -> Explanation | None:
    if facts.hold is None:
        return None
    hold = facts.hold
    return Explanation(
        word=Word.HELD,
        sentence=f"H{hold.in_full[1:]}",
        change=advise("Lift the hold: ", do(Deed.LIFT_HOLD, hold.id)),
        next_at=hold.until_at,
    )


def _paused(facts: DeliveryFacts) -> Explanation | None:
    channel = facts.channel
    if channel.paused_at is None:
        return None
    return Explanation(
        word=Word.PAUSED_CHANNEL,
        sentence=f"Channel {channel.name} is paused: {channel.paused_reason}",
        change=advise("Mend that, then: ", do(Deed.RESUME_CHANNEL, channel.name)),
    )


def _unapproved(facts: DeliveryFacts) -> Explanation | None:
    """Explain that its approval has ended, or ends before its turn; one for another post tells nothing."""
    given, post = facts.delivery.approval, facts.delivery.post
    if given is None or post is None or why_unfit(given, post, given.approved_at):
        return None
    turn = max(facts.now, facts.goes_at or facts.now)
    if why_unfit(given, post, turn) is None or given.until_at is None:
        return None
    ends = "ended" if given.until_at <= facts.now else "ends"
    when = "" if turn == facts.now else f", {utc_minute(turn)}"
    return Explanation(
        word=Word.AWAITING_APPROVAL,
        sentence=(
            f"It will be proposed again when its turn comes{when}: the approval by {given.who} {ends} at "
            f"{utc_minute(given.until_at)}."
        ),
        change=advise("Then a person approves it anew: ", do(Deed.APPROVE, facts.delivery.id)),
        next_at=facts.goes_at,
    )


def _waiting(facts: DeliveryFacts) -> Explanation | None:
    one = facts.delivery
    if one.due_at <= facts.now:
        return None
    return Explanation(
        word=Word.WAITING,
        sentence=_until(facts),
        change=_another_time(one),
        next_at=facts.goes_at or one.due_at,
    )


def _another_time(one: Delivery) -> Advice:
    if one.is_digest:
        again = advise(do(Deed.CANCEL, one.id), "; then: ", do(Deed.ANNOUNCE_THEME, one.theme or ""))
        return advise("Give its plan again with another time, or: ", again)
    if one.post and one.post.reply_to:
        return advise("To take it out: ", do(Deed.CANCEL, one.id))
    return advise("Order another time, with or without ", Field("at"), ": ", do(Deed.ANNOUNCE, one.aid_id))


def _until(facts: DeliveryFacts) -> str:
    one = facts.delivery
    if one.tries:
        return f"It is tried again at {utc_minute(one.due_at)}: {one.reason}"
    if one.reason and one.reason.startswith("waits for "):
        return f"It {one.reason.partition(f'; {ANEW}')[0]}."
    return f"It is not due before {utc_minute(one.due_at)}."


def _resting(facts: DeliveryFacts) -> Explanation | None:
    channel = facts.channel
    if channel.due_at is None or channel.due_at <= facts.now:
        return None
    return Explanation(
        word=Word.RESTING,
        sentence=f"Channel {channel.name} rests until {utc_minute(channel.due_at)}, as its network wishes.",
        change=advise(
            "Nothing needs to be done; to let it go on at once: ", do(Deed.RESUME_CHANNEL, channel.name)
        ),
        next_at=facts.goes_at or channel.due_at,
    )


def _paced(facts: DeliveryFacts) -> Explanation | None:
    if facts.goes_at is not None and facts.goes_at <= facts.now:
        return None
    why = CLOSED_NOW if _is_closed(facts) else PACE
    when = (
        f"; it goes at {utc_minute(facts.goes_at)}" if facts.goes_at else ", and there is no room in 400 days"
    )
    return Explanation(
        word=Word.PACED,
        sentence=f"It is due, but {why}{when}.",
        change="Nothing needs to be done; the hours in the configuration set the pace.",
        next_at=facts.goes_at,
    )


def _is_closed(facts: DeliveryFacts) -> bool:
    return not facts.is_open and not facts.delivery.any_hour


def why_later(facts: DeliveryFacts) -> Said | None:
    """Return why a pending delivery goes later than it is due; None if it does not."""
    one, rests_until_at = facts.delivery, facts.channel.due_at
    if facts.goes_at is None or facts.goes_at <= max(one.due_at, facts.now):
        return None
    if one.due_at > facts.now:
        return f"later than ordered, since {facts.later or PACE}"
    if rests_until_at and rests_until_at > facts.now:
        return "its channel rests until then, as the network wished"
    return advise(f"{CLOSED_NOW}; ", Field("now"), " passes them") if _is_closed(facts) else PACE


HINDRANCES = (_unconfigured, _over, _late, _held, _paused, _unapproved, _too_late, _waiting, _resting, _paced)
"""What may be in the way, the gravest first."""
