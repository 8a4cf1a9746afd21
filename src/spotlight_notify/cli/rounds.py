"""Keep what one round of work told, and sum it up."""

from spotlight_notify.cli.output import Settings, echo, echo_trouble
from spotlight_notify.model import advice
from spotlight_notify.model.states import FAILED_OR_UNSURE
from spotlight_notify.model.words import Outcome
from spotlight_notify.operations.announce.rewriting import Rewritten
from spotlight_notify.operations.deliver import Settled
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.operations.resolve import Resolved
from spotlight_notify.worker.events import Event, Ordered, SignedOut, Stranded, Trouble


class Round:
    """Hear the events of one round."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def hear(self, event: Event) -> None:
        """Keep an event of the round's own; safe from any thread."""
        if not isinstance(event, Ordered):
            self._events.append(event)

    def failed(self) -> bool:
        """Tell whether a delivery failed or is unsure."""
        settled = any(isinstance(e, Settled) and e.verdict.state in FAILED_OR_UNSURE for e in self._events)
        return settled or any(isinstance(e, Stranded) for e in self._events)

    def token_refused(self) -> bool:
        """Tell whether a channel was paused because its token, permission or credit was refused."""
        asked = any(isinstance(e, SignedOut) for e in self._events)
        return asked or Outcome.UNAUTHORIZED in self._outcomes()

    def unanswered(self) -> bool:
        """Tell whether something did not answer, so that trying again makes sense."""
        troubled = any(isinstance(e, Trouble) or (isinstance(e, Poll) and e.error) for e in self._events)
        return troubled or Outcome.UNREACHABLE in self._outcomes()

    def _outcomes(self) -> set[Outcome]:
        return {e.verdict.outcome for e in self._events if isinstance(e, Settled)}

    def summary(self) -> dict[str, object]:
        """Sum up for a program to read."""
        return {
            "polls": [_polled(e) for e in self._events if isinstance(e, Poll)],
            "deliveries": [_settled(e) for e in self._events if isinstance(e, Settled)],
            "look_ups": [_resolved(e) for e in self._events if isinstance(e, Resolved)],
            "rewritten": [id_ for e in self._events if isinstance(e, Rewritten) for id_ in e.rewritten],
            "asked": [id_ for e in self._events if isinstance(e, Rewritten) for id_ in e.asked],
            "stranded": [e.delivery_id for e in self._events if isinstance(e, Stranded)],
            "paused": [e for e in self._events if isinstance(e, SignedOut)],
            "troubles": [e for e in self._events if isinstance(e, Trouble)],
        }

    def print(self, settings: Settings) -> None:
        """Sum up for a person: results to stdout, warnings and errors to stderr."""
        for event in self._events:
            for warning in warnings_of(event):
                settings.say(warning)
            if error := error_of(event):
                echo_trouble(error)
            if result := line_of(event):
                echo(result)
        if not self._events:
            settings.say("nothing was due")


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


def warnings_of(event: Event) -> list[str]:
    """Give an event's warnings, a line each."""
    if isinstance(event, Rewritten):
        return [str(event)]
    if not isinstance(event, Poll):
        return []
    return [f"source {event.source}: {warning}" for warning in event.warnings]


def error_of(event: Event) -> str | None:
    """Give an event's error in a line, if it is one."""
    match event:
        case Poll(error=str(error)):
            return error
        case Poll(alarm=str(alarm)) if event.new:
            return f"source {event.source}: held for a person: {alarm}. {advice.on_alarm(event.source)}"
        case Trouble():
            return f"could not {event.work}: {event.error}"
        case SignedOut():
            return f"{event.channel} is paused: {event.reason}"
        case Stranded():
            return f"delivery {event.delivery_id} is unsure: its claim was never settled"
        case _:
            return None


def line_of(event: Event) -> str | None:
    """Give an event's result in a line, if it has one."""
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
