"""Read hosts from addresses, and ask another place in a domain's stead."""

from collections.abc import Mapping

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url


def host_of(url: str) -> str:
    """Return the host that a request for this URL goes to: lower case, punycode; empty when there is none."""
    try:
        return (parse_url(url).host or "").rstrip(".").lower()
    except LocationParseError:
        return ""


def in_brackets(host: str) -> str:
    """Write a host as it stands in an address: IPv6 in brackets, once."""
    return f"[{host.strip('[]')}]" if ":" in host else host


def is_below(host: str, domain: str) -> bool:
    """Return whether a host is this domain or one below it; both in lower case."""
    return host == domain or host.endswith(f".{domain}")


def rerouted(url: str, routes: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the address to ask for a URL, and the Host header that it needs, if any.

    ``routes``: domain -> "host:port", asked in plain http for all that is below; the longest domain decides.
    Raises LocationParseError for an address that is not valid.
    """
    host = host_of(url)
    domains = [domain for domain in routes if is_below(host, domain)]
    if not domains:
        return url, {}
    parts = parse_url(url)
    return f"http://{routes[max(domains, key=len)]}{parts.request_uri}", {"Host": parts.netloc or host}
