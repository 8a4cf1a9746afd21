"""Post to a Facebook Page through facebook-sdk."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import requests

from spotlight_notify.errors import Rejected, Unauthorized
from spotlight_notify.model import Network, Picture, Post, Receipt, Timeline
from spotlight_notify.ports import Clock, Drafts
from spotlight_notify.publishers.facebook_calls import PageCalls
from spotlight_notify.publishers.facebook_drafts import DraftsInMemory, TwoPhases
from spotlight_notify.publishers.facebook_errors import facebook_evidence
from spotlight_notify.publishers.facebook_graph import GRAPH_URL, GRAPH_VERSION, PageGraph
from spotlight_notify.publishers.facebook_strays import Strays
from spotlight_notify.publishers.facebook_usage import pause_after, usage_of
from spotlight_notify.publishers.looking import read_timeline
from spotlight_notify.publishers.rulings import as_it_is, before_publishing, while_looking
from spotlight_notify.publishers.secrecy import Secrecy, proof_of_secret
from spotlight_notify.publishers.translating import Translating

MAX_PICTURES = 4
"""More work in principle, but five and more with long texts were seen to fail with code 1."""
NOT_ITS_OWN = (
    "Put the Page's own token, not that of a person or another Page, into the configuration "
    "(GET /PAGE-ID?fields=access_token gives it), and check page_id; then resume the channel"
)


class FacebookPublisher:
    """Publish to one Page, and look at what is public there.

    ``session`` comes from the wire; a prefix in ``base_url`` is kept. ``two_phase``: make every post as a
    draft first; ``drafts`` remembers those, in memory alone unless one is given.
    """

    def __init__(
        self,
        session: requests.Session,
        *,
        page_id: str,
        access_token: str,
        clock: Clock,
        app_secret: str | None = None,
        base_url: str = GRAPH_URL,
        graph_version: str = GRAPH_VERSION,
        two_phase: bool = False,
        drafts: Drafts | None = None,
    ) -> None:
        self._graph = PageGraph(
            session, access_token, app_secret=app_secret, base_url=base_url, version=graph_version
        )
        proofs = (app_secret, proof_of_secret(access_token, app_secret)) if app_secret else ()
        secrecy = Secrecy((access_token, *proofs))
        self._translating = Translating(facebook_evidence, secrecy, clock)
        self._page_id, self._page = page_id, PageCalls(self._graph, page_id)
        strays = Strays(self._page, self._translating, clock)
        phases = TwoPhases(self._page, drafts or DraftsInMemory(), strays, self._translating)
        self._two_phases = phases if two_phase else None

    @property
    def network(self) -> Network:
        """Name the network."""
        return Network.FACEBOOK

    @property
    def usage(self) -> float:
        """Tell how full the fullest quota was at the last answer: 0 is empty, 1 is refused."""
        return usage_of(self._graph.headers)

    def pace(self) -> timedelta | None:
        """Tell how long to leave the Page alone after the last answer; None for no longer than usual."""
        return pause_after(self._graph.headers)

    def publish(self, post: Post, pictures: Sequence[Picture]) -> Receipt:
        """Upload the pictures unpublished with their alt texts, then post (or draft and publish) once."""
        if len(pictures) > MAX_PICTURES:
            raise Rejected(f"a Facebook post takes {MAX_PICTURES} pictures here, not {len(pictures)}")
        if self._two_phases:
            return self._two_phases.publish(post, pictures)
        photo_ids = self._translating.call(
            lambda: [self._page.upload(p) for p in pictures], before_publishing
        )
        return self._translating.call(lambda: self._page.post(post, photo_ids), as_it_is)

    def timeline(self, since: datetime) -> Timeline:
        """Read the Page's own posts that are public and were made since then; reading is free."""
        return self._translating.call(
            lambda: read_timeline(lambda more: self._page.published(since, more), since), while_looking
        )

    def probe(self) -> str:
        """Ask Graph whose token it is, and refuse one that is not this Page's own."""
        owner, name = self._translating.call(self._page.who, while_looking)
        if owner != self._page_id:
            raise Unauthorized(f"the token is not that of Page {self._page_id}", advice=NOT_ITS_OWN)
        return name or owner
