"""List the aids that were seen."""

import click

from spotlight_notify.app.ledgers import read_ledger
from spotlight_notify.cli.clocks import short_time
from spotlight_notify.cli.groups import Listing
from spotlight_notify.cli.options import limit_option
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, print_table
from spotlight_notify.model.errors import refuse_unknown
from spotlight_notify.model.words import Cause, State
from spotlight_notify.ports.ledger import Ledger


@click.command(cls=Listing)
@click.option("--source", help="Only those of this source.")
@limit_option
@json_option
@click.pass_obj
def aids(settings: Settings, source: str | None, limit: int, as_json: bool) -> None:
    """List the aids that were seen, newest first; baseline aids were there at the first look."""
    with read_ledger(settings.load(secrets=False), settings.say) as ledger:
        if source is not None:
            refuse_unknown("source", source, (status.name for status in ledger.sources()))
        found = ledger.aids(source=source, limit=limit)
        reasons = _left_out(ledger)
    if as_json:
        print_json({"aids": found, "left_out": {a.id: reasons[a.id] for a in found if a.id in reasons}})
        return
    print_table(
        ("ID", "KEY", "FIRST SEEN", "SOURCE", "KIND", "BASELINE", "THEMES", "TITLE", "LINK"),
        [
            (
                str(a.id),
                a.aid.key,
                short_time(a.first_seen_at),
                a.aid.source,
                a.aid.kind,
                "yes" if a.baseline else "no",
                "; ".join(a.aid.themes) or "-",
                a.named,
                a.aid.link or "-",
            )
            for a in found
        ],
    )
    for a in found:
        for why in reasons.get(a.id, ()):
            echo(f"aid {a.id} {why}")


def _left_out(ledger: Ledger) -> dict[int, tuple[str, ...]]:
    """Return by aid why sources and campaigns leave it out, each reason once."""
    found: dict[int, tuple[str, ...]] = {}
    for one in ledger.deliveries(states=(State.SKIPPED,)):
        if one.cause is Cause.FILTERED and one.reason not in found.get(one.aid_id, ()):
            found[one.aid_id] = (*found.get(one.aid_id, ()), one.reason or "")
    return found
