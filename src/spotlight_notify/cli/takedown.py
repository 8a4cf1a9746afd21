"""Take down what was sent."""

import click

from spotlight_notify.app.composition import open_app
from spotlight_notify.cli.errors import SOME_FAILED, code_of, code_word, tell_failure
from spotlight_notify.cli.options import by_option, reason_option, said, said_to_be, typed_by
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, words_of
from spotlight_notify.model.advice import Deed, advise, do
from spotlight_notify.model.errors import OutcomeUnknown, PublishError, Rejected
from spotlight_notify.operations.takedown import Withdrawal, take_down, what_now


@click.command()
@click.argument("number", metavar="ID", type=int)
@reason_option
@by_option
@click.option(
    "--approved-by", metavar="NAME", callback=said, help="Who approves it, where posts need an approval."
)
@json_option
@click.pass_obj
def takedown(
    settings: Settings, number: int, reason: str, who: str, approved_by: str | None, as_json: bool
) -> None:
    """Delete a delivery's post on its network. The ledger keeps it all: post, order, names and reason.

    Nothing is taken down that is held, or on a channel that is paused. Its aid is not announced again. If the
    answer is unclear, order it once more: that harms nothing.
    """
    approver = said_to_be(approved_by, typed_by(approved_by)) if approved_by else None
    wanted = Withdrawal(
        delivery_id=number, who=who, reason=reason, approved_by=approved_by, approver=approver
    )
    with open_app(settings.load()) as app:
        try:
            gone = take_down(
                wanted,
                ledger=app.ledger,
                publishers=app.publishers,
                campaigns=app.campaigns,
                clock=app.clock,
            )
        except PublishError as error:
            tell_failure(code_word(error), words_of(what_now(error, number)), _code(error))
            raise SystemExit(_code(error)) from error
    if as_json:
        print_json({"takedown": gone.takedown, "cancelled": gone.cancelled, "under": gone.under})
        return
    echo(f"delivery {number} is taken down from {gone.delivery.channel}")
    for reply in gone.cancelled:
        echo(f"delivery {reply}, a correction that waited to stand under it, is cancelled")
    for reply in gone.under:
        told = f"delivery {reply}, a correction, stood under it"
        echo(advise(f"{told}: ", do(Deed.TAKE_DOWN, reply), " makes sure that it is gone too"))


def _code(error: PublishError) -> int:
    return SOME_FAILED if isinstance(error, OutcomeUnknown | Rejected) else code_of(error)
