"""Write the posts an aid would get, without recording or sending anything."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from spotlight_notify.cli.costs import price_of_post
from spotlight_notify.cli.findings import line_of
from spotlight_notify.cli.output import echo, echo_text
from spotlight_notify.cli.preview_album import Album
from spotlight_notify.cli.wanted import Wanted
from spotlight_notify.model.aids import Aid, Image
from spotlight_notify.model.campaigns import Campaign, Channel
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import CleanPicture, Finding, Post
from spotlight_notify.model.words import State
from spotlight_notify.wire.fetching import shown

if TYPE_CHECKING:
    from spotlight_notify.config.configuration import Config
    from spotlight_notify.ports.ledger import Ledger
    from spotlight_notify.rules.planning import Writing

NO_WORDS = "nobody gives words for it: say them with --alt, or under [alt_texts] in the configuration"
NO_PICTURE = "the aid has none, and none is taken from its page: the network draws its own card from it"
TOO_MANY = "the post has as many pictures as it may"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Say why a post goes without a picture; ``url`` is None when there is none at all."""

    url: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCard:
    """Show what a network would draw from a link: what its page says (``from_page``), else the aid's words.

    ``title`` is None where the page gives none, and the network chooses.
    """

    host: str
    title: str | None
    image_url: str | None = None
    image_alt: str | None = None
    from_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Show one channel's post: its length as the network counts, its price in dollars where there is one.

    ``state``: pending if it would go out, proposed if a person would be asked first, skipped if it is over;
    ``trouble`` says why. ``text`` is None when there is no post at all, ``card`` when it shows pictures.
    """

    campaign: str
    channel: str
    network: Network
    text: str | None
    link: str | None
    images: tuple[Image, ...]
    left_out: tuple[LeftOut, ...]
    length: int | None
    limit: int
    price: float | None
    findings: tuple[Finding, ...]
    state: State
    trouble: str | None
    card: LinkCard | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Previews:
    """Hold an aid's previews, and the pictures they show by their digest."""

    aid: Aid
    posts: tuple[Preview, ...]
    pictures: Mapping[str, CleanPicture]


def previews_of(config: "Config", wanted: Wanted, to: Sequence[str]) -> Previews:
    """Write the aid's post, or the theme's digest, for each place it can go to, with the pictures found."""
    from spotlight_notify.app.chance import clock
    from spotlight_notify.app.ledgers import read_ledger
    from spotlight_notify.app.writing import open_outlook, open_writing
    from spotlight_notify.cli.digest_previews import digest_previews
    from spotlight_notify.cli.preview_links import with_web
    from spotlight_notify.operations.announce.orders import places_for

    if wanted.is_digest:
        return digest_previews(config, str(wanted.theme), to)
    writing, now = open_writing(config), clock()
    with read_ledger(config) as ledger:
        album = Album(ledger)
        wanted = kept_in(album, wanted, config)
        aid = wanted.aid(ledger)
        places = places_for(aid.source, config.campaigns, to)
        with open_outlook(config, album) as outlook:
            aid = wanted.illustrated(aid, outlook.illustrate)
            looked = outlook.page_at(aid.link or "")
            bare = [preview_of(aid, c, channel, writing, config, now) for c, channel in places]
            posts = tuple(with_web(preview, looked, outlook) for preview in bare)
        return Previews(aid=aid, posts=posts, pictures=_pictures(posts, album))


def kept_in(album: "Album | Ledger", wanted: Wanted, config: "Config") -> Wanted:
    """Clean the picture that was given as a file, if one was, and keep it there."""
    from spotlight_notify.app.chance import clock
    from spotlight_notify.app.writing import open_cleaner

    def keep(path: Path) -> str:
        with open_cleaner(config) as cleaner:
            return album.keep_picture(cleaner.clean_file(path), clock())

    return wanted.kept(keep)


def _pictures(posts: Sequence[Preview], album: Album) -> dict[str, CleanPicture]:
    digests = {image.digest for post in posts for image in post.images if image.digest}
    found = {digest: album.kept_picture(digest) for digest in sorted(digests)}
    return {digest: picture for digest, picture in found.items() if picture}


def preview_of(
    aid: Aid, campaign: Campaign, channel: Channel, writing: "Writing", config: "Config", now: datetime
) -> Preview:
    """Write the aid's post for one place as if it were planned now; nothing is asked of the web."""
    from spotlight_notify.rules.planning import why_over, write

    written, over = write(aid, campaign, channel.network, writing), why_over(aid, now)
    post, trouble = written.post, [f"it would be skipped: {over}" if over else None, written.trouble]
    return Preview(
        campaign=campaign.name,
        channel=channel.name,
        network=channel.network,
        text=post.text if post else None,
        link=post.link if post else None,
        images=post.images if post else (),
        left_out=tuple(_left_out(aid, post)) if post else (),
        length=channel.network.measure(post.text) if post else None,
        limit=channel.network.limit,
        price=price_of_post(config, channel.name, post.text, posted_images(post.images)) if post else None,
        findings=written.findings,
        state=State.SKIPPED if over else State.PROPOSED if written.trouble else State.PENDING,
        trouble="; ".join(filter(None, trouble)) or None,
        card=_card(aid, post) if post and not posted_images(post.images) else None,
    )


def _card(aid: Aid, post: Post) -> LinkCard:
    return LinkCard(host=urlsplit(post.link).hostname or "", title=aid.title or aid.key)


def _left_out(aid: Aid, post: Post) -> Iterator[LeftOut]:
    """Say of each of the aid's images that is not in the post why not, or that there is none at all."""
    posted = {image.url for image in post.images if not image.trouble}
    for image in aid.images:
        if image.url not in posted:
            reason = image.trouble or (TOO_MANY if (image.alt or "").strip() else NO_WORDS)
            yield LeftOut(url=image.url, reason=reason.replace(f"{shown(image.url)}: ", ""))
    if not aid.images:
        yield LeftOut(url=None, reason=NO_PICTURE)


def posted_images(images: Sequence[Image]) -> tuple[Image, ...]:
    """Choose the images that can be shown."""
    return tuple(image for image in images if not image.trouble)


def json_of(previews: Previews) -> dict[str, Any]:
    """Give what programs read."""
    return {"posts": [_fields(preview) | {"network": preview.network.name} for preview in previews.posts]}


def _fields(preview: Preview) -> dict[str, Any]:
    return {each.name: getattr(preview, each.name) for each in fields(preview)}


def head_of(preview: Preview) -> str:
    """Sum a preview up in a line: channel, weight, price, and whether it would go out by itself."""
    from spotlight_notify.rules.pricing import dollars

    told = [f"{preview.length:,} of {preview.limit:,}"] if preview.length is not None else []
    told += [dollars(preview.price)] if preview.price is not None else []
    if preview.text is None:
        told.append(f"no post: {preview.trouble}")
    elif preview.trouble:
        told.append(preview.trouble if preview.state is State.SKIPPED else "a person must look first")
    return f"{preview.channel} ({preview.network}): {', '.join(told)}"


def print_previews(previews: Previews) -> None:
    """Print each post under a line that sums it up, and under it its pictures and what was found in it."""
    for preview in previews.posts:
        echo(f"--- {head_of(preview)}")
        if preview.text:
            echo_text(preview.text)
        for line in (*picture_lines(preview), *map(line_of, preview.findings)):
            echo(line)
        echo()


def picture_lines(preview: Preview) -> Iterator[str]:
    """Tell of each picture, and why another is left out."""
    for image in posted_images(preview.images):
        later = "" if image.digest else " (not to be had now: tried again when the post is sent)"
        yield f"[picture: {image.url} | {image.alt}]{later}"
    for left_out in preview.left_out:
        yield f"[no picture: {left_out.reason}{f' ({left_out.url})' if left_out.url else ''}]"
