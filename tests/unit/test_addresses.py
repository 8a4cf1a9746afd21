"""Which addresses belong to the public internet."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.wire import sockets
from spotlight_notify.wire.addresses import is_public

PRIVATE = (
    "127.0.0.1",
    "127.255.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_refuses_what_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "151.101.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "2002:808:808::", "64:ff9b::808:808"],
)
def test_allows_what_is_public(address: str) -> None:
    assert is_public(address)


NEVER_REACHED = (
    *("192.0.0.0", "192.0.0.8", "192.0.0.11", "192.0.0.170", "192.0.0.192", "192.0.0.255"),
    *("168.63.129.16", "192.88.99.1", "100.100.100.200", "100.127.255.255", "169.254.0.23"),
    *("198.19.255.255", "198.51.100.1", "203.0.113.1", "0.255.255.255", "172.31.255.255", "239.1.2.3"),
    *("3fff::1", "3fff:fff:ffff::1", "5f00::1", "5f00:ffff::1", "100::1", "100:0:0:1::1", "100:0:0:2::1"),
    *("2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:1::", "2001:1::4", "2001:2::1", "2001:10::1"),
    *("2001:4::1", "2001:1ff:ffff::1", "2001:db8:ffff::1"),
    *("2002:a00:1::1", "2002:c0a8:101::", "2002:a9fe:a9fe::1", "2002:a83f:8110::1", "2002:c000:c0::"),
    *("64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::a83f:8110", "64:ff9b:1::808:808", "64:ff9b:2::1"),
    *("::ffff:192.0.0.192", "::ffff:169.254.169.254", "::ffff:0:808:808", "::8.8.8.8", "::808:808"),
    *("fd00:ec2::254", "fd20:ce::254", "fdff::1", "fe80::1", "febf::1", "fec0::1", "feff::1", "ff0e::1"),
    *("1::1", "200::1", "400::1", "4000::1", "8000::1", "e000::1", "fe00::1", "2001:db8::1%eth0"),
)


@pytest.mark.parametrize("address", NEVER_REACHED)
def test_promise_17_what_no_registry_calls_global_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("1.1.1.1", "168.63.129.15", "168.63.129.17", "192.0.0.9", "192.0.0.10", "192.0.1.1", "192.88.98.1"),
        *("192.88.100.1", "100.63.255.255", "100.128.0.1", "198.17.255.255", "198.20.0.1", "172.32.0.1"),
        *("192.31.196.1", "192.52.193.1", "192.175.48.1", "169.253.1.1", "223.255.255.254", "11.0.0.1"),
        *("2001:200::1", "2001:1::1", "2001:1::2", "2001:1::3", "2001:3::1", "2001:4:112::1", "2001:20::1"),
        *(
            "2001:30::1",
            "2001:db7::1",
            "2001:db9::1",
            "3ffe::1",
            "3fff:1000::1",
            "2620:4f:8000::1",
            "2a00::1",
        ),
        *("2002:c000:9::1", "64:ff9b::101:101", "::ffff:168.63.129.17"),
    ],
)
def test_promise_17_what_stands_beside_is_reached(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_promise_17_nothing_that_python_calls_private_is_reached(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """Python's list is shorter than ours; what it has, ours must have, but for what carries a public one."""
    carries = address.version == 6 and (
        address.ipv4_mapped or address in ipaddress.ip_network("64:ff9b::/96")
    )
    if is_public(str(address)) and not carries:
        assert not address.is_multicast
        assert not address.is_reserved
        assert address.is_global or address in ipaddress.ip_network("2001::/23")


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_the_same_in_every_wrapping(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    halves = f"{number >> 16:x}:{number & 0xFFFF:x}"
    wrapped = (f"::ffff:{address}", f"64:ff9b::{halves}", f"2002:{halves}::1")
    assert {is_public(wrapping) for wrapping in wrapped} == {is_public(str(address))}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "127.1"])
def test_dials_no_private_address_however_it_is_written(host: str) -> None:
    with pytest.raises((sockets.AddressRefused, socket.gaierror)):
        sockets.dial(host, 9, within=1.0, allow_private=False)


def test_dials_the_next_address_when_the_first_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in ("127.0.0.9", "127.0.0.1")
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        with sockets.dial("twice.test", port, within=2.0, allow_private=True) as dialled:
            assert dialled.getpeername() == ("127.0.0.1", port)


def test_dials_only_the_public_of_a_names_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in ("127.0.0.2", "127.0.0.1")
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        monkeypatch.setattr(sockets, "is_public", lambda address: address == "127.0.0.1")
        with sockets.dial("mixed.test", port, within=2.0, allow_private=False) as dialled:
            assert dialled.getpeername() == ("127.0.0.1", port)
