"""Post to a Facebook Page through facebook-sdk."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from spotlight_notify.model.errors import PublishError, Rejected, Unauthorized
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Picture, Post, Receipt, Timeline
from spotlight_notify.networks.facebook.calls import PageCalls
from spotlight_notify.networks.facebook.drafts import DraftsInMemory, LeftoverDrafts, TwoPhases
from spotlight_notify.networks.facebook.errors import (
    REMOVING,
    facebook_evidence,
    says_gone,
    while_commenting,
    while_deleting,
    while_reading_comments,
)
from spotlight_notify.networks.facebook.graph import (
    GRAPH_URL,
    GRAPH_VERSION,
    GraphFailure,
    PageGraph,
    proof_of_secret,
)
from spotlight_notify.networks.facebook.rate_limits import pause_after, usage_of
from spotlight_notify.networks.facebook.results import is_post_id
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.failures import ErrorTranslator, as_it_is, before_publishing, while_looking
from spotlight_notify.networks.redaction import Redactor
from spotlight_notify.networks.timelines import Page, read_timeline
from spotlight_notify.ports.parts import Clock, Drafts, Ready
from spotlight_notify.wire.http_dates import answered_at
from spotlight_notify.wire.sessions import PublishingSession

MOST_POSTS = 5_000
"""Two months of the busiest Page; reading is free."""
NOT_ITS_OWN = (
    "Put the Page's own token, not that of a person or another Page, into the configuration "
    "(GET /PAGE-ID?fields=access_token gives it), and check page_id; then resume the channel"
)


class FacebookPublisher:
    """Publish to one Page, and look at what is public there.

    ``session`` comes from the wire; a prefix in ``base_url`` is kept. ``two_phase``: make every post as a
    draft first; ``drafts`` remembers those, in memory alone unless one is given. ``refresh_cards``: have the
    page read anew before a post with a link and no picture.
    """

    def __init__(
        self,
        session: PublishingSession,
        *,
        page_id: str,
        access_token: str,
        clock: Clock,
        app_secret: str | None = None,
        base_url: str = GRAPH_URL,
        graph_version: str = GRAPH_VERSION,
        two_phase: bool = False,
        refresh_cards: bool = False,
        drafts: Drafts | None = None,
    ) -> None:
        self._wire = session
        self._graph = PageGraph(
            session, access_token, app_secret=app_secret, base_url=base_url, version=graph_version
        )
        proofs = (app_secret, proof_of_secret(access_token, app_secret)) if app_secret else ()
        redactor = Redactor((access_token, *proofs))
        self._translator = ErrorTranslator(facebook_evidence, redactor, clock)
        self._page_id, self._page = page_id, PageCalls(self._graph, page_id)
        strays = LeftoverDrafts(self._page, self._translator, clock)
        phases = TwoPhases(self._page, drafts or DraftsInMemory(), strays, self._translator)
        self._two_phases = phases if two_phase else None
        self._may_refresh_cards = refresh_cards

    @property
    def network(self) -> Network:
        """The network."""
        return FACEBOOK

    @property
    def usage(self) -> float:
        """Return how full the fullest quota was at the last answer: 0 is empty, 1 is refused."""
        return usage_of(self._graph.headers)

    def pace(self) -> timedelta | None:
        """Return how long to leave the Page alone after the last answer; None for no longer than usual."""
        return pause_after(self._graph.headers)

    def publish(self, post: Post, pictures: Sequence[Picture], ready: Ready, key: str = "") -> Receipt:
        """Upload the pictures unpublished with their alt texts, then post (or draft and publish) once.

        A reply is a comment by the Page: one request, and no pictures.
        """
        depart = partial(self._wire.depart, ready)
        if post.reply_to is not None:
            return self._comment(post, post.reply_to, pictures, depart)
        if len(pictures) > FACEBOOK.max_pictures:
            raise Rejected(
                f"a Facebook post takes {FACEBOOK.max_pictures} pictures here, not {len(pictures)}"
            )
        if post.link and not pictures:
            self._refresh_card(post.link)
        if self._two_phases:
            return self._two_phases.publish(post, pictures, depart)
        photo_ids = self._translator.call(lambda: [self._page.upload(p) for p in pictures], before_publishing)
        depart()
        return self._translator.call(lambda: self._page.post(post, photo_ids), as_it_is)

    def _refresh_card(self, link: str) -> None:
        """Have the page of a card read anew, where the token may; a post goes without, too."""
        if not self._may_refresh_cards:
            return
        try:
            self._translator.call(lambda: self._page.refresh_card(link), before_publishing)
        except Unauthorized:
            self._may_refresh_cards = False  # until the program starts again
        except PublishError:
            pass

    def remove(self, post_id: str) -> None:
        """Delete a post with all that stands under it, or a comment."""
        _refuse_strange(post_id)
        if not self._translator.call(lambda: self._delete(post_id), while_deleting):
            self._prove_gone(post_id)

    def timeline(self, since: datetime, under: str | None = None) -> Timeline:
        """Read the Page's own posts that are public and were made since then; reading is free.

        With ``under``: its comments on that post instead.
        """
        if under is not None:
            _refuse_strange(under)
            return self._translator.call(
                lambda: self._read(partial(self._page.comments, under), since, in_order=False),
                while_reading_comments,
            )
        return self._translator.call(
            lambda: self._read(partial(self._page.published, since), since), while_looking
        )

    def probe(self) -> str:
        """Ask Graph whose token it is, and refuse one that is not this Page's own."""
        owner, name = self._translator.call(self._page.who, while_looking)
        if owner != self._page_id:
            raise Unauthorized(f"the token is not that of Page {self._page_id}", advice=NOT_ITS_OWN)
        return name or owner

    def _read(self, ask: Callable[[str | None], Page], since: datetime, *, in_order: bool = True) -> Timeline:
        seen = read_timeline(ask, since, most=MOST_POSTS, in_order=in_order)
        return replace(seen, at=answered_at(self._graph.headers))

    def _comment(self, post: Post, above: str, pictures: Sequence[Picture], ready: Ready) -> Receipt:
        _refuse_strange(above)
        if pictures:
            raise Rejected("a comment on Facebook is sent without pictures: leave them out")
        ready()
        return self._translator.call(lambda: self._page.comment(post), while_commenting)

    def _delete(self, post_id: str) -> bool:
        """Delete; tells whether there was something, by what Graph says."""
        try:
            self._page.delete(post_id)
        except GraphFailure as failure:
            if not says_gone(failure):
                raise
            return False
        return True

    def _prove_gone(self, post_id: str) -> None:
        """Let "not there" count only if it is said to the Page's own token, and of reading as well."""
        self.probe()
        if self._translator.call(lambda: self._page.is_there(post_id), while_looking):
            raise Unauthorized("Facebook shows the post, but will not delete it", advice=REMOVING.advice)


def _refuse_strange(post_id: str) -> None:
    """Let nothing into an address that could name anything but a post or a comment."""
    if not is_post_id(post_id):
        raise Rejected(f"{post_id!r} is no id of a post on Facebook: do it by hand on facebook.com")
