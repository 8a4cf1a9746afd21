"""Take down what was sent."""

from collections.abc import Sequence
from dataclasses import replace

import click

from spotlight_notify.app.composition import App, open_app
from spotlight_notify.cli.errors import SOME_FAILED, code_of, code_word, tell_failure
from spotlight_notify.cli.options import both_option, by_option, reason_option, said, said_to_be, typed_by
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, words_of
from spotlight_notify.model.advice import Deed, advise, do
from spotlight_notify.model.errors import OutcomeUnknown, PublishError, Rejected
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.operations.takedown import Withdrawal, Withdrawn, public_twins_of, take_down, what_now


@click.command()
@click.argument("number", metavar="ID", type=int)
@both_option
@reason_option
@by_option
@click.option(
    "--approved-by", metavar="NAME", callback=said, help="Who approves it, where posts need an approval."
)
@json_option
@click.pass_obj
def takedown(
    settings: Settings,
    number: int,
    both: bool,
    reason: str,
    who: str,
    approved_by: str | None,
    as_json: bool,
) -> None:
    """Delete a delivery's post on its network. The ledger keeps it all: post, order, names and reason.

    Nothing is taken down that is held, or on a channel that is paused. Its aid goes out again only if
    you announce it anew, once it is right. If the answer is unclear, order it once more: that harms nothing.
    """
    approver = said_to_be(approved_by, typed_by(approved_by)) if approved_by else None
    first = Withdrawal(delivery_id=number, who=who, reason=reason, approved_by=approved_by, approver=approver)
    with open_app(settings.load()) as app:
        twins = public_twins_of(app.ledger.delivery(number), app.ledger)
        wanted = (first, *(replace(first, delivery_id=each.id) for each in twins if both))
        ends = [_taken_down(each, app) for each in wanted]
    gone = [end for end in ends if isinstance(end, Withdrawn)]
    if as_json and gone:
        print_json({**_fields(gone[0]), "others": [_fields(each) for each in gone[1:]]})
    elif not as_json:
        _print(gone, () if both else twins)
    if codes := [end for end in ends if isinstance(end, int)]:
        raise SystemExit(max(codes))


def _taken_down(wanted: Withdrawal, app: App) -> Withdrawn | int:
    """Take one post down; where its network does not do so, print why and return the exit code."""
    try:
        return take_down(
            wanted,
            ledger=app.ledger,
            publishers=app.publishers,
            campaigns=app.campaigns,
            clock=app.clock,
        )
    except PublishError as error:
        code = SOME_FAILED if isinstance(error, OutcomeUnknown | Rejected) else code_of(error)
        tell_failure(code_word(error), words_of(what_now(error, wanted.delivery_id)), code)
        return code


def _fields(gone: Withdrawn) -> dict[str, object]:
    """Return what programs read of a post that is gone."""
    return {"takedown": gone.takedown, "cancelled": gone.cancelled, "under": gone.under}


def _print(taken_down: Sequence[Withdrawn], twins: Sequence[Delivery]) -> None:
    """Print what is gone, what stood under it, and which posts of the same aid are left."""
    for gone in taken_down:
        echo(f"delivery {gone.delivery.id} is taken down from {gone.delivery.channel}")
        for reply in gone.cancelled:
            echo(f"delivery {reply}, a correction that waited to stand under it, is cancelled")
        for reply in gone.under:
            told = f"delivery {reply}, a correction, stood under it"
            echo(advise(f"{told}: ", do(Deed.TAKE_DOWN, reply), " makes sure that it is gone too"))
    for twin in twins:
        told = f"the same aid is public on {twin.channel}, delivery {twin.id}"
        echo(advise(f"{told}: ", do(Deed.TAKE_DOWN, twin.id)))
