"""Set up logs: JSON lines on stderr when it is no terminal, secrets blacked out by their value."""

import logging
import os
import sys
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from spotlight_notify import __version__
from spotlight_notify.config.configuration import Config
from spotlight_notify.ledger.database_errors import place
from spotlight_notify.ledger.engine import ledger_url
from spotlight_notify.model.advice import Advice
from spotlight_notify.model.errors import SpotlightError
from spotlight_notify.model.records.orders import Change
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.operations.announce.rewriting import Rewritten
from spotlight_notify.operations.decide.renames import Stray
from spotlight_notify.operations.deliver import Settled
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.operations.resolve import Resolved
from spotlight_notify.text.invisible import visible
from spotlight_notify.worker.events import Event, Lost, Ordered, SignedOut, Stranded, Trouble

BLACKED_OUT = "[secret]"
SHORTEST_SECRET = 4
"""Shorter ones would black out parts of ordinary words."""


def set_up_logs(secrets: Collection[str], *, quiet: bool, word: Callable[[Advice], str] = str) -> None:
    """Send our own events and warnings of the libraries to stderr; ``secrets`` never appear in them.

    ``word`` writes what they advise.
    """
    level = logging.WARNING if quiet else logging.INFO
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _wording(word),
        redactor(secrets),
    ]
    rendering: list[Processor] = (
        [_show, structlog.dev.ConsoleRenderer(colors=_colours())]
        if sys.stderr.isatty()
        else [structlog.processors.JSONRenderer()]  # escapes whatever is not ASCII
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("spotlight_notify").setLevel(level)
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # its warnings show whole addresses
    logging.getLogger("apscheduler.scheduler").addFilter(_is_no_overlap)


def _is_no_overlap(record: logging.LogRecord) -> bool:
    """Pass on all but beats left out while the one before still runs: those are for debugging alone."""
    if "maximum number of running instances" not in record.msg:
        return True
    _log().debug("beat left out", reason="the one before still runs")
    return False


def _colours() -> bool:
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _show(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Show what a terminal would obey; only a traceback has lines of its own."""
    return {key: _shown(value, of_lines=key == "exception") for key, value in event.items()}


def _shown(value: object, *, of_lines: bool) -> object:
    if isinstance(value, (str, dict, list, tuple)):
        return visible(str(value), of_lines=of_lines)
    return value


def _wording(word: Callable[[Advice], str]) -> Processor:
    def write(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        return {key: word(value) if isinstance(value, Advice) else value for key, value in event.items()}

    return write


def redactor(secrets: Collection[str]) -> Processor:
    """Make a processor that blacks out every secret in every field, however deep."""
    ordered = sorted((s for s in secrets if len(s) >= SHORTEST_SECRET), key=len, reverse=True)

    def redact(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        return {key: _clean(value, ordered) for key, value in event.items()}

    return redact


def _clean(value: object, secrets: Collection[str]) -> object:
    if isinstance(value, dict):
        return {key: _clean(item, secrets) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item, secrets) for item in value]
    if isinstance(value, (str, Exception)):
        text = str(value)
        for secret in secrets:
            text = text.replace(secret, BLACKED_OUT)
        return text
    return value


def log_start(config: Config) -> None:
    """Log that the daemon works, which version it is, on what ledger, and for what."""
    names = {"sources": sorted(config.sources), "channels": sorted(config.channels)}
    ledger = place(ledger_url(config.ledger_url)).removeprefix("ledger ")
    _log().info("started", version=__version__, ledger=ledger, programme=config.programme.name, **names)


def log_strays(found: Iterable[Stray]) -> None:
    """Log what stands under names that the configuration has no more."""
    for each in found:
        _log().warning("name not configured", kind=str(each.kind), name=each.name, reason=each.said)


def log_warning(warning: str) -> None:
    """Log what a person should change."""
    _log().warning(warning)


def log_stop() -> None:
    """Log that the daemon has ended in good order."""
    _log().info("stopped")


def log_event(event: Event, find: Callable[[int], Delivery]) -> None:
    """Log what the daemon tells: one constant text, fields beside it. ``find``: a delivery by its number."""
    match event:
        case Ordered(change=change):
            _log_order(change)
        case Poll():
            _log_poll(event)
        case Settled():
            _log_settled(event, find)
        case Resolved(doubt=doubt, conclusion=conclusion):
            tell = _log().info if conclusion.state is State.SENT else _log().warning
            fields = {"delivery": doubt.delivery_id, "channel": doubt.channel, "state": str(conclusion.state)}
            tell("unsure delivery looked up", **fields, found=conclusion.found, reason=conclusion.reason)
        case Rewritten():
            counts = {"rewritten": event.rewritten, "asked": event.asked}
            _log().warning("waiting posts did not pass", **counts, reason=event.said)
        case Stranded():
            _log().warning("delivery unsure", delivery=event.delivery_id, reason="claim never settled")
        case SignedOut() | Lost() | Trouble():
            _log_trouble(event)


def _log_trouble(event: SignedOut | Lost | Trouble) -> None:
    match event:
        case SignedOut():
            _log().error("channel paused", channel=event.channel, reason=event.reason)
        case Lost():
            _log().critical("ledger lost, stopping", error=event.error)
        case Trouble():
            _log().error("work not recorded", work=event.work, error=event.error)


def _log_poll(poll: Poll) -> None:
    for warning in poll.warnings:
        _log().warning("source warns", source=poll.source, warning=warning)
    if poll.alarm and poll.new:
        _log().error("source braked", source=poll.source, new=poll.new, alarm=poll.alarm)
    if poll.error:
        _log().error("source failed", source=poll.source, error=poll.error)
    elif poll.new or poll.baseline:
        counts = {"new": poll.new, "baseline": poll.baseline, "planned": poll.planned}
        _log().info("polled", source=poll.source, **counts)


def _log_settled(settled: Settled, find: Callable[[int], Delivery]) -> None:
    claim, verdict, receipt = settled.claim, settled.verdict, settled.receipt
    tell = _log().info if verdict.state is State.SENT else _log().warning
    fields = {"delivery": claim.delivery_id, "channel": claim.channel, "state": str(verdict.state)}
    with suppress(SpotlightError):  # what was posted is told all the same
        about = find(claim.delivery_id)
        fields |= {"aid": about.aid_id, "title": about.aid_title}
    found = {"post": receipt and receipt.post_id, "address": receipt and receipt.url}
    tell("delivery settled", **fields, link=claim.post.link, **found, reason=verdict.reason)


def _log_order(change: Change) -> None:
    subjects = ("delivery_id", "channel", "source", "hold_id")
    about = {name.removesuffix("_id"): getattr(change, name) for name in subjects}
    about = {name: value for name, value in about.items() if value is not None}
    _log().info("person acted", action=change.action, who=change.who, reason=change.reason, **about)


def _log() -> structlog.stdlib.BoundLogger:
    return structlog.stdlib.get_logger("spotlight_notify")
