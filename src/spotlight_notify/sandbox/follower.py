"""Show what a follower of the hashtag sees on both networks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spotlight_notify.sandbox.facebook.stand_in import StandInGraph
from spotlight_notify.sandbox.pages import Pages, asset
from spotlight_notify.sandbox.shown import ShownPost, Upload, bears
from spotlight_notify.sandbox.site import Shelves
from spotlight_notify.sandbox.x.stand_in import StandInX
from spotlight_notify.text.entities import Fragment, as_shown, fragments


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Show what a network draws from a link's og tags; only ``host`` where the page is not known here."""

    host: str
    href: str
    title: str = ""
    summary: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Show one post: ``anchor`` names its place on the page; ``card`` is None beside pictures.

    ``replies`` stand under it, oldest first.
    """

    post: ShownPost
    anchor: str
    text: tuple[Fragment, ...]
    card: Card | None
    replies: tuple["Sight", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Show one network: posts newest first, and how many its followers of the hashtag never see."""

    network: str
    title: str
    account: str
    handle: str
    sights: tuple[Sight, ...]
    unseen: tuple[ShownPost, ...]


class FollowerPages:
    """Answer for the follower's page and for the pictures that were uploaded."""

    def __init__(self, x: StandInX, graph: StandInGraph, site: Shelves, pages: Pages) -> None:
        self._x, self._graph, self._site, self._pages = x, graph, site, pages

    def routes(self) -> list[Route]:
        """List the addresses."""
        return [
            Route("/", self._posts),
            Route("/style.css", self._style),
            Route("/x/pictures/{id}", self._x_picture),
            Route("/graph/pictures/{id}", self._graph_picture),
        ]

    async def _posts(self, request: Request) -> Response:
        page, account = self._graph.page, self._x.account
        columns = (
            self._column("Facebook", page.name, "", self._graph.posts),
            self._column("X", account.name, f"@{account.username}", self._x.posts),
        )
        return self._pages.html("follower.html", sample=self._site.sample, columns=columns)

    def _column(self, title: str, account: str, handle: str, posts: Sequence[ShownPost]) -> Column:
        hashtag, ids = self._site.sample.hashtag, {post.id for post in posts}
        newest_first = [post for post in reversed(posts) if post.reply_to not in ids]
        return Column(
            network=title.lower(),
            title=title,
            account=account,
            handle=handle,
            sights=tuple(self._sight(post, posts) for post in newest_first if bears(post.text, hashtag)),
            unseen=tuple(post for post in newest_first if not bears(post.text, hashtag)),
        )

    def _sight(self, post: ShownPost, posts: Sequence[ShownPost]) -> Sight:
        pieces = [
            self._led_home(as_shown(piece, shortens_links=post.network.shortens_links))
            for piece in fragments(post.text)
        ]
        card = self._card(post.link) if post.link and not post.images else None
        return Sight(
            post=post,
            anchor=f"{post.network}-{post.id.rpartition('_')[2]}",
            text=tuple(pieces),
            card=card,
            replies=tuple(self._sight(reply, posts) for reply in posts if reply.reply_to == post.id),
        )

    def _led_home(self, piece: Fragment) -> Fragment:
        """Lead links to the sample site's public address to where it is served now."""
        entry = self._site.find(piece.href) if piece.href else None
        return replace(piece, href=entry.page) if entry else piece

    def _card(self, link: str) -> Card:
        host = urlsplit(link).hostname or link
        entry = self._site.find(link)
        if entry is None:
            return Card(host=host, href=link)
        aid = entry.aid
        return Card(host=host, href=entry.page, title=aid.title, summary=aid.summary, picture=entry.card_url)

    async def _style(self, request: Request) -> Response:
        return asset(self._pages.text("style.css").encode(), "text/css")

    async def _x_picture(self, request: Request) -> Response:
        return _uploaded(self._x.picture(request.path_params["id"]))

    async def _graph_picture(self, request: Request) -> Response:
        return _uploaded(self._graph.picture(request.path_params["id"]))


def _uploaded(upload: Upload | None) -> Response:
    return asset(upload.content, upload.media_type) if upload else asset(None, "")
