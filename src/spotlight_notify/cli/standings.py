"""Sum up how everything stands: sources, channels, holds and deliveries."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from spotlight_notify.cli.channel import state_of
from spotlight_notify.cli.costs import Reads, in_words, reads_of
from spotlight_notify.cli.hold_lines import fields_of as hold_fields
from spotlight_notify.cli.output import echo, print_table, short_time
from spotlight_notify.cli.source import Watched, fields_of, print_notes, watched
from spotlight_notify.cli.waits import Explained, Wait, waits_for_people
from spotlight_notify.model.records.orders import Hold, Takedown
from spotlight_notify.model.records.standing import ChannelStatus, Delivery
from spotlight_notify.model.words import State
from spotlight_notify.operations.status import Outlook, Standing, facts_of, look_ahead, standing_of
from spotlight_notify.rules.explain.explain import explain

if TYPE_CHECKING:
    from spotlight_notify.config.configuration import Config
    from spotlight_notify.ports.ledger import Ledger

OPEN = (State.PROPOSED, State.PENDING, State.SENDING, State.UNSURE)
"""States of deliveries that have not come to their end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """Hold how everything stands at ``now``; ``channels`` are by name, ``reads`` only those that cost.

    ``waits``: what goes on only once a person has acted, gravest first.
    """

    now: datetime
    sources: list[Watched]
    channels: Mapping[str, tuple[ChannelStatus, Standing]]
    holds: tuple[Hold, ...]
    counts: Mapping[State, int]
    reads: Mapping[str, Reads]
    waits: tuple[Wait, ...]


def standings_of(ledger: "Ledger", config: "Config", now: datetime) -> Standings:
    """Read how everything stands."""
    waiting, outlooks = ledger.deliveries(states=OPEN), look_ahead(ledger, config.tempos, now)
    channels = {
        name: (outlook.status, standing_of(outlook, [one for one in waiting if one.channel == name]))
        for name, outlook in outlooks.items()
    }
    reads = {name: reads_of(config, name, read) for name, read in sorted(ledger.reads().items())}
    sources, holds = watched(ledger.sources(), config, now), ledger.holds(now)
    waits = waits_for_people(
        not_down=list(_not_down(ledger, outlooks)),
        channels=[outlook.status for outlook in outlooks.values()],
        sources=sources,
        open_deliveries=[_explained(one, outlooks) for one in waiting],
        holds=holds,
    )
    return Standings(
        now=now,
        sources=sources,
        channels=channels,
        holds=holds,
        counts=ledger.counts(),
        reads={name: cost for name, cost in reads.items() if in_words(cost)},
        waits=waits,
    )


def _not_down(ledger: "Ledger", outlooks: Mapping[str, Outlook]) -> Iterator[Explained]:
    for order in ledger.takedowns_left():
        yield _explained(ledger.delivery(order.delivery_id), outlooks, order)


def _explained(one: Delivery, outlooks: Mapping[str, Outlook], takedown: Takedown | None = None) -> Explained:
    return Explained(delivery=one, why=explain(facts_of(one, outlooks[one.channel], takedown=takedown)))


def summary_of(standings: Standings) -> dict[str, object]:
    """Give what programs read."""
    return {
        "waits": standings.waits,
        "sources": list(map(fields_of, standings.sources)),
        "channels": [
            {
                **asdict(status),
                "sent_today": standing.sent_today,
                "why": standing.whys,
                "next_at": standing.next_at,
            }
            for status, standing in standings.channels.values()
        ],
        "holds": [hold_fields(each, standings.now) for each in standings.holds],
        "deliveries": standings.counts,
        "reads": standings.reads,
    }


def print_standings(standings: Standings) -> None:
    """Print what needs a person first, then sources, channels and deliveries."""
    for each in standings.waits:
        echo(str(each))
    if not standings.waits:
        echo("nothing needs a person")
    echo()
    rows = [
        (
            each.status.name,
            short_time(each.status.succeeded_at),
            short_time(each.why.next_at),
            str(each.why.word),
        )
        for each in standings.sources
    ]
    print_table(("SOURCE", "LAST GOOD LOOK", "NEXT LOOK", "STATE"), rows)
    print_notes(standings.sources)
    echo()
    print_table(
        ("CHANNEL", "NETWORK", "SENT TODAY", "NEXT POST", "WAITING", "STATE"),
        [_row(*each) for each in standings.channels.values()],
    )
    echo()
    words = ", ".join(f"{number} {state}" for state, number in standings.counts.items())
    echo(f"deliveries: {words or 'none yet'}")
    for name, cost in standings.reads.items():
        echo(f"look-ups on {name}: {in_words(cost)}")


def _row(status: ChannelStatus, standing: Standing) -> tuple[str, ...]:
    waiting = ", ".join(f"{number} {word}" for word, number in standing.whys.items())
    return (
        status.name,
        status.network,
        str(standing.sent_today),
        short_time(standing.next_at),
        waiting or "-",
        state_of(status),
    )
