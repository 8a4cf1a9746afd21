"""List holds, and write them for a person and for a program."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import datetime

import click

from spotlight_notify.app.chance import clock
from spotlight_notify.cli.clocks import short_time, use_zones
from spotlight_notify.cli.groups import Listing
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, print_table
from spotlight_notify.config.toml_file import plain_ledger_file
from spotlight_notify.ledger.sqlite_holds import glance_at_holds
from spotlight_notify.model.errors import NothingRecorded
from spotlight_notify.model.records.orders import Hold


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
    plain = plain_ledger_file(settings.config_path)
    if plain and (glanced := glance_at_holds(plain[0], now)) is not None:
        use_zones(plain[1])
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
