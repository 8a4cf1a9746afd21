"""Write the posts an aid would get, without recording or sending anything."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from spotlight_notify.model.advice import Field, advise
from spotlight_notify.model.aids import ON_DEMAND, Aid, Theme
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.posts import CleanPicture, Post
from spotlight_notify.model.words import State
from spotlight_notify.operations.announce.digest_members import Gathered
from spotlight_notify.operations.announce.digests import (
    RenderDigest,
    digest_aid,
    digest_writing,
    find_digests,
)
from spotlight_notify.operations.announce.orders import Place, When, places_for
from spotlight_notify.operations.announce.request import AidRequest, Album, kept_in
from spotlight_notify.operations.preview.values import LeftOut, LinkCard, Preview, Previews, posted_images
from spotlight_notify.operations.preview.web import Web, with_web
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.planning import Writing, why_over, write
from spotlight_notify.rules.pricing import Prices, price_of
from spotlight_notify.text.links import shown

ALT_TEXTS = ", or under [alt_texts] in the configuration"
NO_WORDS = advise("nobody gives words for it: say them with ", Field("alt"), ALT_TEXTS)
NO_PICTURE = "the aid has none, and none is taken from its page: the network draws its own card from it"
TOO_MANY = "the post has as many pictures as it may"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writers:
    """What posts are written and priced with; ``prices`` are by channel."""

    writing: Writing
    render_digest: RenderDigest
    campaigns: Sequence[Campaign]
    themes: Mapping[str, Theme]
    prices: Mapping[str, Prices]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewing:
    """What a preview is made with; nothing of it records or sends."""

    writers: Writers
    ledger: Ledger
    album: Album
    web: Web
    clean: Callable[[Path], CleanPicture]


def previews_of(parts: Previewing, wanted: AidRequest, to: Sequence[str]) -> Previews:
    """Write the aid's post, or the theme's digest, for each place it can go to, with the pictures found."""
    if wanted.is_digest:
        return _digest_previews(parts, str(wanted.theme), to)
    web, writers = parts.web, parts.writers
    wanted = kept_in(parts.album, wanted, parts.clean, writers.now)
    aid = wanted.aid(parts.ledger, writers.writing.zone, writers.now)
    places = places_for(aid.source, writers.campaigns, to)
    aid = wanted.illustrated(aid, web.illustrate)
    looked = web.page_at(aid.link or "")
    posts = tuple(with_web(preview_of(aid, place, writers), looked, web) for place in places)
    return Previews(aid=aid, posts=posts, pictures=_pictures(posts, parts.album))


def _digest_previews(parts: Previewing, name: str, to: Sequence[str]) -> Previews:
    """Write the digest for each place that has enough for one, and ask its link; it has no pictures."""
    writers, now = parts.writers, parts.writers.now
    places = places_for(ON_DEMAND, writers.campaigns, to)
    digests = find_digests(name, places, When(), ledger=parts.ledger, themes=writers.themes, now=now)
    bare = (_digest_preview(digests.theme, each, writers) for each in digests.gathered)
    posts = tuple(replace(with_web(post, None, parts.web), left_out=()) for post in bare)
    aid = digest_aid(digests.theme, digests.gathered[0], now)
    return Previews(aid=aid, posts=posts, pictures={}, too_few=digests.too_few)


def _digest_preview(theme: Theme, gathered: Gathered, writers: Writers) -> Preview:
    writing = digest_writing(theme, gathered, writers.render_digest, writers.writing.lint)
    aid = digest_aid(theme, gathered, writers.now)
    return preview_of(aid, (gathered.campaign, gathered.channel), replace(writers, writing=writing))


def _pictures(posts: Sequence[Preview], album: Album) -> dict[str, CleanPicture]:
    digests = {image.digest for post in posts for image in post.images if image.digest}
    found = {digest: album.kept_picture(digest) for digest in sorted(digests)}
    return {digest: picture for digest, picture in found.items() if picture}


def preview_of(aid: Aid, place: Place, writers: Writers) -> Preview:
    """Write the aid's post for one place as if it were planned now; nothing is asked of the web."""
    campaign, channel = place
    prices = writers.prices.get(channel.name)
    written, over = write(aid, campaign, channel.network, writers.writing), why_over(aid, writers.now)
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
        price=float(price_of(post.text, len(posted_images(post.images)), prices))
        if post and prices
        else None,
        findings=written.findings,
        state=State.SKIPPED if over else State.PROPOSED if written.trouble else State.PENDING,
        trouble="; ".join(filter(None, trouble)) or None,
        card=_card(aid, post) if post and not posted_images(post.images) else None,
    )


def _card(aid: Aid, post: Post) -> LinkCard:
    return LinkCard(host=urlsplit(post.link).hostname or "", title=aid.title or aid.key)


def _left_out(aid: Aid, post: Post) -> Iterator[LeftOut]:
    """Yield why each image of the aid that is not in the post is left out, or that there is none at all."""
    posted = {image.url for image in post.images if not image.trouble}
    for image in aid.images:
        if image.url not in posted:
            troubled = (image.trouble or "").replace(f"{shown(image.url)}: ", "")
            yield LeftOut(
                url=image.url, reason=troubled or (TOO_MANY if (image.alt or "").strip() else NO_WORDS)
            )
    if not aid.images:
        yield LeftOut(url=None, reason=NO_PICTURE)
