"""Check the addresses that settings name."""

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, ValidationInfo

from spotlight_notify.config.validation import context_of, wrong
from spotlight_notify.text.links import usable_link

_SIGNED_IN = re.compile(r"https?://[^/?#]*@", re.IGNORECASE)
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_ORIGIN = re.compile(r"[a-z0-9.-]+:[0-9]{1,5}")
_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+")


def public_url(url: str, info: ValidationInfo) -> str:
    """Check that a URL is absolute http(s), holds no password, and leads out of the house unless allowed."""
    if _SIGNED_IN.match(url):
        raise wrong("must not hold a user or password, since addresses are shown in logs")
    if not url.isprintable() or " " in url or usable_link(url) is None:
        raise wrong("must be an absolute web address, beginning with https:// or http://")
    around = context_of(info)
    if around and not around.allow_private and is_private(urlsplit(url).hostname or ""):
        raise wrong(
            "leads to a private address or to this machine; "
            "if that is meant, set allow_private_addresses = true in [wire]"
        )
    return url


def network_url(url: str, info: ValidationInfo) -> str:
    """Check a network's base URL: tokens travel to it, so it is https, and nothing is behind its path."""
    checked = public_url(url, info)
    parts, around = urlsplit(checked), context_of(info)
    if parts.query or parts.fragment:
        raise wrong('must end after the host or path, without "?" or "#"')
    if around and not around.allow_private and parts.scheme.lower() != "https":
        raise wrong("must begin with https://, since tokens travel to it")
    return checked.rstrip("/")


def domain(name: str) -> str:
    """Check a domain, which stands for itself and all below it; returns it in lower case."""
    if not _DOMAIN.fullmatch(name.lower()) or usable_link(f"https://{name}/") is None:
        raise wrong('must be a domain without "https://", path or star, such as "valor.example"')
    return name.lower()


def origin(place: str) -> str:
    """Check a host and port."""
    if not _ORIGIN.fullmatch(place):
        raise wrong('must be a host and a port, such as "127.0.0.1:8321"')
    return place


def trial_only(routes: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    """Check that only a trial leads requests astray."""
    if routes and info.data.get("allow_private_addresses") is not True:
        raise wrong("is for a trial only; it needs allow_private_addresses = true")
    return routes


def contact(text: str) -> str:
    """Check who site owners can turn to: a web or mail address, fit for a header."""
    if text.isascii() and text.isprintable() and (usable_link(text) == text or _MAIL.fullmatch(text)):
        return text
    raise wrong("must be a web address (https://...) or a mail address")


def is_private(host: str) -> bool:
    """Return whether a host, as it is written, is this machine or an address that is not public.

    Names are not looked up here; the wire checks every address a name leads to.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    from spotlight_notify.wire.addresses import is_public  # loads the HTTP client, and few name an address

    return not is_public(name)


PublicUrl = Annotated[str, AfterValidator(public_url)]
NetworkUrl = Annotated[str, AfterValidator(network_url)]
Domain = Annotated[str, AfterValidator(domain)]
Origin = Annotated[str, AfterValidator(origin)]
Contact = Annotated[str, AfterValidator(contact)]
