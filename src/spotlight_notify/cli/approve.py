"""Decide about posts that wait for a person: approve, reject, edit."""

import re
from collections.abc import Sequence
from typing import BinaryIO

import click

from spotlight_notify.app.chance import clock
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.app.writing import open_lint
from spotlight_notify.cli.delivery_lines import print_findings, print_post, tell_decided
from spotlight_notify.cli.options import (
    both_option,
    by_option,
    reason_option,
    reason_or,
    said_to_be,
    typed_by,
)
from spotlight_notify.cli.output import Settings, json_option
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.decide.approvals import approve as approve_posts
from spotlight_notify.operations.decide.approvals import cancel, twins_of, unseen_pictures
from spotlight_notify.operations.decide.approvals import reject as reject_posts
from spotlight_notify.operations.decide.edits import Edit
from spotlight_notify.operations.decide.edits import edit as edit_post
from spotlight_notify.ports.ledger import Ledger

LONGEST_TEXT = 1_000_000
"""How many bytes of a text are read: many times Facebook's limit."""

_ALT = re.compile(r"(?P<number>[0-9]{1,3})=(?P<words>.*)", re.DOTALL)

numbers_argument = click.argument("numbers", metavar="ID...", type=int, nargs=-1, required=True)


@click.command()
@numbers_argument
@both_option
@click.option("--digest", help="How the digest of the post you looked at begins, to approve none but that.")
@reason_or(None)
@by_option
@json_option
@click.pass_obj
def approve(
    settings: Settings,
    numbers: tuple[int, ...],
    both: bool,
    digest: str | None,
    reason: str | None,
    who: str,
    as_json: bool,
) -> None:
    """Approve the posts of deliveries, each by its ID, exactly as they are now.

    A name given by --by is recorded as what somebody is said to be, with the login that typed it.
    Any change of words, link or pictures afterwards voids it. "deliveries --state proposed" lists what waits,
    "deliveries ID" shows a post with its digest. All IDs are checked before anything is written.
    """
    if digest is not None and (both or len(set(numbers)) > 1):
        raise click.UsageError("--digest names one post; approve just one ID with it")
    config = settings.load(secrets=False)
    campaigns = {campaign.name: campaign for campaign in config.campaigns}
    with open_ledger(config) as ledger:
        login = typed_by(who)
        twins = [one for one in _twins(numbers, ledger) if one.cause is Cause.APPROVAL]
        found = approve_posts(
            (*numbers, *(one.id for one in twins if both)),
            ledger=ledger,
            campaigns=campaigns,
            who=who,
            now=clock(),
            digest=digest,
            reason=reason,
            typed_by=login,
        )
        tell_decided(found, ledger, config, f"approved by {said_to_be(who, login)}", as_json)
    _tell_twins([] if both else twins, settings)
    for warning in unseen_pictures(found):
        settings.say(warning)


@click.command()
@numbers_argument
@both_option
@reason_option
@by_option
@json_option
@click.pass_obj
def reject(
    settings: Settings, numbers: tuple[int, ...], both: bool, reason: str, who: str, as_json: bool
) -> None:
    """Cancel proposed deliveries, each by its ID. All are checked before anything is written.

    With --both what waits of the same aids elsewhere is cancelled too.
    """
    config = settings.load(secrets=False)
    with open_ledger(config) as ledger:
        twins = _twins(numbers, ledger)
        found = reject_posts(numbers, ledger=ledger, who=who, reason=reason, now=clock())
        for one in twins if both else ():
            found += (cancel(one.id, ledger=ledger, who=who, reason=reason, now=clock()),)
        tell_decided(found, ledger, config, f"rejected by {who}", as_json)
    _tell_twins([] if both else twins, settings)


def _twins(numbers: Sequence[int], ledger: Ledger) -> tuple[Delivery, ...]:
    return twins_of([ledger.delivery(number) for number in numbers], ledger)


def _tell_twins(twins: Sequence[Delivery], settings: Settings) -> None:
    """Print which deliveries of the same aids are left as they are."""
    for one in twins:
        state = "is asked about" if one.state is State.PROPOSED else "waits"
        settings.say(f"the same aid {state} on {one.channel}, delivery {one.id}: --both takes it too")


@click.command()
@click.argument("number", metavar="ID", type=int)
@click.option("--text", help="The whole new text, with its link and hashtag.")
@click.option(
    "--text-file",
    metavar="FILE",
    type=click.File("rb"),
    help='A file that holds the new text, in UTF-8; "-" is stdin.',
)
@click.option(
    "--alt", "alts", metavar="N=WORDS", multiple=True, help="Words for picture N (may be repeated)."
)
@reason_option
@by_option
@json_option
@click.pass_obj
def edit(
    settings: Settings,
    number: int,
    text: str | None,
    text_file: BinaryIO | None,
    alts: tuple[str, ...],
    reason: str,
    who: str,
    as_json: bool,
) -> None:
    """Give a delivery's post another text, or its pictures other words, as long as it waits.

    It passes the same rules as any post: link and hashtag whole, within the limit. Where its campaign asks
    for approval, or it was approved before, it awaits approval anew. The words it had stay on record.
    """
    texts = [text is not None, text_file is not None].count(True)
    if texts > 1 or (texts == 0 and not alts):
        raise click.UsageError("say what changes: --text, or --text-file, or --alt N=WORDS")
    wanted = Edit(text=text if text_file is None else _read(text_file), alts=dict(map(_alt, alts)))
    config = settings.load(secrets=False)
    campaigns = {campaign.name: campaign for campaign in config.campaigns}
    with open_ledger(config) as ledger:
        one = edit_post(
            number,
            wanted,
            ledger=ledger,
            campaigns=campaigns,
            lint=open_lint(config),
            who=who,
            reason=reason,
            now=clock(),
        )
        tell_decided([one], ledger, config, f"edited by {who}", as_json)
    if one.post and not as_json:
        print_post(one.post)
        print_findings(one)


def _read(file: BinaryIO) -> str:
    content: bytes = file.read(LONGEST_TEXT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"--text-file: {file.name} is no UTF-8 text") from error


def _alt(words: str) -> tuple[int, str]:
    found = _ALT.fullmatch(words)
    if found is None:
        raise click.UsageError(f'--alt: {words} names no picture; write it like 1="What it shows."')
    return int(found["number"]), found["words"]
