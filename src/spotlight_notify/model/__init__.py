"""Hold the nouns: frozen values that every room understands.

Fields ending in ``_at`` are aware UTC datetimes; fields ending in ``_url`` are absolute.
"""

from spotlight_notify.model.aids import (
    CORRECTION,
    DIGEST,
    ON_DEMAND,
    Aid,
    Image,
    Look,
    Reading,
    Theme,
    themes_of,
)
from spotlight_notify.model.campaigns import (
    ApprovalPolicy,
    Campaign,
    Channel,
    Plan,
    Scope,
)
from spotlight_notify.model.posts import (
    CleanPicture,
    Finding,
    LivePost,
    Permalink,
    Picture,
    Post,
    Receipt,
    Subject,
    Timeline,
    WebPage,
)
from spotlight_notify.model.words import (
    Access,
    Cause,
    Kind,
    Level,
    Named,
    Network,
    Outcome,
    ScopeKind,
    State,
)

__all__ = [
    "CORRECTION",
    "DIGEST",
    "ON_DEMAND",
    "Access",
    "Aid",
    "ApprovalPolicy",
    "Campaign",
    "Cause",
    "Channel",
    "CleanPicture",
    "Finding",
    "Image",
    "Kind",
    "Level",
    "LivePost",
    "Look",
    "Named",
    "Network",
    "Outcome",
    "Permalink",
    "Picture",
    "Plan",
    "Post",
    "Reading",
    "Receipt",
    "Scope",
    "ScopeKind",
    "State",
    "Subject",
    "Theme",
    "Timeline",
    "WebPage",
    "themes_of",
]
