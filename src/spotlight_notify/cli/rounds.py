"""Print what one round of work told."""

from spotlight_notify.cli.output import Settings, echo, echo_trouble
from spotlight_notify.model.advice import Said, advise, on_alarm
from spotlight_notify.operations.announce.rewriting import Rewritten
from spotlight_notify.operations.deliver import Settled
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.operations.resolve import Resolved
from spotlight_notify.worker.events import Event, SignedOut, Stranded, Trouble
from spotlight_notify.worker.rounds import Round


def _warnings_of(event: Event) -> list[Said]:
    """Return an event's warnings, a line each."""
    if isinstance(event, Rewritten):
        return [event.said]
    if not isinstance(event, Poll):
        return []
    return [f"source {event.source}: {warning}" for warning in event.warnings]


def _error_of(event: Event) -> Said | None:
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


def _line_of(event: Event) -> str | None:
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


def print_round(heard: Round, settings: Settings) -> None:
    """Sum up for a person: results to stdout, warnings and errors to stderr."""
    for event in heard.events:
        for warning in _warnings_of(event):
            settings.say(warning)
        if error := _error_of(event):
            echo_trouble(error)
        if result := _line_of(event):
            echo(result)
    if not heard.events:
        settings.say("nothing was due")
