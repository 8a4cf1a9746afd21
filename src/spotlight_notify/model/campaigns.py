"""Describe where and under which rules aids are announced, and what is planned."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding, Post
from spotlight_notify.model.words import Cause, Kind, ScopeKind, State
from spotlight_notify.text.names import has_theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Name one configured destination: this Page, that X account."""

    name: str
    network: Network


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalPolicy:
    """Which posts of a campaign a person must approve, who may, and how long it holds.

    Any of ``everything``, ``kinds``, ``sign_in`` (gated aids) and ``warnings`` (of the lint) asks for it.
    ``approvers``: names; empty means anybody. ``four_eyes``: not by who edited the post last.
    """

    everything: bool = False
    kinds: frozenset[Kind] = frozenset()
    sign_in: bool = False
    warnings: bool = False
    approvers: tuple[str, ...] = ()
    four_eyes: bool = False
    lasts: timedelta | None = None

    @property
    def asks(self) -> bool:
        """Return whether it asks about any post at all."""
        return self.everything or bool(self.kinds) or self.sign_in or self.warnings


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Name aids by a category or theme, by words in title or summary, or by kind: any of them is enough."""

    categories: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Only what fits ``only`` is announced, and nothing that fits ``without``."""

    only: Choice | None = None
    without: Choice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Which sources are announced on which channels under which hashtag (with its ``#``).

    ``theme_hashtags``: a theme's own hashtag stands beside it. ``tracking``: parameters that are added to
    links below ``own_domains``, and to no others. ``oldest``: aids published longer ago are not announced.
    ``selection``: which of all aids are; ``source_selections``: which of a source's, by its name.
    """

    name: str
    sources: tuple[str, ...]
    channels: tuple[Channel, ...]
    hashtag: str
    theme_hashtags: bool = False
    tracking: Mapping[str, str] = field(default_factory=dict)
    own_domains: tuple[str, ...] = ()
    oldest: timedelta | None = None
    approval: ApprovalPolicy = field(default_factory=ApprovalPolicy)
    selection: Selection = Selection()
    source_selections: Mapping[str, Selection] = field(default_factory=dict)


ANEW = "planned anew"
"""How the reason of what was left out at first begins, or goes on, once its source has put that right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An aid promised to a channel: a delivery that is not in the ledger yet.

    ``post`` is None only when it could not be rendered; ``reason`` says why a plan is not pending, ``cause``
    in one word. ``any_hour``: it passes the windows, but neither holds nor gaps and caps. ``writers``: the
    persons who wrote its words. ``digest_id``: the digest's delivery that tells of its aid instead.
    ``asked_about``: what a person is asked about by it, as a claim would ask once more.
    """

    campaign: str
    channel: str
    state: State
    due_at: datetime
    post: Post | None
    reason: str | None = None
    findings: tuple[Finding, ...] = ()
    cause: Cause | None = None
    any_hour: bool = False
    writers: tuple[str, ...] = ()
    digest_id: int | None = None
    asked_about: frozenset[str] = frozenset()


def other_place(delivery_id: int) -> str:
    """Return what a question is kept as about a delivery whose post leads to another place on a page."""
    return f"place:{delivery_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a hold is about; ``name`` is that of the campaign, channel or theme, None for all."""

    kind: ScopeKind
    name: str | None = None

    def covers(self, campaign: str, channel: str, themes: Collection[str]) -> bool:
        """Return whether a delivery lies in it: one of this campaign and channel, whose aid has these themes.

        Themes are compared as readers see them (``has_theme``), since sites do not keep to one spelling.
        """
        if self.kind is ScopeKind.THEME:
            return has_theme(themes, self.name or "")
        return self.name == {ScopeKind.CAMPAIGN: campaign, ScopeKind.CHANNEL: channel}.get(self.kind)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else str(self.kind)
