"""Keep what one round of work told, and sum it up."""

from spotlight_notify.model.advice import Said, advise, on_alarm
from spotlight_notify.model.states import FAILED_OR_UNSURE
from spotlight_notify.model.words import Outcome
from spotlight_notify.operations.announce.rewriting import Rewritten
from spotlight_notify.operations.deliver import Settled
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.operations.resolve import Resolved
from spotlight_notify.worker.events import Event, Ordered, SignedOut, Stranded, Trouble


class Round:
    """The events of one round, as they are heard."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def hear(self, event: Event) -> None:
        """Keep an event of the round's own; safe from any thread."""
        if not isinstance(event, Ordered):
            self.events.append(event)

    def failed(self) -> bool:
        """Return whether a delivery failed or is unsure."""
        settled = any(isinstance(e, Settled) and e.verdict.state in FAILED_OR_UNSURE for e in self.events)
        return settled or any(isinstance(e, Stranded) for e in self.events)

    def token_refused(self) -> bool:
        """Return whether a channel was paused because its token, permission or credit was refused."""
        asked = any(isinstance(e, SignedOut) for e in self.events)
        return asked or Outcome.UNAUTHORIZED in self._outcomes()

    def unanswered(self) -> bool:
        """Return whether something did not answer, so that trying again makes sense.

        A post that only waits for another look burned no try.
        """
        troubled = any(isinstance(e, Trouble) or (isinstance(e, Poll) and e.error) for e in self.events)
        verdicts = [e.verdict for e in self.events if isinstance(e, Settled)]
        return troubled or any(each.outcome is Outcome.UNREACHABLE and each.burns for each in verdicts)

    def _outcomes(self) -> set[Outcome]:
        return {e.verdict.outcome for e in self.events if isinstance(e, Settled)}

    def summary(self) -> dict[str, object]:
        """Return what programs read."""
        return {
            "polls": [_polled(e) for e in self.events if isinstance(e, Poll)],
            "deliveries": [_settled(e) for e in self.events if isinstance(e, Settled)],
            "look_ups": [_resolved(e) for e in self.events if isinstance(e, Resolved)],
            "rewritten": [id_ for e in self.events if isinstance(e, Rewritten) for id_ in e.rewritten],
            "asked": [id_ for e in self.events if isinstance(e, Rewritten) for id_ in e.asked],
            "stranded": [e.delivery_id for e in self.events if isinstance(e, Stranded)],
            "paused": [e for e in self.events if isinstance(e, SignedOut)],
            "troubles": [e for e in self.events if isinstance(e, Trouble)],
        }


def _polled(event: Poll) -> dict[str, object]:
    shown = ("source", "baseline", "new", "planned", "unchanged", "warnings", "error", "alarm")
    return {name: getattr(event, name) for name in shown}


def _resolved(event: Resolved) -> dict[str, object]:
    doubt, conclusion = event.doubt, event.conclusion
    return {"delivery": doubt.delivery_id, "channel": doubt.channel, "conclusion": conclusion}


def _settled(event: Settled) -> dict[str, object]:
    return {
        "delivery": event.claim.delivery_id,
        "channel": event.claim.channel,
        "state": event.verdict.state,
        "reason": event.verdict.reason,
        "receipt": event.receipt,
    }


def warnings_of(event: Event) -> list[Said]:
    """Return an event's warnings, a line each."""
    if isinstance(event, Rewritten):
        return [event.said]
    if not isinstance(event, Poll):
        return []
    return [f"source {event.source}: {warning}" for warning in event.warnings]


def error_of(event: Event) -> Said | None:
    """Return an event's error in a line, if it is one."""
    match event:
        case Poll(error=str(error)):
            return error
        case Poll(alarm=str(alarm)) if event.new:
            return advise(f"source {event.source}: held for a person: {alarm}. ", on_alarm(event.source))
        case Trouble():
            return advise(f"could not {event.work}: ", event.error)
        case SignedOut():
            return f"{event.channel} is paused: {event.reason}"
        case Stranded():
            return f"delivery {event.delivery_id} is unsure: its claim was never settled"
        case _:
            return None


def line_of(event: Event) -> str | None:
    """Return an event's result in a line, if it has one."""
    match event:
        case Poll(error=None):
            return f"{event.source}: {event.new} new, {event.baseline} baseline, {event.planned} planned"
        case Settled(receipt=receipt, verdict=verdict, claim=claim):
            told = (receipt and (receipt.url or receipt.post_id), verdict.pause or verdict.reason)
            end = "; ".join(words for words in told if words)
            return f"{claim.channel}: delivery {claim.delivery_id} {verdict.state}: {end}"
        case Resolved(doubt=doubt, conclusion=conclusion):
            link = f" {conclusion.receipt.url or conclusion.receipt.post_id}" if conclusion.receipt else ""
            return (
                f"{doubt.channel}: delivery {doubt.delivery_id} {conclusion.state}: {conclusion.reason}{link}"
            )
        case _:
            return None
