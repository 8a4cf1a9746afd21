"""Follow a source, channel or campaign that has another name in the configuration."""

import click

from spotlight_notify.app.chance import clock
from spotlight_notify.app.ledgers import configured_in, open_ledger
from spotlight_notify.cli.options import by_option
from spotlight_notify.cli.output import Settings, echo, json_option, print_json
from spotlight_notify.ledger.opening import Purpose
from spotlight_notify.model.records.orders import Renamed
from spotlight_notify.model.words import Named
from spotlight_notify.operations.decide.renames import rename as rename_in


@click.command()
@click.argument("kind", type=click.Choice([each.value for each in Named]))
@click.argument("old")
@click.argument("new")
@click.option(
    "--reason", default="renamed in the configuration", show_default=True, help="Why; it goes on record."
)
@by_option
@json_option
@click.pass_obj
def rename(settings: Settings, kind: str, old: str, new: str, reason: str, who: str, as_json: bool) -> None:
    """Move all that is known under a name that the configuration has no more to the NEW one it has.

    What waits goes out under the new name; what went out counts for its gaps, caps and duplicates; holds and
    approvals hold on. A source keeps its baseline and its aids. Stop the daemon first.

    \b
    Example:   spotlight-notify rename channel valor-x agency-x
    """
    config = settings.load(secrets=False)
    with open_ledger(config, Purpose.SERVE) as ledger:
        moved = rename_in(
            Named(kind),
            old,
            new,
            configured=configured_in(config),
            ledger=ledger,
            who=who,
            reason=reason,
            now=clock(),
        )
    if as_json:
        print_json({"kind": kind, "old": old, "new": new, "moved": moved})
    else:
        echo(f"{kind} {old} is {new} now; moved: {_told(moved)}")


def _told(moved: Renamed) -> str:
    counts = {"aids": moved.aids, "deliveries": moved.deliveries, "holds": moved.holds}
    return ", ".join(f"{what}: {count}" for what, count in counts.items() if count) or "nothing"
