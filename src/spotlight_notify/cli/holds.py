"""List holds, and write them for a person and for a program."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import datetime

import click

from spotlight_notify.app.chance import clock
from spotlight_notify.cli.groups import Listing
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, print_table, short_time
from spotlight_notify.config.toml_file import plain_ledger_file
from spotlight_notify.ledger.sqlite_holds import glance_at_holds
from spotlight_notify.model.errors import NothingRecorded
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.operations.decide.holds import Held, counted, told_hold


@click.command(cls=Listing)
@click.option("--all", "everything", is_flag=True, help="Those too that have ended.")
@json_option
@click.pass_obj
def holds(settings: Settings, everything: bool, as_json: bool) -> None:
    """List the holds in force, newest first: what is held, since when, until when, by whom and why."""
    now = clock()
    found = _placed(settings, None if everything else now)
    if as_json:
        print_json({"holds": [fields_of(each, now) for each in found]})
    elif found:
        print_holds(found, now)
    else:
        echo("there was never a hold" if everything else "no hold is in force")


def _placed(settings: Settings, now: datetime | None) -> tuple[Hold, ...]:
    file = plain_ledger_file(settings.config_path)
    if file and (glanced := glance_at_holds(file, now)) is not None:
        return glanced
    from spotlight_notify.ledger.opening import Purpose, open_ledger  # slow to load, and seldom needed

    try:
        with closing(open_ledger(settings.load_partial_config().ledger_url, purpose=Purpose.READ)) as ledger:
            return ledger.holds(now)
    except NothingRecorded as nothing:
        settings.say(nothing.said)
        return ()


def fields_of(hold: Hold, now: datetime) -> dict[str, object]:
    """Return what programs read; the scope is written as a person does."""
    return {**asdict(hold), "scope": str(hold.scope), "in_force": hold.holds_at(now)}


def print_holds(found: Sequence[Hold], now: datetime) -> None:
    """Print holds as a table."""
    rows = [
        (
            str(each.id),
            str(each.scope),
            short_time(each.placed_at),
            short_time(each.until_at),
            each.who,
            _state(each, now),
            each.reason,
        )
        for each in found
    ]
    print_table(("ID", "SCOPE", "SINCE", "UNTIL", "BY", "STATE", "REASON"), rows)


def _state(hold: Hold, now: datetime) -> str:
    if hold.lifted_at:
        return f"lifted {short_time(hold.lifted_at)} by {hold.lifted_by}: {hold.lift_reason}"
    return "in force" if hold.holds_at(now) else "ended by itself"


def shown(held: Held, now: datetime) -> dict[str, object]:
    """Return what programs read of a hold just placed."""
    in_flight = [{"id": one.id, "channel": one.channel, "title": one.aid_title} for one in held.in_flight]
    return {"hold": fields_of(held.hold, now), "held_back": held.held_back, "in_flight": in_flight}


def print_held(held: Held, doubt: str | None) -> None:
    """Print what was on its way already, and at last what a hold just placed holds back."""
    hold = held.hold
    until = f" until {short_time(hold.until_at)}" if hold.until_at else ""
    echo(f"hold {hold.id} on {hold.scope} is in force{until}: nothing more of it is sent")
    for one in held.in_flight:
        what = f"delivery {one.id} on {one.channel}, {one.named}"
        echo(f"in flight: {what}; it is finished and recorded")
    echo(f"held back: {counted(held.held_back)}{f' ({doubt}: the hold waits for one)' if doubt else ''}")


def lifted_fields(
    lifted: Sequence[Hold], left: Sequence[Hold], goes_at: Sequence[datetime] | None, now: datetime
) -> dict[str, object]:
    """Return what programs read of lifted holds; ``goes_at`` as for ``print_lifted``."""
    return {
        "lifted": [each.id for each in lifted],
        "in_force": [fields_of(each, now) for each in left],
        "free": None if goes_at is None else len(goes_at),
        "next_at": min(goes_at or (), default=None),
    }


def print_lifted(lifted: Sequence[Hold], left: Sequence[Hold], goes_at: Sequence[datetime] | None) -> None:
    """Print what was lifted, what is held still, and how many deliveries may go now.

    ``goes_at``: when each goes; None if that cannot be told.
    """
    for each in lifted:
        echo(f"hold {each.id} on {each.scope} is lifted")
    for each in left:
        echo(f"still in force: {told_hold(each)}")
    if goes_at is None:
        return
    then = f"; the next goes {short_time(min(goes_at))}" if goes_at else ""
    echo(f"free to go, at the pace of its hours: {counted(len(goes_at))}{then}")
