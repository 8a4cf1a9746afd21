"""Write the digests of a theme, without recording or sending anything."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from spotlight_notify.announcing import When, digest_aid, digest_writing
from spotlight_notify.cli.digests import find_digests
from spotlight_notify.cli.previews import Previews, preview_of

if TYPE_CHECKING:
    from spotlight_notify.config import Config


def digest_previews(config: "Config", name: str, to: Sequence[str]) -> Previews:
    """Write the digest for each place that has enough for one; it has no pictures."""
    from spotlight_notify.app import clock, open_ledger, open_lint, open_render_digest

    render, lint, now = open_render_digest(config), open_lint(config), clock()
    with open_ledger(config) as ledger:
        digests = find_digests(config, ledger, name, to, When(), now)
    if digests.too_few:
        click.echo(digests.too_few, err=True)
    aids = [digest_aid(digests.theme, each, now) for each in digests.gathered]
    posts = (
        preview_of(
            aid, each.campaign, each.channel, digest_writing(digests.theme, each, render, lint), config, now
        )
        for aid, each in zip(aids, digests.gathered, strict=True)
    )
    return Previews(aid=aids[0], posts=tuple(replace(post, left_out=()) for post in posts), pictures={})
