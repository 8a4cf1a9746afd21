"""Hold everything, a campaign, a channel or a theme; see the holds; lift them."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from spotlight_notify.app.chance import clock
from spotlight_notify.cli.clocks import short_time
from spotlight_notify.cli.holds import fields_of
from spotlight_notify.cli.options import by_option, reason_option, said
from spotlight_notify.cli.output import Settings, echo, json_option, print_json
from spotlight_notify.cli.times import names_its_zone, parse_until
from spotlight_notify.config.configuration import Config
from spotlight_notify.config.partial_config import PartialConfig
from spotlight_notify.ledger.opening import Purpose, open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.errors import (
    ConfigError,
    LedgerError,
    Refused,
)
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.model.words import State
from spotlight_notify.operations.decide.holds import (
    Held,
    Names,
    counted,
    insist,
    lift_holds,
    meant_holds,
    nothing_lifted,
    place_hold,
    read_scope,
)
from spotlight_notify.operations.status import Outlook, look_ahead, standings_of
from spotlight_notify.rules.explain.explanations import Word


@click.command()
@reason_option
@click.option(
    "--scope",
    "words",
    default="all",
    show_default=True,
    metavar="SCOPE",
    callback=said,
    help="What is held: all, campaign:NAME, channel:NAME or theme:NAME.",
)
@click.option(
    "--until", help='When it ends by itself, in the programme\'s zone: "2026-12-01 09:00"; or after "2h".'
)
@click.option("--unknown-theme", is_flag=True, help="Hold a theme that no aid has yet, without asking.")
@by_option
@json_option
@click.pass_obj
def hold(
    settings: Settings,
    reason: str,
    words: str,
    until: str | None,
    unknown_theme: bool,
    who: str,
    as_json: bool,
) -> None:
    """Hold: when this returns nothing more is sent, by any process; at most a post in flight is finished.

    What is held waits; new aids are found and planned as ever. "resume" lifts a hold, and what waited then
    goes out as fast as the gap and the caps of its hours let it. Of the configuration only [ledger] must be
    right. A theme that no aid has yet is asked about first.

    \b
    Examples:  spotlight-notify hold --reason "critical incident"
               spotlight-notify hold --scope channel:valor-x --until 2h --reason "account under review"
               spotlight-notify hold --scope "theme:Officer Wellness" --reason "wording under review"
    """
    least, now = settings.load_partial_config(), clock()
    until_at = _until(until, least, now) if until else None
    names = Names(campaigns=least.campaigns, channels=least.channels, themes=least.themes)
    with closing(_opened(least)) as ledger:
        scope, doubt = read_scope(words, names, ledger)
        if doubt and not unknown_theme:
            _insist_on_theme(scope, doubt)
        held = insist(
            lambda: place_hold(scope, ledger=ledger, who=who, reason=reason, now=clock(), until_at=until_at),
            settings.say,
        )
    if as_json:
        print_json(_fields(held, now))
    else:
        _print_held(held, doubt)


def _insist_on_theme(scope: Scope, doubt: str) -> None:
    """Ask whether a theme that nothing has is meant; Refused if not, or where nobody can be asked."""
    told = f"theme {scope.name}: {doubt}"
    if not sys.stdin.isatty():
        raise Refused(f"nothing is held. {told}. To hold it all the same: --unknown-theme")
    if not click.confirm(f"{told}. Hold it all the same?", err=True):
        raise Refused("nothing is held")


def _opened(least: PartialConfig) -> SqlLedger:
    """Open the ledger, also before the first run; not an older one, whose daemons no hold of ours binds."""
    try:
        return open_ledger(least.ledger_url, purpose=Purpose.WRITE)
    except LedgerError as error:
        raise type(error)(f"nothing is held: {error}. To hold at once, stop every daemon") from error


@click.command()
@click.argument("number", metavar="[ID]", type=int, required=False)
@click.option(
    "--scope", "words", metavar="SCOPE", callback=said, help="Those of just this scope, written as for hold."
)
@click.option("--all", "everything", is_flag=True, help="All that are in force.")
@reason_option
@by_option
@json_option
@click.pass_obj
def resume(
    settings: Settings,
    number: int | None,
    words: str | None,
    everything: bool,
    reason: str,
    who: str,
    as_json: bool,
) -> None:
    """Lift a hold by its ID, those of a scope, or all. What waited goes out at the pace of its hours.

    This ends what "hold" began. A channel that is paused, by a person or because its token was refused, is
    another matter: "channel resume NAME" lets that go on.
    """
    if [number is not None, words is not None, everything].count(True) != 1:
        raise click.UsageError("say which hold is lifted: its ID, or --scope SCOPE, or --all")
    least, now = settings.load_partial_config(), clock()
    with closing(open_ledger(least.ledger_url, purpose=Purpose.WRITE)) as ledger:
        wanted = meant_holds(ledger.holds(), number, words)
        lifted = lift_holds(wanted, ledger=ledger, who=who, reason=reason, now=now)
        if not lifted:
            raise Refused(nothing_lifted(number, words))
        left = ledger.holds(now)
        goes_at = _slots(look_ahead(ledger, least.config.tempos, now)) if least.config else None
        lapsing = _lapsing(ledger, least.config, now) if least.config else []
    if as_json:
        print_json(
            _lifted_fields(lifted, left, goes_at, now) | ({"asked_again": lapsing} if least.config else {})
        )
        return
    _print_lifted(lifted, left, goes_at)
    if lapsing:
        ids = ", ".join(map(str, lapsing))
        echo(f"of these a person is asked again first, as their approvals end before their turn: {ids}")


def _until(words: str, least: PartialConfig, now: datetime) -> datetime:
    """Read when a hold ends; ConfigError if that takes the programme's zone and the file does not say it."""
    if least.zone is None and not names_its_zone(words):
        raise ConfigError(least.zone_problems)
    return parse_until("--until", words, least.zone or ZoneInfo("UTC"), now)


def _slots(outlooks: Mapping[str, Outlook]) -> list[datetime]:
    """Return when what waits goes, held things left out."""
    return [at for outlook in outlooks.values() for at in outlook.goes_at.values() if at]


def _lapsing(ledger: SqlLedger, config: Config, now: datetime) -> list[int]:
    """Return what waits, by its ID, and will be asked about again since its approval ends before its turn."""
    waiting = ledger.deliveries(states=[State.PENDING])
    told = standings_of(waiting, ledger=ledger, campaigns=config.campaigns, tempos=config.tempos, now=now)
    return sorted(each.delivery.id for each in told if each.why.word is Word.AWAITING_APPROVAL)


def _fields(held: Held, now: datetime) -> dict[str, object]:
    """Return what programs read of a hold just placed."""
    in_flight = [{"id": one.id, "channel": one.channel, "title": one.aid_title} for one in held.in_flight]
    return {"hold": fields_of(held.hold, now), "held_back": held.held_back, "in_flight": in_flight}


def _print_held(held: Held, doubt: str | None) -> None:
    """Print what was on its way already, and at last what a hold just placed holds back."""
    hold = held.hold
    until = f" until {short_time(hold.until_at)}" if hold.until_at else ""
    echo(f"hold {hold.id} on {hold.scope} is in force{until}: nothing more of it is sent")
    for one in held.in_flight:
        what = f"delivery {one.id} on {one.channel}, {one.named}"
        echo(f"in flight: {what}; it is finished and recorded")
    echo(f"held back: {counted(held.held_back)}{f' ({doubt}: the hold waits for one)' if doubt else ''}")


def _lifted_fields(
    lifted: Sequence[Hold], left: Sequence[Hold], goes_at: Sequence[datetime] | None, now: datetime
) -> dict[str, object]:
    """Return what programs read of lifted holds; ``goes_at`` as for ``_print_lifted``."""
    return {
        "lifted": [each.id for each in lifted],
        "in_force": [fields_of(each, now) for each in left],
        "free": None if goes_at is None else len(goes_at),
        "next_at": min(goes_at or (), default=None),
    }


def _print_lifted(lifted: Sequence[Hold], left: Sequence[Hold], goes_at: Sequence[datetime] | None) -> None:
    """Print what was lifted, what is held still, and how many deliveries may go now.

    ``goes_at``: when each goes; None if that cannot be told.
    """
    for each in lifted:
        echo(f"hold {each.id} on {each.scope} is lifted")
    for each in left:
        echo(f"still in force: {each.in_full}")
    if goes_at is None:
        return
    then = f"; the next goes {short_time(min(goes_at))}" if goes_at else ""
    echo(f"free to go, at the pace of its hours: {counted(len(goes_at))}{then}")
