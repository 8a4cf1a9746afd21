"""Hold the stand-ins' accounts and their throw-away keys."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class XAccount:
    """Name the account on X, and the keys of the app that posts for it."""

    id: str
    name: str
    username: str
    consumer_key: str
    consumer_secret: str
    access_token: str
    access_token_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacebookPage:
    """Name the Page, its token, and the app the token belongs to."""

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
