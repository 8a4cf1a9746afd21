"""Write the digests of a theme, without recording or sending anything."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from spotlight_notify.cli.digests import Digests, find_digests
from spotlight_notify.cli.output import echo
from spotlight_notify.cli.preview_album import Album
from spotlight_notify.cli.previews import Preview, Previews, preview_of
from spotlight_notify.operations.announce.digests import digest_aid, digest_writing
from spotlight_notify.operations.announce.orders import When

if TYPE_CHECKING:
    from spotlight_notify.config.configuration import Config


def digest_previews(config: "Config", name: str, to: Sequence[str]) -> Previews:
    """Write the digest for each place that has enough for one, and ask its link; it has no pictures."""
    from spotlight_notify.app.chance import clock
    from spotlight_notify.app.ledgers import read_ledger
    from spotlight_notify.app.writing import open_outlook
    from spotlight_notify.cli.preview_links import with_web

    now = clock()
    with read_ledger(config) as ledger:
        digests = find_digests(config, ledger, name, to, When(), now)
        if digests.too_few:
            echo(digests.too_few, err=True)
        posts = _posts(config, digests, now)
        with open_outlook(config, Album(ledger)) as outlook:
            posts = tuple(replace(with_web(post, None, outlook), left_out=()) for post in posts)
    return Previews(aid=digest_aid(digests.theme, digests.gathered[0], now), posts=posts, pictures={})


def _posts(config: "Config", digests: Digests, now: datetime) -> tuple[Preview, ...]:
    from spotlight_notify.app.writing import open_lint, open_render_digest

    theme, render, lint = digests.theme, open_render_digest(config), open_lint(config)
    return tuple(
        preview_of(
            digest_aid(theme, each, now),
            each.campaign,
            each.channel,
            digest_writing(theme, each, render, lint),
            config,
            now,
        )
        for each in digests.gathered
    )
