"""What people ordered: approvals, holds, takedowns, changes, renames.

Fields ending in ``_at`` are aware UTC datetimes.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.model.campaigns import Scope
from spotlight_notify.text.times import utc_minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A person approved a post: exactly the one of this ``digest`` (see ``rules/approval.py``).

    ``until_at``: when it ends by itself, or None.
    """

    digest: str
    who: str
    approved_at: datetime
    until_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A person's order that nothing of a scope is sent: who, when, why; and how it ended, if it has.

    ``until_at``: when it ends by itself, or None. ``lifted_at``: when a person ended it.
    """

    id: int
    scope: Scope
    reason: str
    who: str
    placed_at: datetime
    until_at: datetime | None
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    lift_reason: str | None = None

    def holds_at(self, now: datetime) -> bool:
        """Return whether it is in force."""
        return self.lifted_at is None and (self.until_at is None or now < self.until_at)

    def __str__(self) -> str:
        return f"held by {self.who} ({self.scope}): {self.reason}"

    @property
    def in_full(self) -> str:
        """Return the hold in a line: its number, what it holds, since and until when, who and why."""
        until = f" until {utc_minute(self.until_at)}" if self.until_at else ""
        since = f"since {utc_minute(self.placed_at)}{until}"
        return f"hold {self.id} on {self.scope} {since}, by {self.who}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Takedown:
    """A post was ordered off its network: who, when, why; ``done_at`` is None until it is gone.

    ``trouble``: why the last try did not take it off, or None; ``is_public``: the post is public for sure.
    """

    delivery_id: int
    who: str
    reason: str
    ordered_at: datetime
    done_at: datetime | None = None
    trouble: str | None = None
    is_public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who changes something, why and when."""

    who: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a person changed, with name and reason; one of the subjects is set.

    ``detail``: what it was before, as JSON, where that is not plain from the action.
    """

    id: int
    changed_at: datetime
    who: str
    reason: str
    action: str
    delivery_id: int | None
    channel: str | None
    source: str | None = None
    hold_id: int | None = None
    detail: str | None = None

    @property
    def typed_by(self) -> str | None:
        """Name the login that typed the name, where that is another's."""
        kept = json.loads(self.detail) if self.detail and self.detail.startswith("{") else {}
        login = kept.get("typed_by")
        return login if isinstance(login, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """Count what moved to another name."""

    aids: int = 0
    deliveries: int = 0
    holds: int = 0
