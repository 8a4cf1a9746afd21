"""Draw the exception tree: leaves carry their subject, the original is ``__cause__``.

SpotlightError                  one clear line for a person
├── ConfigError                 the configuration is wrong; carries every problem found
├── TemplateError               templates cannot be read or rendered; carries every problem found
├── SourceError                 a look at a source failed; its cursor stays
├── FetchError                  a URL could not be fetched within the limits
│   └── FetchRefused            another time would end the same
├── PictureRefused              bytes are no picture that may be posted, now or later
├── LinkDoubtful                a post's link is dead or leads elsewhere: a person is asked
├── LedgerError                 the ledger cannot be read or written
│   ├── LedgerBusy              another daemon holds it, or it stayed locked
│   ├── ClaimLost               a claim was fenced off: somebody else owns the delivery now
│   ├── LedgerLost              it is gone, another one, damaged or of another version: who works on it stops
│   └── NothingRecorded         there is no ledger yet
├── CannotCreate                a file or folder that was asked for cannot be made
├── UnknownName                 no such aid, channel, campaign or delivery
├── BadRequest                  an order lacks something, or contradicts itself
├── Refused                     the command cannot be carried out in this state; nothing changed
└── PublishError                each says whether the post may be public
    ├── Rejected                no: the network refused these words
    ├── Throttled               no: too many requests; says when to come back
    ├── Unauthorized            no: a person must act on the account first
    ├── Unreachable             no: nothing was sent
    └── OutcomeUnknown          perhaps: the request left, the answer is unclear
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from spotlight_notify.model.advice import Said


class SpotlightError(Exception):
    """Return in one line what went wrong and what to do."""

    @property
    def said(self) -> "Said":
        """The line, with the actions it advises, if any."""
        first = self.args[0] if self.args else ""
        return str(self) if isinstance(first, str) else first


@dataclass(frozen=True, slots=True)
class Problem:
    """Point at one mistake in a configuration or template; ``line`` counts from 1, 0 when no line fits."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


class ConfigError(SpotlightError):
    """Carry every problem found in the configuration, in the order of their lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line)))
        super().__init__("\n".join(map(str, self.problems)))


class TemplateError(SpotlightError):
    """Carry every problem found in templates, in the order of files and lines.

    ``file`` and ``line`` are those of the first; ``line`` is 0 when none is known.
    """

    def __init__(self, file: str, line: int, message: str, *others: Problem) -> None:
        problems = sorted((Problem(file, line, message), *others), key=lambda p: (p.file, p.line))
        self.problems = tuple(problems)
        self.file, self.line = problems[0].file, problems[0].line
        super().__init__("\n".join(map(str, problems)))


class SourceError(SpotlightError):
    """A look at ``source`` failed. The cursor must stay where it was.

    ``wait``: the source asked to be left alone for this long. ``gone``: it said it will not come back (410).
    """

    def __init__(
        self, source: str, message: str, *, wait: timedelta | None = None, gone: bool = False
    ) -> None:
        self.source, self.wait, self.gone = source, wait, gone
        super().__init__(f"source {source}: {message}")


class FetchError(SpotlightError):
    """A URL was not fetched: address, size, time, redirects, or the connection.

    ``sent``: the request left, so the server may have seen it.
    """

    def __init__(self, url: str, message: str, *, sent: bool = False) -> None:
        self.url, self.message, self.sent = url, message, sent
        super().__init__(f"{url}: {message}")


class FetchRefused(FetchError):
    """Another time would end the same: the address, its certificate or the answer is refused."""


class PictureRefused(SpotlightError):
    """Bytes are not a picture that may be posted; trying again would not help."""


class LinkDoubtful(SpotlightError):
    """A post's link is not sent without asking: it is dead, or leads to a place that is not ours."""


class LedgerError(SpotlightError):
    """The ledger cannot be read or written; what was not committed did not happen."""


class LedgerBusy(LedgerError):
    """Another process holds the ledger; trying again makes sense."""


class ClaimLost(LedgerError):
    """A claim was fenced off: nothing was written, somebody else owns the delivery."""


class LedgerLost(LedgerError):
    """The ledger must not be used any more, now or later; a person must act first."""


class NothingRecorded(LedgerError):
    """There is no ledger yet, where nothing but a command that writes makes one."""


class CannotCreate(SpotlightError):
    """A file or folder that was asked for cannot be made."""


class UnknownName(SpotlightError):
    """No such aid, channel, campaign or delivery is known."""


class BadRequest(SpotlightError):
    """An order lacks something, or does not fit together; nothing was looked at or changed."""


class Refused(SpotlightError):
    """A command does not fit the state it found; nothing was changed."""


class PublishError(SpotlightError):
    """A post has no receipt; each kind says whether it may be public all the same."""

    may_be_public: ClassVar[bool]


class Rejected(PublishError):
    """Not public: the network refused this post and would refuse it again.

    ``duplicate``: it was refused as a repetition of an earlier post, which may be public.
    ``advice``: what a person must do if another post is refused alike, since then it is the account; empty
    where it is the post for sure. ``unexplained``: a person must see whether it was the post at all.
    """

    may_be_public = False

    def __init__(
        self, message: str, *, duplicate: bool = False, advice: str = "", unexplained: bool = False
    ) -> None:
        self.duplicate, self.advice, self.unexplained = duplicate, advice, unexplained
        super().__init__(message)


class Throttled(PublishError):
    """Not public: too many requests. ``until_at`` is the network's own reset time, or None."""

    may_be_public = False

    def __init__(self, message: str, *, until_at: datetime | None = None) -> None:
        self.until_at = until_at
        super().__init__(message)


class Unauthorized(PublishError):
    """Not public: token, permission or credit is missing. ``advice`` tells a person what to do.

    ``unexplained``: the network does not say why, so it may pass; the token is probed before it is believed.
    """

    may_be_public = False

    def __init__(self, message: str, *, advice: str, unexplained: bool = False) -> None:
        self.advice, self.unexplained = advice, unexplained
        super().__init__(message)


class Unreachable(PublishError):
    """Not public: the network was not reached, or only preparations were under way."""

    may_be_public = False


class OutcomeUnknown(PublishError):
    """Perhaps public: the publishing request left and its answer is missing or unclear."""

    may_be_public = True


def refuse_unknown(what: str, name: str, known: Iterable[str]) -> None:
    """Raise UnknownName for a name that is not among the known ones, which it tells."""
    names = sorted(known)
    if name not in names:
        raise UnknownName(f"there is no {what} {name}; there is: {', '.join(names) or 'none'}")
