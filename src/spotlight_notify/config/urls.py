"""Check the addresses that settings name."""

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, ValidationInfo

from spotlight_notify.config.surroundings import surroundings, wrong
from spotlight_notify.text.links import usable_link

_SIGNED_IN = re.compile(r"https?://[^/?#]*@", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+")


def public_url(url: str, info: ValidationInfo) -> str:
    """Check that a URL is absolute http(s), holds no password, and leads out of the house unless allowed."""
    if _SIGNED_IN.match(url):
        raise wrong("must not hold a user or password, since addresses are shown in logs")
    if not url.isprintable() or " " in url or usable_link(url) is None:
        raise wrong("must be an absolute web address, beginning with https:// or http://")
    around = surroundings(info)
    if around and not around.allow_private and is_private(urlsplit(url).hostname or ""):
        raise wrong(
            "leads to a private address or to this machine; "
            "if that is meant, set allow_private_addresses = true in [wire]"
        )
    return url


def network_url(url: str, info: ValidationInfo) -> str:
    """Check a network's base URL: tokens travel to it, so it is https, and nothing is behind its path."""
    checked = public_url(url, info)
    parts, around = urlsplit(checked), surroundings(info)
    if parts.query or parts.fragment:
        raise wrong('must end after the host or path, without "?" or "#"')
    if around and not around.allow_private and parts.scheme.lower() != "https":
        raise wrong("must begin with https://, since tokens travel to it")
    return checked.rstrip("/")


def contact(text: str) -> str:
    """Check who site owners can turn to: a web or mail address, fit for a header."""
    if text.isascii() and text.isprintable() and (usable_link(text) == text or _MAIL.fullmatch(text)):
        return text
    raise wrong("must be a web address (https://...) or a mail address")


def is_private(host: str) -> bool:
    """Tell whether a host, as it is written, is this machine or an address that is not public.

    Names are not looked up here; the wire checks every address a name leads to.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return not ip_address(name).is_global
    except ValueError:
        return False


PublicUrl = Annotated[str, AfterValidator(public_url)]
NetworkUrl = Annotated[str, AfterValidator(network_url)]
Contact = Annotated[str, AfterValidator(contact)]
