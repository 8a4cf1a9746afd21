"""Read the packaged samples: what the sample site publishes, its pictures, and the stand-ins' accounts."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

BANNER = "banner.png"
"""The picture on cards of aids that have none of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleAid:
    """One aid of the sample site; ``days_before`` is None for those that wait to be published.

    ``file``: the PDF that the aid is, where it is no page. Its ``alt`` is known to nobody but the office.
    """

    slug: str
    title: str
    kind: str
    shelf: str
    summary: str
    sign_in: bool = False
    image: str | None = None
    file: str | None = None
    alt: str | None = None
    days_before: int | None = None

    @property
    def on_feed(self) -> bool:
        return self.shelf == "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSite:
    """What the sample site is called and publishes; aids are in the order they come out."""

    name: str
    home: str
    theme: str
    hashtag: str
    about: str
    aids: tuple[SampleAid, ...]


def read_site() -> SampleSite:
    """Read the packaged site."""
    value = tomllib.loads(_packaged("site.toml").decode())
    aids = tuple(SampleAid(**_trimmed(entry)) for entry in value.pop("aids"))
    return SampleSite(aids=aids, **_trimmed(value))


def read_pictures(site: SampleSite) -> dict[str, bytes]:
    """Read the packaged pictures (PNG) by file name: the posters and the banner."""
    names = {aid.image for aid in site.aids if aid.image} | {BANNER}
    return {name: _packaged(name) for name in sorted(names)}


def read_files(site: SampleSite) -> dict[str, bytes]:
    """Read the packaged posters (PDF) by file name."""
    return {aid.file: _packaged(aid.file) for aid in site.aids if aid.file}


def _packaged(name: str) -> bytes:
    return files("spotlight_notify.sandbox").joinpath("samples", name).read_bytes()


def _trimmed(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in entry.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class XAccount:
    """The account on X, and the keys of the app that posts for it."""

    id: str
    name: str
    username: str
    consumer_key: str
    consumer_secret: str
    access_token: str
    access_token_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacebookPage:
    """The Page, its token, and the app the token belongs to."""

    id: str
    name: str
    app_id: str
    app_secret: str
    access_token: str


def read_accounts() -> tuple[XAccount, FacebookPage]:
    """Read the packaged accounts."""
    text = files("spotlight_notify.sandbox").joinpath("samples/accounts.toml").read_text(encoding="utf-8")
    value = tomllib.loads(text)
    return XAccount(**value["x"]), FacebookPage(**value["facebook"])
