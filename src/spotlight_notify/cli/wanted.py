"""Read which aid a person means, and when."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from spotlight_notify.errors import Refused, UnknownName
from spotlight_notify.model import ON_DEMAND, Access, Aid, Image, Kind

if TYPE_CHECKING:
    from spotlight_notify.ports import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Hold which aid is meant: a known one by ``words``, or a new one by its title and link."""

    words: str | None
    title: str | None
    url: str | None
    summary: str
    kind: str | None
    theme: str | None
    sign_in: bool
    image: str | None
    alt: str | None

    def __post_init__(self) -> None:
        """Refuse what does not name exactly one aid, or a picture without words."""
        if bool(self.words) == bool(self.title or self.url):
            raise click.UsageError(
                "name a known AID by key, number or link, or a new one by --title and --url"
            )
        if not self.words and not (self.title and self.title.strip() and self.url):
            raise click.UsageError("a new aid needs both --title and --url")
        if bool(self.image) != bool(self.alt):
            raise click.UsageError("--image and --alt belong together: a picture needs words for the blind")

    def aid(self, ledger: "Ledger") -> Aid:
        """Find the known aid, or make the new one; one that is known by its link is not made again."""
        if self.words:
            return self._known(ledger)
        link = _link(self.url or "", "--url")
        found = ledger.find_aids(link)
        return self._reworded(found[-1].aid) if found else self._new(link)

    def _known(self, ledger: "Ledger") -> Aid:
        found = ledger.find_aids(self.words or "")
        if not found:
            raise UnknownName(f"no aid {self.words} is known; see: spotlight-notify aids")
        if len({known.aid.link for known in found}) > 1:
            numbers = ", ".join(str(known.id) for known in found)
            raise Refused(f"{self.words} fits several aids: {numbers}. Name one by its number.")
        return found[-1].aid

    def _new(self, link: str) -> Aid:
        from spotlight_notify.text.links import link_alias

        alias = link_alias(link)
        bare = Aid(source=ON_DEMAND, key=alias, aliases=(alias,), title="", link=link)
        return self._reworded(bare)

    def _reworded(self, aid: Aid) -> Aid:
        """Put in what the person said; what they left out stays."""
        said: dict[str, Any] = {
            "title": " ".join((self.title or "").split()),
            "summary": " ".join(self.summary.split()),
            "kind": Kind(self.kind) if self.kind else None,
            "theme": self.theme,
            "access": Access.SIGN_IN if self.sign_in else None,
            "images": (Image(url=_link(self.image, "--image"), alt=self.alt),) if self.image else None,
        }
        return replace(aid, **{name: value for name, value in said.items() if value})


def parse_time(words: str, timezone: ZoneInfo) -> datetime:
    """Read a wall-clock time in the programme's zone; wrong usage if it does not exist there."""
    try:
        local = datetime.fromisoformat(words)
    except ValueError as error:
        raise click.UsageError(f'--at: {words} is no time; write it like "2026-12-01 09:00"') from error
    if local.tzinfo is None:
        aware = local.replace(tzinfo=timezone)
        if aware.astimezone(UTC).astimezone(timezone).replace(tzinfo=None) != local:
            raise click.UsageError(f"--at: {words} does not exist in {timezone}: the clocks go forward there")
        local = aware
    return local.astimezone(UTC)


def _link(url: str, option: str) -> str:
    from spotlight_notify.text.links import usable_link

    link = usable_link(url)
    if link is None:
        raise click.UsageError(f"{option}: {url} is no whole http(s) link")
    return link
