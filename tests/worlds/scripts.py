"""Describe a world before it begins: who is in it, what happens, what goes wrong. All of it is data."""

from dataclasses import dataclass
from enum import StrEnum

X, PAGE = "x", "page"
"""The names of the two channels."""
SITE = "site"
"""Where troubles lie that befall looks at the source."""
ANY = "any step"


class Deed(StrEnum):
    """Name what sources, strangers and people do."""

    PUBLISH = "publish"
    CHANGE = "change"
    WITHDRAW = "withdraw"
    REPEAT = "repeat"
    HAND = "hand"
    CHATTER = "chatter"
    HOLD = "hold"
    LIFT = "lift"
    RESUME = "resume"
    APPROVE = "approve"
    EDIT = "edit"
    CANCEL = "cancel"
    RETRY = "retry"
    ANNOUNCE = "announce"
    DIGEST = "digest"
    MARK = "mark"
    TAKE_DOWN = "take down"
    STEP_CLOCK = "step clock"
    BACK_UP = "back up"
    RESTORE = "restore"
    STOP = "stop"


class Words(StrEnum):
    """Name what somebody posts by hand."""

    OWN_LINK = "the aid's link in other words"
    TITLE = "the aid's title and link in other words"
    SITE = "the site's front page"
    THEME = "the theme's page"
    NO_LINK = "no link"
    VERY = "the very words"


class Ill(StrEnum):
    """Name what goes wrong with one request."""

    NO_CONNECTION = "it cannot be sent"
    LOST_REQUEST = "it is lost on its way"
    LOST_ANSWER = "it arrives, its answer is lost"
    LATE = "it arrives after the sender gave up"
    TWICE = "it arrives twice, and the second answer comes back"
    LIVE_ERROR = "it is carried out, and a server error comes back"
    SERVER_ERROR = "a server error comes back"
    UNREADABLE = "it is carried out, and the answer cannot be read"
    NO_ID = "it is carried out, and the answer holds no usable id"
    READ_FAILED = "it is carried out, and reading it back fails: original_response"
    THROTTLED = "too many requests"
    REFUSED = "it is refused for good"
    SIGNED_OUT = "the token is refused"


class Blow(StrEnum):
    """Name what befalls a process."""

    CRASH = "crash"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aid:
    """Describe an aid that the source will show. ``own_link``: else the site's front page stands in.

    ``dated``: how many days before it is shown its date lies; None without a date.
    """

    own_link: bool = True
    theme: str | None = None
    pictures: int = 0
    dated: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """Describe a network. Times are seconds.

    ``lag``: how long a post is public before lists show it. ``slow``: what one upload takes. ``odd``: lists
    come in the shapes that X's specification allows and few expect. ``adopt``: the channel's setting.
    """

    name: str
    lag: int = 0
    page_size: int = 100
    refuses_repeats: bool = False
    clock_off: int = 0
    slow: int = 0
    odd: bool = False
    adopt: bool = False
    two_phase: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Describe a daemon's machine: how many seconds its clock is ahead."""

    skew: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Say what happens at ``at`` (true seconds; before 0: before the world's first beat).

    ``aid`` and ``machine`` are indices; ``channel`` None: all. ``amount``: seconds, posts or a number to
    choose by, as the deed needs.
    """

    at: int
    deed: Deed
    aid: int | None = None
    channel: str | None = None
    machine: int | None = None
    words: Words | None = None
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Say what goes wrong with the ``nth`` (from 0) request of a kind on a channel."""

    channel: str
    call: str
    nth: int
    ill: Ill
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """Say what befalls a daemon at the ``nth`` (from 0) time that it takes a step; ANY counts all its steps.

    A crashed one begins again after ``amount`` seconds (0: when a person sees to it). A pause is as long, and
    holds up the one piece of work that takes the step.
    """

    machine: int
    step: str
    nth: int
    blow: Blow
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Hold a whole world. ``seed`` decides how long each step takes, and so who comes first.

    ``newest``: how many entries the feed shows, 0 for all. ``lease`` and ``looks_apart``: seconds.
    """

    seed: int
    nets: tuple[Net, ...]
    machines: tuple[Machine, ...] = (Machine(),)
    aids: tuple[Aid, ...] = ()
    events: tuple[Event, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    mishaps: tuple[Mishap, ...] = ()
    newest: int = 0
    approval: bool = False
    lease: int = 600
    looks_apart: int = 120
