"""Return why an aid has gone out, waits, or will not go."""

from collections.abc import Sequence

import click

from spotlight_notify.app.chance import clock
from spotlight_notify.app.ledgers import read_ledger
from spotlight_notify.cli.clocks import short_time
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, words_of
from spotlight_notify.model.records.standing import KnownAid
from spotlight_notify.operations.overview import explain_aids
from spotlight_notify.operations.status import Absence, Standing, standings_of


@click.command()
@click.argument("words", metavar="[AID]", required=False)
@click.option("--delivery", "number", type=int, metavar="ID", help="Just one delivery, by its ID.")
@json_option
@click.pass_obj
def explain(settings: Settings, words: str | None, number: int | None, as_json: bool) -> None:
    """Explain of a known AID (its key, number or link), or of one delivery, why it is where it is.

    For each channel: a word, a sentence, what would change it, and when it is looked at next.
    """
    if (words is None) == (number is None):
        raise click.UsageError("name a known AID by key, number or link, or one delivery by --delivery ID")
    config, now = settings.load(secrets=False), clock()
    with read_ledger(config, settings.say) as ledger:
        if number is None:
            found = explain_aids(
                words or "",
                ledger=ledger,
                campaigns=config.campaigns,
                tempos=config.tempos,
                sources=config.sources,
                now=now,
            )
        else:
            one = ledger.delivery(number)
            places: Sequence[Standing | Absence] = standings_of(
                [one], ledger=ledger, campaigns=config.campaigns, tempos=config.tempos, now=now
            )
            found = [(ledger.aid(one.aid_id), places)]
    if as_json:
        print_json({"aids": [_fields(known, places) for known, places in found]})
        return
    for known, places in found:
        _tell(known, places)


def _fields(known: KnownAid, places: Sequence[Standing | Absence]) -> dict[str, object]:
    aid = known.aid
    shown = [
        {
            "campaign": place.campaign,
            "channel": place.channel,
            "delivery": place.delivery.id if place.delivery else None,
            "state": place.delivery.state if place.delivery else None,
            "why": place.why.word,
            "sentence": place.why.sentence,
            "change": place.why.change,
            "who_may": place.who_may,
            "next_at": place.why.next_at,
        }
        for place in places
    ]
    told = {"id": known.id, "key": aid.key, "source": aid.source, "title": aid.title, "themes": aid.themes}
    return {**told, "places": shown}


def _tell(known: KnownAid, places: Sequence[Standing | Absence]) -> None:
    echo(f"aid {known.id} of source {known.aid.source}: {known.named}")
    if known.aid.themes:
        echo(f"themes: {'; '.join(known.aid.themes)}")
    for place in places:
        where = f"{place.channel} ({place.campaign})" if place.channel else "nowhere"
        which = f", delivery {place.delivery.id}" if place.delivery else ""
        echo(f"{where}{which}: {place.why.word}")
        echo(f"  {place.why.sentence}", campaign=place.campaign)
        echo(f"  {words_of(place.why.change)}", campaign=place.campaign)
        if place.who_may:
            echo(f"  who may: {', '.join(place.who_may)}")
        if place.why.next_at:
            echo(f"  next: {short_time(place.why.next_at, place.campaign)}")
