"""The closed sets."""

from enum import StrEnum


class Kind(StrEnum):
    """What an aid is."""

    ARTICLE = "article"
    POSTER = "poster"
    PUBLICATION = "publication"
    WEBINAR = "webinar"
    PODCAST = "podcast"
    TRAINING = "training"


TIMED = frozenset({Kind.WEBINAR, Kind.TRAINING})
"""Kinds that take place at a time, which their words may name."""


class Access(StrEnum):
    """Who may open an aid."""

    PUBLIC = "public"
    SIGN_IN = "sign-in"


class State(StrEnum):
    """Where a delivery is; states.py has the moves, and docs/design.md says when."""

    PROPOSED = "proposed"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Cause(StrEnum):
    """Why a delivery is proposed, skipped or held up; one word each, for people and programs."""

    RULE = "rule"
    """A rule of the lint forbids its post, or it cannot be written at all."""
    LINK = "link"
    """Its link is dead, silent or leads elsewhere."""
    DATE = "date"
    """Its aid's date lies more than a year ahead."""
    APPROVAL = "approval"
    """It awaits approval, or its approval no longer fits its post."""
    BRAKE = "brake"
    """Its source showed too much at once."""
    BASELINE = "baseline"
    """It was found to be part of a baseline."""
    DUPLICATE = "duplicate"
    """Its link is announced already."""
    DIGEST = "digest"
    """It is part of a digest."""
    TOO_OLD = "too-old"
    """Its aid is older than the campaign announces."""
    FILTERED = "filtered"
    """Its source or campaign leaves out what it is (``only``, ``except``)."""
    OVER = "over"
    """Its event has begun, or it has expired."""
    FOUND = "found"
    """Something on its channel may be its announcement already, or its list cannot be read whole."""
    REFUSED = "refused"
    """Its network refused it, for a reason that is not known or may lie with the account."""
    LATE = "late"
    """It could have gone long ago, and nothing was there to send it."""
    CHANGED = "changed"
    """Its aid was changed at its source after a person had edited or approved its post."""
    GONE = "gone"
    """Its source no longer shows its aid."""
    REPLACED = "replaced"
    """Its source shows it in the place of another aid: perhaps it is that one, corrected."""
    CALLED_OFF = "called-off"
    """Its title says that it is cancelled or postponed."""
    REJECTED = "rejected"
    """A person took it out as another source showed it."""


class Named(StrEnum):
    """What a configuration gives names to, and the ledger keeps by them."""

    SOURCE = "source"
    CHANNEL = "channel"
    CAMPAIGN = "campaign"


class ScopeKind(StrEnum):
    """What a hold is about."""

    ALL = "all"
    CAMPAIGN = "campaign"
    CHANNEL = "channel"
    THEME = "theme"


class Level(StrEnum):
    """How grave a finding is: errors stop a post, warnings are recorded, hints show in a preview."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Outcome(StrEnum):
    """How one attempt ended."""

    SENT = "sent"
    REJECTED = "rejected"
    THROTTLED = "throttled"
    UNAUTHORIZED = "unauthorized"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    STRANDED = "stranded"
