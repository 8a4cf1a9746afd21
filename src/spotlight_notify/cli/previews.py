"""Show the posts an aid would get, without recording or sending anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from spotlight_notify.cli.wanted import Wanted
from spotlight_notify.errors import Refused
from spotlight_notify.model import Aid, Campaign, Channel, Image, Network

if TYPE_CHECKING:
    from spotlight_notify.config import Config
    from spotlight_notify.ports import Render


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Show one channel's post, its length and limit as the network counts; or why there is none."""

    campaign: str
    channel: str
    network: Network
    text: str | None
    link: str | None
    images: tuple[Image, ...]
    length: int | None
    limit: int
    trouble: str | None


def posts_of(config: "Config", wanted: Wanted, to: Sequence[str]) -> tuple[Preview, ...]:
    """Render the aid's post for each place it can go to."""
    from spotlight_notify.announcing import places_for
    from spotlight_notify.app import open_ledger, open_render

    render = open_render(config)
    with open_ledger(config) as ledger:
        aid = wanted.aid(ledger)
    places = places_for(aid.source, config.campaigns, to)
    return tuple(_preview(aid, campaign, channel, render) for campaign, channel in places)


def _preview(aid: Aid, campaign: Campaign, channel: Channel, render: "Render") -> Preview:
    from spotlight_notify.rendering import LIMITS, measure

    post, trouble = None, None
    try:
        post = render(aid, campaign.hashtag, channel.network)
    except Refused as refusal:
        trouble = str(refusal)
    return Preview(
        campaign=campaign.name,
        channel=channel.name,
        network=channel.network,
        text=post.text if post else None,
        link=post.link if post else None,
        images=post.images if post else (),
        length=measure(post.text, channel.network) if post else None,
        limit=LIMITS[channel.network],
        trouble=trouble,
    )


def print_previews(previews: Sequence[Preview]) -> None:
    """Print each post under a line that names its channel and length."""
    for preview in previews:
        head = f"{preview.channel} ({preview.network})"
        if preview.trouble:
            click.echo(f"--- {head}: no post: {preview.trouble}\n")
            continue
        click.echo(f"--- {head}, {preview.length} of {preview.limit}\n{preview.text}")
        for image in preview.images:
            click.echo(f"[picture: {image.url} | {image.alt}]")
        click.echo()
