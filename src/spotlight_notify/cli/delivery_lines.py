"""Tell of deliveries why they are where they are, and when those that wait will go."""

from collections.abc import Sequence
from dataclasses import asdict

from spotlight_notify.app.chance import clock
from spotlight_notify.cli.clocks import short_time
from spotlight_notify.cli.output import echo, echo_text, line_of, print_json
from spotlight_notify.config.configuration import Config
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.operations.status import Standing, standings_of
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.approval import post_hash
from spotlight_notify.rules.explain.explanations import Word

NOT_GOING = {
    Word.HELD: "held",
    Word.PAUSED_CHANNEL: "paused",
    Word.FILTERED: "-",
    Word.AWAITING_APPROVAL: "-",
}
"""What stands in place of a time for pending deliveries that do not go by themselves."""


def fields_of(told: Standing) -> dict[str, object]:
    """Return what programs read: the delivery's own fields, its post's digest, why, and when it goes."""
    post = told.delivery.post
    digest = post_hash(post) if post else None
    return {**asdict(told.delivery), "digest": digest, "why": told.why.word, "goes_at": told.goes_at}


def is_going(told: Standing) -> bool:
    """Return whether a delivery goes by itself at a time that is known."""
    return told.goes_at is not None and told.why.word not in NOT_GOING


def goes(told: Standing) -> str:
    """Write for a table when a delivery goes: a time, ``now``, ``never``, or what keeps it."""
    if told.delivery.state is not State.PENDING:
        return "-"
    if told.why.word in NOT_GOING:
        return NOT_GOING[told.why.word]
    if told.goes_at is None:
        return "never"
    return "now" if told.goes_at <= told.now else short_time(told.goes_at, told.delivery.campaign)


def tell_decided(found: Sequence[Delivery], ledger: Ledger, config: Config, done: str, as_json: bool) -> None:
    """Print what a decision made of these deliveries."""
    told = standings_of(found, ledger=ledger, campaigns=config.campaigns, tempos=config.tempos, now=clock())
    if as_json:
        print_json({"deliveries": [fields_of(each) for each in told]})
        return
    for each in told:
        when = f", goes {goes(each)}" if is_going(each) else ""
        echo(f"delivery {each.delivery.id} on {each.delivery.channel} {done}: {each.why.word}{when}")
        if each.delivery.state is State.PENDING and each.why.word in (Word.AWAITING_APPROVAL, Word.OVER):
            echo(f"  {each.why.sentence}", campaign=each.delivery.campaign)


def print_post(post: Post) -> None:
    """Print a post whole: its words, its pictures, and the digest that an approval binds to."""
    echo("---")
    echo_text(post.text)
    echo("---")
    for number, image in enumerate(post.images, 1):
        trouble = f" {image.trouble}" if image.trouble else ""
        echo(f"[picture {number}: {image.url} | {image.alt}]{trouble}")
    echo(f"digest: {post_hash(post)}")


def print_findings(one: Delivery) -> None:
    """Print what the lint found in a delivery's post."""
    for finding in one.findings:
        echo(line_of(finding))
