"""Decide which addresses may be connected to."""

import ipaddress

NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Addresses that carry an IPv4 address in their last four bytes (RFC 6052)."""


def is_public(address: str) -> bool:
    """Tell whether an address, as getaddrinfo writes it, belongs to the public internet.

    An IPv6 address that carries an IPv4 address is judged by what it carries.
    """
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return _is_public_v6(parsed)
    return parsed.is_global and not parsed.is_multicast


def _is_public_v6(address: ipaddress.IPv6Address) -> bool:
    carried = address.ipv4_mapped or address.sixtofour
    if address in NAT64:
        carried = ipaddress.IPv4Address(address.packed[-4:])
    if carried is not None:
        return is_public(str(carried))
    odd = address.is_multicast or address.is_reserved or address.is_site_local
    return address.is_global and not odd
