"""Decide which addresses may be connected to.

The lists are our own, since what ``ipaddress`` calls global changes from one Python to the next. They are
IANA's special-purpose registries (iana-ipv4-special-registry, iana-ipv6-special-registry), each line with the
document it comes from, and what clouds have beside them.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

NAT64 = IPv6Network("64:ff9b::/96")
"""Addresses that carry an IPv4 address in their last four bytes (RFC 6052)."""
UNICAST = IPv6Network("2000::/3")
"""Global unicast (RFC 4291, iana-ipv6-address-space). Outside are, none of them public:

unspecified, loopback and IPv4-compatible ::/96, unique local fc00::/7 (RFC 4193; the metadata of AWS,
fd00:ec2::254, and of Google, fd20:ce::254), link-local fe80::/10, site-local fec0::/10 (RFC 3879), multicast
ff00::/8, NAT64 for local use 64:ff9b:1::/48 (RFC 8215), discard 100::/64 (RFC 6666), dummy 100:0:0:1::/64
(RFC 9780), segment routing 5f00::/16 (RFC 9602), and what is reserved.
"""

_NOT_PUBLIC = (
    "0.0.0.0/8",  # this network (RFC 791)
    "10.0.0.0/8",  # private (RFC 1918)
    "100.64.0.0/10",  # shared by carriers (RFC 6598); Alibaba's metadata, 100.100.100.200
    "127.0.0.0/8",  # loopback (RFC 1122)
    "168.63.129.16/32",  # Azure's platform (Microsoft, "What is IP address 168.63.129.16?")
    "169.254.0.0/16",  # link-local (RFC 3927); the metadata of most clouds, 169.254.169.254
    "172.16.0.0/12",  # private (RFC 1918)
    "192.0.0.0/24",  # protocol assignments (RFC 6890); Oracle's metadata, 192.0.0.192
    "192.0.2.0/24",  # documentation (RFC 5737)
    "192.88.99.0/24",  # 6to4 relays, given up (RFC 7526)
    "192.168.0.0/16",  # private (RFC 1918)
    "198.18.0.0/15",  # benchmarks (RFC 2544)
    "198.51.100.0/24",  # documentation (RFC 5737)
    "203.0.113.0/24",  # documentation (RFC 5737)
    "224.0.0.0/4",  # multicast (RFC 5771)
    "240.0.0.0/4",  # reserved (RFC 1112), and broadcast (RFC 919)
    "2001::/23",  # protocol assignments (RFC 2928), among them Teredo, benchmarks and ORCHID
    "2001:db8::/32",  # documentation (RFC 3849)
    "3fff::/20",  # documentation (RFC 9637)
)
_PUBLIC_AMONG_THEM = (
    "192.0.0.9/32",  # port control, anycast (RFC 7723)
    "192.0.0.10/32",  # TURN, anycast (RFC 8155)
    "2001:1::1/128",  # port control, anycast (RFC 7723)
    "2001:1::2/128",  # TURN, anycast (RFC 8155)
    "2001:1::3/128",  # service registration, anycast (RFC 9665)
    "2001:3::/32",  # multicast tunnels (RFC 7450)
    "2001:4:112::/48",  # AS112 (RFC 7535)
    "2001:20::/28",  # ORCHIDv2 (RFC 7343)
    "2001:30::/28",  # drones' identifiers (RFC 9374)
)
Network = IPv4Network | IPv6Network
_REFUSED: tuple[Network, ...] = tuple(map(ip_network, _NOT_PUBLIC))
_ALLOWED: tuple[Network, ...] = tuple(map(ip_network, _PUBLIC_AMONG_THEM))


def is_public(address: str) -> bool:
    """Return whether an address, as getaddrinfo writes it, belongs to the public internet.

    An IPv6 address that carries an IPv4 address (mapped, NAT64, 6to4) is judged by what it carries.
    """
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        carried = _carried(parsed)
        if carried is not None or parsed not in UNICAST:
            return carried is not None and is_public(str(carried))
    return _is_in(parsed, _ALLOWED) or not _is_in(parsed, _REFUSED)


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour


def _is_in(address: IPv4Address | IPv6Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)
